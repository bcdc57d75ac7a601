import * as bitcoin from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import { concatBytes, hash256, merkleRootOf, parseHash, toHex } from "../src/index.ts";

/** The tree as BIPs and books tell it: from the root down, with the last leaf again where one is missing. */
const simpleRoot = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const parents: Uint8Array[] = [];
  for (let i = 0; i < leaves.length; i += 2) {
    const left = leaves[i] as Uint8Array;
    parents.push(hash256(concatBytes(left, leaves[i + 1] ?? left)));
  }
  return simpleRoot(parents);
};
const leavesOf = (...numbers: number[]): Uint8Array[] =>
  numbers.map((number) => hash256(Uint8Array.of(number & 255, number >> 8)));
const upTo = (count: number): Uint8Array[] =>
  leavesOf(...Array.from({ length: count }, (_, i) => i + 1));

describe("the root of", () => {
  test("no leaves is zeros", () => {
    expect(merkleRootOf([])).toEqual({ root: new Uint8Array(32), mutated: false });
  });

  test("one leaf is that leaf, copied", () => {
    const [leaf] = upTo(1) as [Uint8Array];
    const { root, mutated } = merkleRootOf([leaf]);
    expect(root).toEqual(leaf);
    expect(root.buffer).not.toBe(leaf.buffer);
    expect(mutated).toBe(false);
  });

  test("any number of leaves is that of a simpler way, and of bitcoinjs-lib", () => {
    for (const count of [...Array.from({ length: 70 }, (_, i) => i + 1), 255, 256, 257, 1000]) {
      const leaves = upTo(count);
      const before = leaves.map(toHex);
      const { root, mutated } = merkleRootOf(leaves);
      expect(toHex(root), `${count} leaves`).toBe(toHex(simpleRoot(leaves)));
      expect(mutated).toBe(false);
      expect(leaves.map(toHex)).toEqual(before);
      // It wants objects with a hash.
      const theirs = leaves.map((hash) => ({ getHash: () => hash }) as bitcoin.Transaction);
      expect(toHex(bitcoin.Block.calculateMerkleRoot(theirs))).toBe(toHex(root));
    }
  });

  // Block 100,000 of mainnet.
  test("a block's four transactions is in its header", () => {
    const txids = [
      "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
      "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
      "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
      "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ].map(parseHash);
    expect(merkleRootOf(txids).root).toEqual(
      parseHash("f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766"),
    );
  });
});

// The second list of each row gives the same root as the first: transactions were put in twice.
describe("two lists with one root (CVE-2012-2459)", () => {
  test.each([
    [
      [1, 2, 3],
      [1, 2, 3, 3],
    ],
    [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 5],
    ],
    [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 5, 5, 5],
    ],
    [
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6, 5, 6],
    ],
    [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 9, 10, 11, 12],
    ],
  ])("%j is meant, %j is mutated", (meant, other) => {
    const first = merkleRootOf(leavesOf(...meant));
    const second = merkleRootOf(leavesOf(...other));
    expect(toHex(second.root)).toBe(toHex(first.root));
    expect([first.mutated, second.mutated]).toEqual([false, true]);
  });

  test.each([
    ["the first two", [1, 1, 2, 3], true],
    ["the second and third, which are no pair", [1, 2, 2, 3], false],
    ["the last of an odd number and the one before it", [1, 2, 2], false],
    ["a pair in the middle", [1, 2, 3, 3, 4, 5, 6], true],
  ])("two equal leaves matter where they are neighbours: %s", (_, numbers, mutated) => {
    expect(merkleRootOf(leavesOf(...numbers)).mutated).toBe(mutated);
  });

  test("the last of an odd number has no neighbour, even if it is zeros", () => {
    const [first, second] = upTo(2) as [Uint8Array, Uint8Array];
    expect(merkleRootOf([first, second, new Uint8Array(32)]).mutated).toBe(false);
  });

  test("equal but for one bit of any byte is another leaf", () => {
    for (let i = 0; i < 32; i++) {
      const [leaf] = upTo(1) as [Uint8Array];
      const other = leaf.slice();
      other[i] = (other[i] as number) ^ 0x80;
      expect(merkleRootOf([leaf, other]).mutated).toBe(false);
    }
  });
});
