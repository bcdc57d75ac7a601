// What a node knows of the network: channels with their updates, and nodes.
import {
  type ChannelAnnouncement,
  type ChannelUpdate,
  compareBytes,
  directionOf,
  equalBytes,
  fromShortChannelId,
  type NodeAnnouncement,
  type SignedGossip,
  toHex,
} from "@satwire/lnwire";

/** A channel and the latest update of each direction. */
export interface KnownChannel {
  readonly announcement: ChannelAnnouncement;
  /** From node 1 and from node 2. */
  readonly updates: readonly [ChannelUpdate | undefined, ChannelUpdate | undefined];
}

/**
 * Gossip of one chain, as a node would keep it: announcements before updates, newer ones replace
 * older ones. Signatures are not checked: a test may want bad ones.
 */
export class GossipStore {
  /** The chain that all of it belongs to. */
  readonly chainHash: Uint8Array;
  readonly #channels = new Map<bigint, KnownChannel>();
  readonly #nodes = new Map<string, NodeAnnouncement>();
  #ids: readonly bigint[] | undefined;

  constructor(chainHash: Uint8Array) {
    this.chainHash = chainHash;
  }

  /** Every channel's id, ascending. */
  get channelIds(): readonly bigint[] {
    this.#ids ??= [...this.#channels.keys()].sort((a, b) => (a < b ? -1 : 1));
    return this.#ids;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  channel(id: bigint): KnownChannel | undefined {
    return this.#channels.get(id);
  }

  node(nodeId: Uint8Array): NodeAnnouncement | undefined {
    return this.#nodes.get(toHex(nodeId));
  }

  /** All announced nodes, by node id. */
  get nodes(): NodeAnnouncement[] {
    return [...this.#nodes.values()].sort((a, b) => compareBytes(a.nodeId, b.nodeId));
  }

  /**
   * Takes a message in; false if it is not newer than what is known, about a channel that is not known, or of
   * another chain.
   */
  add(message: SignedGossip): boolean {
    switch (message.type) {
      case "channel_announcement": {
        if (!equalBytes(message.chainHash, this.chainHash)) return false;
        if (this.#channels.has(message.shortChannelId)) return false;
        this.#channels.set(message.shortChannelId, {
          announcement: message,
          updates: [undefined, undefined],
        });
        this.#ids = undefined;
        return true;
      }
      case "channel_update":
        return this.#addUpdate(message);
      case "node_announcement": {
        const known = this.node(message.nodeId);
        if (known !== undefined && known.timestamp >= message.timestamp) return false;
        this.#nodes.set(toHex(message.nodeId), message);
        return true;
      }
    }
  }

  /** Ids of channels whose funding block lies in `[firstBlock, firstBlock + count)`, ascending. */
  idsInBlocks(firstBlock: number, count: number): bigint[] {
    const end = firstBlock + count;
    return this.channelIds.filter((id) => {
      const { block } = fromShortChannelId(id);
      return block >= firstBlock && block < end;
    });
  }

  #addUpdate(update: ChannelUpdate): boolean {
    const channel = this.#channels.get(update.shortChannelId);
    if (channel === undefined || !equalBytes(update.chainHash, this.chainHash)) return false;
    const direction = directionOf(update);
    const known = channel.updates[direction];
    if (known !== undefined && known.timestamp >= update.timestamp) return false;
    const [one, two] = channel.updates;
    const updates = direction === 0 ? ([update, two] as const) : ([one, update] as const);
    this.#channels.set(update.shortChannelId, { ...channel, updates });
    return true;
  }
}
