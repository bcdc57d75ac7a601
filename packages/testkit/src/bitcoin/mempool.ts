// Transactions that wait for a block.
import { sizeOf, toHex, type Transaction, txidOf, wtxidOf } from "@satwire/btcwire";
import { checkTransaction, type Coin, coinKey, coinsOf, type TransactionProblem } from "./coins.ts";

/** Transactions that may wait; one more is refused. */
const maxWaiting = 10_000;

/** Weight of what a block takes: room is left for its coinbase. */
const maxWeightOfBlock = 3_990_000;

/** A transaction that waits for a block. */
export interface MempoolEntry {
  readonly transaction: Transaction;
  readonly txid: Uint8Array;
  readonly wtxid: Uint8Array;
  readonly feeSat: bigint;
  readonly virtualBytes: number;
}

/** What became of a transaction. */
export type MempoolVerdict =
  | "accepted"
  /** It waits already, or is in the chain. */
  | "known"
  /** One that waits spends the same output. */
  | "conflict"
  /** 10,000 wait. */
  | "full"
  | TransactionProblem;

/** What the mempool asks the chain. */
export interface MempoolChain {
  /** Height of the next block. */
  nextHeight(): number;
  coin(key: string): Coin | undefined;
  isConfirmed(txid: Uint8Array): boolean;
}

/** Transactions in the order in which they came: none before what it spends. */
export class Mempool {
  readonly #chain: MempoolChain;
  readonly #byTxid = new Map<string, MempoolEntry>();
  readonly #byWtxid = new Map<string, MempoolEntry>();
  /** Outputs of transactions that wait. */
  readonly #coins = new Map<string, Coin>();
  /** Outputs that transactions which wait spend. */
  readonly #spent = new Set<string>();

  constructor(chain: MempoolChain) {
    this.#chain = chain;
  }

  /** The one that came last. */
  newest: MempoolEntry | undefined;

  get entries(): readonly MempoolEntry[] {
    return [...this.#byTxid.values()];
  }

  byTxid(txid: Uint8Array): MempoolEntry | undefined {
    return this.#byTxid.get(toHex(txid));
  }

  byWtxid(wtxid: Uint8Array): MempoolEntry | undefined {
    return this.#byWtxid.get(toHex(wtxid));
  }

  /** Whether a transaction that waits spends the output. */
  isSpent(key: string): boolean {
    return this.#spent.has(key);
  }

  add(transaction: Transaction): MempoolVerdict {
    const txid = txidOf(transaction);
    const id = toHex(txid);
    if (this.#byTxid.has(id) || this.#chain.isConfirmed(txid)) return "known";
    const height = this.#chain.nextHeight();
    const keys = transaction.inputs.map(coinKey);
    const checked = checkTransaction(
      transaction,
      height,
      (key) => this.#coins.get(key) ?? this.#chain.coin(key),
    );
    if (checked.problem !== undefined) return checked.problem;
    if (keys.some((key) => this.#spent.has(key))) return "conflict";
    if (this.#byTxid.size >= maxWaiting) return "full";
    const wtxid = wtxidOf(transaction);
    const { feeSat } = checked;
    const { virtualBytes } = sizeOf(transaction);
    const entry: MempoolEntry = { transaction, txid, wtxid, feeSat, virtualBytes };
    this.newest = entry;
    this.#byTxid.set(id, entry);
    this.#byWtxid.set(toHex(wtxid), entry);
    for (const key of keys) this.#spent.add(key);
    for (const coin of coinsOf(transaction, txid, height)) this.#coins.set(coinKey(coin), coin);
    return "accepted";
  }

  /** What waits, as far as it fits a block. */
  forBlock(): Transaction[] {
    const chosen: Transaction[] = [];
    let weight = 0;
    for (const { transaction } of this.entries) {
      weight += sizeOf(transaction).weight;
      if (weight > maxWeightOfBlock) break; // not the next one either: it may spend this one
      chosen.push(transaction);
    }
    return chosen;
  }

  clear(): void {
    for (const all of [this.#byTxid, this.#byWtxid, this.#coins, this.#spent]) all.clear();
  }

  /** The chain is another one: keeps what is still right, behind what came back from blocks that are not in it. */
  refresh(returned: readonly Transaction[]): void {
    const waiting = this.entries.map(({ transaction }) => transaction);
    this.clear();
    for (const transaction of [...returned, ...waiting]) this.add(transaction);
  }
}
