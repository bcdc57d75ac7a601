/**
 * Our codecs for all that lnd sends: the BOLTs', the drafts' that are opt-in, and on top of them the records that
 * only lnd has.
 */
import * as ln from "@satwire/lnwire";
import * as opt from "@satwire/lnwire/opt-in";

interface WithLease {
  /** TLV 65536: script-enforced leases. */
  readonly leaseExpiry?: number;
}
interface LndOpenChannel extends opt.TaprootOpenChannel, WithLease {}
interface LndAcceptChannel extends opt.TaprootAcceptChannel, WithLease {}
interface LndChannelReady extends opt.TaprootChannelReady {
  /** TLV 0 and 2: for the announcement of a taproot channel. */
  readonly announcementNodeNonce?: Uint8Array;
  readonly announcementBitcoinNonce?: Uint8Array;
}
interface LndChannelReestablish extends opt.TaprootChannelReestablish {
  /** TLV 20: how often dynamic commitments changed the channel. */
  readonly dynHeight?: bigint;
}
interface LndGossipTimestampFilter extends ln.GossipTimestampFilter {
  /** TLV 2 and 4: for gossip that counts blocks. */
  readonly firstBlockHeight?: number;
  readonly blockRange?: number;
}

const openChannel: ln.MessageCodec<LndOpenChannel> = ln.withTlvs(opt.taprootOpenChannel, {
  leaseExpiry: [65536, ln.u32],
});
const acceptChannel: ln.MessageCodec<LndAcceptChannel> = ln.withTlvs(opt.taprootAcceptChannel, {
  leaseExpiry: [65536, ln.u32],
});
const channelReady: ln.MessageCodec<LndChannelReady> = ln.withTlvs(opt.taprootChannelReady, {
  announcementNodeNonce: [0, opt.publicNonce],
  announcementBitcoinNonce: [2, opt.publicNonce],
});
const channelReestablish: ln.MessageCodec<LndChannelReestablish> = ln.withTlvs(
  opt.taprootChannelReestablish,
  { dynHeight: [20, ln.u64] },
);
const gossipTimestampFilter: ln.MessageCodec<LndGossipTimestampFilter> = ln.withTlvs(
  ln.gossipTimestampFilter,
  { firstBlockHeight: [2, ln.u32], blockRange: [4, ln.u32] },
);

interface LndChannelUpdate extends ln.ChannelUpdate {
  /** TLV 55555: what a node takes for an HTLC that comes in. */
  readonly inboundFee?: Uint8Array;
}
interface LndChannelUpdate2 extends opt.ChannelUpdate2 {
  /** TLV 55555: what a node takes for an HTLC that comes in. */
  readonly inboundFee?: Uint8Array;
}
interface LndNodeAnnouncement2 extends Omit<opt.NodeAnnouncement2, "dnsHostnames"> {
  /** TLV 11. */
  readonly dnsHostname?: opt.DnsHostname;
}

const channelUpdate: ln.MessageCodec<LndChannelUpdate> = ln.withTlvs(ln.channelUpdate, {
  inboundFee: [55555, ln.bytes(8)],
});

// Amounts are bigsize, where the draft has u64.
const channelUpdate2: ln.MessageCodec<LndChannelUpdate2> = ln.message<LndChannelUpdate2>(
  opt.channelUpdate2.id,
  "channel_update_2",
  {},
  {
    ...opt.channelUpdate2.tlvs,
    htlcMinimumMsat: [12, ln.bigSize],
    htlcMaximumMsat: [14, ln.bigSize],
    inboundFee: [55555, ln.bytes(8)],
  },
);

const portLength = 2;
/** One name, and no length before it. */
const dnsHostname: ln.Codec<opt.DnsHostname> = {
  read(reader) {
    const hostname = reader.take(reader.remaining - portLength);
    return { hostname, port: reader.u16() };
  },
  write(writer, { hostname, port }) {
    writer.put(hostname);
    writer.u16(port);
  },
};
const { dnsHostnames: _, ...nodeTlvs } = opt.nodeAnnouncement2.tlvs;
const nodeAnnouncement2: ln.MessageCodec<LndNodeAnnouncement2> = ln.message<LndNodeAnnouncement2>(
  opt.nodeAnnouncement2.id,
  "node_announcement_2",
  {},
  { ...nodeTlvs, dnsHostname: [11, dnsHostname] },
);

type LndOwn =
  | LndOpenChannel
  | LndAcceptChannel
  | LndChannelReady
  | LndChannelReestablish
  | LndGossipTimestampFilter
  | LndChannelUpdate;

/** A message of {@link lndMessages}. */
export type LndMessage =
  | ln.Replaced<ln.Replaced<ln.KnownMessage, opt.TaprootChannelMessage>, LndOwn>
  | opt.DynamicCommitmentMessage
  | opt.AnnouncementSignatures2
  | opt.ChannelAnnouncement2
  | LndChannelUpdate2
  | LndNodeAnnouncement2;

const lndOwn = [
  openChannel,
  acceptChannel,
  channelReady,
  channelReestablish,
  gossipTimestampFilter,
  channelUpdate,
];

/** The set with everything that lnd sends. */
export const lndMessages: ln.MessageSet<LndMessage> = ln.messageSet([
  ...ln.replaceMessages(
    ln.replaceMessages(ln.lightningMessages.codecs, opt.taprootChannelMessages),
    lndOwn,
  ),
  ...opt.dynamicCommitmentMessages,
  opt.announcementSignatures2,
  opt.channelAnnouncement2,
  channelUpdate2,
  nodeAnnouncement2,
] as readonly ln.MessageCodec<LndMessage>[]);

const byId = new Map(lndMessages.codecs.map((codec) => [codec.id, codec]));

/** Our codec for a frame. */
export const codecOf = (frame: Uint8Array): ln.MessageCodec<LndMessage> | undefined =>
  frame.length < 2 ? undefined : byId.get(((frame[0] as number) << 8) | (frame[1] as number));
