// BOLT 7 "Initial Sync": asks one peer for all it knows of a chain, by range and then by ids.
import {
  type ChannelAnnouncement,
  type ChannelUpdate,
  equalBytes,
  featureVector,
  featureBits,
  features,
  fromShortChannelId,
  type KnownMessage,
  type NodeAnnouncement,
  type QueryChannelRange,
  type ReplyChannelRange,
} from "@satwire/lnwire";
import { defaultFeatures } from "./default-features.ts";
import { PeerError } from "./errors.ts";
import type { P2PConnection } from "./p2p-connection.ts";
import type { ReceivedMessage } from "./peer-machine.ts";

/** The announcements that gossip consists of. */
export type GossipMessage = ChannelAnnouncement | NodeAnnouncement | ChannelUpdate;

/** What to ask for. */
export interface DownloadGossipOptions {
  /** The chain whose channels are wanted, 32 bytes in wire order. */
  readonly chainHash: Uint8Array;
  /** @default 0 */
  readonly firstBlocknum?: number;
  /** @default all up to the highest block number there can be */
  readonly numberOfBlocks?: number;
  /**
   * Ids per query, up to 8000.
   * @default 500
   */
  readonly batchSize?: number;
  /** Called as the download gets on. */
  readonly onProgress?: (progress: GossipProgress) => void;
  readonly signal?: AbortSignal;
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

/**
 * The default features and `gossip_queries`: lnd only answers queries of peers that offer it. Who
 * offers it is asked for gossip too; {@link downloadGossip} answers that it has none.
 */
export function gossipFeatures(): Uint8Array {
  return featureVector([...featureBits(defaultFeatures()), features.gossip_queries.bit + 1]);
}

/**
 * Downloads the peer's view of the network: yields each announcement as it comes, channel before
 * updates before nodes, duplicates included, signatures unchecked. Reads `receiveMessages` while it
 * runs, other messages are dropped; queries of the peer are answered with nothing.
 *
 * @throws PeerError `invalid_option`, `protocol_violation` when answers do not fit the queries,
 * `aborted`, and what the connection ends with
 * @example
 * ```ts
 * const peer = new SimplePeer({ target, features: gossipFeatures() });
 * await peer.connect();
 * for await (const message of downloadGossip(peer, { chainHash: chainHashOf("mainnet") })) store(message);
 * ```
 */
export async function* downloadGossip(
  peer: P2PConnection,
  options: DownloadGossipOptions,
): AsyncGenerator<GossipMessage, void, undefined> {
  const { chainHash, batchSize = 500, signal } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 8000) {
    throw new PeerError("invalid_option", `batchSize of ${batchSize} is not 1 to 8000`);
  }
  const wait = signal === undefined ? {} : { signal };
  const messages = peer.receiveMessages();
  try {
    const range = rangeQuery(options);
    await peer.sendMessage(range, wait);
    const ids = new RangeReplies(range);
    const report = (channelsDone: number): void =>
      options.onProgress?.({
        channelsFound: ids.found.length,
        channelsDone,
        isListComplete: ids.isComplete,
      });
    while (!ids.isComplete) {
      const message = await next(messages, signal);
      if (message.type === "reply_channel_range") {
        ids.add(message);
        report(0);
      } else if (isGossip(message)) yield message;
      else await answerNothing(peer, message);
    }
    for (let done = 0; done < ids.found.length; done += batchSize) {
      const shortChannelIds = ids.found.slice(done, done + batchSize);
      await peer.sendMessage({ type: "query_short_channel_ids", chainHash, shortChannelIds }, wait);
      for (;;) {
        const message = await next(messages, signal);
        if (message.type === "reply_short_channel_ids_end") break;
        if (isGossip(message)) yield message;
        else await answerNothing(peer, message);
      }
      report(Math.min(done + batchSize, ids.found.length));
    }
  } finally {
    await messages.return?.();
  }
}

/** Collects the ids of a range query's replies and knows when the last one has come. */
class RangeReplies {
  readonly found: bigint[] = [];
  isComplete = false;
  readonly #query: QueryChannelRange;
  #previous: ReplyChannelRange | undefined;

  constructor(query: QueryChannelRange) {
    this.#query = query;
  }

  add(reply: ReplyChannelRange): void {
    const { chainHash, firstBlocknum, numberOfBlocks } = this.#query;
    if (!equalBytes(reply.chainHash, chainHash)) {
      throw violation("a reply_channel_range of another chain");
    }
    if (reply.firstBlocknum < (this.#previous?.firstBlocknum ?? 0)) {
      throw violation("reply_channel_range messages out of order");
    }
    const last = this.found.at(-1) ?? -1n;
    for (const id of reply.shortChannelIds) {
      const { block } = fromShortChannelId(id);
      // Replies may cover more than was asked for, and name a channel twice where they overlap.
      const isWanted = block >= firstBlocknum && block - firstBlocknum < numberOfBlocks;
      if (isWanted && id > last) this.found.push(id);
    }
    if (this.found.length > maxChannels) throw violation(`more than ${maxChannels} channels`);
    this.#previous = reply;
    // lnd once meant something else by this flag, hence the range counts as well.
    const end = reply.firstBlocknum + reply.numberOfBlocks;
    this.isComplete = reply.syncComplete || end >= firstBlocknum + numberOfBlocks;
  }
}

function rangeQuery(options: DownloadGossipOptions): QueryChannelRange {
  const { chainHash, firstBlocknum = 0 } = options;
  const { numberOfBlocks = 0xffff_ffff - firstBlocknum } = options;
  return { type: "query_channel_range", chainHash, firstBlocknum, numberOfBlocks };
}

function isGossip(message: { readonly type: string }): message is GossipMessage {
  return (
    message.type === "channel_announcement" ||
    message.type === "channel_update" ||
    message.type === "node_announcement"
  );
}

/** The honest answer of a client without a graph, so that the peer does not wait for one. */
async function answerNothing(
  peer: P2PConnection,
  message: ReceivedMessage<KnownMessage>,
): Promise<void> {
  if (message.type === "query_channel_range") {
    const { chainHash, firstBlocknum, numberOfBlocks } = message;
    await peer.sendMessage({
      type: "reply_channel_range",
      chainHash,
      firstBlocknum,
      numberOfBlocks,
      syncComplete: true,
      shortChannelIds: [],
    });
  } else if (message.type === "query_short_channel_ids") {
    const { chainHash } = message;
    await peer.sendMessage({
      type: "reply_short_channel_ids_end",
      chainHash,
      fullInformation: false,
    });
  }
}

/** The next message; the wait, not the connection, ends when the signal aborts. */
function next<T>(messages: AsyncIterator<T, undefined>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      const cause: unknown = signal?.reason;
      reject(new PeerError("aborted", "the download was aborted", { phase: "connected", cause }));
    };
    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (): void => signal?.removeEventListener("abort", onAbort);
    messages.next().then(
      (result) => {
        settle();
        if (result.done !== true) resolve(result.value);
        else reject(new PeerError("closed", "the connection ended during the download"));
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

function violation(what: string): PeerError {
  return new PeerError("protocol_violation", `the peer sent ${what}`, { phase: "connected" });
}
