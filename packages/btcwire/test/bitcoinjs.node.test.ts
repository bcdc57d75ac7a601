import * as bitcoin from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import {
  fromBitcoinjsBlock,
  fromBitcoinjsHeader,
  fromBitcoinjsTransaction,
  toBitcoinjsBlock,
  toBitcoinjsHeader,
  toBitcoinjsTransaction,
} from "../src/bitcoinjs/index.ts";
import { encode, equalBytes, indexBlock, transaction } from "../src/index.ts";
import { rawBlock, realBlock, realBlocks } from "./support/real-blocks.ts";

describe.each(realBlocks.map((known) => [known.network, known.height, known] as const))(
  "block %s %i",
  (_network, height, known) => {
    const raw = rawBlock(height);
    const block = realBlock(height);
    const theirs = bitcoin.Block.fromBuffer(raw);

    test("comes to bitcoinjs-lib and back byte for byte", () => {
      const made = toBitcoinjsBlock(indexBlock(block));
      expect(made.getId()).toBe(known.id);
      expect(made.weight()).toBe(known.weight);
      expect(equalBytes(made.toBuffer(), raw)).toBe(true);
      expect(made.checkTxRoots()).toBe(true);
      expect(made.witnessCommit).toEqual(theirs.witnessCommit);
      expect(equalBytes(fromBitcoinjsBlock(made).body, block.body)).toBe(true);
    });

    test("comes from bitcoinjs-lib, whole and as a header", () => {
      const made = fromBitcoinjsBlock(theirs);
      expect(made.header).toStrictEqual(fromBitcoinjsHeader(theirs));
      expect(toBitcoinjsHeader(made.header).getId()).toBe(known.id);
      expect(equalBytes(made.body, block.body)).toBe(true);
      expect(fromBitcoinjsHeader(bitcoin.Block.fromBuffer(raw.slice(0, 80)))).toEqual(made.header);
    });

    test("gives the same transactions one by one", () => {
      const index = indexBlock(block);
      for (const [i, one] of (theirs.transactions ?? []).entries()) {
        const bytes = index.bytesOf(i);
        const ours = toBitcoinjsTransaction(index.transaction(i));
        if (!equalBytes(ours.toBuffer(), bytes)) throw new Error(`${i} differs`);
        const back = encode(transaction, fromBitcoinjsTransaction(one));
        if (!equalBytes(back, bytes)) throw new Error(`${i} differs back`);
      }
    });
  },
);

// `Block.fromBuffer` of a Buffer gives Buffers throughout.
test("Buffers of bitcoinjs-lib come out as plain Uint8Arrays", () => {
  const theirs = bitcoin.Block.fromBuffer(Buffer.from(rawBlock(482_683)));
  expect(theirs.prevHash).toBeInstanceOf(Buffer);
  expect(theirs.transactions?.[1]?.ins[0]?.hash).toBeInstanceOf(Buffer);
  const { prevBlock, merkleRoot } = fromBitcoinjsHeader(theirs);
  const [coinbase] = theirs.transactions as [bitcoin.Transaction];
  const { inputs, outputs } = fromBitcoinjsTransaction(coinbase);
  const all = [
    prevBlock,
    merkleRoot,
    fromBitcoinjsBlock(theirs).body,
    ...inputs.flatMap(({ txid, scriptSig, witness }) => [txid, scriptSig, ...witness]),
    ...outputs.map(({ scriptPubKey }) => scriptPubKey),
  ];
  for (const bytes of all) expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
});
