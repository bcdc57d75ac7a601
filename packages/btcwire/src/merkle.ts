// The tree of hashes that a block header commits to.
import { hash256 } from "./hash256.ts";

/** What a tree of hashes comes to. */
export interface MerkleRoot {
  /** 32 bytes in the order of the wire; zeros for no leaves at all. */
  readonly root: Uint8Array;
  /**
   * Two neighbours are equal: the same root comes out without the second of them, so that the list may not be the
   * one that was meant (CVE-2012-2459). Nodes refuse such a block.
   */
  readonly mutated: boolean;
}

/** The root of the tree over hashes of 32 bytes; `txid`s give `merkleRoot` of the header. */
export function merkleRootOf(leaves: readonly Uint8Array[]): MerkleRoot {
  if (leaves.length === 0) return { root: new Uint8Array(32), mutated: false };
  // One buffer that each level halves, instead of an array of hashes for each.
  let count = leaves.length;
  const hashes = new Uint8Array(32 * (count + 1));
  for (let i = 0; i < count; i++) hashes.set(leaves[i] as Uint8Array, 32 * i);
  let mutated = false;
  while (count > 1) {
    for (let i = 0; i + 1 < count; i += 2) mutated ||= areEqual(hashes, 32 * i);
    // The last of an odd number stands for both.
    if (count % 2 === 1) hashes.copyWithin(32 * count, 32 * (count - 1), 32 * count);
    count = Math.ceil(count / 2);
    for (let i = 0; i < count; i++) {
      hashes.set(hash256(hashes.subarray(64 * i, 64 * i + 64)), 32 * i);
    }
  }
  return { root: hashes.slice(0, 32), mutated };
}

function areEqual(hashes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 32; i++) if (hashes[i] !== hashes[i + 32]) return false;
  return true;
}
