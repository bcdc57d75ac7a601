import { concatBytes, decode, encode, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { hash256, type MerkleBlock, merkleblock, merkleRootOf } from "../src/index.ts";
import {
  matchesOf,
  type PartialMerkleTree,
  partialMerkleTreeOf,
  readPartialMerkleTree,
} from "../src/partial-merkle-tree.ts";
import { header } from "./support/block-values.ts";
import { SharedSlice } from "./support/shared-slice.ts";
import { thrown } from "./support/thrown.ts";

const txid = (i: number): Uint8Array => new Uint8Array(32).fill(i + 1);
const txids = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => txid(i));
const pair = (left: Uint8Array, right: Uint8Array): Uint8Array => hash256(concatBytes(left, right));
const leaf = (i: number): Uint8Array => txid(i);

const refusal = (tree: PartialMerkleTree): unknown => {
  const { code, path, offset } = thrown(() => readPartialMerkleTree(tree)) as {
    code: string;
    path: unknown;
    offset?: number;
  };
  return { code, path, offset };
};

describe("a partial tree", () => {
  test("of one transaction is its txid", () => {
    const tree = partialMerkleTreeOf(txids(1), () => true);
    expect(tree).toEqual({ totalTransactions: 1, hashes: [txid(0)], flags: Uint8Array.of(1) });
    const proof = readPartialMerkleTree(tree);
    expect(proof).toEqual({ root: txid(0), matches: [{ index: 0, txid: txid(0) }] });
    proof.root.fill(0);
    expect(tree.hashes).toEqual([txid(0)]);
    const buffer = SharedSlice.from(txid(0));
    readPartialMerkleTree({ ...tree, hashes: [buffer] }).root.fill(0);
    expect([...buffer]).toEqual([...txid(0)]);
  });

  test("without a match is the root", () => {
    const { root } = merkleRootOf(txids(7));
    const tree = partialMerkleTreeOf(txids(7), () => false);
    expect(tree).toEqual({ totalTransactions: 7, hashes: [root], flags: Uint8Array.of(0) });
    const proof = readPartialMerkleTree(tree);
    expect(proof).toEqual({ root, matches: [] });
    proof.root.fill(0);
    expect(tree.hashes).toEqual([root]);
  });

  test("of five with the fifth goes down to it in depth-first order", () => {
    const tree = partialMerkleTreeOf(txids(5), (i) => i === 4);
    const left = pair(pair(leaf(0), leaf(1)), pair(leaf(2), leaf(3)));
    // The root, its left half, its right half, the only branch of that, and its only leaf.
    expect(tree.flags).toEqual(Uint8Array.of(0b11101));
    expect(tree.hashes.map(toHex)).toEqual([left, txid(4)].map(toHex));
    const right = pair(pair(leaf(4), leaf(4)), pair(leaf(4), leaf(4)));
    expect(readPartialMerkleTree(tree)).toEqual({
      root: pair(left, right),
      matches: [{ index: 4, txid: txid(4) }],
    });
  });

  test("asks for each transaction once, in order", () => {
    const asked: number[] = [];
    partialMerkleTreeOf(txids(6), (i) => asked.push(i) === 0);
    expect(asked).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("takes 1 to 16,666 transactions", () => {
    const many = txids(16_667).map((_, i) =>
      Uint8Array.of(i & 0xff, i >> 8, ...new Uint8Array(30)),
    );
    expect(() => partialMerkleTreeOf([], () => true)).toThrow(RangeError);
    expect(() => partialMerkleTreeOf(many, () => true)).toThrow(RangeError);
    const tree = partialMerkleTreeOf(many.slice(1), (i) => i === 16_665);
    expect(readPartialMerkleTree(tree)).toEqual({
      root: merkleRootOf(many.slice(1)).root,
      matches: [{ index: 16_665, txid: many[16_666] }],
    });
  });
});

describe("what is no partial tree", () => {
  const tree = partialMerkleTreeOf(txids(9), (i) => i === 3);

  test("has no transactions", () => {
    const none = { totalTransactions: 0, hashes: [], flags: new Uint8Array(0) };
    const error = { code: "invalid_value", path: ["totalTransactions"], offset: 0 };
    expect(refusal(none)).toEqual(error);
  });

  test("has more transactions than a block holds", () => {
    const error = { code: "too_long", path: ["totalTransactions"], offset: 0 };
    for (const totalTransactions of [16_667, 0xffff_ffff]) {
      expect(refusal({ ...tree, totalTransactions })).toEqual(error);
    }
    const largest = { totalTransactions: 16_666, hashes: [txid(0)], flags: Uint8Array.of(0) };
    expect(readPartialMerkleTree(largest).root).toEqual(txid(0));
  });

  test("has more hashes than transactions", () => {
    expect(refusal({ totalTransactions: 1, hashes: txids(2), flags: Uint8Array.of(1) })).toEqual({
      code: "too_long",
      path: ["hashes"],
      offset: 0,
    });
  });

  test("lacks a hash", () => {
    expect(refusal({ ...tree, hashes: tree.hashes.slice(0, -1) })).toEqual({
      code: "short_read",
      path: ["hashes"],
      offset: 32 * (tree.hashes.length - 1),
    });
    expect(refusal({ ...tree, hashes: [] })).toMatchObject({ code: "short_read", offset: 0 });
  });

  test("lacks a flag", () => {
    expect(tree.flags).toHaveLength(2);
    const error = { code: "short_read", path: ["flags"], offset: 1 };
    expect(refusal({ ...tree, flags: tree.flags.subarray(0, 1) })).toEqual(error);
    expect(refusal({ ...tree, flags: new Uint8Array(0) })).toMatchObject({ ...error, offset: 0 });
  });

  test("has a hash that is not used", () => {
    expect(refusal({ ...tree, hashes: [...tree.hashes, txid(0)] })).toEqual({
      code: "trailing_bytes",
      path: ["hashes"],
      offset: 32 * tree.hashes.length,
    });
  });

  test("has a byte of flags that is not used", () => {
    expect(refusal({ ...tree, flags: Uint8Array.of(...tree.flags, 0) })).toEqual({
      code: "trailing_bytes",
      path: ["flags"],
      offset: 2,
    });
  });

  test("may have anything in the last bits, as in Bitcoin Core", () => {
    const one = partialMerkleTreeOf(txids(1), () => true);
    const padded = { ...one, flags: Uint8Array.of(0xff) };
    expect(readPartialMerkleTree(padded)).toEqual(readPartialMerkleTree(one));
  });

  // Bitcoin Core's pmt_malleability: the last two are there twice, and the root is that of ten.
  test("has two branches that are the same (CVE-2012-2459)", () => {
    const ids = [...txids(10), txid(8), txid(9)];
    expect(merkleRootOf(ids).root).toEqual(merkleRootOf(txids(10)).root);
    const twice = partialMerkleTreeOf(ids, (i) => i === 9 || i === 10);
    const error = { code: "invalid_value", path: ["hashes"] };
    expect(refusal(twice)).toMatchObject(error);
    const leaves = { totalTransactions: 2, hashes: [txid(0), txid(0)], flags: Uint8Array.of(3) };
    expect(refusal(leaves)).toEqual({ ...error, offset: 32 });
  });
});

describe("a merkleblock", () => {
  const tree = partialMerkleTreeOf(txids(6), (i) => i % 2 === 0);
  const message: MerkleBlock = {
    type: "merkleblock",
    header: { ...header, merkleRoot: merkleRootOf(txids(6)).root },
    ...tree,
  };

  test("proves what its header commits to", () => {
    const read = decode(merkleblock, encode(merkleblock, message));
    expect(matchesOf(read)).toEqual([0, 2, 4].map((index) => ({ index, txid: txid(index) })));
  });

  test("is refused for another header", () => {
    const error = thrown(() => matchesOf({ ...message, header }));
    expect(error).toMatchObject({ code: "invalid_value", path: ["header", "merkleRoot"] });
  });

  test("is refused if its tree is", () => {
    const error = thrown(() => matchesOf({ ...message, hashes: [] }));
    expect(error).toMatchObject({ code: "short_read", path: ["hashes"] });
  });
});
