// The real blocks, against bitcoinjs-lib and against what is known of them.
import * as bitcoin from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import {
  blockHashOf,
  blockHeader,
  checkMerkleRoot,
  checkProofOfWork,
  encode,
  equalBytes,
  formatHash,
  hash256,
  indexBlock,
  isCoinbase,
  merkleRootOf,
  sizeOf,
  toHex,
  transaction,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import { checkWitnessCommitment, findWitnessCommitment } from "../src/witness-commitment.ts";
import { rawBlock, realBlock, realBlocks } from "./support/real-blocks.ts";

const powLimit = 2n ** 224n - 1n;

describe.each(realBlocks.map((known) => [known.network, known.height, known] as const))(
  "block %s %i",
  (_network, height, known) => {
    const raw = rawBlock(height);
    const block = realBlock(height);
    const index = indexBlock(block);
    const theirs = bitcoin.Block.fromBuffer(raw);
    const theirTransactions = theirs.transactions as bitcoin.Transaction[];
    const transactions = index.transactions();

    test("has its hash, which meets its target", () => {
      expect(formatHash(blockHashOf(block.header))).toBe(known.id);
      expect(theirs.getId()).toBe(known.id);
      expect(encode(blockHeader, block.header)).toEqual(raw.slice(0, 80));
      expect(checkProofOfWork(block.header, { powLimit })).toBe(true);
      expect(checkProofOfWork({ ...block.header, nonce: (block.header.nonce ^ 1) >>> 0 })).toBe(
        false,
      );
    });

    test("is as large and as heavy as it is", () => {
      expect(raw.length).toBe(known.bytes);
      expect([index.length, index.weight()]).toEqual([known.transactions, known.weight]);
      expect(theirs.weight()).toBe(known.weight);
    });

    test("says its height in its coinbase (BIP 34)", () => {
      const [coinbase] = transactions;
      expect(coinbase && isCoinbase(coinbase)).toBe(true);
      const [length, a, b, c] = coinbase?.inputs[0]?.scriptSig ?? [];
      expect(length).toBe(3);
      expect((a ?? 0) + (b ?? 0) * 0x100 + (c ?? 0) * 0x1_0000).toBe(height);
      expect(transactions.slice(1).some(isCoinbase)).toBe(false);
    });

    test("gives the same transactions by its index, whole and one by one, as to bitcoinjs-lib", () => {
      expect(transactions.length).toBe(theirTransactions.length);
      for (const [i, value] of transactions.entries()) {
        const one = theirTransactions[i] as bitcoin.Transaction;
        const bytes = index.bytesOf(i);
        if (!equalBytes(encode(transaction, value), bytes)) throw new Error(`${i} differs`);
        if (!equalBytes(encode(transaction, index.transaction(i)), bytes)) {
          throw new Error(`${i} differs alone`);
        }
        if (!equalBytes(one.toBuffer(), bytes)) throw new Error(`theirs differs at ${i}`);
        expect(value.inputs.length).toBe(one.ins.length);
        expect(value.outputs.map((output) => output.value)).toEqual(
          one.outs.map((output) => output.value),
        );
        expect(index.hasWitness(i)).toBe(one.hasWitnesses());
        expect(sizeOf(value).weight).toBe(one.weight());
      }
    });

    test("has the ids that bitcoinjs-lib computes", () => {
      const txids = theirTransactions.map((one) => toHex(one.getHash()));
      expect(index.txids().map(toHex)).toEqual(txids);
      expect(transactions.map((value) => toHex(txidOf(value)))).toEqual(txids);
      expect(txids.map((_, i) => toHex(index.txid(i)))).toEqual(txids);
      const wtxids = theirTransactions.map((one) => toHex(hash256(one.toBuffer())));
      expect(index.wtxids().map(toHex)).toEqual(wtxids);
      expect(transactions.map((value) => toHex(wtxidOf(value)))).toEqual(wtxids);
      expect(wtxids.map((_, i) => toHex(index.wtxid(i)))).toEqual(wtxids);
      expect(wtxids.some((wtxid, i) => wtxid !== txids[i])).toBe(known.hasWitness);
    });

    test("has the merkle root of them", () => {
      expect(checkMerkleRoot(index)).toBe("valid");
      const { root, mutated } = merkleRootOf(index.txids());
      expect(toHex(root)).toBe(toHex(theirs.merkleRoot as Uint8Array));
      expect(toHex(root)).toBe(toHex(bitcoin.Block.calculateMerkleRoot(theirTransactions)));
      expect(mutated).toBe(false);
    });

    test("commits to its witnesses, if it has any", () => {
      expect(checkWitnessCommitment(index)).toBe("valid");
      expect(theirs.checkTxRoots()).toBe(true);
      const found = findWitnessCommitment(index.transaction(0));
      expect(found && toHex(found)).toBe(theirs.witnessCommit && toHex(theirs.witnessCommit));
      expect(found !== undefined).toBe(known.hasWitness);
    });
  },
);

test("one bit of a witness that is changed is seen by the commitment alone", () => {
  const { header, body } = realBlock(482_683);
  const index = indexBlock({ header, body: body.slice() });
  const items = index
    .transactions()
    .slice(1)
    .flatMap(({ inputs }) => inputs.flatMap(({ witness }) => witness));
  const item = items.find(({ length }) => length > 0) as Uint8Array; // a view of the body
  item[0] = (item[0] as number) ^ 1;
  const changed = indexBlock(index.block);
  expect(checkMerkleRoot(changed)).toBe("valid");
  expect(checkWitnessCommitment(changed)).toBe("mismatch");
});
