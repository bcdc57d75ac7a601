// BOLT 7: announcements of channels and nodes.
import { bytes, type Codec, u16, u32, u64, u8 } from "@satwire/codec";
import { type Address, addressList } from "../address.ts";
import { writeChannelAnnouncement } from "../channel-announcement-writer.ts";
import { bytes16, bytes32, chainHash, channelId, point, signature } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, writtenByHand } from "../message.ts";
import { shortChannelId } from "../short-channel-id.ts";

/** `channel_announcement` (BOLT 7): two nodes prove that they share a channel. */
export interface ChannelAnnouncement extends MessageBase<"channel_announcement"> {
  readonly nodeSignature1: Uint8Array;
  readonly nodeSignature2: Uint8Array;
  readonly bitcoinSignature1: Uint8Array;
  readonly bitcoinSignature2: Uint8Array;
  readonly features: Uint8Array;
  readonly chainHash: Uint8Array;
  readonly shortChannelId: bigint;
  /** The lesser of the two node ids in lexicographic order. */
  readonly nodeId1: Uint8Array;
  readonly nodeId2: Uint8Array;
  readonly bitcoinKey1: Uint8Array;
  readonly bitcoinKey2: Uint8Array;
}

const describedAnnouncement: MessageCodec<ChannelAnnouncement> = /* @__PURE__ */ message(
  256,
  "channel_announcement",
  {
    nodeSignature1: signature,
    nodeSignature2: signature,
    bitcoinSignature1: signature,
    bitcoinSignature2: signature,
    features: bytes16,
    chainHash,
    shortChannelId,
    nodeId1: point,
    nodeId2: point,
    bitcoinKey1: point,
    bitcoinKey2: point,
  },
);

/** Codec of {@link ChannelAnnouncement}: message 256, BOLT 7 "The `channel_announcement` Message". */
export const channelAnnouncement: MessageCodec<ChannelAnnouncement> = /* @__PURE__ */ writtenByHand(
  describedAnnouncement,
  writeChannelAnnouncement,
);

/** `node_announcement` (BOLT 7): what a node says of itself. */
export interface NodeAnnouncement extends MessageBase<"node_announcement"> {
  readonly signature: Uint8Array;
  readonly features: Uint8Array;
  /** Mostly seconds since 1970; greater than in the node's earlier announcements. */
  readonly timestamp: number;
  readonly nodeId: Uint8Array;
  /** Red, green, blue. */
  readonly rgbColor: Uint8Array;
  /** UTF-8, padded with zeros to 32 bytes; see `aliasText` before showing it. */
  readonly alias: Uint8Array;
  /** Where the node takes connections, ascending by type. */
  readonly addresses: readonly Address[];
}

const rgbColor: Codec<Uint8Array> = /* @__PURE__ */ bytes(3);

/** Codec of {@link NodeAnnouncement}: message 257, BOLT 7 "The `node_announcement` Message". */
export const nodeAnnouncement: MessageCodec<NodeAnnouncement> = /* @__PURE__ */ message(
  257,
  "node_announcement",
  {
    signature,
    features: bytes16,
    timestamp: u32,
    nodeId: point,
    rgbColor,
    alias: bytes32,
    addresses: addressList,
  },
);

/** `channel_update` (BOLT 7): the terms of one direction of a channel. */
export interface ChannelUpdate extends MessageBase<"channel_update"> {
  readonly signature: Uint8Array;
  readonly chainHash: Uint8Array;
  readonly shortChannelId: bigint;
  /** Mostly seconds since 1970; greater than in earlier updates of this direction. */
  readonly timestamp: number;
  /** Bit 0: must be one. Bit 1: do not forward. */
  readonly messageFlags: number;
  /** Bit 0: direction (0 from node 1, 1 from node 2). Bit 1: disabled. */
  readonly channelFlags: number;
  /** Blocks. */
  readonly cltvExpiryDelta: number;
  readonly htlcMinimumMsat: bigint;
  readonly feeBaseMsat: number;
  /** Millionths of the amount. */
  readonly feeProportionalMillionths: number;
  readonly htlcMaximumMsat: bigint;
}

/** Codec of {@link ChannelUpdate}: message 258, BOLT 7 "The `channel_update` Message". */
export const channelUpdate: MessageCodec<ChannelUpdate> = /* @__PURE__ */ message(
  258,
  "channel_update",
  {
    signature,
    chainHash,
    shortChannelId,
    timestamp: u32,
    messageFlags: u8,
    channelFlags: u8,
    cltvExpiryDelta: u16,
    htlcMinimumMsat: u64,
    feeBaseMsat: u32,
    feeProportionalMillionths: u32,
    htlcMaximumMsat: u64,
  },
);

/** `announcement_signatures` (BOLT 7): the sender's half of the signatures of an announcement. */
export interface AnnouncementSignatures extends MessageBase<"announcement_signatures"> {
  readonly channelId: Uint8Array;
  readonly shortChannelId: bigint;
  readonly nodeSignature: Uint8Array;
  readonly bitcoinSignature: Uint8Array;
}

/** Codec of {@link AnnouncementSignatures}: message 259, BOLT 7 "The `announcement_signatures` Message". */
export const announcementSignatures: MessageCodec<AnnouncementSignatures> = /* @__PURE__ */ message(
  259,
  "announcement_signatures",
  { channelId, shortChannelId, nodeSignature: signature, bitcoinSignature: signature },
);

/** The messages of this chapter. */
export type AnnouncementMessage =
  | ChannelAnnouncement
  | NodeAnnouncement
  | ChannelUpdate
  | AnnouncementSignatures;

/** All codecs of this chapter, for a set of one's own. */
export const announcementMessages: readonly MessageCodec<AnnouncementMessage>[] = [
  channelAnnouncement,
  nodeAnnouncement,
  channelUpdate,
  announcementSignatures,
];
