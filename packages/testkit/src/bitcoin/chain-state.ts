// The best chain: its blocks by height, the coins at its tip, and where each transaction is.
import { formatHash, type Network, toHex, type Transaction, txidOf } from "@satwire/btcwire";
import { type BlockContents, type ChainBlock, contentsOf } from "./chain-block.ts";
import { FakeChainError } from "./chain-error.ts";
import { checkTransaction, type Coin, coinKey, CoinSet, coinsOf, sumOf } from "./coins.ts";

/** Where a transaction is. */
export interface TransactionPlace {
  readonly height: number;
  readonly index: number;
}

/** Blocks between two halvings of what a block pays (`nSubsidyHalvingInterval`). */
const halvingInterval = { regtest: 150, simnet: 210_000 } as const;

/** The satoshis that a block may make. */
export function subsidyAt(height: number, network: Network): bigint {
  const interval = network.name === "regtest" ? halvingInterval.regtest : halvingInterval.simnet;
  return 5_000_000_000n >> BigInt(Math.floor(height / interval));
}

/** Blocks that are connected one on top of the other, each of which can be taken back. */
export class ChainState {
  readonly blocks: ChainBlock[] = [];
  readonly coins: CoinSet = new CoinSet();
  readonly #network: Network;
  readonly #places = new Map<string, TransactionPlace>();
  /** By block: what it spent, in the order of its inputs. Kept for blocks that are taken back. */
  readonly #spent = new WeakMap<ChainBlock, readonly Coin[]>();

  constructor(network: Network, genesis: ChainBlock) {
    this.#network = network;
    this.blocks.push(genesis);
    this.#spent.set(genesis, []); // its output cannot be spent
    const { txids } = contentsOf(genesis);
    this.#places.set(toHex(txids[0] as Uint8Array), { height: 0, index: 0 });
  }

  get tip(): ChainBlock {
    return this.blocks.at(-1) as ChainBlock;
  }

  isBest(block: ChainBlock): boolean {
    return this.blocks[block.height] === block;
  }

  /** What a block spent; undefined if it was never part of the best chain. */
  spentBy(block: ChainBlock): readonly Coin[] | undefined {
    return this.#spent.get(block);
  }

  placeOf(txid: Uint8Array): TransactionPlace | undefined {
    return this.#places.get(toHex(txid));
  }

  /** What transactions pay to the miner of the next block; those that spend what is not there count for nothing. */
  feesOf(transactions: readonly Transaction[]): bigint {
    const made = new Map<string, Coin>();
    let feesSat = 0n;
    for (const transaction of transactions) {
      const height = this.blocks.length;
      const find = (key: string): Coin | undefined => made.get(key) ?? this.coins.get(key);
      const checked = checkTransaction(transaction, height, find);
      if (checked.problem === undefined) feesSat += checked.feeSat;
      for (const coin of coinsOf(transaction, txidOf(transaction), height)) {
        made.set(coinKey(coin), coin);
      }
    }
    return feesSat;
  }

  /** Puts a block on top. @throws FakeChainError `bad_transaction`, `bad_coinbase`; nothing has changed then */
  connect(block: ChainBlock, { transactions, txids }: BlockContents): void {
    const spent: Coin[] = [];
    let feesSat = 0n;
    let done = 0;
    try {
      for (const [i, transaction] of transactions.entries()) {
        if (i > 0) {
          const checked = checkTransaction(transaction, block.height, (key) => this.coins.get(key));
          if (checked.problem !== undefined) throw refused(block, i, checked.problem);
          feesSat += checked.feeSat;
          for (const coin of checked.spent) this.coins.delete(coin);
          spent.push(...checked.spent);
        }
        const txid = txids[i] as Uint8Array;
        for (const coin of coinsOf(transaction, txid, block.height)) this.coins.add(coin);
        done++;
      }
      this.#checkReward(block, transactions[0] as Transaction, feesSat);
    } catch (error) {
      this.#restore(transactions.slice(0, done), txids, spent);
      throw error;
    }
    for (const [index, txid] of txids.entries()) {
      this.#places.set(toHex(txid), { height: block.height, index });
    }
    this.#spent.set(block, spent);
    this.blocks.push(block);
  }

  /** Takes the tip back and returns its transactions, without the coinbase. */
  disconnect(): readonly Transaction[] {
    const block = this.blocks.pop() as ChainBlock;
    const { transactions, txids } = contentsOf(block);
    this.#restore(transactions, txids, this.#spent.get(block) ?? []);
    for (const txid of txids) this.#places.delete(toHex(txid));
    return transactions.slice(1);
  }

  /**
   * Makes a block the tip: takes blocks back down to the last one of `path`'s ancestors, and connects the path.
   *
   * @param path - what leads from a block of this chain, not included, to the new tip
   * @returns the transactions of blocks that were taken back, in their order
   * @throws FakeChainError as `connect`; the tip is the old one then
   */
  switchTo(path: readonly ChainBlock[]): readonly Transaction[] {
    const forkHeight = (path[0] as ChainBlock).height - 1;
    const replaced = this.blocks.slice(forkHeight + 1);
    const returned: Transaction[] = [];
    while (this.tip.height > forkHeight) returned.unshift(...this.disconnect());
    try {
      for (const block of path) this.connect(block, contentsOf(block));
    } catch (error) {
      while (this.tip.height > forkHeight) this.disconnect();
      for (const block of replaced) this.connect(block, contentsOf(block));
      throw error;
    }
    return returned;
  }

  #restore(
    transactions: readonly Transaction[],
    txids: readonly Uint8Array[],
    spent: readonly Coin[],
  ): void {
    const own = new Set(txids.map((txid) => toHex(txid)));
    for (const coin of spent) if (!own.has(toHex(coin.txid))) this.coins.add(coin);
    for (const [i, { outputs }] of transactions.entries()) {
      for (let vout = 0; vout < outputs.length; vout++) {
        this.coins.delete({ txid: txids[i] as Uint8Array, vout });
      }
    }
  }

  #checkReward(block: ChainBlock, coinbase: Transaction, feesSat: bigint): void {
    const most = subsidyAt(block.height, this.#network) + feesSat;
    const paid = sumOf(coinbase.outputs);
    if (paid !== undefined && paid <= most) return;
    const text = `block ${block.height} pays ${paid ?? "no amount"} to its miner, at most ${most}`;
    throw new FakeChainError("bad_coinbase", text);
  }
}

function refused({ hash, height }: ChainBlock, index: number, problem: string): FakeChainError {
  const text = `transaction ${index} of block ${height} ${formatHash(hash)}: ${problem}`;
  return new FakeChainError("bad_transaction", text);
}
