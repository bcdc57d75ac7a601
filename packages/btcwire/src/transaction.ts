// Transactions (BIP 144) as plain objects, and their ids.
// Bytes: scripts, ids and witnesses of a decoded transaction are views of the bytes it came from; all that have no
// length are one empty array.
import {
  type Codec,
  type DecodeError,
  type DecodeErrorCode,
  encode,
  EncodeError,
  type Reader,
  withPath,
  type Writer,
} from "@satwire/codec";
import { readCompactSize, writeCompactSize } from "./compact-size.ts";
import { hash256Of } from "./hash256.ts";

/** What a transaction spends. */
export interface TransactionInput {
  /** The transaction whose output is spent: 32 bytes, as they are hashed. */
  readonly txid: Uint8Array;
  /** Which of its outputs; 0xffffffff in a coinbase. */
  readonly vout: number;
  readonly scriptSig: Uint8Array;
  readonly sequence: number;
  /** The witness stack, often empty. */
  readonly witness: readonly Uint8Array[];
}

/** What a transaction creates. */
export interface TransactionOutput {
  /** Satoshis: 64 bits, signed. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
}

/** A transaction. */
export interface Transaction {
  /** 32 bits, unsigned as in Bitcoin Core from version 28 on. */
  readonly version: number;
  readonly inputs: readonly TransactionInput[];
  readonly outputs: readonly TransactionOutput[];
  /** A height below 500,000,000, else seconds since 1970. */
  readonly lockTime: number;
}

/** The witness of an input that has none: shared, so that reading does not make one each. */
const noWitness: readonly Uint8Array[] = /* @__PURE__ */ Object.freeze([]);

/**
 * Codec of {@link Transaction} with its witness, as `tx` and `block` carry it (BIP 144).
 *
 * A transaction without any witness is written in the old form, which is its only one. One with outputs and
 * without inputs cannot be written: what it gives would be read as something else.
 */
export const transaction: Codec<Transaction> = { read: readTransaction, write: writeTransaction };

/** Codec of {@link Transaction} without its witness: what `txid` hashes. Witnesses are left out in writing. */
export const strippedTransaction: Codec<Transaction> = {
  read(reader) {
    const cursor = new Cursor(reader);
    const version = readNumber(cursor, "version");
    const inputs = readInputs(cursor);
    const outputs = readOutputs(cursor);
    const lockTime = readNumber(cursor, "lockTime");
    reader.offset = cursor.at;
    return { version, inputs, outputs, lockTime };
  },
  write(writer, value) {
    writeNumber(writer, value.version, "version");
    writeInputs(writer, value.inputs);
    writeOutputs(writer, value.outputs);
    writeNumber(writer, value.lockTime, "lockTime");
  },
};

/** Whether any input has a witness. */
export function hasWitness({ inputs }: Transaction): boolean {
  return inputs.some(({ witness }) => witness.length > 0);
}

/** The transaction's id: the hash of it without its witness, 32 bytes in the order of the wire. */
export function txidOf(value: Transaction): Uint8Array {
  return hash256Of(strippedTransaction, value);
}

/** The hash of a transaction with its witness (BIP 141), 32 bytes in the order of the wire. */
export function wtxidOf(value: Transaction): Uint8Array {
  return hash256Of(transaction, value);
}

/** Whether it is the first of a block: one input that spends nothing. */
export function isCoinbase({ inputs }: Transaction): boolean {
  const [first, second] = inputs;
  if (first === undefined || second !== undefined) return false;
  return first.vout === 0xffff_ffff && first.txid.every((byte) => byte === 0);
}

/** Bytes of a transaction in three measures (BIP 141). */
export interface TransactionSize {
  readonly bytes: number;
  /** 3 times the bytes without witness, plus all bytes. */
  readonly weight: number;
  /** A quarter of the weight, rounded up. */
  readonly virtualBytes: number;
}

/** How large a transaction is. */
export function sizeOf(value: Transaction): TransactionSize {
  const bytes = encode(transaction, value).length;
  const weight = 3 * encode(strippedTransaction, value).length + bytes;
  return { bytes, weight, virtualBytes: Math.ceil(weight / 4) };
}

function readTransaction(reader: Reader): Transaction {
  const cursor = new Cursor(reader);
  const version = readNumber(cursor, "version");
  const start = cursor.at;
  let inputs = readInputs(cursor);
  let outputs: TransactionOutput[] = [];
  if (inputs.length > 0) outputs = readOutputs(cursor);
  else {
    // No inputs: either the marker of BIP 144, whose flag is 1, or no outputs either.
    const flag = cursor.u8();
    if (flag > 1) {
      throw cursor.error("invalid_value", `flag ${flag} is unknown`, start + 1);
    }
    if (flag === 1) {
      inputs = readInputs(cursor);
      outputs = readOutputs(cursor);
      const isBare = !readWitnesses(cursor, inputs);
      if (isBare) {
        throw cursor.error("non_canonical", "a witness is announced, none is there", start);
      }
    }
  }
  const lockTime = readNumber(cursor, "lockTime");
  reader.offset = cursor.at;
  return { version, inputs, outputs, lockTime };
}

function readNumber(cursor: Cursor, key: "version" | "lockTime"): number {
  try {
    return cursor.u32();
  } catch (error) {
    throw withPath(error, key);
  }
}

function readInputs(cursor: Cursor): TransactionInput[] {
  const count = readNamedCount(cursor, 41, "inputs");
  if (count === 0) return [];
  let i = 0;
  try {
    const first = readInput(cursor);
    // A literal has the length that is needed, `push` makes room for 17. Most transactions have one input.
    const inputs = [first];
    for (i = 1; i < count; i++) inputs.push(readInput(cursor));
    return inputs;
  } catch (error) {
    throw withPath(withPath(error, i), "inputs");
  }
}

function readInput(cursor: Cursor): TransactionInput {
  const txid = cursor.take(32);
  const vout = cursor.u32();
  const scriptSig = cursor.take(cursor.compactSize());
  return { txid, vout, scriptSig, sequence: cursor.u32(), witness: noWitness };
}

function readOutputs(cursor: Cursor): TransactionOutput[] {
  const count = readNamedCount(cursor, 9, "outputs");
  if (count === 0) return [];
  let i = 0;
  try {
    const first = readOutput(cursor);
    if (count === 1) return [first];
    i = 1;
    const outputs = [first, readOutput(cursor)];
    for (i = 2; i < count; i++) outputs.push(readOutput(cursor));
    return outputs;
  } catch (error) {
    throw withPath(withPath(error, i), "outputs");
  }
}

function readOutput(cursor: Cursor): TransactionOutput {
  const value = cursor.i64();
  return { value, scriptPubKey: cursor.take(cursor.compactSize()) };
}

/** Gives the inputs their witnesses; false if none has any. */
function readWitnesses(cursor: Cursor, inputs: TransactionInput[]): boolean {
  let found = false;
  let i = 0;
  try {
    for (; i < inputs.length; i++) {
      const count = readCount(cursor, 1);
      if (count === 0) continue;
      found = true;
      // Nobody else has seen the object yet.
      (inputs[i] as { witness: readonly Uint8Array[] }).witness = readWitness(cursor, count);
    }
  } catch (error) {
    throw withPath(withPath(withPath(error, "witness"), i), "inputs");
  }
  return found;
}

function readWitness(cursor: Cursor, count: number): Uint8Array[] {
  const first = cursor.take(cursor.compactSize());
  if (count === 1) return [first];
  const items = [first, cursor.take(cursor.compactSize())];
  while (items.length < count) items.push(cursor.take(cursor.compactSize()));
  return items;
}

function readCount(cursor: Cursor, least: number): number {
  const start = cursor.at;
  const count = cursor.compactSize();
  const left = cursor.end - cursor.at;
  if (count * least <= left) return count;
  const text = `${count} of ${least} bytes or more announced, ${left} bytes left`;
  throw cursor.error("short_read", text, start);
}

function readNamedCount(cursor: Cursor, least: number, key: string): number {
  try {
    return readCount(cursor, least);
  } catch (error) {
    throw withPath(error, key);
  }
}

const empty: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const eightBytes: ArrayBuffer = /* @__PURE__ */ new ArrayBuffer(8);
const eight: DataView = /* @__PURE__ */ new DataView(eightBytes);

/**
 * What is left of a reader, its place and its end as plain numbers; to be given back with `reader.offset`. Views
 * are what a block takes longest to make, so that all of no length are one.
 */
class Cursor {
  readonly reader: Reader;
  at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly buffer: ArrayBufferLike;
  readonly base: number;

  constructor(reader: Reader) {
    const { bytes } = reader;
    this.reader = reader;
    this.at = reader.offset;
    this.end = reader.offset + reader.remaining;
    this.bytes = bytes;
    this.buffer = bytes.buffer;
    this.base = bytes.byteOffset;
  }

  error(code: DecodeErrorCode, detail: string, offset: number): DecodeError {
    this.reader.offset = this.at;
    return this.reader.error(code, detail, offset);
  }

  u8(): number {
    return this.bytes[this.advance(1)] as number;
  }

  u32(): number {
    return wordAt(this.bytes, this.advance(4));
  }

  i64(): bigint {
    const at = this.advance(8);
    // A view of all bytes would be one more object for each transaction.
    eight.setUint32(0, wordAt(this.bytes, at), true);
    eight.setUint32(4, wordAt(this.bytes, at + 4), true);
    return eight.getBigInt64(0, true);
  }

  compactSize(): number {
    const { at } = this;
    if (at < this.end) {
      const first = this.bytes[at] as number;
      if (first < 0xfd) {
        this.at = at + 1;
        return first;
      }
    }
    const { reader } = this;
    reader.offset = at;
    const value = readCompactSize(reader);
    this.at = reader.offset;
    return value;
  }

  take(length: number): Uint8Array {
    const at = this.advance(length);
    return length === 0 ? empty : new Uint8Array(this.buffer, this.base + at, length);
  }

  advance(length: number): number {
    const { at } = this;
    const left = this.end - at;
    if (length > left) {
      throw this.error("short_read", `need ${length} bytes, have ${left}`, at);
    }
    this.at = at + length;
    return at;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return (low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;
}

function writeTransaction(writer: Writer, value: Transaction): void {
  if (!hasWitness(value)) {
    if (value.inputs.length === 0 && value.outputs.length > 0) {
      throw new EncodeError("invalid_value", "outputs without inputs would be read as a witness", {
        path: ["inputs"],
      });
    }
    strippedTransaction.write(writer, value);
    return;
  }
  writeNumber(writer, value.version, "version");
  writer.u16le(0x0100); // marker 0, flag 1
  writeInputs(writer, value.inputs);
  writeOutputs(writer, value.outputs);
  let i = 0;
  try {
    for (; i < value.inputs.length; i++) {
      const { witness } = value.inputs[i] as TransactionInput;
      writeCompactSize(writer, witness.length);
      for (const item of witness) {
        writeCompactSize(writer, item.length);
        writer.put(item);
      }
    }
  } catch (error) {
    throw withPath(withPath(withPath(error, "witness"), i), "inputs");
  }
  writeNumber(writer, value.lockTime, "lockTime");
}

function writeInputs(writer: Writer, inputs: readonly TransactionInput[]): void {
  let i = 0;
  try {
    writeCompactSize(writer, inputs.length);
    for (; i < inputs.length; i++) {
      const { txid, vout, scriptSig, sequence } = inputs[i] as TransactionInput;
      if (txid.length !== 32) {
        throw new EncodeError("wrong_length", `a txid has 32 bytes, not ${txid.length}`);
      }
      writer.put(txid);
      writer.u32le(vout);
      writeCompactSize(writer, scriptSig.length);
      writer.put(scriptSig);
      writer.u32le(sequence);
    }
  } catch (error) {
    throw withPath(withPath(error, i), "inputs");
  }
}

function writeOutputs(writer: Writer, outputs: readonly TransactionOutput[]): void {
  let i = 0;
  try {
    writeCompactSize(writer, outputs.length);
    for (; i < outputs.length; i++) {
      const { value, scriptPubKey } = outputs[i] as TransactionOutput;
      if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
        throw new EncodeError("out_of_range", `${value} does not fit 64 bits with a sign`);
      }
      writer.u64le(BigInt.asUintN(64, value));
      writeCompactSize(writer, scriptPubKey.length);
      writer.put(scriptPubKey);
    }
  } catch (error) {
    throw withPath(withPath(error, i), "outputs");
  }
}

function writeNumber(writer: Writer, value: number, key: string): void {
  try {
    writer.u32le(value);
  } catch (error) {
    throw withPath(error, key);
  }
}
