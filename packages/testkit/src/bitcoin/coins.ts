// What can be spent at the tip of a chain. Scripts are not run and lock times are not looked at.
import {
  isCoinbase,
  toHex,
  type Transaction,
  type TransactionInput,
  type TransactionOutput,
} from "@satwire/btcwire";

/** Blocks on top of a coinbase's before it can be spent, its own included. */
export const coinbaseMaturity = 100;

const opReturn = 0x6a;

/** The most satoshis that there can be. */
const maxMoney = 2_100_000_000_000_000n;

/** An output that was not spent. */
export interface Coin {
  readonly txid: Uint8Array;
  readonly vout: number;
  readonly output: TransactionOutput;
  /** Height of its block; that of the next block for a transaction that waits. */
  readonly height: number;
  readonly isCoinbase: boolean;
}

/** What is wrong with a transaction, if anything is. */
export type TransactionProblem =
  /** No inputs or no outputs. */
  | "empty"
  /** Spends nothing, which only the first of a block may. */
  | "coinbase"
  /** Spends the same output twice. */
  | "duplicate_input"
  /** Spends an output that does not exist, or is spent already. */
  | "missing_input"
  /** Spends a coinbase that has less than 100 blocks. */
  | "immature"
  /** An output of less than nothing, or more than there is. */
  | "bad_value"
  /** Its outputs are more than its inputs. */
  | "overspent";

/** A transaction that may be in a block at some height. */
export interface CheckedTransaction {
  readonly problem?: undefined;
  readonly spent: readonly Coin[];
  readonly feeSat: bigint;
}

/** A name for an output. */
export function coinKey({ txid, vout }: Pick<TransactionInput, "txid" | "vout">): string {
  return `${toHex(txid)}:${vout}`;
}

/** The coins that a transaction makes; what OP_RETURN begins nobody can spend. */
export function coinsOf(transaction: Transaction, txid: Uint8Array, height: number): Coin[] {
  const first = isCoinbase(transaction);
  return transaction.outputs.flatMap((output, vout) =>
    output.scriptPubKey[0] === opReturn ? [] : [{ txid, vout, output, height, isCoinbase: first }],
  );
}

/**
 * Whether a transaction can be in a block.
 *
 * @param height - of that block
 * @param find - the coins that there are for it
 */
export function checkTransaction(
  transaction: Transaction,
  height: number,
  find: (key: string) => Coin | undefined,
): CheckedTransaction | { readonly problem: TransactionProblem } {
  const { inputs, outputs } = transaction;
  if (inputs.length === 0 || outputs.length === 0) return { problem: "empty" };
  if (isCoinbase(transaction)) return { problem: "coinbase" };
  const keys = inputs.map(coinKey);
  if (new Set(keys).size < keys.length) return { problem: "duplicate_input" };
  const spent: Coin[] = [];
  for (const key of keys) {
    const coin = find(key);
    if (coin === undefined) return { problem: "missing_input" };
    if (coin.isCoinbase && height - coin.height < coinbaseMaturity) return { problem: "immature" };
    spent.push(coin);
  }
  const paid = sumOf(outputs);
  if (paid === undefined) return { problem: "bad_value" };
  const feeSat = spent.reduce((sum, { output }) => sum + output.value, 0n) - paid;
  return feeSat < 0n ? { problem: "overspent" } : { spent, feeSat };
}

/** What outputs come to; undefined if they are no amount of bitcoin. */
export function sumOf(outputs: readonly TransactionOutput[]): bigint | undefined {
  let sum = 0n;
  for (const { value } of outputs) {
    if (value < 0n || value > maxMoney) return undefined;
    sum += value;
  }
  return sum > maxMoney ? undefined : sum;
}

/** The coins of a chain, changed block by block. */
export class CoinSet {
  readonly #coins = new Map<string, Coin>();

  get(key: string): Coin | undefined {
    return this.#coins.get(key);
  }

  /** All coins, those that were made first at the front as long as no block was taken back. */
  values(): IterableIterator<Coin> {
    return this.#coins.values();
  }

  add(coin: Coin): void {
    this.#coins.set(coinKey(coin), coin);
  }

  delete(coin: Pick<Coin, "txid" | "vout">): void {
    this.#coins.delete(coinKey(coin));
  }
}
