// Real blocks as messages. What is in them is the matter of other tests.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  bitcoinMessages,
  type BlockMessage,
  blockHashOf,
  equalBytes,
  formatHash,
  indexBlock,
} from "../../src/index.ts";

test.each([
  ["block300025", "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c", 461],
  ["block426884", "00000000000000000431d0ead6e0bd9f90ff0d469e9b05d51e3d04971f472973", 409],
  ["block482683", "000000000000000000c238240ef6dcb26c37e75e16514e6ffc0aef7eee73e747", 12],
  ["block898352", "00000000c269ad542ed9ac684cb5fa6df340d5feee0e040590225c7332b98fca", 10],
  ["block928816", "00000000000001c4b87edf974ddc601d88dda332265b9849a944a5ff0141a378", 889],
])("%s is read and written, as a block and as transactions", (name, hash, count) => {
  const payload = readFileSync(new URL(`../vectors/${name}.raw`, import.meta.url));
  const read = bitcoinMessages.decode("block", payload) as BlockMessage;
  expect(formatHash(blockHashOf(read.header))).toBe(hash);
  expect(read.body.length).toBe(payload.length - 80);
  expect(equalBytes(bitcoinMessages.encode(read), payload)).toBe(true);
  const transactions = indexBlock(read).transactions();
  expect(transactions).toHaveLength(count);
  const blockhash = blockHashOf(read.header);
  const answer = bitcoinMessages.encode({ type: "blocktxn", blockhash, transactions });
  expect(equalBytes(answer.subarray(32), read.body)).toBe(true);
});
