// A chain of blocks with everything that peers look at: proof of work, commitments, filters, forks.
import {
  type Block,
  blockHashOf,
  type BlockHeader,
  formatHash,
  indexBlock,
  maxHeaders,
  type Network,
  networks,
  type Transaction,
  type TransactionOutput,
  workOf,
} from "@satwire/btcwire";
import { createRng } from "../determinism/rng.ts";
import { BlockTree } from "./block-tree.ts";
import { buildBlock } from "./build-block.ts";
import { type ChainBlock, checkBlock } from "./chain-block.ts";
import { FakeChainError } from "./chain-error.ts";
import { decodeChainFile, encodeChainFile, maxSeedLength } from "./chain-file.ts";
import { ChainState, subsidyAt } from "./chain-state.ts";
import { type Coin, coinbaseMaturity, coinKey } from "./coins.ts";
import type {
  ConfirmedTransaction,
  FakeChainOptions,
  GenerateChainOptions,
  MineOptions,
  ReorgOptions,
  TipChange,
} from "./fake-chain-options.ts";
import { FilterIndex } from "./filter-index.ts";
import { genesisOf } from "./genesis.ts";
import { Listeners } from "./listeners.ts";
import { Mempool, type MempoolEntry, type MempoolVerdict } from "./mempool.ts";
import { OpenScripts, openScriptOf } from "./open-output.ts";

/**
 * A chain on regtest or simnet that mines when it is told to. Blocks have valid proof of work, merkle roots, witness
 * commitments and heights, and spend what is there; scripts and signatures are not run.
 *
 * @example
 * ```ts
 * const chain = FakeChain.generate({ blocks: 120, seed: 7 });
 * chain.addTransaction(chain.pay([{ value: 50_000n, scriptPubKey: myScript }]));
 * const [block] = chain.mine();
 * chain.reorg(1); // two other blocks instead; the transaction waits again
 * ```
 */
export class FakeChain {
  readonly network: Network;
  readonly #seed: string;
  readonly #networkName: "regtest" | "simnet";
  readonly #startTime: number;
  readonly #intervalSeconds: number;
  readonly #state: ChainState;
  readonly #blocks: BlockTree;
  readonly #mempool: Mempool;
  readonly #filters: FilterIndex;
  readonly #openScripts: OpenScripts = new OpenScripts();
  /** Transactions of blocks that were taken back, until it is seen which of them can wait again. */
  readonly #returned: Transaction[] = [];
  readonly #tipListeners = new Listeners<TipChange>();
  readonly #transactionListeners = new Listeners<MempoolEntry>();

  /** A chain of the network's first block alone. @throws RangeError for options that are none */
  constructor(options: FakeChainOptions = {}) {
    const { seed = "chain", network = "regtest" } = options;
    const { startTime = 1_600_000_000, blockIntervalSeconds = 601 } = options;
    if (network !== "regtest" && network !== "simnet") {
      throw new RangeError(`blocks of ${String(network)} cannot be made: regtest and simnet only`);
    }
    checkCount("startTime", startTime, 0);
    checkCount("blockIntervalSeconds", blockIntervalSeconds, 1);
    this.#seed = String(seed);
    if (new TextEncoder().encode(this.#seed).length > maxSeedLength) {
      throw new RangeError(`a seed has at most ${maxSeedLength} bytes`);
    }
    this.network = networks[network];
    this.#networkName = network;
    this.#startTime = startTime;
    this.#intervalSeconds = blockIntervalSeconds;
    const block = genesisOf(this.network);
    const work = workOf(block.header.bits);
    const genesis: ChainBlock = { ...block, hash: blockHashOf(block.header), height: 0, work };
    this.#state = new ChainState(this.network, genesis);
    this.#blocks = new BlockTree(this.#state);
    this.#filters = new FilterIndex({
      spentBy: (each) => this.#state.spentBy(each),
      parentOf: ({ header }) => this.block(header.prevBlock),
    });
    const { coins } = this.#state;
    this.#mempool = new Mempool({
      nextHeight: () => this.height + 1,
      coin: (key) => coins.get(key),
      isConfirmed: (txid) => this.#state.placeOf(txid) !== undefined,
    });
  }

  /** A chain of so many blocks. @throws RangeError for options that are none */
  static generate({ blocks, ...options }: GenerateChainOptions): FakeChain {
    checkCount("blocks", blocks, 0);
    const chain = new FakeChain(options);
    if (blocks > 0) chain.mine(blocks);
    return chain;
  }

  /**
   * A chain from what `save` gave. Everything is checked again; work that is not there is not believed.
   *
   * @throws FakeChainError
   */
  static load(bytes: Uint8Array): FakeChain {
    const file = decodeChainFile(bytes);
    if (file.blockIntervalSeconds === 0) throw new FakeChainError("bad_file", "no time in between");
    const chain = new FakeChain(file);
    for (const each of file.blocks) chain.addBlock(each);
    chain.#mempool.clear(); // what blocks that were replaced have brought back
    for (const each of file.transactions) {
      const verdict = chain.addTransaction(each);
      if (verdict !== "accepted") {
        throw new FakeChainError("bad_transaction", `one that waits: ${verdict}`);
      }
    }
    return chain;
  }

  get tip(): ChainBlock {
    return this.#state.tip;
  }

  /** Height of the tip; 0 for a new chain. */
  get height(): number {
    return this.tip.height;
  }

  /** Hashes that it took on average to find the best chain. */
  get work(): bigint {
    return this.tip.work;
  }

  /** Transactions that wait for a block, none before what it spends; at most 10,000. */
  get mempool(): readonly MempoolEntry[] {
    return this.#mempool.entries;
  }

  /**
   * Mines blocks on top of the best chain and returns them, the lowest first.
   *
   * @throws RangeError for a count that is none; FakeChainError for transactions or a time that a block cannot have
   */
  mine(count = 1, options: MineOptions = {}): ChainBlock[] {
    checkCount("the number of blocks", count, 1);
    return this.#changingTip(() => this.#mineOn(this.tip, count, options));
  }

  /**
   * Mines another branch from `depth` blocks below the tip on, and returns its blocks. Whatever was in the blocks that it
   * replaces waits again.
   *
   * @throws RangeError for a depth of nothing or beyond the first block, or a count that is none; FakeChainError as `mine`
   */
  reorg(depth: number, { newBlocks = depth + 1, ...options }: ReorgOptions = {}): ChainBlock[] {
    if (!Number.isInteger(depth) || depth < 1 || depth > this.height) {
      throw new RangeError(`a depth of ${depth} in a chain of ${this.height} blocks`);
    }
    checkCount("newBlocks", newBlocks, 1);
    const fork = this.#state.blocks[this.height - depth] as ChainBlock;
    return this.#changingTip(() => this.#mineOn(fork, newBlocks, { transactions: [], ...options }));
  }

  /**
   * Takes a block of somebody else. The best chain is the one with the most work; of two the one that came first.
   * A block that is there already is returned as it is.
   *
   * @throws FakeChainError
   */
  addBlock(block: Block): ChainBlock {
    return this.#changingTip(() => this.#add(block));
  }

  /** A block by its hash, or by its height in the best chain. */
  block(id: Uint8Array | number): ChainBlock | undefined {
    return this.#blocks.get(id);
  }

  /** A header by the hash of its block, or by the height in the best chain. */
  header(id: Uint8Array | number): BlockHeader | undefined {
    return this.block(id)?.header;
  }

  /** Whether a block is in the best chain. */
  isBest(block: ChainBlock): boolean {
    return this.#state.isBest(block);
  }

  /** The blocks from a height up to a block, which may be off the best chain; none if that is below the height. */
  path(startHeight: number, stop: ChainBlock): ChainBlock[] {
    return this.#blocks.path(startHeight, stop);
  }

  /** The hashes with which somebody who has this chain asks for more. */
  locator(): Uint8Array[] {
    return this.#blocks.locator();
  }

  /** The last block of the best chain that a locator names; the first one if it names none. */
  findFork(locator: readonly Uint8Array[]): ChainBlock {
    return this.#blocks.findFork(locator);
  }

  /**
   * What `getheaders` asks for: headers behind the fork, up to `hashStop` if that is given and not zeros. Without a
   * locator the one header of `hashStop`.
   */
  headers(
    locator: readonly Uint8Array[],
    hashStop: Uint8Array = new Uint8Array(32),
    limit: number = maxHeaders,
  ): BlockHeader[] {
    const stop = this.block(hashStop);
    if (locator.length === 0) return stop === undefined ? [] : [stop.header];
    return this.following(this.findFork(locator), hashStop, limit).map(({ header }) => header);
  }

  /** Blocks of the best chain behind one of it, up to `hashStop`, and no more than `limit`. */
  following(block: ChainBlock, hashStop: Uint8Array, limit: number): ChainBlock[] {
    return this.#blocks.following(block, hashStop, limit);
  }

  /** The basic filter of a block (BIP 158). Undefined if it was never in the best chain. */
  filter(id: Uint8Array | number): Uint8Array | undefined {
    const block = this.block(id);
    return block && this.#filters.filter(block);
  }

  /** The filter header of a block (BIP 157). Undefined if it was never in the best chain. */
  filterHeader(id: Uint8Array | number): Uint8Array | undefined {
    const block = this.block(id);
    return block && this.#filters.header(block);
  }

  /** A transaction of the best chain. */
  transaction(txid: Uint8Array): ConfirmedTransaction | undefined {
    const place = this.#state.placeOf(txid);
    if (place === undefined) return undefined;
    const block = this.block(place.height) as ChainBlock;
    return { transaction: indexBlock(block).transaction(place.index), block, index: place.index };
  }

  /** Whether an output is there to be spent, by a block or by what waits for one. */
  isUnspent(txid: Uint8Array, vout: number): boolean {
    const key = coinKey({ txid, vout });
    return this.#state.coins.get(key) !== undefined && !this.#mempool.isSpent(key);
  }

  /** A transaction that waits, by its txid. */
  waiting(txid: Uint8Array): MempoolEntry | undefined {
    return this.#mempool.byTxid(txid);
  }

  /** A transaction that waits, by its wtxid. */
  waitingByWtxid(wtxid: Uint8Array): MempoolEntry | undefined {
    return this.#mempool.byWtxid(wtxid);
  }

  /** Lets a transaction wait for a block, and tells the listeners if it is accepted. */
  addTransaction(transaction: Transaction): MempoolVerdict {
    const verdict = this.#mempool.add(transaction);
    if (verdict !== "accepted") return verdict;
    this.#transactionListeners.tell(this.#mempool.newest as MempoolEntry);
    return verdict;
  }

  /**
   * A transaction that pays from the oldest rewards that anybody can spend, with the change back to one of them. It is
   * not added: mine it or let it wait.
   *
   * @throws RangeError if the chain has not so much to spend: a reward needs 100 blocks on top
   */
  pay(
    outputs: readonly TransactionOutput[],
    { feeSat = 1000n }: { readonly feeSat?: bigint | undefined } = {},
  ): Transaction {
    return this.#openScripts.spend(this.#spendable(), outputs, feeSat);
  }

  /** Calls back after each call that changes the best chain, until it is disposed. */
  onTip(listener: (change: TipChange) => void): Disposable {
    return this.#tipListeners.add(listener);
  }

  /** Calls back for each transaction that begins to wait, those that a reorganization brings back not included. */
  onTransaction(listener: (entry: MempoolEntry) => void): Disposable {
    return this.#transactionListeners.add(listener);
  }

  /** All blocks, also those off the best chain, and what waits, as bytes for `load`. */
  save(): Uint8Array {
    return encodeChainFile({
      network: this.#networkName,
      seed: this.#seed,
      startTime: this.#startTime,
      blockIntervalSeconds: this.#intervalSeconds,
      blocks: this.#blocks.all.slice(1),
      transactions: this.mempool.map(({ transaction }) => transaction),
    });
  }

  *#spendable(): Generator<Coin, void> {
    for (const coin of this.#state.coins.values()) {
      if (coin.isCoinbase && this.height + 1 - coin.height < coinbaseMaturity) continue;
      if (coin.output.value === 0n || !this.#openScripts.has(coin.output.scriptPubKey)) continue;
      if (!this.#mempool.isSpent(coinKey(coin))) yield coin;
    }
  }

  #mineOn(parent: ChainBlock, count: number, options: MineOptions): ChainBlock[] {
    const mined = [this.#add(this.#build(parent, options))];
    const { scriptPubKey } = options;
    while (mined.length < count) {
      const on = mined.at(-1) as ChainBlock;
      mined.push(this.#add(this.#build(on, { transactions: [], scriptPubKey })));
    }
    return mined;
  }

  #build(parent: ChainBlock, { transactions, timestamp, scriptPubKey }: MineOptions): Block {
    const height = parent.height + 1;
    const chosen = transactions ?? this.#mempool.forBlock();
    return buildBlock({
      prevBlock: parent.hash,
      height,
      time: timestamp ?? Math.max(parent.header.time + this.#intervalSeconds, this.#startTime),
      bits: this.network.genesis.bits,
      extraNonce: createRng(`${this.#seed}/block ${this.#blocks.size}`).bytes(8),
      payout: {
        value: subsidyAt(height, this.network) + this.#state.feesOf(chosen),
        scriptPubKey: scriptPubKey ?? openScriptOf(height),
      },
      transactions: chosen,
    });
  }

  #add(block: Block): ChainBlock {
    const hash = blockHashOf(block.header);
    const known = this.block(hash);
    if (known !== undefined) return known;
    const parent = this.block(block.header.prevBlock);
    if (parent === undefined) {
      const text = `block ${formatHash(hash)} follows ${formatHash(block.header.prevBlock)}, which is not there`;
      throw new FakeChainError("unknown_parent", text);
    }
    const { header, body } = block;
    const height = parent.height + 1;
    const contents = checkBlock(block, height, this.#blocks.medianTime(parent), this.network);
    const work = parent.work + workOf(header.bits);
    const added: ChainBlock = { header, body, hash, height, work };
    const extendsTip = parent === this.tip;
    if (extendsTip) this.#state.connect(added, contents);
    this.#blocks.add(added);
    this.#openScripts.add(height);
    if (!extendsTip) this.#reconsider(added);
    return added;
  }

  /** Makes a block of another branch the tip if it has more work. */
  #reconsider(added: ChainBlock): void {
    if (added.work <= this.work) return;
    try {
      this.#returned.unshift(...this.#state.switchTo(this.#blocks.offBest(added).reverse()));
    } catch (error) {
      this.#blocks.delete(added);
      throw error;
    }
  }

  /** Does something to the chain, then tells what has become of its tip. */
  #changingTip<T>(run: () => T): T {
    const before = this.tip;
    try {
      return run();
    } finally {
      if (this.tip !== before) this.#tellTip(before);
    }
  }

  #tellTip(before: ChainBlock): void {
    const { tip } = this;
    this.#mempool.refresh(this.#returned.splice(0));
    const disconnected = this.#blocks.offBest(before);
    const fork = before.height - disconnected.length;
    const connected = this.path(fork + 1, tip);
    this.#tipListeners.tell({ tip, disconnected, connected });
  }
}

function checkCount(name: string, count: number, least: number): void {
  if (Number.isSafeInteger(count) && count >= least) return;
  throw new RangeError(`${name} is ${count}, expected a whole number from ${least}`);
}
