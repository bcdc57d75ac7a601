// Compact blocks that nodes have sent, and the blocks that they stand for.
import { decode, encode, equalBytes, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  compactBlockOf,
  completeBlock,
  type Reconstruction,
  reconstructBlock,
} from "../src/compact-block.ts";
import { type Block, blocktxn, cmpctblock, indexBlock } from "../src/index.ts";
import { shortIdsOf } from "../src/short-id.ts";
import { realBlock, realBlocks } from "./support/real-blocks.ts";
import vectors from "./vectors/relayed-blocks.json" with { type: "json" };

/** Comparing megabytes with `toEqual` takes seconds. */
function expectWhole(result: Reconstruction, { header, body }: Block): void {
  if (result.status !== "complete") throw new Error(result.status);
  expect(result.block.header).toEqual(header);
  expect(equalBytes(result.block.body, body)).toBe(true);
}

const candidatesOf = (height: number) => {
  const index = indexBlock(realBlock(height));
  return index.wtxids().map((wtxid, i) => ({ wtxid, bytes: index.bytesOf(i) }));
};

describe.each([
  [426_884, vectors.compact426884],
  [898_352, vectors.compact898352],
])("the compact block %i", (height, hex) => {
  const index = indexBlock(realBlock(height));
  const message = decode(cmpctblock, fromHex(hex));

  test("has the short ids of its transactions", () => {
    const prefilled = message.prefilledtxn.map((each) => each.index);
    const others = index.wtxids().filter((_, i) => !prefilled.includes(i));
    expect(message.shortids).toEqual(shortIdsOf(message, others));
  });

  test("is what we make of the block, byte by byte", () => {
    const prefill = message.prefilledtxn.map((each) => each.index);
    const made = compactBlockOf(index, { nonce: message.nonce, prefill });
    expect(toHex(encode(cmpctblock, made))).toBe(hex);
  });

  test("becomes the block again", () => {
    const result = reconstructBlock(message, candidatesOf(height).reverse());
    expectWhole(result, index.block);
  });

  test("asks for every third transaction, if these are missing", () => {
    const known = candidatesOf(height).filter((_, i) => i % 3 !== 2);
    const result = reconstructBlock(message, known);
    if (result.status !== "missing") throw new Error(result.status);
    const { blockhash, indexes } = result.request;
    expect(indexes).toEqual([...index.txids().keys()].filter((i) => i % 3 === 2));
    const transactions = indexes.map((i) => index.transaction(i));
    const answer = encode(blocktxn, { type: "blocktxn", blockhash, transactions });
    expectWhole(completeBlock(result, decode(blocktxn, answer)), index.block);
  });
});

describe.each(realBlocks)("block $height", ({ height, hasWitness }) => {
  test("goes through a compact block, and back", () => {
    const { block } = indexBlock(realBlock(height));
    const compact = compactBlockOf(indexBlock(block), { nonce: 0x1234_5678_9abc_def0n });
    const message = decode(cmpctblock, encode(cmpctblock, compact));
    const options = { isSegwitActive: hasWitness };
    const result = reconstructBlock(message, candidatesOf(height), options);
    expectWhole(result, block);
  });
});
