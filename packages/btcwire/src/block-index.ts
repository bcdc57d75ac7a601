// Where the transactions of a block are, found without reading what is in them, and what can be had of it cheaply.
// Bytes: everything is a view of the block's body unless it says otherwise.
import { equalBytes, Reader, withPath } from "@satwire/codec";
import type { BlockHeader } from "./block-header.ts";
import { readCompactSize } from "./compact-size.ts";
import { hash256 } from "./hash256.ts";
import { merkleRootOf } from "./merkle.ts";
import { isCoinbase, type Transaction, transaction } from "./transaction.ts";

/** A block as it comes: its header, and the bytes behind it as they are. */
export interface Block {
  readonly header: BlockHeader;
  /** The number of transactions and the transactions: see `indexBlock`. */
  readonly body: Uint8Array;
}

const empty: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The places of a block's transactions. Made by {@link indexBlock}. */
export class BlockIndex {
  readonly block: Block;
  /** How many transactions there are. */
  readonly length: number;
  // Where each begins, and where the last ends.
  readonly #starts: Uint32Array;
  // Where the witness of each begins; 0 if there is none.
  readonly #witnesses: Uint32Array;
  // For a transaction without its witness, up to twice as long as the longest that was hashed.
  #stripped: Uint8Array = empty;

  constructor(block: Block, starts: Uint32Array, witnesses: Uint32Array) {
    this.block = block;
    this.length = witnesses.length;
    this.#starts = starts;
    this.#witnesses = witnesses;
  }

  /** The bytes of one transaction. @throws RangeError if there is no such transaction. */
  bytesOf(index: number): Uint8Array {
    this.#check(index);
    return this.block.body.subarray(this.#starts[index], this.#starts[index + 1]);
  }

  /** One transaction. @throws RangeError if there is no such transaction. */
  transaction(index: number): Transaction {
    return transaction.read(new Reader(this.bytesOf(index)));
  }

  /** All transactions. */
  transactions(): Transaction[] {
    const { body } = this.block;
    const reader = new Reader(body);
    reader.offset = this.#starts[0] as number;
    return Array.from({ length: this.length }, () => transaction.read(reader));
  }

  /** Whether a transaction has a witness. @throws RangeError if there is no such transaction. */
  hasWitness(index: number): boolean {
    this.#check(index);
    return this.#witnesses[index] !== 0;
  }

  /** The id of one transaction, in bytes of its own. @throws RangeError if there is no such transaction. */
  txid(index: number): Uint8Array {
    const bytes = this.bytesOf(index);
    const witness = this.#witnesses[index] as number;
    if (witness === 0) return hash256(bytes);
    // Without marker and flag in front of the inputs, and without the witness in front of the lock time.
    const end = witness - (this.#starts[index] as number);
    const length = end + 2;
    if (this.#stripped.length < length) this.#stripped = new Uint8Array(2 * length);
    const stripped = this.#stripped;
    stripped.set(bytes.subarray(0, 4));
    stripped.set(bytes.subarray(6, end), 4);
    stripped.set(bytes.subarray(bytes.length - 4), end - 2);
    return hash256(stripped.subarray(0, length));
  }

  /** The hash of one transaction with its witness. @throws RangeError if there is no such transaction. */
  wtxid(index: number): Uint8Array {
    return hash256(this.bytesOf(index));
  }

  /** Bytes of one transaction without its witness. @throws RangeError if there is no such transaction. */
  strippedLength(index: number): number {
    this.#check(index);
    const start = this.#starts[index] as number;
    const witness = this.#witnesses[index] as number;
    // Without marker and flag, and with the lock time.
    return witness === 0 ? (this.#starts[index + 1] as number) - start : witness - start + 2;
  }

  /** The ids of all transactions. */
  txids(): Uint8Array[] {
    return Array.from({ length: this.length }, (_, i) => this.txid(i));
  }

  /** The hashes of all transactions with their witnesses. */
  wtxids(): Uint8Array[] {
    return Array.from({ length: this.length }, (_, i) => this.wtxid(i));
  }

  /** 3 times the bytes without witnesses, plus all bytes (BIP 141); at most 4,000,000 in a valid block. */
  weight(): number {
    const bytes = 80 + this.block.body.length;
    let stripped = bytes;
    for (let i = 0; i < this.length; i++) {
      const witness = this.#witnesses[i] as number;
      if (witness !== 0) stripped -= 2 + (this.#starts[i + 1] as number) - 4 - witness;
    }
    return 3 * stripped + bytes;
  }

  #check(index: number): void {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) {
      throw new RangeError(`no transaction ${index} in a block of ${this.length}`);
    }
  }
}

/**
 * Finds the transactions of a block.
 *
 * @throws DecodeError if its body is not exactly as many transactions as it says; offsets count from the body's
 * first byte.
 * @example
 * ```ts
 * const index = indexBlock(block);
 * for (let i = 0; i < index.length; i++) if (isMine(index.txid(i))) take(index.transaction(i));
 * ```
 */
export function indexBlock(block: Block): BlockIndex {
  const reader = new Reader(block.body);
  const count = readCompactSize(reader);
  // The shortest transaction has no inputs and no outputs: 10 bytes.
  if (10 * count > reader.remaining) {
    throw reader.error("short_read", `${count} transactions in ${reader.remaining} bytes`, 0);
  }
  const starts = new Uint32Array(count + 1);
  const witnesses = new Uint32Array(count);
  let i = 0;
  try {
    for (; i < count; i++) {
      starts[i] = reader.offset;
      witnesses[i] = skipTransaction(reader);
    }
  } catch (error) {
    throw withPath(withPath(error, i), "transactions");
  }
  starts[count] = reader.offset;
  reader.finish();
  return new BlockIndex(block, starts, witnesses);
}

/** What {@link checkMerkleRoot} found. */
export type MerkleCheck = "valid" | "mismatch" | "mutated";

/**
 * Whether the header commits to the block's transactions; `mutated` if others may have the same root: some are there
 * twice, or are two hashes of the tree instead of transactions.
 */
export function checkMerkleRoot(index: BlockIndex): MerkleCheck {
  const { root, mutated } = merkleRootOf(index.txids());
  if (!equalBytes(root, index.block.header.merkleRoot)) return "mismatch";
  return mutated || mayBeHashes(index) ? "mutated" : "valid";
}

// As Bitcoin Core's `IsBlockMutated`: two hashes of the tree can pass for a transaction of 64 bytes, but hardly for the
// first of a block, whose 32 bytes of zeros would have to be found.
function mayBeHashes(index: BlockIndex): boolean {
  if (index.length === 0 || isCoinbase(index.transaction(0))) return false;
  for (let i = 0; i < index.length; i++) if (index.strippedLength(i) === 64) return true;
  return false;
}

/** Moves behind a transaction; returns where its witness begins, or 0. */
function skipTransaction(reader: Reader): number {
  skip(reader, 4);
  let inputs = readCompactSize(reader);
  let isExtended = false;
  if (inputs === 0) {
    const flag = reader.u8();
    if (flag === 0) {
      skip(reader, 4);
      return 0;
    }
    if (flag !== 1)
      throw reader.error("invalid_value", `flag ${flag} is unknown`, reader.offset - 1);
    isExtended = true;
    inputs = readCompactSize(reader);
  }
  for (let i = 0; i < inputs; i++) {
    skip(reader, 36);
    skip(reader, readCompactSize(reader));
    skip(reader, 4);
  }
  const outputs = readCompactSize(reader);
  for (let i = 0; i < outputs; i++) {
    skip(reader, 8);
    skip(reader, readCompactSize(reader));
  }
  let witness = 0;
  if (isExtended) {
    witness = reader.offset;
    let items = 0;
    for (let i = 0; i < inputs; i++) {
      const count = readCompactSize(reader);
      items += count;
      for (let j = 0; j < count; j++) skip(reader, readCompactSize(reader));
    }
    if (items === 0) {
      throw reader.error("non_canonical", "a witness is announced, none is there", witness);
    }
  }
  skip(reader, 4);
  return witness;
}

function skip(reader: Reader, length: number): void {
  if (length > reader.remaining) {
    throw reader.error("short_read", `need ${length} bytes, have ${reader.remaining}`);
  }
  reader.offset += length;
}
