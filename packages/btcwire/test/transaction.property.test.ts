import * as bitcoin from "bitcoinjs-lib";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decode,
  DecodeError,
  encode,
  hash256,
  hasWitness,
  sizeOf,
  strippedTransaction,
  toHex,
  transaction,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import { anyTransaction, changed } from "./support/arbitrary-transaction.ts";

/** "read" if the bytes come back exactly, "refused" if they are refused as they should be. */
const fateOf = (bytes: Uint8Array): "read" | "refused" => {
  try {
    const value = decode(transaction, bytes);
    expect(toHex(encode(transaction, value))).toBe(toHex(bytes));
    return "read";
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    return "refused";
  }
};

test("any transaction comes back from its bytes", () => {
  fc.assert(
    fc.property(anyTransaction, (value) => {
      expect(decode(transaction, encode(transaction, value))).toStrictEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("any transaction comes back from its bytes without witness, but for that", () => {
  fc.assert(
    fc.property(anyTransaction, (value) => {
      const inputs = value.inputs.map((input) => ({ ...input, witness: [] }));
      const bytes = encode(strippedTransaction, value);
      expect(decode(strippedTransaction, bytes)).toStrictEqual({ ...value, inputs });
    }),
    { numRuns: 300 },
  );
});

test("bitcoinjs-lib reads the same, with the same ids and sizes", () => {
  fc.assert(
    fc.property(anyTransaction, (value) => {
      const bytes = encode(transaction, value);
      const theirs = bitcoin.Transaction.fromBuffer(bytes);
      expect(theirs.ins).toEqual(
        value.inputs.map(({ txid, vout, scriptSig, sequence, witness }) => ({
          hash: txid,
          index: vout,
          script: scriptSig,
          sequence,
          witness,
        })),
      );
      expect(theirs.outs).toEqual(
        value.outputs.map((output) => ({ value: output.value, script: output.scriptPubKey })),
      );
      expect([theirs.version, theirs.locktime]).toEqual([value.version, value.lockTime]);
      expect(toHex(theirs.toBuffer())).toBe(toHex(bytes));
      expect(toHex(txidOf(value))).toBe(toHex(theirs.getHash()));
      expect(toHex(wtxidOf(value))).toBe(toHex(hash256(bytes)));
      expect(sizeOf(value)).toEqual({
        bytes: bytes.length,
        weight: theirs.weight(),
        virtualBytes: theirs.virtualSize(),
      });
      expect(hasWitness(value)).toBe(theirs.hasWitnesses());
    }),
    { numRuns: 300 },
  );
});

test("changed bytes are refused with a DecodeError or come back byte for byte", () => {
  const fates = { read: 0, refused: 0 };
  fc.assert(
    fc.property(changed(anyTransaction.map((value) => encode(transaction, value))), (bytes) => {
      fates[fateOf(bytes)] += 1;
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(fates.read, fates.refused)).toBeGreaterThan(30);
});

test("any bytes are refused with a DecodeError or come back byte for byte", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, startsAsOne) => {
      fateOf(startsAsOne ? Uint8Array.of(1, 0, 0, 0, 0, 1, 1, ...bytes) : bytes);
    }),
    { numRuns: 1000 },
  );
});

test("cut anywhere, it never comes back", () => {
  fc.assert(
    fc.property(anyTransaction, (value) => {
      const bytes = encode(transaction, value);
      for (let end = 0; end < bytes.length; end++) {
        expect(fateOf(bytes.subarray(0, end))).toBe("refused");
      }
    }),
    { numRuns: 20 },
  );
});
