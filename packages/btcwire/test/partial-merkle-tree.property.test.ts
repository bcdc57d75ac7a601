import { equalBytes } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merkleRootOf } from "../src/index.ts";
import {
  type PartialMerkleTree,
  partialMerkleTreeOf,
  readPartialMerkleTree,
} from "../src/partial-merkle-tree.ts";

const txids = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => Uint8Array.of(i & 0xff, i >> 8, ...new Uint8Array(30)));

const cases = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(127, 128, 129, 255, 256, 257, 513))
  .chain((count) =>
    fc.record({ count: fc.constant(count), matches: fc.uniqueArray(fc.nat(count - 1)) }),
  );

const readOrUndefined = (tree: PartialMerkleTree) => {
  try {
    return readPartialMerkleTree(tree);
  } catch (error) {
    expect(error).toMatchObject({ name: "DecodeError" });
    return undefined;
  }
};

describe("a partial tree", () => {
  test("has the root of the whole one, and the matches in order", () => {
    fc.assert(
      fc.property(cases, ({ count, matches }) => {
        const ids = txids(count);
        const tree = partialMerkleTreeOf(ids, (i) => matches.includes(i));
        const proof = readPartialMerkleTree(tree);
        expect(proof.root).toEqual(merkleRootOf(ids).root);
        expect(proof.matches).toEqual(
          matches.toSorted((a, b) => a - b).map((index) => ({ index, txid: ids[index] })),
        );
        // At most one hash beside each node on the way to a match.
        const height = Math.ceil(Math.log2(count));
        expect(tree.hashes.length).toBeLessThanOrEqual(1 + matches.length * height);
      }),
    );
  });

  test("that was changed has another root, the same matches or none", () => {
    const change = fc.record({ at: fc.nat(), bit: fc.nat(7), inFlags: fc.boolean() });
    fc.assert(
      fc.property(cases, change, ({ count, matches }, { at, bit, inFlags }) => {
        const ids = txids(count);
        const tree = partialMerkleTreeOf(ids, (i) => matches.includes(i));
        const flip = (bytes: Uint8Array, index: number): Uint8Array =>
          bytes.map((byte, i) => (i === index % bytes.length ? byte ^ (1 << bit) : byte));
        const which = at % tree.hashes.length;
        const changed: PartialMerkleTree = inFlags
          ? { ...tree, flags: flip(tree.flags, at) }
          : {
              ...tree,
              hashes: tree.hashes.map((hash, i) => (i === which ? flip(hash, at) : hash)),
            };
        const proof = readOrUndefined(changed);
        if (proof === undefined || !equalBytes(proof.root, merkleRootOf(ids).root)) return;
        // Only flags may change without changing the root: a leaf is then told to match or not, truly.
        expect(inFlags).toBe(true);
        for (const { index, txid } of proof.matches) expect(txid).toEqual(ids[index]);
      }),
    );
  });

  test("of any hashes and flags is read or refused", () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.array(fc.nat(3), { maxLength: 45 }),
        fc.uint8Array({ maxLength: 12 }),
        (totalTransactions, hashes, flags) => {
          readOrUndefined({
            totalTransactions,
            hashes: hashes.map((byte) => new Uint8Array(32).fill(byte)),
            flags,
          });
        },
      ),
    );
  });
});
