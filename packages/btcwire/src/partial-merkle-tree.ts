// BIP 37: the part of a block's tree of hashes that proves some of its transactions, as `merkleblock` carries it.
// Bytes: txids that are read are views of the hashes they came as; a root is fresh. A tree that is built shares the
// txids it was built from.
import { concatBytes, DecodeError, type DecodeErrorCode, equalBytes } from "@satwire/codec";
import type { BlockIndex } from "./block-index.ts";
import { hash256 } from "./hash256.ts";
import type { MerkleBlock } from "./messages/bloom-filters.ts";

// 4,000,000 units of weight, at least 4 for each of the 60 bytes that a transaction has at least.
const maxTransactions = 16_666;

/** The tree of a `merkleblock`. */
export type PartialMerkleTree = Pick<MerkleBlock, "totalTransactions" | "hashes" | "flags">;

/** A transaction that a partial tree proves. */
export interface MerkleMatch {
  /** Its place in the block. */
  readonly index: number;
  /** 32 bytes in the order of the wire. */
  readonly txid: Uint8Array;
}

/** What a partial tree says. */
export interface PartialMerkleProof {
  /** What `merkleRoot` of the header has to be for any of it to be true. */
  readonly root: Uint8Array;
  /** In the order of the block. */
  readonly matches: readonly MerkleMatch[];
}

/**
 * Reads a partial tree (BIP 37 "Parsing a partial merkle tree object").
 *
 * The root is for the caller to compare: {@link matchesOf} does. Anybody may present two hashes of a true tree as a
 * transaction of 64 bytes: whoever relies on a single txid has to know the transaction's size, or the tree's height
 * from a proof of the first transaction.
 *
 * @throws DecodeError if it is no tree, its `path` names the field and its `offset` counts from the first byte of that:
 * `too_long` for more transactions than a block holds, or more hashes than transactions; `short_read` and
 * `trailing_bytes` if there are too few or too many hashes or flags; `invalid_value` for no transactions, or if
 * both branches of a node are the same (CVE-2012-2459).
 */
export function readPartialMerkleTree(tree: PartialMerkleTree): PartialMerkleProof {
  const { totalTransactions, hashes, flags } = tree;
  if (totalTransactions === 0) {
    throw refusal("invalid_value", "totalTransactions", 0, "a block has transactions");
  }
  if (!(totalTransactions <= maxTransactions)) {
    const text = `${totalTransactions} transactions, at most ${maxTransactions}`;
    throw refusal("too_long", "totalTransactions", 0, text);
  }
  if (hashes.length > totalTransactions) {
    const text = `${hashes.length} hashes of ${totalTransactions} transactions`;
    throw refusal("too_long", "hashes", 0, text);
  }
  const matches: MerkleMatch[] = [];
  let usedHashes = 0;
  let usedBits = 0;
  const visit = (height: number, index: number): Uint8Array => {
    const byte = flags[usedBits >>> 3];
    if (byte === undefined) throw refusal("short_read", "flags", flags.length, "a flag is missing");
    const isParentOfMatch = ((byte >>> (usedBits++ & 7)) & 1) === 1;
    if (height === 0 || !isParentOfMatch) {
      const hash = hashes[usedHashes];
      if (hash === undefined) {
        throw refusal("short_read", "hashes", 32 * usedHashes, "a hash is missing");
      }
      usedHashes++;
      if (isParentOfMatch) matches.push({ index, txid: hash });
      return hash;
    }
    const left = visit(height - 1, 2 * index);
    if (2 * index + 1 >= widthAt(height - 1, totalTransactions)) {
      return hash256(concatBytes(left, left));
    }
    const right = visit(height - 1, 2 * index + 1);
    if (equalBytes(left, right)) {
      const text = "two branches of a node are the same";
      throw refusal("invalid_value", "hashes", 32 * (usedHashes - 1), text);
    }
    return hash256(concatBytes(left, right));
  };
  const root = visit(heightOf(totalTransactions), 0);
  if (usedHashes < hashes.length) {
    const text = `${hashes.length - usedHashes} hashes are not used`;
    throw refusal("trailing_bytes", "hashes", 32 * usedHashes, text);
  }
  const usedBytes = Math.ceil(usedBits / 8);
  if (usedBytes < flags.length) {
    const text = `${flags.length - usedBytes} bytes are not used`;
    throw refusal("trailing_bytes", "flags", usedBytes, text);
  }
  // A hash of the message may be the root: it is copied, and not by `slice`, which copies nothing of a Node buffer.
  return { root: Uint8Array.from(root), matches };
}

/**
 * The transactions that a `merkleblock` proves to be in the block of its header. Whether that header has its proof of
 * work and is in the best chain is another question.
 *
 * @throws DecodeError as {@link readPartialMerkleTree}; `invalid_value` with the path `header.merkleRoot` if the
 * header is that of other transactions.
 */
export function matchesOf(message: MerkleBlock): readonly MerkleMatch[] {
  const { root, matches } = readPartialMerkleTree(message);
  if (equalBytes(root, message.header.merkleRoot)) return matches;
  throw new DecodeError("invalid_value", "the root of the tree is another", {
    offset: 0,
    path: ["header", "merkleRoot"],
  });
}

/**
 * The partial tree that proves some of a block's transactions.
 *
 * @param txids - of all transactions of the block
 * @param isMatch - whether one is to be proven; called once each, in order
 * @throws RangeError for no txids at all, or more than 16,666.
 */
export function partialMerkleTreeOf(
  txids: readonly Uint8Array[],
  isMatch: (index: number) => boolean,
): PartialMerkleTree {
  if (txids.length === 0 || txids.length > maxTransactions) {
    throw new RangeError(`${txids.length} transactions, 1 to ${maxTransactions} are possible`);
  }
  // The hashes of each level, the txids first, and whether there is a match below them.
  let top: MerkleLevel = { hashes: txids, matches: txids.map((_, i) => isMatch(i)) };
  const levels = [top];
  while (top.hashes.length > 1) {
    top = levelAbove(top);
    levels.push(top);
  }
  const hashes: Uint8Array[] = [];
  const bits: boolean[] = [];
  const visit = (height: number, index: number): void => {
    const level = levels[height] as MerkleLevel;
    if (index >= level.hashes.length) return;
    const isParentOfMatch = level.matches[index] as boolean;
    bits.push(isParentOfMatch);
    if (height === 0 || !isParentOfMatch) {
      hashes.push(level.hashes[index] as Uint8Array);
      return;
    }
    visit(height - 1, 2 * index);
    visit(height - 1, 2 * index + 1);
  };
  visit(levels.length - 1, 0);
  const flags = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) {
    if (bit) flags[i >>> 3] = (flags[i >>> 3] as number) | (1 << (i & 7));
  }
  return { totalTransactions: txids.length, hashes, flags };
}

/**
 * The `merkleblock` of a block.
 *
 * @param isMatch - as for {@link partialMerkleTreeOf}
 * @throws RangeError for a block of no transactions, or of more than 16,666.
 * @example
 * ```ts
 * const message = merkleBlockOf(index, (i) => filter.matchAndUpdate(index.transaction(i)));
 * ```
 */
export function merkleBlockOf(index: BlockIndex, isMatch: (index: number) => boolean): MerkleBlock {
  const { header } = index.block;
  return { type: "merkleblock", header, ...partialMerkleTreeOf(index.txids(), isMatch) };
}

interface MerkleLevel {
  readonly hashes: readonly Uint8Array[];
  readonly matches: readonly boolean[];
}

function levelAbove({ hashes, matches }: MerkleLevel): MerkleLevel {
  const width = Math.ceil(hashes.length / 2);
  return {
    hashes: Array.from({ length: width }, (_, i) => {
      const left = hashes[2 * i] as Uint8Array;
      return hash256(concatBytes(left, hashes[2 * i + 1] ?? left));
    }),
    matches: Array.from(
      { length: width },
      (_, i) => matches[2 * i] === true || matches[2 * i + 1] === true,
    ),
  };
}

/** How many nodes there are so far above the txids. */
function widthAt(height: number, totalTransactions: number): number {
  return Math.ceil(totalTransactions / 2 ** height);
}

function heightOf(totalTransactions: number): number {
  return 32 - Math.clz32(totalTransactions - 1);
}

function refusal(
  code: DecodeErrorCode,
  field: keyof PartialMerkleTree,
  offset: number,
  text: string,
): DecodeError {
  return new DecodeError(code, text, { offset, path: [field] });
}
