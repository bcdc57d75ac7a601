// Transactions (BIP 144) as plain objects, and their ids.
// Bytes: scripts, ids and witnesses of a decoded transaction are views of the bytes it came from.
import { type Codec, EncodeError, type Reader, withPath, type Writer } from "@satwire/codec";
import { readCompactSize, writeCompactSize } from "./compact-size.ts";
import { hash256 } from "./hash256.ts";
import { encode } from "@satwire/codec";

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
export const noWitness: readonly Uint8Array[] = /* @__PURE__ */ Object.freeze([]);

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
    const version = reader.u32le();
    const inputs = readInputs(reader);
    const outputs = readOutputs(reader);
    return { version, inputs, outputs, lockTime: reader.u32le() };
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
  return hash256(encode(strippedTransaction, value));
}

/** The hash of a transaction with its witness (BIP 141), 32 bytes in the order of the wire. */
export function wtxidOf(value: Transaction): Uint8Array {
  return hash256(encode(transaction, value));
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
  const version = reader.u32le();
  const start = reader.offset;
  let inputs = readInputs(reader);
  if (inputs.length > 0) {
    const outputs = readOutputs(reader);
    return { version, inputs, outputs, lockTime: reader.u32le() };
  }
  // No inputs: either the marker of BIP 144, whose flag is 1, or no outputs either.
  const flag = reader.u8();
  if (flag === 0) return { version, inputs, outputs: [], lockTime: reader.u32le() };
  if (flag !== 1) throw reader.error("invalid_value", `flag ${flag} is unknown`, start + 1);
  inputs = readInputs(reader);
  const outputs = readOutputs(reader);
  let isBare = true;
  for (let i = 0; i < inputs.length; i++) {
    const witness = readWitness(reader, i);
    if (witness.length === 0) continue;
    isBare = false;
    // Nobody else has seen the object yet.
    (inputs[i] as { witness: readonly Uint8Array[] }).witness = witness;
  }
  if (isBare) throw reader.error("non_canonical", "a witness is announced, none is there", start);
  return { version, inputs, outputs, lockTime: reader.u32le() };
}

function readInputs(reader: Reader): TransactionInput[] {
  const count = readCount(reader, 41, "inputs");
  const inputs: TransactionInput[] = [];
  try {
    while (inputs.length < count) {
      const txid = reader.take(32);
      const vout = reader.u32le();
      const scriptSig = reader.take(readCompactSize(reader));
      inputs.push({ txid, vout, scriptSig, sequence: reader.u32le(), witness: noWitness });
    }
  } catch (error) {
    throw withPath(withPath(error, inputs.length), "inputs");
  }
  return inputs;
}

function readOutputs(reader: Reader): TransactionOutput[] {
  const count = readCount(reader, 9, "outputs");
  const outputs: TransactionOutput[] = [];
  try {
    while (outputs.length < count) {
      const value = BigInt.asIntN(64, reader.u64le());
      outputs.push({ value, scriptPubKey: reader.take(readCompactSize(reader)) });
    }
  } catch (error) {
    throw withPath(withPath(error, outputs.length), "outputs");
  }
  return outputs;
}

function readWitness(reader: Reader, input: number): readonly Uint8Array[] {
  try {
    const count = readCount(reader, 1, "witness");
    if (count === 0) return noWitness;
    const items: Uint8Array[] = [];
    while (items.length < count) items.push(reader.take(readCompactSize(reader)));
    return items;
  } catch (error) {
    throw withPath(withPath(error, input), "inputs");
  }
}

function readCount(reader: Reader, least: number, key: string): number {
  const start = reader.offset;
  try {
    const count = readCompactSize(reader);
    if (count * least <= reader.remaining) return count;
    const text = `${count} of ${least} bytes or more announced, ${reader.remaining} bytes left`;
    throw reader.error("short_read", text, start);
  } catch (error) {
    throw withPath(error, key);
  }
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
      if (BigInt.asIntN(64, value) !== value) {
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
