// The transactions of Bitcoin Core's tables. All of them, also those that are invalid, can be read: what is wrong
// with them is in their scripts and numbers, or in the outputs that they spend.
import * as bitcoin from "bitcoinjs-lib";
import { expect, test } from "vitest";
import {
  decode,
  encode,
  fromHex,
  hash256,
  isCoinbase,
  sizeOf,
  toHex,
  type Transaction,
  transaction,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import invalid from "./vectors/tx_invalid.json" with { type: "json" };
import valid from "./vectors/tx_valid.json" with { type: "json" };

// Rows of one text are comments, the others [spent outputs, transaction, flags].
const hexOf = (table: readonly (readonly unknown[])[]): string[] =>
  table.filter((row) => row.length > 1).map((row) => row[1] as string);

const tables = [
  ["tx_valid", hexOf(valid), 139],
  ["tx_invalid", hexOf(invalid), 104],
] as const;

test.each(tables)("there are all rows of %s", (_, rows, count) => {
  expect(rows.length).toBe(count);
});

for (const [name, rows] of tables) {
  test.each(rows.map((hex, i) => [i + 1, hex] as const))(
    `transaction %i of ${name} comes back, with the ids that bitcoinjs-lib computes`,
    (_, hex) => {
      const bytes = fromHex(hex);
      const value = decode(transaction, bytes);
      expect(toHex(encode(transaction, value))).toBe(hex);
      const theirs = bitcoin.Transaction.fromHex(hex);
      expect(toHex(txidOf(value))).toBe(toHex(theirs.getHash()));
      // Not its `getHash(true)`, which is zeros where the first input spends nothing.
      expect(toHex(wtxidOf(value))).toBe(toHex(bitcoin.crypto.hash256(theirs.toBuffer())));
      expect(toHex(wtxidOf(value))).toBe(toHex(hash256(bytes)));
      expect(sizeOf(value)).toEqual({
        bytes: theirs.byteLength(),
        weight: theirs.weight(),
        virtualBytes: theirs.virtualSize(),
      });
    },
  );
}

test("odd ones are read as they are", () => {
  const odd = (rows: readonly string[], isOdd: (value: Transaction) => boolean): number[] =>
    rows.flatMap((hex, i) => (isOdd(decode(transaction, fromHex(hex))) ? [i + 1] : []));
  const [[, good], [, bad]] = tables;
  expect(odd(good, isCoinbase)).toEqual([15, 16]);
  expect(odd(good, ({ version }) => version === 0xffff_ffff)).toEqual([84]);
  // Coinbases whose script is too short or too long.
  expect(odd(bad, isCoinbase)).toEqual([11, 12]);
  // Spending nothing beside something.
  expect(odd(bad, ({ inputs: [, second] }) => second?.vout === 0xffff_ffff)).toEqual([14]);
  expect(odd(bad, ({ outputs }) => outputs.length === 0)).toEqual([6]);
  expect(odd(bad, ({ outputs }) => outputs.some(({ value }) => value < 0n))).toEqual([7]);
  const tooMuch = 21_000_000n * 100_000_000n + 1n;
  expect(odd(bad, ({ outputs }) => outputs.some(({ value }) => value === tooMuch))).toEqual([8]);
});
