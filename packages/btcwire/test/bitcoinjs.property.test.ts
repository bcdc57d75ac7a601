import * as bitcoin from "bitcoinjs-lib";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  fromBitcoinjsBlock,
  fromBitcoinjsTransaction,
  toBitcoinjsBlock,
  toBitcoinjsTransaction,
} from "../src/bitcoinjs/index.ts";
import { encode, equalBytes, hasWitness, indexBlock, toHex, transaction } from "../src/index.ts";
import { anyTransaction } from "./support/arbitrary-transaction.ts";
import { buildBlock } from "./support/build-block.ts";

test("any transaction comes back, and is what bitcoinjs-lib reads from its bytes", () => {
  fc.assert(
    fc.property(anyTransaction, (value) => {
      const theirs = toBitcoinjsTransaction(value);
      const read = bitcoin.Transaction.fromBuffer(encode(transaction, value));
      expect(theirs).toEqual(read);
      expect(fromBitcoinjsTransaction(theirs)).toStrictEqual(value);
      expect(fromBitcoinjsTransaction(read)).toStrictEqual(value);
      expect(theirs.hasWitnesses()).toBe(hasWitness(value));
    }),
    { numRuns: 300 },
  );
});

test("any block comes back", () => {
  fc.assert(
    fc.property(fc.array(anyTransaction, { maxLength: 5 }), (transactions) => {
      const block = buildBlock(transactions);
      const theirs = toBitcoinjsBlock(block);
      expect(fromBitcoinjsBlock(theirs)).toStrictEqual(block);
      expect(theirs.transactions?.map((one) => one.toHex())).toEqual(
        transactions.map((value) => toHex(encode(transaction, value))),
      );
      const again = indexBlock(fromBitcoinjsBlock(bitcoin.Block.fromBuffer(theirs.toBuffer())));
      expect(equalBytes(again.block.body, block.body)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
