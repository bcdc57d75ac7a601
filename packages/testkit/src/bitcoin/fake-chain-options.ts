// What a chain is made from, what it is told to mine, and what it tells.
import type { Transaction } from "@satwire/btcwire";
import type { ChainBlock } from "./chain-block.ts";

/** What a `FakeChain` is made from. */
export interface FakeChainOptions {
  /** Decides every block: the same seed and the same calls give the same hashes. @default "chain" */
  readonly seed?: string | number | undefined;
  /** @default "regtest" */
  readonly network?: "regtest" | "simnet" | undefined;
  /**
   * Seconds since 1970 of the second block and, from there on, of all others. Before April 2012 the rules that witnesses
   * need do not hold in btcd.
   * @default 1600000000, September 2020
   */
  readonly startTime?: number | undefined;
  /**
   * Seconds between two blocks. Of less than 601 seconds simnet would want
   * more work after 2016 blocks, which is not done here.
   * @default 601
   */
  readonly blockIntervalSeconds?: number | undefined;
}

/** Options of `FakeChain.generate`. */
export interface GenerateChainOptions extends FakeChainOptions {
  /** Blocks besides the first one of the network. */
  readonly blocks: number;
}

/** Options of `FakeChain.mine`. */
export interface MineOptions {
  /** What the first of the blocks has besides its coinbase, in this order. @default what waits, as far as it fits */
  readonly transactions?: readonly Transaction[] | undefined;
  /** Seconds since 1970 of the first of the blocks. @default the interval after the block before */
  readonly timestamp?: number | undefined;
  /** Where the reward goes. @default a script that anybody can spend: see `FakeChain.pay` */
  readonly scriptPubKey?: Uint8Array | undefined;
}

/** Options of `FakeChain.reorg`. */
export interface ReorgOptions extends MineOptions {
  /** Blocks of the new branch. With no more than `depth` of them the best chain stays. @default depth + 1 */
  readonly newBlocks?: number | undefined;
}

/** The best chain is another one. */
export interface TipChange {
  readonly tip: ChainBlock;
  /** Blocks that are no longer in the best chain, the highest first. */
  readonly disconnected: readonly ChainBlock[];
  /** Blocks that are in it now, the lowest first. */
  readonly connected: readonly ChainBlock[];
}

/** A transaction in the best chain. */
export interface ConfirmedTransaction {
  readonly transaction: Transaction;
  readonly block: ChainBlock;
  /** Its place in the block. */
  readonly index: number;
}
