import { concatBytes, decode, encode, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  type CandidateTransaction,
  compactBlockOf,
  completeBlock,
  type PartialBlock,
  reconstructBlock,
} from "../src/compact-block.ts";
import {
  block,
  type BlockIndex,
  type BlockTxn,
  type CmpctBlock,
  indexBlock,
  maxCompactTransactions,
  type Transaction,
  transaction,
} from "../src/index.ts";
import { shortIdsOf } from "../src/short-id.ts";
import { emptyTx, plainTx, witnessTx } from "./support/block-values.ts";
import { committedBlock } from "./support/committed-block.ts";
import { thrown } from "./support/thrown.ts";
import vectors from "./vectors/bloom.json" with { type: "json" };

const plain = (lockTime: number): Transaction => ({ ...plainTx, lockTime });
const index = committedBlock([plain(1), plain(2), witnessTx, plain(3)]);
const { header } = index.block;
const compact = compactBlockOf(index, { nonce: 77n });
const candidates: CandidateTransaction[] = candidatesOf(index);

function candidatesOf(block: BlockIndex): CandidateTransaction[] {
  return block.wtxids().map((wtxid, i) => ({ wtxid, bytes: block.bytesOf(i) }));
}

function partialOf(message: CmpctBlock, known: readonly CandidateTransaction[]): PartialBlock {
  const result = reconstructBlock(message, known);
  if (result.status === "missing") return result;
  throw new Error(`it is ${result.status}`);
}

const answerTo = ({ request }: PartialBlock, from: BlockIndex = index): BlockTxn => ({
  type: "blocktxn",
  blockhash: request.blockhash,
  transactions: request.indexes.map((i) => from.transaction(i)),
});

describe("compactBlockOf", () => {
  test("prefills the first transaction, and others that are asked for", () => {
    expect(compact).toMatchObject({ type: "cmpctblock", header, nonce: 77n });
    expect(compact.prefilledtxn).toEqual([{ index: 0, tx: index.transaction(0) }]);
    expect(compact.shortids).toEqual(shortIdsOf(compact, index.wtxids().slice(1)));
    const { prefilledtxn, shortids } = compactBlockOf(index, { nonce: 77n, prefill: [4, 2, 4, 0] });
    expect(prefilledtxn.map((each) => each.index)).toEqual([0, 2, 4]);
    expect(shortids).toEqual([compact.shortids[0], compact.shortids[2]]);
  });

  test("has other short ids for another nonce", () => {
    const other = compactBlockOf(index, { nonce: 78n }).shortids;
    expect(other.filter((id) => compact.shortids.includes(id))).toEqual([]);
  });

  test.each([5, -1, 0.5])("has no place %d of 5", (place) => {
    expect(() => compactBlockOf(index, { nonce: 1n, prefill: [place] })).toThrow(RangeError);
  });

  test("refuses a block of no transactions, or of 65,536", () => {
    const none = indexBlock({ header, body: Uint8Array.of(0) });
    expect(() => compactBlockOf(none, { nonce: 1n })).toThrow(RangeError);
    // The shortest transaction is 10 zeros.
    const body = concatBytes(fromHex("fe00000100"), new Uint8Array(10 * 65_536));
    const many = indexBlock({ header, body });
    expect(many.length).toBe(65_536);
    expect(() => compactBlockOf(many, { nonce: 1n })).toThrow(RangeError);
  });

  test("refuses a nonce of more than 64 bits", () => {
    const error = thrown(() => compactBlockOf(index, { nonce: 2n ** 64n }));
    expect(error).toMatchObject({ name: "EncodeError", code: "out_of_range" });
  });
});

describe("reconstructBlock", () => {
  test("finds everything", () => {
    const result = reconstructBlock(compact, candidates);
    expect(result).toMatchObject({ status: "complete", block: index.block });
    expect(result.status === "complete" && result.index.txids()).toEqual(index.txids());
  });

  test("needs no candidates if all is prefilled", () => {
    const message = compactBlockOf(index, { nonce: 1n, prefill: [1, 2, 3, 4] });
    expect(reconstructBlock(message, [])).toMatchObject({ status: "complete", block: index.block });
  });

  test("asks for what is missing", () => {
    const partial = partialOf(compact, [candidates[2], candidates[4]] as CandidateTransaction[]);
    expect(partial.request.indexes).toEqual([1, 3]);
    expect(partial.transactions.map((bytes) => bytes !== undefined)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(completeBlock(partial, answerTo(partial))).toMatchObject({
      status: "complete",
      block: index.block,
    });
  });

  test("takes a candidate that is there twice as one", () => {
    const result = reconstructBlock(compact, [...candidates.slice(1, 3), ...candidates]);
    expect(result.status).toBe("complete");
  });

  test("does not look at more candidates than it needs", () => {
    function* counted(): Generator<CandidateTransaction> {
      yield* candidates;
      throw new Error("asked for more");
    }
    expect(reconstructBlock(compact, counted()).status).toBe("complete");
  });

  test("asks for bytes of those only whose short ids fit", () => {
    const stranger = {
      wtxid: new Uint8Array(32),
      get bytes(): Uint8Array {
        throw new Error("asked for");
      },
    };
    expect(reconstructBlock(compact, [stranger, ...candidates]).status).toBe("complete");
  });

  test("does not mix up version 1, short ids of txids", () => {
    const message = { ...compact, shortids: shortIdsOf(compact, index.txids().slice(1)) };
    expect(partialOf(message, candidates).request.indexes).toEqual([3]);
  });

  test.each([
    ["no_transactions", { shortids: [], prefilledtxn: [] }],
    [
      "too_many_transactions",
      { shortids: Array.from({ length: maxCompactTransactions }, (_, i) => i) },
    ],
    ["bad_prefilled", { prefilledtxn: [{ index: 5, tx: plainTx }] }],
    ["bad_prefilled", { prefilledtxn: [0, 0].map((place) => ({ index: place, tx: plainTx })) }],
    ["bad_prefilled", { prefilledtxn: [1, 0].map((place) => ({ index: place, tx: plainTx })) }],
    ["bad_prefilled", { prefilledtxn: [{ index: -1, tx: plainTx }] }],
    ["bad_prefilled", { prefilledtxn: [{ index: 0.5, tx: plainTx }] }],
    ["bad_prefilled", { prefilledtxn: [{ index: 0, tx: emptyTx }] }],
  ])("%s: refuses %o", (reason, wrong) => {
    const result = reconstructBlock({ ...compact, ...wrong }, candidates);
    expect(result).toEqual({ status: "invalid", reason });
  });

  test("takes 65,535 transactions", () => {
    const shortids = Array.from({ length: maxCompactTransactions - 1 }, (_, i) => i);
    const partial = partialOf({ ...compact, shortids }, []);
    expect(partial.request.indexes).toHaveLength(65_534);
    expect(partial.request.indexes.at(-1)).toBe(65_534);
  });

  test("gives up on a short id that is there twice", () => {
    const [first = 0, ...others] = compact.shortids;
    for (const shortids of [
      [first, first, ...others],
      [first, ...others, first],
    ]) {
      const result = reconstructBlock({ ...compact, shortids }, candidates);
      expect(result).toEqual({ status: "failed", reason: "short_id_collision" });
    }
  });

  test("sees in the merkle root that a candidate was another transaction", () => {
    const [, one, ...others] = candidates as [CandidateTransaction, CandidateTransaction];
    const posing = { wtxid: one.wtxid, bytes: encode(transaction, plain(500)) };
    const result = reconstructBlock(compact, [posing, ...others]);
    expect(result).toEqual({ status: "failed", reason: "merkle_root" });
  });

  test("sees transactions that are there twice (CVE-2012-2459)", () => {
    // Five leaves have the root of six whose last two are the same.
    const tx = index.transaction(4);
    const message = { ...compact, prefilledtxn: [...compact.prefilledtxn, { index: 5, tx }] };
    const result = reconstructBlock(message, candidates);
    expect(result).toEqual({ status: "failed", reason: "mutated" });
  });

  test("sees a witness that the block does not commit to", () => {
    const tx: Transaction = {
      ...witnessTx,
      inputs: witnessTx.inputs.map((input) => ({ ...input, witness: [fromHex("abce")] })),
    };
    const message = compactBlockOf(index, { nonce: 1n, prefill: [3] });
    const prefilledtxn = message.prefilledtxn.map((each) =>
      each.index === 3 ? { index: 3, tx } : each,
    );
    const changed = { ...message, prefilledtxn };
    const failure = { status: "failed", reason: "witness_commitment" };
    expect(reconstructBlock(changed, candidates)).toEqual(failure);
    const partial = partialOf(changed, candidates.slice(0, 3));
    expect(completeBlock(partial, answerTo(partial))).toEqual(failure);
  });

  test("does not ask for a commitment before the rules of BIP 141", () => {
    // A commitment without the reserved value is fine then; a witness never is.
    const coinbase = index.transaction(0);
    const bare = {
      ...coinbase,
      inputs: coinbase.inputs.map((input) => ({ ...input, witness: [] })),
    };
    const old = committedBlock([plain(1), plain(2), plain(3)]);
    const message = compactBlockOf(old, { nonce: 1n });
    const prefilledtxn = [{ index: 0, tx: { ...bare, outputs: old.transaction(0).outputs } }];
    const stripped = { ...message, prefilledtxn };
    const known = candidatesOf(old);
    expect(reconstructBlock(stripped, known)).toEqual({
      status: "failed",
      reason: "witness_commitment",
    });
    const options = { isSegwitActive: false };
    expect(reconstructBlock(stripped, known, options).status).toBe("complete");
    const partial = partialOf(stripped, []);
    expect(completeBlock(partial, answerTo(partial, old), options).status).toBe("complete");
    expect(completeBlock(partial, answerTo(partial, old)).status).toBe("failed");
  });

  test("does not put more together than a block holds", () => {
    // 80 of the header, 1 of the count, 4 * 999,979 and 3: exactly 4,000,000, and one more.
    const size = 3_999_919 - index.bytesOf(0).length;
    const padding = (length: number): Transaction => ({
      ...plainTx,
      inputs: plainTx.inputs.map((input) => ({ ...input, scriptSig: new Uint8Array(length) })),
    });
    const overhead = encode(transaction, padding(size - 100)).length - (size - 100);
    const largest = committedBlock([padding(size - overhead)]);
    expect(80 + largest.block.body.length).toBe(4_000_000);
    const message = compactBlockOf(largest, { nonce: 1n });
    expect(reconstructBlock(message, candidatesOf(largest)).status).toBe("complete");
    const larger = committedBlock([padding(size - overhead + 1)]);
    const tooLarge = compactBlockOf(larger, { nonce: 1n });
    expect(reconstructBlock(tooLarge, candidatesOf(larger))).toEqual({
      status: "failed",
      reason: "too_large",
    });
  });

  test("leaves both of two candidates aside that have the same short id", () => {
    const old = indexBlock(decode(block, fromHex(vectors.block13b8a)));
    const made = compactBlockOf(old, { nonce: 0n });
    const known = candidatesOf(old);
    const stranger = (hex: string): CandidateTransaction => ({
      wtxid: fromHex(hex.padEnd(64, "0")),
      bytes: encode(transaction, plainTx),
    });
    const one = stranger("3cd0d7692eaf");
    const two = stranger("5b2bfa9e47bc");
    const [shortid, other] = shortIdsOf(made, [one.wtxid, two.wtxid]) as [number, number];
    expect(shortid).toBe(other);
    // As if the fourth transaction had that short id.
    const shortids = made.shortids.map((id, i) => (i === 2 ? shortid : id));
    const message = { ...made, shortids };
    for (const strangers of [
      [one, two],
      [two, one, two, one],
      [one, two, two],
    ]) {
      const partial = partialOf(message, [...strangers, ...known]);
      expect(partial.request.indexes).toEqual([3]);
      const completed = completeBlock(partial, answerTo(partial, old));
      expect(completed).toMatchObject({ status: "complete", block: { body: old.block.body } });
    }
    // One of them alone is taken for the transaction.
    const failure = { status: "failed", reason: "merkle_root" };
    expect(reconstructBlock(message, [one, one, ...known])).toEqual(failure);
    expect(reconstructBlock(message, [...known, two, one])).toEqual(failure);
  });

  test("does not hide that a candidate's bytes are no transaction", () => {
    const cut = candidates.map(({ wtxid, bytes }) => ({ wtxid, bytes: bytes.subarray(1) }));
    expect(thrown(() => reconstructBlock(compact, cut)).name).toBe("DecodeError");
  });
});

describe("completeBlock", () => {
  const partial = partialOf(compact, candidates.slice(0, 3));
  const answer = answerTo(partial);

  test("refuses the answer about another block", () => {
    const blockhash = answer.blockhash.map((byte) => byte ^ 1);
    const result = completeBlock(partial, { ...answer, blockhash });
    expect(result).toEqual({ status: "invalid", reason: "other_block" });
  });

  test("refuses fewer or more transactions than were asked for", () => {
    expect(answer.transactions).toHaveLength(2);
    for (const transactions of [[], [plainTx], [...answer.transactions, plainTx]]) {
      const result = completeBlock(partial, { ...answer, transactions });
      expect(result).toEqual({ status: "invalid", reason: "wrong_count" });
    }
  });

  test("sees other transactions, and another order", () => {
    const failure = { status: "failed", reason: "merkle_root" };
    const swapped = { ...answer, transactions: answer.transactions.toReversed() };
    expect(completeBlock(partial, swapped)).toEqual(failure);
    const other = { ...answer, transactions: [plain(9), plain(10)] };
    expect(completeBlock(partial, other)).toEqual(failure);
    expect(completeBlock(partial, { ...answer, transactions: [emptyTx, emptyTx] })).toEqual(
      failure,
    );
  });

  test("leaves the partial block as it is", () => {
    const before = partial.transactions.map((bytes) => bytes && toHex(bytes));
    completeBlock(partial, { ...answer, transactions: [plain(9), plain(10)] });
    expect(partial.transactions.map((bytes) => bytes && toHex(bytes))).toEqual(before);
    expect(completeBlock(partial, answer).status).toBe("complete");
  });
});
