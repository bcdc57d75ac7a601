import { decode, encode, toHex } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CandidateTransaction,
  compactBlockOf,
  completeBlock,
  reconstructBlock,
} from "../src/compact-block.ts";
import {
  blockHashOf,
  blocktxn,
  type BlockTxn,
  cmpctblock,
  getblocktxn,
  type Transaction,
  transaction,
  wtxidOf,
} from "../src/index.ts";
import { anyTransaction } from "./support/arbitrary-transaction.ts";
import { header } from "./support/block-values.ts";
import { committedBlock } from "./support/committed-block.ts";

// The lock time makes them different.
const transactionLists = fc
  .array(
    anyTransaction.filter(({ inputs }) => inputs.length > 0),
    { maxLength: 12 },
  )
  .map((list) => list.map((tx, i): Transaction => ({ ...tx, lockTime: i })));

const candidate = (tx: Transaction): CandidateTransaction => ({
  wtxid: wtxidOf(tx),
  bytes: encode(transaction, tx),
});
const cases = fc
  .record({ others: transactionLists, nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) })
  .chain(({ others, nonce }) =>
    fc.record({
      others: fc.constant(others),
      nonce: fc.constant(nonce),
      prefill: fc.subarray([...others.keys()]),
      known: fc.subarray(others, { minLength: 0 }),
      strangers: transactionLists,
    }),
  );

describe("a compact block", () => {
  test("becomes the block again, with what is known and what is asked for", () => {
    fc.assert(
      fc.property(cases, ({ others, nonce, prefill, known, strangers }) => {
        const index = committedBlock(others);
        const compact = compactBlockOf(index, { nonce, prefill });
        const message = decode(cmpctblock, encode(cmpctblock, compact));
        expect(message.prefilledtxn.map((each) => each.index)).toEqual(
          [...new Set([0, ...prefill])].toSorted((a, b) => a - b),
        );
        expect(message.shortids.length + message.prefilledtxn.length).toBe(index.length);

        const candidates = [...strangers, ...known].map(candidate);
        const wtxids = new Set(candidates.map(({ wtxid }) => toHex(wtxid)));
        const places = index
          .wtxids()
          .flatMap((wtxid, i) =>
            i === 0 || prefill.includes(i) || wtxids.has(toHex(wtxid)) ? [] : [i],
          );
        const result = reconstructBlock(message, candidates.values());
        if (result.status !== "missing") {
          expect(places).toEqual([]);
          expect(result).toMatchObject({ status: "complete", block: index.block });
          return;
        }
        expect(decode(getblocktxn, encode(getblocktxn, result.request))).toEqual({
          type: "getblocktxn",
          blockhash: blockHashOf(index.block.header),
          indexes: places,
        });
        const answer: BlockTxn = {
          type: "blocktxn",
          blockhash: result.request.blockhash,
          transactions: places.map((i) => index.transaction(i)),
        };
        const completed = completeBlock(result, decode(blocktxn, encode(blocktxn, answer)));
        expect(completed).toMatchObject({ status: "complete", block: index.block });
        // Again, because the first answer may have been of no use.
        expect(completeBlock(result, answer)).toEqual(completed);
      }),
    );
  });

  test("is not made of any other transactions than those of the block", () => {
    fc.assert(
      fc.property(cases, fc.nat(), anyTransaction, ({ others, nonce }, at, tx) => {
        fc.pre(others.length > 0);
        const index = committedBlock(others);
        const message = compactBlockOf(index, { nonce });
        const result = reconstructBlock(message, []);
        if (result.status !== "missing") throw new Error(result.status);
        const transactions = [...others];
        transactions[at % others.length] = { ...tx, lockTime: 500 };
        const answer = {
          type: "blocktxn",
          blockhash: result.request.blockhash,
          transactions,
        } as const;
        expect(completeBlock(result, answer)).toMatchObject({ status: "failed" });
      }),
    );
  });

  test("of anything is dealt with", () => {
    const prefilled = fc.record({
      index: fc.oneof(fc.nat(6), fc.nat(65_535)),
      tx: anyTransaction,
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(5), fc.nat(2 ** 48 - 1)), { maxLength: 6 }),
        fc.array(prefilled, { maxLength: 4 }),
        transactionLists,
        (shortids, prefilledtxn, candidates) => {
          const message = {
            type: "cmpctblock",
            header,
            nonce: 5n,
            shortids,
            prefilledtxn,
          } as const;
          const result = reconstructBlock(message, candidates.map(candidate));
          if (result.status === "missing") {
            const count = shortids.length + prefilledtxn.length;
            expect(result.request.indexes.every((i) => i < count)).toBe(true);
            expect(result.transactions).toHaveLength(count);
          } else expect(result.status).toMatch(/^(failed|invalid)$/);
        },
      ),
    );
  });
});
