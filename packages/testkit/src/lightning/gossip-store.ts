// What a node knows of the network: channels with their updates, and nodes.
// Bytes: messages and frames are shared with those who give and take them; nobody may change them.
import {
  type ChannelAnnouncement,
  chainHashOf,
  type ChannelUpdate,
  compareBytes,
  directionOf,
  encodeMessage,
  equalBytes,
  type NodeAnnouncement,
  type SignedGossip,
  toHex,
} from "@satwire/lnwire";
import { checkGossipSize, generateFrames, type GenerateGossipOptions } from "./generate-gossip.ts";
import { decodeGossip } from "./gossip-frame.ts";
import { GossipFileError, readGossipFile, writeGossipFile } from "./gossip-file.ts";

/** A channel and the latest update of each direction. */
export interface KnownChannel {
  readonly announcement: ChannelAnnouncement;
  /** From node 1 and from node 2. */
  readonly updates: readonly [ChannelUpdate | undefined, ChannelUpdate | undefined];
}

/** Where a message comes from, for `GossipStore.add`. */
export interface AddGossipOptions {
  /** The bytes that the message was read from, kept as they are. @default encoded when they are needed */
  readonly frame?: Uint8Array | undefined;
  /** Who it is from: passed on to those who listen. */
  readonly source?: unknown;
}

/** Something that a store did not know before. */
export interface AddedGossip {
  readonly message: SignedGossip;
  /** What `add` was told. */
  readonly source: unknown;
  /** Whether it is the first update of its channel, with which the channel may be announced. */
  readonly isFirstUpdate: boolean;
}

/** A message and its bytes, once somebody needed them. */
interface Item<M extends SignedGossip> {
  readonly message: M;
  frame: Uint8Array | undefined;
}

interface Entry {
  readonly announcement: Item<ChannelAnnouncement>;
  readonly updates: [Item<ChannelUpdate> | undefined, Item<ChannelUpdate> | undefined];
  /** What is handed out; made anew after a change, so that what was handed out before stays as it was. */
  view: KnownChannel | undefined;
}

const firstBlockBit = 40n;

/**
 * Gossip of one chain, as a node would keep it: announcements before updates, newer ones replace older ones.
 * Signatures are not checked: a test may want bad ones. It grows without a bound.
 *
 * @example
 * ```ts
 * const store = GossipStore.generate({ nodes: 20, channels: 100, seed: 7 });
 * const copy = GossipStore.load(store.save());
 * ```
 */
export class GossipStore implements Iterable<SignedGossip> {
  /** The chain that all of it belongs to. */
  readonly chainHash: Uint8Array;
  readonly #channels = new Map<bigint, Entry>();
  readonly #nodes = new Map<string, Item<NodeAnnouncement>>();
  /** Channels by the hex of a node id. */
  readonly #channelsOf = new Map<string, Set<bigint>>();
  readonly #listeners = new Set<(added: AddedGossip) => void>();
  #ids: readonly bigint[] | undefined;
  #sortedNodes: readonly NodeAnnouncement[] | undefined;

  constructor(chainHash: Uint8Array) {
    this.chainHash = chainHash;
  }

  /**
   * Makes a store with valid signatures: every node announced, every channel with an update in both directions;
   * every node has a channel if there are at least `nodes - 1`. 50,000 channels take a few seconds.
   *
   * @throws RangeError for fewer than two nodes, or more channels than a chain has room for
   */
  static generate(options: GenerateGossipOptions): GossipStore {
    checkGossipSize(options);
    const store = new GossipStore(chainHashOf(options.chain ?? "regtest"));
    for (const frame of generateFrames(options)) store.addFrame(frame);
    return store;
  }

  /**
   * A store from what {@link GossipStore.save} gave. The bytes are kept and may not be changed.
   *
   * @throws GossipFileError for anything else
   */
  static load(bytes: Uint8Array): GossipStore {
    const { chainHash, frames } = readGossipFile(bytes);
    const store = new GossipStore(chainHash);
    for (const { message, frame, offset } of frames) {
      if (store.add(message, { frame })) continue;
      const text = `at byte ${offset}: this ${message.type} belongs to nothing before it`;
      throw new GossipFileError("bad_message", text, offset);
    }
    return store;
  }

  /**
   * Everything in one piece: the 8 bytes `satgossp`, the version as u16, the chain hash, the number of messages as
   * u32, and each message, type included, behind its length as u16; all big-endian, in the order of iteration.
   */
  save(): Uint8Array {
    return writeGossipFile(this.chainHash, this.frames());
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
    const entry = this.#channels.get(id);
    if (entry === undefined) return undefined;
    const [one, two] = entry.updates;
    entry.view ??= {
      announcement: entry.announcement.message,
      updates: [one?.message, two?.message],
    };
    return entry.view;
  }

  node(nodeId: Uint8Array): NodeAnnouncement | undefined {
    return this.#nodes.get(toHex(nodeId))?.message;
  }

  /** All announced nodes, by node id. */
  get nodes(): readonly NodeAnnouncement[] {
    this.#sortedNodes ??= [...this.#nodes.values()]
      .map(({ message }) => message)
      .sort((a, b) => compareBytes(a.nodeId, b.nodeId));
    return this.#sortedNodes;
  }

  /** The channels that a node is an end of, in the order in which they came. */
  channelsOf(nodeId: Uint8Array): readonly bigint[] {
    return [...(this.#channelsOf.get(toHex(nodeId)) ?? [])];
  }

  /** Whether a channel of a node is known, which is what makes the node known (BOLT 7). */
  hasChannel(nodeId: Uint8Array): boolean {
    return this.#channelsOf.has(toHex(nodeId));
  }

  /**
   * Whether others may hear of a node: one of its channels has an update, so that it is announced itself (BOLT 7
   * "The `node_announcement` Message").
   */
  hasPublicChannel(nodeId: Uint8Array): boolean {
    for (const id of this.#channelsOf.get(toHex(nodeId)) ?? []) {
      if (this.#channels.get(id)?.updates.some((update) => update !== undefined)) return true;
    }
    return false;
  }

  /** Ids of channels whose funding block lies in `[firstBlock, firstBlock + count)`, ascending. */
  idsInBlocks(firstBlock: number, count: number): bigint[] {
    const ids = this.channelIds;
    const end = firstBlock + count;
    const blockEdge = (block: number): bigint => BigInt(block) << firstBlockBit;
    return ids.slice(placeOf(ids, blockEdge(firstBlock)), placeOf(ids, blockEdge(end)));
  }

  /**
   * Takes a message in; false if it is not newer than what is known, about a channel that is not known, or of
   * another chain.
   */
  add(message: SignedGossip, { frame, source }: AddGossipOptions = {}): boolean {
    switch (message.type) {
      case "channel_announcement":
        return this.#addChannel({ message, frame }, source);
      case "channel_update":
        return this.#addUpdate({ message, frame }, source);
      case "node_announcement":
        return this.#addNode({ message, frame }, source);
    }
  }

  /**
   * As {@link GossipStore.add}, from the bytes of a message, which are kept.
   *
   * @throws DecodeError if they are no message of gossip
   */
  addFrame(frame: Uint8Array, options: Pick<AddGossipOptions, "source"> = {}): boolean {
    return this.add(decodeGossip(frame), { ...options, frame });
  }

  /**
   * Takes messages in, in any order: channels before what is said about them. Returns how many were news.
   *
   * @throws DecodeError as {@link GossipStore.addFrame}; nothing has been added then
   */
  addAll(gossip: Iterable<SignedGossip | Uint8Array>): number {
    const items = [...gossip].map((one) =>
      one instanceof Uint8Array
        ? { message: decodeGossip(one), frame: one }
        : { message: one, frame: undefined },
    );
    const isChannel = ({ message }: { readonly message: SignedGossip }): boolean =>
      message.type === "channel_announcement";
    const ordered = [...items.filter(isChannel), ...items.filter((item) => !isChannel(item))];
    return ordered.filter(({ message, frame }) => this.add(message, { frame })).length;
  }

  /** Calls `listener` inside each `add` that brings news. */
  onAdded(listener: (added: AddedGossip) => void): Disposable {
    const own = (added: AddedGossip): void => listener(added); // so that a listener can be there twice
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Forgets a channel, and its nodes if they have no other; false if it was not known. */
  removeChannel(id: bigint): boolean {
    const entry = this.#channels.get(id);
    if (entry === undefined) return false;
    this.#channels.delete(id);
    this.#ids = undefined;
    const { nodeId1, nodeId2 } = entry.announcement.message;
    for (const nodeId of [nodeId1, nodeId2]) {
      const key = toHex(nodeId);
      const ids = this.#channelsOf.get(key);
      ids?.delete(id);
      if (ids?.size !== 0) continue;
      this.#channelsOf.delete(key);
      this.#nodes.delete(key);
      this.#sortedNodes = undefined;
    }
    return true;
  }

  /**
   * Forgets each channel whose older update is from before a time, in seconds since 1970, as BOLT 7 "Recommendation
   * on Pruning Stale Entries" has it, with two weeks. Channels without updates stay. Returns how many went.
   */
  prune(before: number): number {
    const isStale = (id: bigint): boolean =>
      this.channel(id)?.updates.some((update) => (update?.timestamp ?? before) < before) ?? false;
    return this.channelIds.filter(isStale).filter((id) => this.removeChannel(id)).length;
  }

  /** Every message in an order that another store takes: channels by id, each before its updates, then nodes. */
  *[Symbol.iterator](): Generator<SignedGossip> {
    for (const { message } of this.#items()) yield message;
  }

  /** The bytes of each message, type included, in the order of iteration. */
  *frames(): Generator<Uint8Array> {
    for (const item of this.#items()) yield frameOfItem(item);
  }

  /** The bytes of a message, type included; those it came in if it is in the store. */
  frameOf(message: SignedGossip): Uint8Array {
    const item = this.#itemLike(message);
    return item?.message === message ? frameOfItem(item) : encodeMessage(message);
  }

  /** The latest that is known of what a message is about: it itself, something older, newer or as old. */
  latest(message: SignedGossip): SignedGossip | undefined {
    return this.#itemLike(message)?.message;
  }

  #itemLike(message: SignedGossip): Item<SignedGossip> | undefined {
    switch (message.type) {
      case "channel_announcement":
        return this.#channels.get(message.shortChannelId)?.announcement;
      case "channel_update":
        return this.#channels.get(message.shortChannelId)?.updates[directionOf(message)];
      case "node_announcement":
        return this.#nodes.get(toHex(message.nodeId));
    }
  }

  *#items(): Generator<Item<SignedGossip>> {
    for (const id of this.channelIds) {
      const entry = this.#channels.get(id);
      if (entry === undefined) continue; // it was removed meanwhile
      yield entry.announcement;
      for (const update of entry.updates) if (update !== undefined) yield update;
    }
    for (const { nodeId } of this.nodes) {
      const item = this.#nodes.get(toHex(nodeId));
      if (item !== undefined) yield item;
    }
  }

  #addChannel(announcement: Item<ChannelAnnouncement>, source: unknown): boolean {
    const { chainHash, shortChannelId, nodeId1, nodeId2 } = announcement.message;
    if (!equalBytes(chainHash, this.chainHash)) return false;
    if (this.#channels.has(shortChannelId)) return false;
    this.#channels.set(shortChannelId, {
      announcement,
      updates: [undefined, undefined],
      view: undefined,
    });
    this.#ids = undefined;
    for (const nodeId of [nodeId1, nodeId2]) {
      const key = toHex(nodeId);
      const ids = this.#channelsOf.get(key);
      if (ids === undefined) this.#channelsOf.set(key, new Set([shortChannelId]));
      else ids.add(shortChannelId);
    }
    this.#tell(announcement.message, source);
    return true;
  }

  #addUpdate(update: Item<ChannelUpdate>, source: unknown): boolean {
    const { shortChannelId, chainHash, timestamp } = update.message;
    const entry = this.#channels.get(shortChannelId);
    if (entry === undefined || !equalBytes(chainHash, this.chainHash)) return false;
    const direction = directionOf(update.message);
    const known = entry.updates[direction];
    if (known !== undefined && known.message.timestamp >= timestamp) return false;
    const isFirstUpdate = entry.updates.every((other) => other === undefined);
    entry.updates[direction] = update;
    entry.view = undefined;
    this.#tell(update.message, source, isFirstUpdate);
    return true;
  }

  #addNode(node: Item<NodeAnnouncement>, source: unknown): boolean {
    const key = toHex(node.message.nodeId);
    const known = this.#nodes.get(key);
    if (known !== undefined && known.message.timestamp >= node.message.timestamp) return false;
    this.#nodes.set(key, node);
    this.#sortedNodes = undefined;
    this.#tell(node.message, source);
    return true;
  }

  #tell(message: SignedGossip, source: unknown, isFirstUpdate = false): void {
    for (const listener of this.#listeners) listener({ message, source, isFirstUpdate });
  }
}

function frameOfItem(item: Item<SignedGossip>): Uint8Array {
  item.frame ??= encodeMessage(item.message);
  return item.frame;
}

/** How many of the ascending ids are below a limit. */
function placeOf(ids: readonly bigint[], limit: bigint): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as bigint) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
