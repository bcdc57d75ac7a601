// BOLT 7 "Query Messages": the answers to a peer's queries, without IO.
import {
  type ChannelUpdate,
  equalBytes,
  fromShortChannelId,
  type GossipTimestampFilter,
  type KnownMessage,
  type NodeAnnouncement,
  type QueryChannelRange,
  queryFlag,
  queryOption,
  type QueryShortChannelIds,
  type ReplyChannelRange,
  toHex,
} from "@satwire/lnwire";
import type { GossipStore, KnownChannel } from "./gossip-store.ts";

/** The messages of a peer that ask for gossip. */
export type GossipQuery = QueryChannelRange | QueryShortChannelIds | GossipTimestampFilter;

/** Most ids of one reply, with and without timestamps: a message has room for 8186 and for 4092. */
const maxIdsPerReply = 8000;
const maxIdsPerReplyWithTimestamps = 4000;

/** Options of {@link answerGossipQuery}. */
export interface GossipAnswerOptions {
  /**
   * Channels in one `reply_channel_range` at most, from 1 to 8000; with timestamps never above 4000.
   * @default 8000
   */
  readonly idsPerReply?: number | undefined;
}

/** Whether a message asks for gossip. */
export function isGossipQuery(message: { readonly type: string }): message is GossipQuery {
  return (
    message.type === "query_channel_range" ||
    message.type === "query_short_channel_ids" ||
    message.type === "gossip_timestamp_filter"
  );
}

/**
 * The answer to a query, message by message, made as it is taken.
 *
 * @throws RangeError for an `idsPerReply` out of range
 */
export function answerGossipQuery(
  store: GossipStore,
  query: GossipQuery,
  { idsPerReply = maxIdsPerReply }: GossipAnswerOptions = {},
): Iterable<KnownMessage> {
  checkIdsPerReply(idsPerReply);
  switch (query.type) {
    case "query_channel_range":
      return answerRange(store, query, idsPerReply);
    case "query_short_channel_ids":
      return answerIds(store, query);
    case "gossip_timestamp_filter":
      return answerFilter(store, query);
  }
}

/** Throws a RangeError unless a reply can hold that many ids. */
export function checkIdsPerReply(idsPerReply: number): void {
  if (Number.isInteger(idsPerReply) && idsPerReply >= 1 && idsPerReply <= maxIdsPerReply) return;
  throw new RangeError(`idsPerReply is ${idsPerReply}, expected 1 to ${maxIdsPerReply}`);
}

function* answerRange(
  store: GossipStore,
  query: QueryChannelRange,
  idsPerReply: number,
): Generator<ReplyChannelRange> {
  const { chainHash, firstBlocknum } = query;
  // A query for no block is against the rules, and so would be a reply that covers none.
  const numberOfBlocks = Math.max(query.numberOfBlocks, 1);
  const isOurs = equalBytes(chainHash, store.chainHash);
  const ids = isOurs ? store.idsInBlocks(firstBlocknum, numberOfBlocks) : [];
  const withTimestamps = ((query.queryOption ?? 0n) & queryOption.timestamps) !== 0n;
  const size = withTimestamps ? Math.min(idsPerReply, maxIdsPerReplyWithTimestamps) : idsPerReply;
  const end = firstBlocknum + numberOfBlocks;
  let from = firstBlocknum;
  for (let i = 0; i === 0 || i < ids.length; i += size) {
    const part = ids.slice(i, i + size);
    const isLast = i + size >= ids.length;
    // A block can be split between replies: the next one then starts in the same block.
    const last = part.at(-1);
    const until = isLast || last === undefined ? end : fromShortChannelId(last).block + 1;
    const reply: ReplyChannelRange = {
      type: "reply_channel_range",
      chainHash,
      firstBlocknum: from,
      numberOfBlocks: until - from,
      syncComplete: isLast,
      shortChannelIds: part,
    };
    yield withTimestamps
      ? { ...reply, timestamps: part.map((id) => timestampsOf(store, id)) }
      : reply;
    const next = ids[i + size];
    if (next !== undefined) from = Math.min(until, fromShortChannelId(next).block);
  }
}

function* answerIds(store: GossipStore, query: QueryShortChannelIds): Generator<KnownMessage> {
  const { chainHash, shortChannelIds, queryFlags } = query;
  const isOurs = equalBytes(chainHash, store.chainHash);
  const nodes = new Map<string, NodeAnnouncement>();
  for (const [i, id] of shortChannelIds.entries()) {
    const channel = isOurs ? store.channel(id) : undefined;
    if (channel === undefined) continue;
    const flags = queryFlags?.[i];
    // Without flags a query asks for everything.
    const wants = (flag: bigint): boolean => flags === undefined || (flags & flag) !== 0n;
    const { announcement, updates } = channel;
    if (wants(queryFlag.channelAnnouncement)) yield announcement;
    if (wants(queryFlag.channelUpdate1) && updates[0] !== undefined) yield updates[0];
    if (wants(queryFlag.channelUpdate2) && updates[1] !== undefined) yield updates[1];
    if (wants(queryFlag.nodeAnnouncement1)) collect(nodes, store.node(announcement.nodeId1));
    if (wants(queryFlag.nodeAnnouncement2)) collect(nodes, store.node(announcement.nodeId2));
  }
  yield* nodes.values();
  yield { type: "reply_short_channel_ids_end", chainHash, fullInformation: isOurs };
}

function* answerFilter(store: GossipStore, filter: GossipTimestampFilter): Generator<KnownMessage> {
  if (!equalBytes(filter.chainHash, store.chainHash)) return;
  const end = filter.firstTimestamp + filter.timestampRange;
  const matches = ({ timestamp }: { readonly timestamp: number }): boolean =>
    timestamp >= filter.firstTimestamp && timestamp < end;
  for (const id of store.channelIds) {
    const { announcement, updates } = store.channel(id) as KnownChannel;
    const wanted = updates.filter(
      (update): update is ChannelUpdate => update !== undefined && matches(update),
    );
    if (wanted.length > 0) yield announcement; // its time is that of one of its updates
    yield* wanted;
  }
  for (const node of store.nodes) if (matches(node)) yield node;
}

function collect(nodes: Map<string, NodeAnnouncement>, node: NodeAnnouncement | undefined): void {
  if (node !== undefined) nodes.set(toHex(node.nodeId), node);
}

function timestampsOf(store: GossipStore, id: bigint): { node1: number; node2: number } {
  const updates = store.channel(id)?.updates;
  return { node1: updates?.[0]?.timestamp ?? 0, node2: updates?.[1]?.timestamp ?? 0 };
}
