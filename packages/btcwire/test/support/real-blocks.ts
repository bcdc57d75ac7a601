// Five blocks as they are in the chain, read from files: for tests that run in Node only.
import { readFileSync } from "node:fs";
import { type Block, blockHeader, blockHeaderLength, decode } from "../../src/index.ts";

/** A block, and what is known of it from elsewhere. */
export interface RealBlock {
  readonly height: number;
  readonly network: "mainnet" | "testnet3";
  /** The hash as people write it. */
  readonly id: string;
  readonly transactions: number;
  readonly bytes: number;
  readonly weight: number;
  readonly hasWitness: boolean;
}

/** One of 2014, one full of 2016, one after segwit came, and two of testnet3: without and with witnesses. */
export const realBlocks: readonly RealBlock[] = [
  {
    height: 300_025,
    network: "mainnet",
    id: "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c",
    transactions: 461,
    bytes: 284_231,
    weight: 1_136_924,
    hasWitness: false,
  },
  {
    height: 426_884,
    network: "mainnet",
    id: "00000000000000000431d0ead6e0bd9f90ff0d469e9b05d51e3d04971f472973",
    transactions: 409,
    bytes: 996_444,
    weight: 3_985_776,
    hasWitness: false,
  },
  {
    height: 482_683,
    network: "mainnet",
    id: "000000000000000000c238240ef6dcb26c37e75e16514e6ffc0aef7eee73e747",
    transactions: 12,
    bytes: 9288,
    weight: 35_715,
    hasWitness: true,
  },
  {
    height: 898_352,
    network: "testnet3",
    id: "00000000c269ad542ed9ac684cb5fa6df340d5feee0e040590225c7332b98fca",
    transactions: 10,
    bytes: 5123,
    weight: 20_492,
    hasWitness: false,
  },
  {
    height: 928_816,
    network: "testnet3",
    id: "00000000000001c4b87edf974ddc601d88dda332265b9849a944a5ff0141a378",
    transactions: 889,
    bytes: 1_589_046,
    weight: 3_568_200,
    hasWitness: true,
  },
];

/** The bytes of a block. */
export function rawBlock(height: number): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../vectors/block${height}.raw`, import.meta.url)));
}

/** The block. */
export function realBlock(height: number): Block {
  const raw = rawBlock(height);
  return {
    header: decode(blockHeader, raw.subarray(0, blockHeaderLength)),
    body: raw.subarray(blockHeaderLength),
  };
}
