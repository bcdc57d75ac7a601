// BOLT 7 "Initial Sync": asks one peer for all it knows of a chain, by range and then by ids.
import { type Clock, systemClock } from "@satwire/actor";
import {
  equalBytes,
  featureBits,
  features,
  featureVector,
  fromShortChannelId,
  type QueryChannelRange,
  type ReplyChannelRange,
} from "@satwire/lnwire";
import { defaultFeatures } from "./default-features.ts";
import { PeerError } from "./errors.ts";
import { GossipAnswers, type GossipMessage, type GossipSource } from "./gossip-answers.ts";

/** What to ask for. */
export interface DownloadGossipOptions {
  /** The chain whose channels are wanted, 32 bytes in wire order. */
  readonly chainHash: Uint8Array;
  /** @default 0 */
  readonly firstBlocknum?: number | undefined;
  /** @default all up to the highest block number there can be */
  readonly numberOfBlocks?: number | undefined;
  /**
   * Ids per query, up to 8000.
   * @default 500
   */
  readonly batchSize?: number | undefined;
  /**
   * How long the peer may take for its next answer, in milliseconds.
   * @default 60000
   */
  readonly idleMs?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Called as the download gets on. */
  readonly onProgress?: ((progress: GossipProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a download is. */
export interface GossipProgress {
  /** Channels that the peer has named so far. */
  readonly channelsFound: number;
  /** Channels whose query was answered. */
  readonly channelsDone: number;
  /** True once the peer has named all its channels. */
  readonly isListComplete: boolean;
}

/** A peer may not send more ids than this: blocks up to 2^24 with a few channels each would be far less. */
const maxChannels = 2_000_000;
/** Nor more replies than this to one query: full ones name 8000 channels each. */
const maxReplies = 20_000;

/**
 * The default features and `gossip_queries`: lnd only answers queries of peers that offer it. Who
 * offers it is asked for gossip too; {@link downloadGossip} answers that it has none.
 */
export function gossipFeatures(): Uint8Array {
  return featureVector([...featureBits(defaultFeatures()), features.gossip_queries.bit + 1]);
}

/**
 * Downloads the peer's view of the network: yields each announcement as it comes, a channel before its
 * updates and its nodes, duplicates included, signatures unchecked. Reads `receiveMessages` while it
 * runs, other messages are dropped; queries of the peer are answered with nothing.
 *
 * @throws PeerError `invalid_option`, `protocol_violation` when answers do not fit the queries,
 * `download_timeout` when there are none, `aborted`, and what the connection ends with
 * @example
 * ```ts
 * const peer = new SimplePeer({ target, features: gossipFeatures() });
 * await peer.connect();
 * for await (const message of downloadGossip(peer, { chainHash: chainHashOf("mainnet") })) store(message);
 * ```
 */
export async function* downloadGossip(
  peer: GossipSource,
  options: DownloadGossipOptions,
): AsyncGenerator<GossipMessage, void, undefined> {
  const { chainHash, batchSize = 500, idleMs = 60_000, clock = systemClock, signal } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 8000) {
    throw new PeerError("invalid_option", `batchSize of ${batchSize} is not 1 to 8000`);
  }
  const answers = new GossipAnswers(peer, { clock, idleMs, signal });
  const range = rangeQuery(options);
  const ids = new RangeReplies(range);
  const report = (channelsDone: number): void =>
    options.onProgress?.({
      channelsFound: ids.found.length,
      channelsDone,
      isListComplete: ids.isComplete,
    });
  try {
    await peer.sendMessage(range, { signal });
    while (!ids.isCovered) {
      const answer = await answers.next();
      if (answer.type === "reply_channel_range") {
        ids.add(answer);
        report(0);
      } else if (answer.type !== "reply_short_channel_ids_end") yield answer;
    }
    for (let done = 0; done < ids.found.length; ) {
      const shortChannelIds = ids.found.slice(done, done + batchSize);
      await peer.sendMessage(
        { type: "query_short_channel_ids", chainHash, shortChannelIds },
        { signal },
      );
      for (;;) {
        const answer = await answers.next();
        if (answer.type === "reply_short_channel_ids_end") break;
        // A range can be covered before it is complete: its last block may be split between replies.
        if (answer.type === "reply_channel_range") ids.add(answer);
        else yield answer;
      }
      done += shortChannelIds.length;
      report(done);
    }
  } finally {
    await answers.release();
  }
}

/** Collects the ids of a range query's replies and knows when the last one has come. */
class RangeReplies {
  readonly found: bigint[] = [];
  /** The peer said that this was the last reply. */
  isComplete = false;
  /** The last reply has come, or one that reaches the end of the range; there may be more then. */
  isCovered = false;
  readonly #query: QueryChannelRange;
  #replies = 0;
  #previous: ReplyChannelRange | undefined;

  constructor(query: QueryChannelRange) {
    this.#query = query;
  }

  add(reply: ReplyChannelRange): void {
    const { chainHash, firstBlocknum, numberOfBlocks } = this.#query;
    if (!equalBytes(reply.chainHash, chainHash)) {
      throw violation("a reply_channel_range of another chain");
    }
    if (this.isComplete) throw violation("a reply_channel_range after the last one");
    if (reply.firstBlocknum < (this.#previous?.firstBlocknum ?? 0)) {
      throw violation("reply_channel_range messages out of order");
    }
    if (++this.#replies > maxReplies) throw violation(`more than ${maxReplies} replies`);
    const last = this.found.at(-1) ?? -1n;
    for (const id of reply.shortChannelIds) {
      const { block } = fromShortChannelId(id);
      // Replies may cover more than was asked for, and name a channel twice where they overlap.
      const isWanted = block >= firstBlocknum && block - firstBlocknum < numberOfBlocks;
      if (isWanted && id > last) this.found.push(id);
    }
    if (this.found.length > maxChannels) throw violation(`more than ${maxChannels} channels`);
    this.#previous = reply;
    this.isComplete = reply.syncComplete;
    const end = reply.firstBlocknum + reply.numberOfBlocks;
    this.isCovered ||= reply.syncComplete || end >= firstBlocknum + numberOfBlocks;
  }
}

function rangeQuery(options: DownloadGossipOptions): QueryChannelRange {
  const { chainHash, firstBlocknum = 0 } = options;
  const { numberOfBlocks = 0xffff_ffff - firstBlocknum } = options;
  return { type: "query_channel_range", chainHash, firstBlocknum, numberOfBlocks };
}

function violation(what: string): PeerError {
  return new PeerError("protocol_violation", `the peer sent ${what}`, { phase: "connected" });
}
