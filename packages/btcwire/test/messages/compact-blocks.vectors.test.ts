// Compact blocks as nodes have sent them.
import { expect, test } from "vitest";
import {
  bitcoinMessages,
  blockHashOf,
  type CmpctBlock,
  formatHash,
  fromHex,
  isCoinbase,
  toHex,
  txidOf,
} from "../../src/index.ts";
import vectors from "../vectors/relayed-blocks.json" with { type: "json" };

test.each([
  {
    name: "compact426884",
    hash: "00000000000000000431d0ead6e0bd9f90ff0d469e9b05d51e3d04971f472973",
    nonce: 18056817744517531322n,
    count: 408,
    first: [0xad7f_17f4_5e82, 0xd16f_ce4c_374f, 0xda9b_a636_b6cd],
    coinbase: "d867349cdec6ef42ae1f8695efadf045552a96f8437dfa06614b25e63c617e2a",
  },
  {
    name: "compact898352",
    hash: "00000000c269ad542ed9ac684cb5fa6df340d5feee0e040590225c7332b98fca",
    nonce: 12855082585244820976n,
    count: 9,
    first: [0x724c_a502_6be3, 0x7626_45c5_3c72, 0x09ee_efa3_592a],
    coinbase: "37aa09ff0bbace23615c15b759a68020394b7662049d295e22331964cda3dd52",
  },
] as const)("$name is read and written", ({ name, hash, nonce, count, first, coinbase }) => {
  const payload = fromHex(vectors[name]);
  const read = bitcoinMessages.decode("cmpctblock", payload) as CmpctBlock;
  expect(formatHash(blockHashOf(read.header))).toBe(hash);
  expect(read.nonce).toBe(nonce);
  expect(read.shortids).toHaveLength(count);
  expect(read.shortids.slice(0, 3)).toEqual(first);
  expect(
    read.prefilledtxn.map(({ index, tx }) => [index, isCoinbase(tx), formatHash(txidOf(tx))]),
  ).toEqual([[0, true, coinbase]]);
  expect(toHex(bitcoinMessages.encode(read))).toBe(vectors[name]);
});
