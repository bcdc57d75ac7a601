import type { Reader } from "@satwire/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compactSize,
  concatBytes,
  decode,
  DecodeError,
  encode,
  hasWitness,
  indexBlock,
  sizeOf,
  toHex,
  type Transaction,
  transaction,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import { anyTransaction, changed } from "./support/arbitrary-transaction.ts";
import { buildBlock } from "./support/build-block.ts";

const anyList = fc.array(anyTransaction, { maxLength: 6 });

/** All transactions of a body, read one after the other; undefined if they cannot be. */
const parsed = (body: Uint8Array): Transaction[] | undefined => {
  const all: Transaction[] = [];
  const everything = {
    read(reader: Reader) {
      const count = compactSize.read(reader);
      for (let i = 0; i < count; i++) all.push(transaction.read(reader));
    },
    write() {},
  };
  try {
    decode(everything, body);
    return all;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
};

test("the index of any block gives what reading all transactions gives", () => {
  fc.assert(
    fc.property(anyList, (transactions) => {
      const block = buildBlock(transactions);
      const index = indexBlock(block);
      expect(index.transactions()).toStrictEqual(transactions);
      expect(transactions.map((_, i) => index.transaction(i))).toStrictEqual(transactions);
      expect(index.txids().map(toHex)).toEqual(transactions.map((tx) => toHex(txidOf(tx))));
      expect(index.wtxids().map(toHex)).toEqual(transactions.map((tx) => toHex(wtxidOf(tx))));
      expect(transactions.map((_, i) => toHex(index.txid(i)))).toEqual(index.txids().map(toHex));
      expect(transactions.map((_, i) => toHex(index.wtxid(i)))).toEqual(index.wtxids().map(toHex));
      expect(transactions.map((_, i) => index.hasWitness(i))).toEqual(transactions.map(hasWitness));
      const weights = transactions.reduce((sum, tx) => sum + sizeOf(tx).weight, 0);
      expect(index.weight()).toBe(4 * (80 + 1) + weights);
      const parts = transactions.map((_, i) => index.bytesOf(i));
      expect(concatBytes(Uint8Array.of(transactions.length), ...parts)).toEqual(block.body);
    }),
    { numRuns: 300 },
  );
});

test("the index refuses what reading all transactions refuses, and nothing else", () => {
  const { header } = buildBlock([]);
  const fates = { read: 0, refused: 0 };
  const bodies = fc.oneof(
    changed(anyList.map((list) => buildBlock(list).body)),
    fc.uint8Array({ maxLength: 100 }),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      const expected = parsed(body);
      let index: ReturnType<typeof indexBlock> | undefined;
      try {
        index = indexBlock({ header, body });
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        expect(error.offset).toBeLessThanOrEqual(body.length);
      }
      expect(index?.transactions()).toStrictEqual(expected);
      fates[index === undefined ? "refused" : "read"] += 1;
      if (index === undefined) return;
      const again = index.transactions().map((tx) => encode(transaction, tx));
      const count = encode(compactSize, index.length);
      expect(toHex(concatBytes(count, ...again))).toBe(toHex(body));
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(fates.read, fates.refused)).toBeGreaterThan(50);
});
