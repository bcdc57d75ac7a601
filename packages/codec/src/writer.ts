// A growing buffer with checked numbers.
// Bytes: everything written is copied in; `finish` returns bytes of their own, `take` a part of a block.
import { EncodeError } from "./errors.ts";

const initialCapacity = 256;

// Allocating an ArrayBuffer takes longer than writing a message of a few hundred bytes, so what is taken
// shares one. Blocks of 8 KiB made encoding an eighth slower, those of 64 KiB at most a tenth faster.
const blockSize = 16_384;
const shortLength = 64;

/** Writes numbers and byte strings one after the other. */
export class Writer {
  // The getter `buffer` is slow.
  #buffer: ArrayBuffer = new ArrayBuffer(initialCapacity);
  #bytes: Uint8Array = new Uint8Array(this.#buffer);
  #view: DataView = new DataView(this.#buffer);
  // What is before #start has been taken and must stay as it is.
  #start = 0;
  #end = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#end - this.#start;
  }

  u8(value: number): void {
    checkNumber(value, 0xff);
    const at = this.claim(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    checkNumber(value, 0xffff);
    const at = this.claim(2);
    this.#view.setUint16(at, value);
  }

  u16le(value: number): void {
    checkNumber(value, 0xffff);
    const at = this.claim(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    checkNumber(value, 0xffffffff);
    const at = this.claim(4);
    this.#view.setUint32(at, value);
  }

  u32le(value: number): void {
    checkNumber(value, 0xffffffff);
    const at = this.claim(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    checkBigint(value);
    const at = this.claim(8);
    this.#view.setBigUint64(at, value);
  }

  u64le(value: bigint): void {
    checkBigint(value);
    const at = this.claim(8);
    this.#view.setBigUint64(at, value, true);
  }

  /** Copies `value` in. */
  put(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) {
      throw new EncodeError("invalid_value", `expected a Uint8Array, got ${typeof value}`);
    }
    const at = this.claim(value.length);
    this.#bytes.set(value, at);
  }

  /**
   * Adds `length` bytes and returns where in {@link Writer.block} they begin, for codecs that set several byte
   * strings at once. All of them have to be set: anything may be there.
   *
   * @throws RangeError if `length` is no whole number from 0.
   */
  claim(length: number): number {
    if (length >>> 0 !== length) throw new RangeError(`${length} is no length`);
    if (this.#end + length > this.#bytes.length) this.#grow(length);
    const at = this.#end;
    this.#end = at + length;
    return at;
  }

  /** What was claimed just now is to be set here, and nothing else: the rest may belong to others. */
  get block(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Overwrites two bytes at `at`, big-endian: for a length that is known only afterwards.
   *
   * @throws RangeError if they have not been written yet.
   */
  patchU16(at: number, value: number): void {
    if (value > 0xffff) throw new EncodeError("too_long", `${value} bytes, at most 65535`);
    if (!(at >= 0 && at + 2 <= this.length)) throw new RangeError(`nothing is at ${at}`);
    this.#view.setUint16(this.#start + at, value);
  }

  /** Forgets what was written and keeps the buffer, for writers that are used again. */
  reset(): void {
    this.#end = this.#start;
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(this.#start, this.#end);
  }

  /**
   * All that was written, without a copy; the writer starts over behind it and leaves it alone.
   *
   * Several results of up to 16 KiB share an `ArrayBuffer` of that size: one that is kept keeps them all in
   * memory, and transferring or cloning its `buffer` takes the others along. A longer one has a buffer of its
   * own, at most twice as long.
   */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#buffer, this.#start, this.length);
    this.#start = this.#end;
    if (this.#bytes.length > blockSize) this.#grow(0);
    return taken;
  }

  // Replaces #bytes and #view: callers take the position first, on a line of its own.
  #grow(length: number): void {
    const kept = this.length;
    const [old, start, end] = [this.#bytes, this.#start, this.#end];
    // Twice what is there, or what is needed: what follows a long byte string is mostly short.
    this.#buffer = new ArrayBuffer(Math.max(2 * kept, kept + length + shortLength, blockSize));
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
    // Between two messages somebody may have transferred the old block: it cannot be looked at any more.
    if (kept > 0) this.#bytes.set(old.subarray(start, end));
    this.#start = 0;
    this.#end = kept;
  }
}

function checkNumber(value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new EncodeError("out_of_range", `${value} is not an integer from 0 to ${max}`);
  }
}

function checkBigint(value: bigint): void {
  if (typeof value !== "bigint") {
    throw new EncodeError("invalid_value", `expected a bigint, got ${typeof value}`);
  }
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
    throw new EncodeError("out_of_range", `${value} does not fit 64 bits`);
  }
}
