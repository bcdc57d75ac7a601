// BOLT 7 "Query Messages": the answers to a peer's queries, without IO.
import {
  type ChannelAnnouncement,
  type ChannelUpdate,
  channelUpdateChecksum,
  equalBytes,
  fromShortChannelId,
  type GossipTimestampFilter,
  type KnownMessage,
  type NodeAnnouncement,
  type PerNode,
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

/** Most ids of one reply: a message has room for 8186 without more, for 4092 with one list, 2728 with both. */
const maxIdsPerReply = 8000;
const maxIdsWithOneList = 4000;
const maxIdsWithBothLists = 2700;

/** Options of {@link answerGossipQuery}. */
export interface GossipAnswerOptions {
  /**
   * Channels in one `reply_channel_range` at most, from 1 to 8000; with timestamps or checksums never above 4000,
   * with both never above 2700.
   * @default 8000
   */
  readonly idsPerReply?: number | undefined;
  /**
   * Whether answers to `query_short_channel_ids` say that the node keeps up-to-date information. About another
   * chain they never do.
   * @default true
   */
  readonly fullInformation?: boolean | undefined;
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
  { idsPerReply = maxIdsPerReply, fullInformation = true }: GossipAnswerOptions = {},
): Iterable<KnownMessage> {
  checkIdsPerReply(idsPerReply);
  switch (query.type) {
    case "query_channel_range":
      return answerRange(store, query, idsPerReply);
    case "query_short_channel_ids":
      return answerIds(store, query, fullInformation);
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
  const wants = (option: bigint): boolean => ((query.queryOption ?? 0n) & option) !== 0n;
  const lists: readonly RangeList[] = [
    ...(wants(queryOption.timestamps) ? [timestampList] : []),
    ...(wants(queryOption.checksums) ? [checksumList] : []),
  ];
  const limit = [maxIdsPerReply, maxIdsWithOneList, maxIdsWithBothLists][lists.length] as number;
  const size = Math.min(idsPerReply, limit);
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
    yield lists.reduce((message, add) => add(message, store), reply);
    const next = ids[i + size];
    if (next !== undefined) from = Math.min(until, fromShortChannelId(next).block);
  }
}

function* answerIds(
  store: GossipStore,
  query: QueryShortChannelIds,
  fullInformation: boolean,
): Generator<KnownMessage> {
  const { chainHash, shortChannelIds, queryFlags } = query;
  const isOurs = equalBytes(chainHash, store.chainHash);
  const nodes = new Map<string, NodeAnnouncement>();
  for (const [i, id] of shortChannelIds.entries()) {
    const channel = isOurs ? store.channel(id) : undefined;
    if (channel === undefined) continue;
    const flags = queryFlags?.[i];
    // Without flags a query asks for everything.
    const wants = (flag: bigint): boolean => flags === undefined || (flags & flag) !== 0n;
    const { announcement } = channel;
    const [one, two] = forwardedUpdates(channel);
    if (wants(queryFlag.channelAnnouncement)) yield announcement;
    if (wants(queryFlag.channelUpdate1) && one !== undefined) yield one;
    if (wants(queryFlag.channelUpdate2) && two !== undefined) yield two;
    if (wants(queryFlag.nodeAnnouncement1)) collect(nodes, store.node(announcement.nodeId1));
    if (wants(queryFlag.nodeAnnouncement2)) collect(nodes, store.node(announcement.nodeId2));
  }
  yield* nodes.values();
  yield {
    type: "reply_short_channel_ids_end",
    chainHash,
    fullInformation: isOurs && fullInformation,
  };
}

/** Whether a message is from the time that a filter asks for. */
export function passesFilter(
  { firstTimestamp, timestampRange }: GossipTimestampFilter,
  { timestamp }: { readonly timestamp: number },
): boolean {
  return timestamp >= firstTimestamp && timestamp < firstTimestamp + timestampRange;
}

/** What a filter lets through of a channel: its announcement has the time of one of its updates. */
export function* channelThrough(
  filter: GossipTimestampFilter,
  channel: KnownChannel,
): Generator<ChannelAnnouncement | ChannelUpdate> {
  const wanted = forwardedUpdates(channel).filter(
    (update): update is ChannelUpdate => update !== undefined && passesFilter(filter, update),
  );
  if (wanted.length > 0) yield channel.announcement;
  yield* wanted;
}

function* answerFilter(store: GossipStore, filter: GossipTimestampFilter): Generator<KnownMessage> {
  if (!equalBytes(filter.chainHash, store.chainHash)) return;
  for (const id of store.channelIds) {
    const channel = store.channel(id);
    if (channel !== undefined) yield* channelThrough(filter, channel);
  }
  for (const node of store.nodes) {
    if (passesFilter(filter, node) && store.hasPublicChannel(node.nodeId)) yield node;
  }
}

/** Bit 1 of `message_flags`, `dont_forward`: such an update is for its receiver alone. */
const dontForward = 2;

/** The updates of a channel without those that say not to pass them on. */
function forwardedUpdates({ updates: [one, two] }: KnownChannel): KnownChannel["updates"] {
  return [one, two].map((update) =>
    ((update?.messageFlags ?? 0) & dontForward) === 0 ? update : undefined,
  ) as [ChannelUpdate | undefined, ChannelUpdate | undefined];
}

function collect(nodes: Map<string, NodeAnnouncement>, node: NodeAnnouncement | undefined): void {
  if (node !== undefined) nodes.set(toHex(node.nodeId), node);
}

type RangeList = (reply: ReplyChannelRange, store: GossipStore) => ReplyChannelRange;

const timestampList: RangeList = (reply, store) => ({
  ...reply,
  timestamps: perUpdate(reply, store, ({ timestamp }) => timestamp),
});

const checksumList: RangeList = (reply, store) => ({
  ...reply,
  checksums: perUpdate(reply, store, (update) => channelUpdateChecksum(store.frameOf(update))),
});

/** Something of both updates of each channel, 0 for an update that there is not. */
function perUpdate(
  { shortChannelIds }: ReplyChannelRange,
  store: GossipStore,
  valueOf: (update: ChannelUpdate) => number,
): PerNode[] {
  return shortChannelIds.map((id) => {
    const channel = store.channel(id);
    const [one, two] = channel === undefined ? [] : forwardedUpdates(channel);
    return {
      node1: one === undefined ? 0 : valueOf(one),
      node2: two === undefined ? 0 : valueOf(two),
    };
  });
}
