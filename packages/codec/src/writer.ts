// A growing buffer with checked numbers.
// Bytes: everything written is copied in; `finish` returns bytes of their own.
import { EncodeError } from "./errors.ts";

const initialCapacity = 256;

/** Writes numbers and byte strings one after the other. */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(initialCapacity);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    checkNumber(value, 0xff);
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    checkNumber(value, 0xffff);
    const at = this.#reserve(2);
    this.#view.setUint16(at, value);
  }

  u16le(value: number): void {
    checkNumber(value, 0xffff);
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    checkNumber(value, 0xffffffff);
    const at = this.#reserve(4);
    this.#view.setUint32(at, value);
  }

  u32le(value: number): void {
    checkNumber(value, 0xffffffff);
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    checkBigint(value);
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value);
  }

  u64le(value: bigint): void {
    checkBigint(value);
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
  }

  /** Copies `value` in. */
  put(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) {
      throw new EncodeError("invalid_value", `expected a Uint8Array, got ${typeof value}`);
    }
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
  }

  /** Overwrites two bytes at `at`, big-endian: for a length that is known only afterwards. */
  patchU16(at: number, value: number): void {
    if (value > 0xffff) throw new EncodeError("too_long", `${value} bytes, at most 65535`);
    this.#view.setUint16(at, value);
  }

  /** Forgets what was written and keeps the buffer, for writers that are used again. */
  reset(): void {
    this.#length = 0;
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  // May replace #bytes and #view: callers take the position first, on a line of its own.
  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = needed;
    return at;
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
