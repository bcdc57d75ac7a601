/** One connection of ours with an lnd that is asked for gossip: everything that comes is kept until it is taken. */
import { gossipFeatures, type SimplePeer } from "@satwire/lnp2p";
import type {
  KnownMessage,
  LightningMessage,
  QueryChannelRange,
  QueryShortChannelIds,
  ReplyChannelRange,
  ReplyShortChannelIdsEnd,
  SignedGossip,
} from "@satwire/lnwire";
import { Conditions } from "@satwire/testkit";
import type { Lnd } from "../daemons/lnd.ts";
import { peerOf as dialing, type Reachable } from "../lnd-connections/sessions.ts";

/** A filter of everything. */
export const always: readonly [number, number] = [0, 0xffff_ffff];
/** A filter of nothing, as BOLT 7 has it. */
export const never: readonly [number, number] = [0xffff_ffff, 0];
/** A range of all blocks that there can be. */
export const allBlocks: readonly [number, number] = [0, 0xffff_ffff];

const timeoutMs = 30_000;

/** Whether a message is an announcement. */
function isGossip(message: LightningMessage): message is SignedGossip {
  return (
    message.type === "channel_announcement" ||
    message.type === "channel_update" ||
    message.type === "node_announcement"
  );
}

/** A peer of ours that offers `gossip_queries`, not connected yet; of a new key if none is given. */
export function peerOf(lnd: Reachable, localKey?: Uint8Array): SimplePeer {
  return dialing(lnd, { features: gossipFeatures(), localKey });
}

/** What a query for ids brought. */
export interface IdsAnswer {
  readonly gossip: readonly SignedGossip[];
  readonly end: ReplyShortChannelIdsEnd;
}

/** A connection with lnd, and what came over it. */
export class GossipPeer implements AsyncDisposable {
  /** All that came and that nobody has taken. */
  readonly received: LightningMessage[] = [];
  readonly #peer: SimplePeer;
  readonly #chainHash: Uint8Array;
  readonly #conditions = new Conditions();
  #isEnded = false;

  private constructor(peer: SimplePeer, chainHash: Uint8Array) {
    this.#peer = peer;
    this.#chainHash = chainHash;
    void this.#read();
  }

  /** Resolves when `init` was exchanged. Queries are for `chainHash` unless they say otherwise. */
  static async connect(
    lnd: Lnd,
    chainHash: Uint8Array,
    localKey?: Uint8Array,
  ): Promise<GossipPeer> {
    const peer = peerOf(lnd, localKey);
    await peer.connect();
    return new GossipPeer(peer, chainHash);
  }

  /** The announcements among what was received, oldest first. */
  get gossip(): readonly SignedGossip[] {
    return this.received.filter(isGossip);
  }

  /** Our node id, 33 bytes. */
  get nodeId(): Uint8Array {
    return this.#peer.localPublicKey;
  }

  /** Of the other side's `init`. */
  get remoteFeatures(): Uint8Array {
    return this.#peer.remoteFeatures ?? new Uint8Array(0);
  }

  async send(...messages: readonly KnownMessage[]): Promise<void> {
    for (const message of messages) {
      await this.#peer.sendMessage(message as Parameters<SimplePeer["sendMessage"]>[0]);
    }
  }

  /** Sets the filter of what is relayed. */
  async filter(
    firstTimestamp: number,
    timestampRange: number,
    chainHash: Uint8Array = this.#chainHash,
  ): Promise<void> {
    await this.send({ type: "gossip_timestamp_filter", chainHash, firstTimestamp, timestampRange });
  }

  /** Asks for ids, and returns all announcements up to the end of the answer. */
  async queryIds(
    shortChannelIds: readonly bigint[],
    options: Partial<Pick<QueryShortChannelIds, "queryFlags" | "chainHash">> = {},
  ): Promise<IdsAnswer> {
    this.takeGossip();
    const chainHash = this.#chainHash;
    await this.send({ type: "query_short_channel_ids", chainHash, shortChannelIds, ...options });
    const end = await this.take("reply_short_channel_ids_end");
    return { gossip: this.takeGossip(), end };
  }

  /** Asks for a range of blocks, and returns the replies up to the one that covers its end. */
  async queryRange(
    firstBlocknum: number,
    numberOfBlocks: number,
    options: Partial<Pick<QueryChannelRange, "queryOption" | "chainHash">> = {},
  ): Promise<readonly ReplyChannelRange[]> {
    const chainHash = this.#chainHash;
    await this.send({
      type: "query_channel_range",
      chainHash,
      firstBlocknum,
      numberOfBlocks,
      ...options,
    });
    const replies: ReplyChannelRange[] = [];
    for (;;) {
      const reply = await this.take("reply_channel_range");
      replies.push(reply);
      if (reply.firstBlocknum + reply.numberOfBlocks >= firstBlocknum + numberOfBlocks) {
        return replies;
      }
    }
  }

  /** Resolves when a pong has come, and with it all that was sent before. */
  async ping(): Promise<void> {
    await this.#peer.ping();
  }

  /** The announcements that have come, oldest first; they are gone then. */
  takeGossip(): SignedGossip[] {
    const gossip = [...this.gossip];
    const rest = this.received.filter((message) => !isGossip(message));
    this.received.splice(0, this.received.length, ...rest);
    return gossip;
  }

  /**
   * The oldest message of a type that nobody has taken; what came before it stays.
   *
   * @throws when the connection ends before, or after 30 seconds
   */
  async take<T extends KnownMessage["type"]>(
    type: T,
    accept: (message: Extract<KnownMessage, { readonly type: T }>) => boolean = () => true,
  ): Promise<Extract<KnownMessage, { readonly type: T }>> {
    type Wanted = Extract<KnownMessage, { readonly type: T }>;
    const isWanted = (message: LightningMessage): message is Wanted =>
      message.type === type && accept(message as Wanted);
    const look = (): Wanted | undefined => {
      const at = this.received.findIndex(isWanted);
      return at < 0 ? undefined : (this.received.splice(at, 1)[0] as Wanted);
    };
    return this.#conditions.find(look, type, { timeoutMs });
  }

  /**
   * Resolves when something is so; it is looked at with each message.
   *
   * @throws when the connection ends before, or after 30 seconds
   */
  async until(isMet: () => boolean): Promise<void> {
    await this.#conditions.until(isMet, "the condition", { timeoutMs });
  }

  /** Resolves when the connection has ended. */
  async ended(): Promise<void> {
    await this.#conditions.until(() => this.#isEnded, "the end", { timeoutMs });
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer.close();
    await this.ended();
  }

  async #read(): Promise<void> {
    let cause: unknown;
    try {
      for await (const message of this.#peer.receiveMessages()) {
        this.received.push(message);
        this.#conditions.recheck();
      }
    } catch (error) {
      cause = error;
    }
    this.#isEnded = true;
    this.#conditions.end(new Error("the connection has ended", { cause }));
  }
}
