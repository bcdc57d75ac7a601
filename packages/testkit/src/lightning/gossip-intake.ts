// BOLT 7: what a node makes of the gossip that its peers send.
import {
  type ChannelUpdate,
  type GossipTimestampFilter,
  type SignatureCrypto,
  type SignedGossip,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
  type Warning,
} from "@satwire/lnwire";
import type { GossipStore } from "./gossip-store.ts";

/** What a {@link GossipIntake} works with. */
export interface GossipIntakeOptions {
  readonly store: GossipStore;
  /** Whether gossip of peers goes into the store, and on from there. */
  readonly relays: boolean;
  /** Checks signatures; undefined for none. */
  readonly verifier: SignatureCrypto | undefined;
}

/** Puts gossip of all of a node's peers into its store, if it is to. */
export class GossipIntake {
  readonly #options: GossipIntakeOptions;

  constructor(options: GossipIntakeOptions) {
    this.#options = options;
  }

  /** What to ask each peer for, if anything: all there is and all that comes. */
  get filter(): GossipTimestampFilter | undefined {
    const { store, relays } = this.#options;
    if (!relays) return undefined;
    return {
      type: "gossip_timestamp_filter",
      chainHash: store.chainHash,
      firstTimestamp: 0,
      timestampRange: 0xffffffff,
    };
  }

  /**
   * Takes a message into the store if it is new, about something known and, if that is asked for, well signed.
   * Returns what to tell its sender before the connection is ended, if BOLT 7 says to.
   */
  take(message: SignedGossip, frame: Uint8Array | undefined, source: unknown): Warning | undefined {
    const { store, relays, verifier } = this.#options;
    if (!relays || !this.#isNews(message)) return undefined;
    if (verifier !== undefined && !this.#isSigned(message, frame ?? message, verifier)) {
      const data = new TextEncoder().encode(`${message.type} with a bad signature`);
      return { type: "warning", channelId: new Uint8Array(32), data };
    }
    store.add(message, { frame, source });
    return undefined;
  }

  #isNews(message: SignedGossip): boolean {
    const { store } = this.#options;
    const known = store.latest(message);
    if (message.type === "channel_announcement") return known === undefined;
    if (message.type === "channel_update") {
      if (store.channel(message.shortChannelId) === undefined) return false;
    } else if (!store.hasChannel(message.nodeId)) return false;
    return known === undefined || (known as ChannelUpdate).timestamp < message.timestamp;
  }

  #isSigned(
    message: SignedGossip,
    source: SignedGossip | Uint8Array,
    crypto: SignatureCrypto,
  ): boolean {
    switch (message.type) {
      case "channel_announcement":
        return verifyChannelAnnouncement(source as Uint8Array, { crypto });
      case "node_announcement":
        return verifyNodeAnnouncement(source as Uint8Array, { crypto });
      case "channel_update": {
        const channel = this.#options.store.channel(message.shortChannelId);
        if (channel === undefined) return false;
        return verifyChannelUpdate(source as Uint8Array, channel.announcement, { crypto });
      }
    }
  }
}
