// The merkleblock that a node has sent for a real block, and what we make of that block.
import { decode, encode, fromHex, Reader, toHex } from "@satwire/codec";
import { expect, test } from "vitest";
import {
  blockHashOf,
  formatHash,
  indexBlock,
  list,
  merkleblock,
  transaction,
  txidOf,
} from "../src/index.ts";
import { matchesOf, merkleBlockOf } from "../src/partial-merkle-tree.ts";
import { realBlock } from "./support/real-blocks.ts";
import vectors from "./vectors/relayed-blocks.json" with { type: "json" };

const index = indexBlock(realBlock(300_025));
const txids = index.txids().map(formatHash);

test("the merkleblock of block 300,025 proves some of its transactions", () => {
  const message = decode(merkleblock, fromHex(vectors.merkle300025));
  expect(blockHashOf(message.header)).toEqual(blockHashOf(index.block.header));
  expect(message.totalTransactions).toBe(index.length);
  const matches = matchesOf(message);
  expect(matches.length).toBeGreaterThan(0);
  for (const match of matches) expect(formatHash(match.txid)).toBe(txids[match.index]);
});

test("we make the same of the block", () => {
  const message = decode(merkleblock, fromHex(vectors.merkle300025));
  const places = matchesOf(message).map((match) => match.index);
  const made = merkleBlockOf(index, (i) => places.includes(i));
  expect(toHex(encode(merkleblock, made))).toBe(vectors.merkle300025);
});

test("the transactions that came behind it are those that it proves", () => {
  const reader = new Reader(fromHex(vectors["merkle300025-extended"]));
  const matches = matchesOf(merkleblock.read(reader));
  const followers = list(transaction, 100).read(reader);
  reader.finish();
  expect(matches.map((match) => formatHash(match.txid))).toEqual(
    followers.map((tx) => formatHash(txidOf(tx))),
  );
});
