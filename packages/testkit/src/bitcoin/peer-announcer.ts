// What one peer is told without asking: new blocks and transactions, in the form that it has asked for.
import {
  type BitcoinMessage,
  type BloomFilter,
  type InventoryItem,
  inventoryType,
  toHex,
} from "@satwire/btcwire";
import { announceTransactions, compactMessageOf } from "./block-responder.ts";
import type { ChainBlock } from "./chain-block.ts";
import type { FakeChain } from "./fake-chain.ts";
import type { MempoolEntry } from "./mempool.ts";

/** Headers in one announcement; of more blocks than that only the last is named (Bitcoin Core). */
const maxAnnouncedHeaders = 8;
/** Transactions in one `inv` that nobody has asked for (Bitcoin Core). */
const maxAnnouncedTransactions = 1000;
/** Transactions that wait to be announced, or that the peer is known to have; the oldest are forgotten. */
const maxRemembered = 5000;

/** Announcements to one peer. They are made when there is room for them, from what is true then. */
export class PeerAnnouncer {
  /** The peer wants `headers` instead of `inv` (BIP 130). */
  wantsHeaders = false;
  /** The peer wants a `cmpctblock` at once (BIP 152). */
  wantsCompactBlocks = false;
  /** Whether the peer wants transactions at all (BIP 37). */
  wantsTransactions = true;
  /** Whether transactions are named by wtxid (BIP 339). */
  wtxidRelay = false;
  /** Satoshis per 1,000 virtual bytes below which the peer wants no transaction (BIP 133). */
  feerate = 0n;
  /** The peer's filter (BIP 37). */
  filter: BloomFilter | undefined;
  readonly #chain: FakeChain;
  readonly #nonce: () => bigint;
  /** The last block that the peer was told of. */
  #tip: ChainBlock;
  /** The last block whose header the peer has, as far as is known: it got it, or named it (Bitcoin Core). */
  #headerAtPeer: ChainBlock | undefined;
  readonly #waiting = new Map<string, MempoolEntry>();
  readonly #known = new Set<string>();

  constructor(chain: FakeChain, nonce: () => bigint) {
    this.#chain = chain;
    this.#nonce = nonce;
    this.#tip = chain.tip;
  }

  /** What is new from now on is announced. */
  start(): void {
    this.#tip = this.#chain.tip;
  }

  /** The peer has the header of a block, and so those before it. */
  knowHeader(block: ChainBlock): void {
    const known = this.#headerAtPeer;
    if (known === undefined || block.work > known.work) this.#headerAtPeer = block;
  }

  addTransaction(entry: MempoolEntry): void {
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= maxRemembered) this.#waiting.delete(oldest as string);
    this.#waiting.set(toHex(entry.txid), entry);
  }

  /** The peer has a transaction, by txid or wtxid. */
  know(hash: Uint8Array): void {
    const [oldest] = this.#known;
    if (this.#known.size >= maxRemembered) this.#known.delete(oldest as string);
    this.#known.add(toHex(hash));
  }

  /** All announcements that are due. */
  take(): BitcoinMessage[] {
    return [...this.#takeBlocks(), ...this.#takeTransactions()];
  }

  /** All that waits for a block and that the peer wants to know of: the answer to `mempool`. */
  all(): Iterable<BitcoinMessage> {
    const items = this.#chain.mempool.filter((entry) => this.#isWanted(entry)).map(this.#itemOf);
    return announceTransactions(items);
  }

  *#takeBlocks(): Generator<BitcoinMessage, void> {
    const { tip } = this.#chain;
    if (this.#tip === tip) return;
    const fork = this.#forkOf(this.#tip);
    const blocks = this.#chain.path(fork.height + 1, tip);
    this.#tip = tip;
    // BIP 130: headers that the peer can connect, else it asks for those in between after an `inv`.
    const known = this.#headerAtPeer;
    const connects = known !== undefined && this.#forkOf(known).height >= fork.height;
    if (this.wantsCompactBlocks && blocks.length === 1 && connects) {
      yield compactMessageOf(tip, this.#nonce());
    } else if (this.wantsHeaders && blocks.length <= maxAnnouncedHeaders && connects) {
      yield { type: "headers", headers: blocks.map(({ header }) => header) };
    } else {
      yield { type: "inv", inventory: [{ type: inventoryType.block, hash: tip.hash }] };
      return;
    }
    this.knowHeader(tip);
  }

  /** Where the way to a block leaves the best chain: the block itself if it is part of that. */
  #forkOf(block: ChainBlock): ChainBlock {
    let fork = block;
    while (!this.#chain.isBest(fork)) {
      fork = this.#chain.block(fork.header.prevBlock) as ChainBlock;
    }
    return fork;
  }

  #takeTransactions(): Iterable<BitcoinMessage> {
    const entries = [...this.#waiting.values()];
    this.#waiting.clear();
    if (!this.wantsTransactions) return [];
    const items: InventoryItem[] = [];
    for (const entry of entries) {
      const { txid, wtxid } = entry;
      const isKnown = this.#known.has(toHex(txid)) || this.#known.has(toHex(wtxid));
      // It may be in a block by now.
      if (isKnown || this.#chain.waiting(txid) === undefined || !this.#isWanted(entry)) continue;
      items.push(this.#itemOf(entry));
    }
    return announceTransactions(items, maxAnnouncedTransactions);
  }

  readonly #itemOf = ({ txid, wtxid }: MempoolEntry): InventoryItem =>
    this.wtxidRelay
      ? { type: inventoryType.wtx, hash: wtxid }
      : { type: inventoryType.tx, hash: txid };

  #isWanted({ transaction, txid, feeSat, virtualBytes }: MempoolEntry): boolean {
    if (feeSat * 1000n < this.feerate * BigInt(virtualBytes)) return false;
    return this.filter?.matchAndUpdate(transaction, txid) ?? true;
  }
}
