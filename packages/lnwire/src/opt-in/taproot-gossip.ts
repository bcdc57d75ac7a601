// Draft "taproot gossip", gossip 1.75 (bolts #1059 as of March 2025): messages that are TLV streams and
// nothing else, so that every field is optional here whatever the draft asks of a sender. lnd (August
// 2026) has the same layout; where it differs, the draft's text is followed:
// - `dns_hostnames` is a list in the draft, each behind its length; lnd has one name and no length.
// - `htlc_minimum_msat` and `htlc_maximum_msat` are u64 in the draft; lnd writes a bigsize.
// - `second_peer` is empty in the draft; lnd also takes one byte.
// - `inbound_fee` (55555) is lnd's only and stays in `unknown`.
// - bits of `disable_flags` are moved by one.
// Newer revisions of the draft (May 2026) have other types and sizes; these are not them.
import {
  bytes,
  type Codec,
  EncodeError,
  mapped,
  repeated,
  rest,
  struct,
  u16,
  u32,
  u64,
  u8,
} from "@satwire/codec";
import type { Ipv4Address, Ipv6Address, TorV3Address } from "../address.ts";
import {
  bytes16,
  bytes32,
  chainHash,
  channelId,
  point,
  presence,
  sha256,
  signature,
} from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { shortChannelId } from "../short-channel-id.ts";
import { partialSignature } from "./musig.ts";

/** `announcement_signatures_2`: the sender's part of the signature of a `channel_announcement_2`. */
export interface AnnouncementSignatures2 extends MessageBase<"announcement_signatures_2"> {
  /** TLV 0. */
  readonly channelId?: Uint8Array;
  /** TLV 2. */
  readonly shortChannelId?: bigint;
  /** TLV 4: the sum of the partial signatures of both keys of the sender, 32 bytes. */
  readonly partialSignature?: Uint8Array;
}

/** Codec of {@link AnnouncementSignatures2}: message 260. */
export const announcementSignatures2: MessageCodec<AnnouncementSignatures2> =
  /* @__PURE__ */ message(
    260,
    "announcement_signatures_2",
    {},
    {
      channelId: [0, channelId],
      shortChannelId: [2, shortChannelId],
      partialSignature: [4, partialSignature],
    },
  );

/** Where a channel's funding output is. */
export interface FundingOutpoint {
  /** As it is hashed, not in the order of display. */
  readonly txid: Uint8Array;
  readonly index: number;
}

const outpoint: Codec<FundingOutpoint> = /* @__PURE__ */ struct({ txid: sha256, index: u16 });

/** `channel_announcement_2`: two nodes prove that they share a channel. */
export interface ChannelAnnouncement2 extends MessageBase<"channel_announcement_2"> {
  /** TLV 0. Absent for mainnet. */
  readonly chainHash?: Uint8Array;
  /** TLV 2. */
  readonly features?: Uint8Array;
  /** TLV 4. */
  readonly shortChannelId?: bigint;
  /** TLV 6. At most what the funding output holds. */
  readonly capacitySatoshis?: bigint;
  /** TLV 8: the lesser of the two node ids in lexicographic order. */
  readonly nodeId1?: Uint8Array;
  /** TLV 10. */
  readonly nodeId2?: Uint8Array;
  /** TLV 12: both keys or none; who signs depends on it. */
  readonly bitcoinKey1?: Uint8Array;
  /** TLV 14. */
  readonly bitcoinKey2?: Uint8Array;
  /** TLV 16: what the funding output commits to besides the keys, if anything. */
  readonly merkleRootHash?: Uint8Array;
  /** TLV 18. */
  readonly outpoint?: FundingOutpoint;
  /** TLV 160: BIP 340, by the aggregate of all keys, over `taprootGossipHash`. */
  readonly signature?: Uint8Array;
}

/** Codec of {@link ChannelAnnouncement2}: message 267. */
export const channelAnnouncement2: MessageCodec<ChannelAnnouncement2> = /* @__PURE__ */ message(
  267,
  "channel_announcement_2",
  {},
  {
    chainHash: [0, chainHash],
    features: [2, rest],
    shortChannelId: [4, shortChannelId],
    capacitySatoshis: [6, u64],
    nodeId1: [8, point],
    nodeId2: [10, point],
    bitcoinKey1: [12, point],
    bitcoinKey2: [14, point],
    merkleRootHash: [16, bytes32],
    outpoint: [18, outpoint],
    signature: [160, signature],
  },
);

/** A name and a port. */
export interface DnsHostname {
  /** ASCII by the draft and at most 255 bytes, which is not checked: see `printableText`. */
  readonly hostname: Uint8Array;
  readonly port: number;
}

const color: Codec<Uint8Array> = /* @__PURE__ */ bytes(3);
const ipv4: Codec<Ipv4Address> = /* @__PURE__ */ addressOf("ipv4", 4);
const ipv6: Codec<Ipv6Address> = /* @__PURE__ */ addressOf("ipv6", 16);
const torV3: Codec<TorV3Address> = /* @__PURE__ */ addressOf("torv3", 35);
const dnsHostname: Codec<DnsHostname> = /* @__PURE__ */ struct({ hostname: bytes16, port: u16 });
const ipv4Addrs: Codec<readonly Ipv4Address[]> = /* @__PURE__ */ repeated(ipv4);
const ipv6Addrs: Codec<readonly Ipv6Address[]> = /* @__PURE__ */ repeated(ipv6);
const torV3Addrs: Codec<readonly TorV3Address[]> = /* @__PURE__ */ repeated(torV3);
const dnsHostnames: Codec<readonly DnsHostname[]> = /* @__PURE__ */ repeated(dnsHostname);

/** `node_announcement_2`: what a node says of itself. */
export interface NodeAnnouncement2 extends MessageBase<"node_announcement_2"> {
  /** TLV 0. */
  readonly features?: Uint8Array;
  /** TLV 1: red, green, blue. */
  readonly color?: Uint8Array;
  /** TLV 2: greater than in the node's earlier announcements. */
  readonly blockHeight?: number;
  /** TLV 3: UTF-8, at most 32 characters, neither of which is checked; see `aliasText`. */
  readonly alias?: Uint8Array;
  /** TLV 4. */
  readonly nodeId?: Uint8Array;
  /** TLV 5. */
  readonly ipv4Addrs?: readonly Ipv4Address[];
  /** TLV 7. */
  readonly ipv6Addrs?: readonly Ipv6Address[];
  /** TLV 9. */
  readonly torV3Addrs?: readonly TorV3Address[];
  /** TLV 11. */
  readonly dnsHostnames?: readonly DnsHostname[];
  /** TLV 160: BIP 340, by `nodeId`, over `taprootGossipHash`. */
  readonly signature?: Uint8Array;
}

/** Codec of {@link NodeAnnouncement2}: message 269. */
export const nodeAnnouncement2: MessageCodec<NodeAnnouncement2> = /* @__PURE__ */ message(
  269,
  "node_announcement_2",
  {},
  {
    features: [0, rest],
    color: [1, color],
    blockHeight: [2, u32],
    alias: [3, rest],
    nodeId: [4, point],
    ipv4Addrs: [5, ipv4Addrs],
    ipv6Addrs: [7, ipv6Addrs],
    torV3Addrs: [9, torV3Addrs],
    dnsHostnames: [11, dnsHostnames],
    signature: [160, signature],
  },
);

/** `channel_update_2`: the terms of one direction of a channel. */
export interface ChannelUpdate2 extends MessageBase<"channel_update_2"> {
  /** TLV 0. Absent for mainnet. */
  readonly chainHash?: Uint8Array;
  /** TLV 2. */
  readonly shortChannelId?: bigint;
  /** TLV 4: greater than in earlier updates of this direction. */
  readonly blockHeight?: number;
  /** TLV 6: bit 0 for good, bit 1 incoming, bit 2 outgoing. lnd: bit 0 incoming, bit 1 outgoing. */
  readonly disableFlags?: number;
  /** TLV 8: present if the update comes from node 2. */
  readonly secondPeer?: true;
  /** TLV 10: blocks. */
  readonly cltvExpiryDelta?: number;
  /** TLV 12. */
  readonly htlcMinimumMsat?: bigint;
  /** TLV 14. Absent for half of the channel's capacity. */
  readonly htlcMaximumMsat?: bigint;
  /** TLV 16. */
  readonly feeBaseMsat?: number;
  /** TLV 18: millionths of the amount. */
  readonly feeProportionalMillionths?: number;
  /** TLV 160: BIP 340, by the node that the update comes from, over `taprootGossipHash`. */
  readonly signature?: Uint8Array;
}

/** Codec of {@link ChannelUpdate2}: message 271. */
export const channelUpdate2: MessageCodec<ChannelUpdate2> = /* @__PURE__ */ message(
  271,
  "channel_update_2",
  {},
  {
    chainHash: [0, chainHash],
    shortChannelId: [2, shortChannelId],
    blockHeight: [4, u32],
    disableFlags: [6, u8],
    secondPeer: [8, presence],
    cltvExpiryDelta: [10, u16],
    htlcMinimumMsat: [12, u64],
    htlcMaximumMsat: [14, u64],
    feeBaseMsat: [16, u32],
    feeProportionalMillionths: [18, u32],
    signature: [160, signature],
  },
);

/**
 * What absent fields of an update stand for. Reading does not fill them in: an update is signed as it
 * was sent. An absent `chainHash` is `chainHashOf("mainnet")`.
 *
 * @example
 * ```ts
 * const { cltvExpiryDelta } = { ...channelUpdate2Defaults, ...update };
 * ```
 */
export const channelUpdate2Defaults: Required<
  Pick<
    ChannelUpdate2,
    | "disableFlags"
    | "cltvExpiryDelta"
    | "htlcMinimumMsat"
    | "feeBaseMsat"
    | "feeProportionalMillionths"
  >
> = {
  disableFlags: 0,
  cltvExpiryDelta: 80,
  htlcMinimumMsat: 1n,
  feeBaseMsat: 1000,
  feeProportionalMillionths: 1,
};

/** The messages of this chapter. */
export type TaprootGossipMessage =
  | AnnouncementSignatures2
  | ChannelAnnouncement2
  | NodeAnnouncement2
  | ChannelUpdate2;

/** All codecs of this chapter, for a set of one's own. */
export const taprootGossipMessages: readonly MessageCodec<TaprootGossipMessage>[] = [
  announcementSignatures2,
  channelAnnouncement2,
  nodeAnnouncement2,
  channelUpdate2,
];

interface IpAddress<Type extends string> {
  readonly type: Type;
  readonly address: Uint8Array;
  readonly port: number;
}

/* @__NO_SIDE_EFFECTS__ */
function addressOf<Type extends string>(type: Type, length: number): Codec<IpAddress<Type>> {
  return mapped(struct({ address: bytes(length), port: u16 }), {
    decode: ({ address, port }) => ({ type, address, port }),
    encode(value) {
      if (value.type !== type) {
        throw new EncodeError("invalid_value", `an address of type ${value.type} among ${type}`);
      }
      return value;
    },
  });
}
