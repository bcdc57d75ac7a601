// BIP 152: blocks made small for who has their transactions, and made whole again.
// Bytes: a block that was put together has bytes of its own. What waits for missing transactions holds the header
// of the `cmpctblock` and the bytes of the candidates as they were given: they must stay as they are.
import { encode, equalBytes } from "@satwire/codec";
import { blockHashOf, type BlockHeader } from "./block-header.ts";
import { type Block, type BlockIndex, checkMerkleRoot, indexBlock } from "./block-index.ts";
import { compactSize } from "./compact-size.ts";
import {
  type BlockTxn,
  type CmpctBlock,
  type GetBlockTxn,
  maxCompactTransactions,
} from "./messages/compact-blocks.ts";
import { shortIdKeyOf, shortIdOf, shortIdsOf } from "./short-id.ts";
import { transaction } from "./transaction.ts";
import { checkWitnessCommitment, type WitnessCheckOptions } from "./witness-commitment.ts";

// What a block has at most (`MAX_BLOCK_SERIALIZED_SIZE` of Bitcoin Core), less its header.
const maxBodyLength = 4_000_000 - 80;

/** What {@link compactBlockOf} has to know. */
export interface CompactBlockOptions {
  /** A random number of 64 bits, new for each block. */
  readonly nonce: bigint;
  /** Places of transactions that the receiver will hardly have. The first of the block is always among them. */
  readonly prefill?: Iterable<number> | undefined;
}

/**
 * The `cmpctblock` of a block, version 2 (BIP 152).
 *
 * @throws RangeError for a block of no transactions or more than 65,535, or a place that is not in it; EncodeError if
 * the nonce does not fit 64 bits; DecodeError if a transaction to prefill cannot be read.
 */
export function compactBlockOf(
  index: BlockIndex,
  { nonce, prefill = [] }: CompactBlockOptions,
): CmpctBlock {
  if (index.length === 0 || index.length > maxCompactTransactions) {
    throw new RangeError(`no compact block of ${index.length} transactions`);
  }
  const { header } = index.block;
  const places = new Set([0, ...prefill]);
  const prefilledtxn = [...places]
    .toSorted((a, b) => a - b)
    .map((place) => ({ index: place, tx: index.transaction(place) }));
  const others = index.wtxids().filter((_, i) => !places.has(i));
  const shortids = shortIdsOf({ header, nonce }, others);
  return { type: "cmpctblock", header, nonce, shortids, prefilledtxn };
}

/** A transaction that a block may have, such as one of the mempool. */
export interface CandidateTransaction {
  readonly wtxid: Uint8Array;
  /** With its witness, as {@link transaction} writes it. Asked for only if the short id fits. */
  readonly bytes: Uint8Array;
}

/**
 * Why no block came out although the peer may be honest. Ask for the whole block.
 *
 * - `short_id_collision`: two transactions of the block have the same short id.
 * - `too_large`: what was found for the short ids is more than a block holds.
 * - `merkle_root`: the header has other transactions: a candidate had the short id of another one.
 * - `mutated`: as `merkle_root`; some transactions are there twice, or may be hashes of the tree: see
 *   {@link checkMerkleRoot}.
 * - `witness_commitment`: the witnesses are others, or the commitment is not as it must be.
 */
export type ReconstructionFailure =
  | "short_id_collision"
  | "too_large"
  | "merkle_root"
  | "mutated"
  | "witness_commitment";

/**
 * What the peer did wrong. Bitcoin Core punishes it, but ignores `other_block`.
 *
 * - `no_transactions`, `too_many_transactions`: a block has 1 to 65,535 here.
 * - `bad_prefilled`: places that are not in ascending order or not in the block, or a transaction without inputs
 *   and outputs.
 * - `other_block`: a `blocktxn` is about another block.
 * - `wrong_count`: a `blocktxn` has fewer or more transactions than it was asked for.
 */
export type ReconstructionViolation =
  | "no_transactions"
  | "too_many_transactions"
  | "bad_prefilled"
  | "other_block"
  | "wrong_count";

/** A block of which some transactions are missing. */
export interface PartialBlock {
  readonly status: "missing";
  /** What to ask the peer for. */
  readonly request: GetBlockTxn;
  readonly header: BlockHeader;
  /** The bytes of each transaction; undefined where one is missing. */
  readonly transactions: readonly (Uint8Array | undefined)[];
}

/** What became of a compact block. */
export type Reconstruction =
  | {
      readonly status: "complete";
      readonly block: Block;
      readonly index: BlockIndex;
    }
  | PartialBlock
  | { readonly status: "failed"; readonly reason: ReconstructionFailure }
  | { readonly status: "invalid"; readonly reason: ReconstructionViolation };

/** What {@link completeBlock} may say. */
export type CompletedReconstruction = Exclude<Reconstruction, PartialBlock>;

/**
 * Puts a block together from a `cmpctblock` and transactions that are there already.
 *
 * Check the header first: its proof of work, and that it continues a chain of interest. Without that anybody can have
 * all candidates hashed. A block that is complete has the transactions and witnesses which its header commits to;
 * whether they are valid is another question.
 *
 * The order of the candidates matters only if two of them have the same short id: then both are left aside, or the
 * second is not looked at because there is a candidate for every place.
 *
 * @throws DecodeError if the bytes of a candidate are no transaction; EncodeError if the message cannot be written.
 * @example
 * ```ts
 * const result = reconstructBlock(message, mempool.values());
 * if (result.status === "complete") take(result.block);
 * else if (result.status === "missing") peer.send(result.request); // then completeBlock(result, blocktxn)
 * else if (result.status === "failed") peer.send(getWholeBlock(blockHashOf(message.header)));
 * else peer.close(result.reason);
 * ```
 */
export function reconstructBlock(
  message: CmpctBlock,
  candidates: Iterable<CandidateTransaction>,
  options: WitnessCheckOptions = {},
): Reconstruction {
  const { header, shortids, prefilledtxn } = message;
  const count = shortids.length + prefilledtxn.length;
  if (count === 0) return { status: "invalid", reason: "no_transactions" };
  if (count > maxCompactTransactions) return { status: "invalid", reason: "too_many_transactions" };
  const transactions = Array.from<Uint8Array | undefined>({ length: count });
  let next = 0;
  for (const { index, tx } of prefilledtxn) {
    const isNull = tx.inputs.length === 0 && tx.outputs.length === 0;
    if (!(Number.isInteger(index) && index >= next && index < count) || isNull) {
      return { status: "invalid", reason: "bad_prefilled" };
    }
    transactions[index] = encode(transaction, tx);
    next = index + 1;
  }
  const slots = slotsOf(shortids, transactions);
  if (slots === undefined) return { status: "failed", reason: "short_id_collision" };
  fillSlots(slots, message, candidates, transactions);
  const indexes = [...transactions.keys()].filter((i) => transactions[i] === undefined);
  if (indexes.length === 0) return checkedBlock(header, transactions as Uint8Array[], options);
  const blockhash = blockHashOf(header);
  const request: GetBlockTxn = { type: "getblocktxn", blockhash, indexes };
  return { status: "missing", request, header, transactions };
}

/**
 * Completes a block with the transactions that were missing. The partial block stays as it is: if one peer's answer is
 * of no use, another's may be tried.
 *
 * @throws DecodeError if the bytes of a candidate are no transaction; EncodeError if a transaction of the answer cannot be
 * written.
 */
export function completeBlock(
  partial: PartialBlock,
  answer: BlockTxn,
  options: WitnessCheckOptions = {},
): CompletedReconstruction {
  if (!equalBytes(answer.blockhash, partial.request.blockhash)) {
    return { status: "invalid", reason: "other_block" };
  }
  if (answer.transactions.length !== partial.request.indexes.length) {
    return { status: "invalid", reason: "wrong_count" };
  }
  const missing = answer.transactions.values();
  const transactions = partial.transactions.map(
    (bytes) => bytes ?? encode(transaction, missing.next().value as BlockTxn["transactions"][0]),
  );
  return checkedBlock(partial.header, transactions, options);
}

/** Short ids in ascending order, and the place in the block that each of them has. */
interface Slots {
  readonly shortids: Float64Array;
  readonly places: Uint32Array;
}

/**
 * Sorted, because a peer chooses the ids: in a hash table they could all meet in one place. Undefined if two are equal.
 */
function slotsOf(
  shortids: readonly number[],
  transactions: readonly (Uint8Array | undefined)[],
): Slots | undefined {
  const free = [...transactions.keys()].filter((i) => transactions[i] === undefined);
  const order = [...shortids.keys()].sort(
    (a, b) => (shortids[a] as number) - (shortids[b] as number),
  );
  const sorted = Float64Array.from(order, (i) => shortids[i] as number);
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return undefined;
  return { shortids: sorted, places: Uint32Array.from(order, (i) => free[i] as number) };
}

function fillSlots(
  { shortids, places }: Slots,
  message: CmpctBlock,
  candidates: Iterable<CandidateTransaction>,
  transactions: (Uint8Array | undefined)[],
): void {
  const key = shortIdKeyOf(message);
  const hash = new Uint32Array(2);
  // The wtxid of the first candidate for each place.
  const found = new Map<number, Uint8Array>();
  if (shortids.length === 0) return;
  for (const candidate of candidates) {
    const slot = search(shortids, shortIdOf(hash, key, candidate.wtxid));
    if (slot < 0) continue;
    const place = places[slot] as number;
    const wtxid = found.get(place);
    if (wtxid === undefined) {
      found.set(place, candidate.wtxid);
      transactions[place] = candidate.bytes;
      // As in Bitcoin Core: that another one has the same short id is rare, and would show in the merkle root.
      if (found.size === shortids.length) return;
    } else if (!equalBytes(wtxid, candidate.wtxid)) {
      // One of the two at most: the peer has to say which.
      transactions[place] = undefined;
    }
  }
}

/** Where a value is in an ascending list, or -1. */
function search(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = values[middle] as number;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function checkedBlock(
  header: BlockHeader,
  transactions: readonly Uint8Array[],
  options: WitnessCheckOptions,
): CompletedReconstruction {
  const count = encode(compactSize, transactions.length);
  const length = transactions.reduce((sum, bytes) => sum + bytes.length, count.length);
  if (length > maxBodyLength) return { status: "failed", reason: "too_large" };
  const body = new Uint8Array(length);
  body.set(count);
  let at = count.length;
  for (const bytes of transactions) {
    body.set(bytes, at);
    at += bytes.length;
  }
  const block: Block = { header, body };
  const index = indexBlock(block);
  const merkle = checkMerkleRoot(index);
  if (merkle === "mismatch") return { status: "failed", reason: "merkle_root" };
  if (merkle === "mutated") return { status: "failed", reason: "mutated" };
  if (checkWitnessCommitment(index, options) !== "valid") {
    return { status: "failed", reason: "witness_commitment" };
  }
  return { status: "complete", block, index };
}
