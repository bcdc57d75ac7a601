// What bitcoinjs-lib takes otherwise than nodes and we do. If one of these tests fails with a new version of it, the
// README has to be changed.
import * as bitcoin from "bitcoinjs-lib";
import { expect, test } from "vitest";
import { fromBitcoinjsTransaction, toBitcoinjsBlock } from "../src/bitcoinjs/index.ts";
import {
  concatBytes,
  decode,
  fromHex,
  hash256,
  indexBlock,
  isCoinbase,
  toHex,
  type Transaction,
  transaction,
  wtxidOf,
} from "../src/index.ts";
import {
  checkWitnessCommitment,
  findWitnessCommitment,
  witnessCommitmentScript,
} from "../src/witness-commitment.ts";
import { buildBlock } from "./support/build-block.ts";
import { thrown } from "./support/thrown.ts";

const bytesOf = (text: string): Uint8Array => fromHex(text.replaceAll(" ", ""));
const zeros = "00".repeat(32);
const input = `${zeros} 00000000 00 ffffffff`;
const output = "e803000000000000 0151";

test("a txid of zeros makes a coinbase of it, whose wtxid is zeros", () => {
  const bytes = bytesOf(`02000000 01 ${input} 01 ${output} 00000000`);
  const theirs = bitcoin.Transaction.fromBuffer(bytes);
  const ours = fromBitcoinjsTransaction(theirs);
  expect([theirs.isCoinbase(), toHex(theirs.getHash(true))]).toEqual([true, zeros]);
  expect([isCoinbase(ours), toHex(wtxidOf(ours))]).toEqual([false, toHex(hash256(bytes))]);
});

test("a negative value is read and not added", () => {
  const bytes = bytesOf(`02000000 01 ${input} 01 ffffffffffffffff 00 00000000`);
  expect(bitcoin.Transaction.fromBuffer(bytes).outs[0]?.value).toBe(-1n);
  expect(() => new bitcoin.Transaction().addOutput(new Uint8Array(0), -1n)).toThrow();
});

test("two outputs without inputs are read, one is not", () => {
  const two = bytesOf(`02000000 00 02 ${output} ${output} 00000000`);
  const theirs = bitcoin.Transaction.fromBuffer(two);
  expect([theirs.ins.length, theirs.outs.length]).toEqual([0, 2]);
  expect(fromBitcoinjsTransaction(theirs).outputs.length).toBe(2);
  expect(thrown(() => decode(transaction, two)).code).toBe("invalid_value");
  const one = bytesOf(`02000000 00 01 ${output} 00000000`);
  expect(() => bitcoin.Transaction.fromBuffer(one)).toThrow();
});

test("lengths that are longer than necessary are read", () => {
  const bytes = bytesOf(`02000000 fd0100 ${input} 01 ${output} 00000000`);
  expect(bitcoin.Transaction.fromBuffer(bytes).ins.length).toBe(1);
  expect(thrown(() => decode(transaction, bytes)).code).toBe("non_canonical");
});

test("a commitment that is cut hides the one before it, and the reserved value has any length", () => {
  const coinbase = (witness: Uint8Array, ...scripts: Uint8Array[]): Transaction => ({
    version: 1,
    inputs: [
      {
        txid: fromHex(zeros),
        vout: 0xffff_ffff,
        scriptSig: new Uint8Array(2),
        sequence: 0,
        witness: [witness],
      },
    ],
    outputs: scripts.map((scriptPubKey) => ({ value: 0n, scriptPubKey })),
    lockTime: 0,
  });
  const script = witnessCommitmentScript(new Uint8Array(32).fill(5));
  const hidden = coinbase(new Uint8Array(32), script, script.subarray(0, 37));
  expect(toBitcoinjsBlock(buildBlock([hidden])).getWitnessCommit()).toBeNull();
  expect(findWitnessCommitment(hidden)).toEqual(new Uint8Array(32).fill(5));

  const commitment = hash256(concatBytes(fromHex(zeros), new Uint8Array(31)));
  const block = buildBlock([coinbase(new Uint8Array(31), witnessCommitmentScript(commitment))]);
  const theirs = toBitcoinjsBlock(block);
  const [first] = theirs.transactions as [bitcoin.Transaction];
  theirs.merkleRoot = first.getHash();
  expect(theirs.checkTxRoots()).toBe(true);
  expect(checkWitnessCommitment(indexBlock(block))).toBe("bad_reserved_value");
});
