// BOLT 7 "The `gossip_timestamp_filter` Message" and "Rebroadcasting", for one peer: what it asked for and has not got.
import {
  type ChannelUpdate,
  equalBytes,
  type GossipTimestampFilter,
  type NodeAnnouncement,
  type SignedGossip,
  toHex,
} from "@satwire/lnwire";
import type { Clock, Timer } from "@satwire/actor";
import { answerGossipQuery, channelThrough, passesFilter } from "./gossip-responder.ts";
import type { AddedGossip, GossipStore } from "./gossip-store.ts";

/** What a {@link GossipRelay} works with. */
export interface GossipRelayOptions {
  readonly store: GossipStore;
  readonly clock: Clock;
  /** Milliseconds that news are collected for; 0 for no time at all. */
  readonly everyMs: number;
  /** There is something to `take`. */
  readonly onNews: () => void;
}

/** What a message is about: a channel's id or the hex of a node's. */
type Subject = bigint | string;

/** The channel or the node that something new is known of. */
type News = ChannelUpdate | NodeAnnouncement;

/**
 * Sends what a filter asks for: first what there is, then what comes, each message once and never to the peer that it
 * came from. News are remembered by what they are about, so they take no more room than the store, and only the
 * latest is sent.
 */
export class GossipRelay {
  readonly #options: GossipRelayOptions;
  readonly #subscription: Disposable;
  /** By what they are about; the latest is looked up when it is sent. */
  readonly #news = new Map<Subject, News>();
  /** Messages that the peer has sent us. */
  readonly #theirs = new WeakSet<SignedGossip>();
  /** Messages that the peer has got. */
  readonly #sent = new WeakSet<SignedGossip>();
  /** Of these, the ones since the last filter: another one begins anew. */
  #sentSince = new WeakSet<SignedGossip>();
  #filter: GossipTimestampFilter | undefined;
  #ready: SignedGossip[] = [];
  #timer: Timer | undefined;
  #isDue: boolean;

  constructor(options: GossipRelayOptions) {
    this.#options = options;
    this.#isDue = options.everyMs === 0;
    this.#subscription = options.store.onAdded((added) => this.#onAdded(added));
  }

  /** The peer's last filter, if it has sent one for this chain. */
  get filter(): GossipTimestampFilter | undefined {
    return this.#filter;
  }

  /** Takes a filter in the place of the last one, and returns what it lets through of what there is. */
  *apply(filter: GossipTimestampFilter): Generator<SignedGossip> {
    if (filter !== this.#filter) return;
    for (const message of answerGossipQuery(this.#options.store, filter)) {
      const gossip = message as SignedGossip;
      if (!this.#theirs.has(gossip) && !this.#sentSince.has(gossip)) yield gossip;
    }
  }

  /** Puts a filter in the place of the last one; false if it is for another chain. */
  setFilter(filter: GossipTimestampFilter): boolean {
    if (!equalBytes(filter.chainHash, this.#options.store.chainHash)) return false;
    this.#filter = filter;
    this.#sentSince = new WeakSet();
    this.#news.clear();
    this.#ready = [];
    return true;
  }

  /** The peer has sent this, so it knows it. */
  markReceived(message: SignedGossip): void {
    this.#theirs.add(message);
    const known = this.#options.store.latest(message);
    if (known !== undefined && timestampOf(known) === timestampOf(message)) this.#theirs.add(known);
  }

  /** This was sent, as news or as an answer. */
  markSent(message: SignedGossip): void {
    this.#sent.add(message);
    this.#sentSince.add(message);
  }

  /** The next message of what came after the filter. */
  take(): SignedGossip | undefined {
    for (;;) {
      const message = this.#ready.shift();
      if (message !== undefined && !this.#isKnown(message)) return message;
      if (message !== undefined) continue;
      const [first] = this.#news;
      if (first === undefined || !this.#isDue) break;
      const [subject, news] = first;
      this.#news.delete(subject);
      this.#ready = [...this.#messagesAbout(news)];
    }
    if (this.#news.size === 0 && this.#options.everyMs > 0) this.#isDue = false;
    return undefined;
  }

  /** Sends nothing more. Idempotent. */
  close(): void {
    this.#subscription[Symbol.dispose]();
    this.#timer?.cancel();
    this.#filter = undefined;
    this.#news.clear();
    this.#ready = [];
  }

  #onAdded({ message, isFirstUpdate }: AddedGossip): void {
    const filter = this.#filter;
    if (filter === undefined || filter.timestampRange === 0) return;
    const { store } = this.#options;
    switch (message.type) {
      case "channel_announcement":
        return; // it goes with its first update
      case "channel_update": {
        this.#news.set(message.shortChannelId, message);
        const channel = store.channel(message.shortChannelId);
        if (!isFirstUpdate || channel === undefined) break;
        // Now that the channel is public, so are its ends.
        for (const nodeId of [channel.announcement.nodeId1, channel.announcement.nodeId2]) {
          const node = store.node(nodeId);
          if (node !== undefined) this.#news.set(toHex(nodeId), node);
        }
        break;
      }
      case "node_announcement":
        if (!store.hasPublicChannel(message.nodeId)) return;
        this.#news.set(toHex(message.nodeId), message);
    }
    this.#announceNews();
  }

  #announceNews(): void {
    const { clock, everyMs, onNews } = this.#options;
    if (everyMs === 0) onNews();
    else {
      this.#timer ??= clock.setTimer(() => {
        this.#timer = undefined;
        this.#isDue = true;
        onNews();
      }, everyMs);
    }
  }

  #isKnown(message: SignedGossip): boolean {
    return this.#theirs.has(message) || this.#sent.has(message);
  }

  *#messagesAbout(news: News): Generator<SignedGossip> {
    const { store } = this.#options;
    const filter = this.#filter;
    if (filter === undefined) return;
    if (news.type === "node_announcement") {
      const node = store.node(news.nodeId);
      if (node !== undefined && passesFilter(filter, node)) yield node;
    } else {
      const channel = store.channel(news.shortChannelId);
      if (channel === undefined) return;
      const messages = [...channelThrough(filter, channel)];
      // An announcement is sent with an update, and not for one that the peer has.
      const isNew = messages.some(
        (message) => message.type === "channel_update" && !this.#isKnown(message),
      );
      if (isNew) yield* messages;
    }
  }
}

function timestampOf(message: SignedGossip): number | undefined {
  return message.type === "channel_announcement" ? undefined : message.timestamp;
}
