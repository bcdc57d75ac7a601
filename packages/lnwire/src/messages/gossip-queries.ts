// BOLT 7 "Query Messages": asking a peer for what it knows of the network.
import { flag, u32 } from "@satwire/codec";
import {
  checksums,
  encodedQueryFlags,
  encodedShortIds,
  encodedTimestamps,
  type PerNode,
} from "../encoded-list.ts";
import { chainHash } from "../fields.ts";
import { bigSize } from "../integers.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** Bits of `queryFlags`: what is wanted of a channel. */
export const queryFlag = {
  channelAnnouncement: 1n,
  channelUpdate1: 2n,
  channelUpdate2: 4n,
  nodeAnnouncement1: 8n,
  nodeAnnouncement2: 16n,
} as const;

/** Bits of `queryOption`: what is wanted besides the ids. */
export const queryOption = { timestamps: 1n, checksums: 2n } as const;

/** `query_short_channel_ids` (BOLT 7): asks for the announcements of certain channels. */
export interface QueryShortChannelIds extends MessageBase<"query_short_channel_ids"> {
  readonly chainHash: Uint8Array;
  /** Ascending, each once. At most 8187 fit a message without flags. */
  readonly shortChannelIds: readonly bigint[];
  /** TLV 1: what is wanted, one for each id: bits of `queryFlag`. Without it: everything. */
  readonly queryFlags?: readonly bigint[];
}

/** Codec of {@link QueryShortChannelIds}: message 261, BOLT 7 "Query Messages". */
export const queryShortChannelIds: MessageCodec<QueryShortChannelIds> = /* @__PURE__ */ message(
  261,
  "query_short_channel_ids",
  { chainHash, shortChannelIds: encodedShortIds },
  { queryFlags: [1, encodedQueryFlags] },
);

/** `reply_short_channel_ids_end` (BOLT 7): everything asked for has been sent. */
export interface ReplyShortChannelIdsEnd extends MessageBase<"reply_short_channel_ids_end"> {
  readonly chainHash: Uint8Array;
  /** False if the peer does not keep up-to-date information of this chain. */
  readonly fullInformation: boolean;
}

/** Codec of {@link ReplyShortChannelIdsEnd}: message 262, BOLT 7 "Query Messages". */
export const replyShortChannelIdsEnd: MessageCodec<ReplyShortChannelIdsEnd> =
  /* @__PURE__ */ message(262, "reply_short_channel_ids_end", { chainHash, fullInformation: flag });

/** `query_channel_range` (BOLT 7): asks which channels were funded in a range of blocks. */
export interface QueryChannelRange extends MessageBase<"query_channel_range"> {
  readonly chainHash: Uint8Array;
  readonly firstBlocknum: number;
  /** At least 1. */
  readonly numberOfBlocks: number;
  /** TLV 1: bits of `queryOption`. */
  readonly queryOption?: bigint;
}

/** Codec of {@link QueryChannelRange}: message 263, BOLT 7 "Query Messages". */
export const queryChannelRange: MessageCodec<QueryChannelRange> = /* @__PURE__ */ message(
  263,
  "query_channel_range",
  { chainHash, firstBlocknum: u32, numberOfBlocks: u32 },
  { queryOption: [1, bigSize] },
);

/** `reply_channel_range` (BOLT 7): channels of a part of the range; several replies may follow. */
export interface ReplyChannelRange extends MessageBase<"reply_channel_range"> {
  readonly chainHash: Uint8Array;
  readonly firstBlocknum: number;
  readonly numberOfBlocks: number;
  /** True in the last reply. */
  readonly syncComplete: boolean;
  /** Ascending, each once. */
  readonly shortChannelIds: readonly bigint[];
  /** TLV 1: timestamps of both updates, per channel. */
  readonly timestamps?: readonly PerNode[];
  /** TLV 3: `channelUpdateChecksum` of both updates, per channel. */
  readonly checksums?: readonly PerNode[];
}

/** Codec of {@link ReplyChannelRange}: message 264, BOLT 7 "Query Messages". */
export const replyChannelRange: MessageCodec<ReplyChannelRange> = /* @__PURE__ */ message(
  264,
  "reply_channel_range",
  {
    chainHash,
    firstBlocknum: u32,
    numberOfBlocks: u32,
    syncComplete: flag,
    shortChannelIds: encodedShortIds,
  },
  { timestamps: [1, encodedTimestamps], checksums: [3, checksums] },
);

/** `gossip_timestamp_filter` (BOLT 7): which announcements the peer shall relay from now on. */
export interface GossipTimestampFilter extends MessageBase<"gossip_timestamp_filter"> {
  readonly chainHash: Uint8Array;
  /** Seconds since 1970; 0xffffffff with a range of 0 stops the flow. */
  readonly firstTimestamp: number;
  /** Seconds. */
  readonly timestampRange: number;
}

/** Codec of {@link GossipTimestampFilter}: message 265, BOLT 7 "The `gossip_timestamp_filter` Message". */
export const gossipTimestampFilter: MessageCodec<GossipTimestampFilter> = /* @__PURE__ */ message(
  265,
  "gossip_timestamp_filter",
  { chainHash, firstTimestamp: u32, timestampRange: u32 },
);

/** The messages of this chapter. */
export type GossipQueryMessage =
  | QueryShortChannelIds
  | ReplyShortChannelIdsEnd
  | QueryChannelRange
  | ReplyChannelRange
  | GossipTimestampFilter;

/** All codecs of this chapter, for a set of one's own. */
export const gossipQueryMessages: readonly MessageCodec<GossipQueryMessage>[] = [
  queryShortChannelIds,
  replyShortChannelIdsEnd,
  queryChannelRange,
  replyChannelRange,
  gossipTimestampFilter,
];
