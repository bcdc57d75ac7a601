// Merkle blocks as nodes have sent them.
import { expect, test } from "vitest";
import {
  bitcoinMessages,
  blockHashOf,
  formatHash,
  fromHex,
  type MerkleBlock,
  toHex,
} from "../../src/index.ts";
import vectors from "../vectors/relayed-blocks.json" with { type: "json" };

test("a merkle block is read and written", () => {
  const hex = vectors.merkle300025;
  const read = bitcoinMessages.decode("merkleblock", fromHex(hex)) as MerkleBlock;
  expect(formatHash(blockHashOf(read.header))).toBe(
    "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c",
  );
  expect(read.totalTransactions).toBe(461);
  expect(read.hashes).toHaveLength(10);
  expect(toHex(read.flags)).toBe("f57a00");
  expect(toHex(bitcoinMessages.encode(read))).toBe(hex);
});

test("with transactions behind it, as only bcoin stores it, it is no message", () => {
  const payload = fromHex(vectors["merkle300025-extended"]);
  const found = bitcoinMessages.inspect("merkleblock", payload);
  if (found.valid) throw new Error("inspect takes it");
  expect(found.problem).toMatchObject({
    code: "trailing_bytes",
    path: ["merkleblock"],
    offset: 409,
  });
  const whole = bitcoinMessages.decode("merkleblock", payload.subarray(0, 409));
  expect(found.message).toStrictEqual(whole);
  expect(found.undecoded).toHaveLength(1060);
});
