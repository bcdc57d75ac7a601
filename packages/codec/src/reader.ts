// A bounds-checked cursor over bytes that are already complete.
// Bytes: `take` and `rest` return views of the input, valid as long as the caller leaves it alone.
import type { Codec } from "./codec.ts";
import { DecodeError, type DecodeErrorCode } from "./errors.ts";

/** Reads numbers and byte strings one after the other; never past the end. */
export class Reader {
  readonly bytes: Uint8Array;
  /** Position of the next byte, from the start of `bytes`. */
  offset = 0;
  #end: number;
  #buffer: ArrayBufferLike | undefined;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#end = bytes.length;
  }

  /** Bytes left in the current window. */
  get remaining(): number {
    return this.#end - this.offset;
  }

  /** An error of this reader at its present position (or `offset`), to be thrown by codecs. */
  error(code: DecodeErrorCode, detail: string, offset: number = this.offset): DecodeError {
    return new DecodeError(code, detail, { offset });
  }

  u8(): number {
    return this.bytes[this.#advance(1)] as number;
  }

  u16(): number {
    const at = this.#advance(2);
    return (this.#byte(at) << 8) | this.#byte(at + 1);
  }

  u16le(): number {
    const at = this.#advance(2);
    return this.#byte(at) | (this.#byte(at + 1) << 8);
  }

  u32(): number {
    const at = this.#advance(4);
    return (
      ((this.#byte(at) << 24) |
        (this.#byte(at + 1) << 16) |
        (this.#byte(at + 2) << 8) |
        this.#byte(at + 3)) >>>
      0
    );
  }

  u32le(): number {
    const at = this.#advance(4);
    return (
      (this.#byte(at) |
        (this.#byte(at + 1) << 8) |
        (this.#byte(at + 2) << 16) |
        (this.#byte(at + 3) << 24)) >>>
      0
    );
  }

  u64(): bigint {
    return this.#dataView().getBigUint64(this.#advance(8));
  }

  u64le(): bigint {
    return this.#dataView().getBigUint64(this.#advance(8), true);
  }

  /**
   * The next `length` bytes, as a view.
   *
   * @throws {@link DecodeError} `short_read`; `invalid_value` if `length` is no whole number from 0.
   */
  take(length: number): Uint8Array {
    this.#checkLength(length);
    const at = this.offset;
    this.offset = at + length;
    // Half the time of `subarray`; the getter `buffer` is slow, too.
    this.#buffer ??= this.bytes.buffer;
    return new Uint8Array(this.#buffer, this.bytes.byteOffset + at, length);
  }

  /** All that is left in the current window, as a view. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  /**
   * Reads one value from exactly the next `length` bytes.
   *
   * @throws {@link DecodeError} `short_read` if they are not there or do not suffice,
   * `trailing_bytes` if the value needs fewer, `invalid_value` if `length` is no whole number from 0.
   */
  within<T>(length: number, codec: Codec<T>): T {
    this.#checkLength(length);
    const outer = this.#end;
    this.#end = this.offset + length;
    try {
      const value = codec.read(this);
      this.finish();
      return value;
    } finally {
      this.#end = outer;
    }
  }

  /** Checks that nothing is left. @throws {@link DecodeError} `trailing_bytes`, or `short_read` beyond the end. */
  finish(): void {
    if (this.remaining < 0)
      throw this.error("short_read", "the codec went past the end", this.#end);
    if (this.remaining > 0) {
      throw this.error("trailing_bytes", `${this.remaining} bytes follow the value`);
    }
  }

  #advance(length: number): number {
    const at = this.offset;
    if (length > this.#end - at) throw this.#short(length);
    this.offset = at + length;
    return at;
  }

  // Lengths are often computed from bytes of a peer: a negative one would rewind, NaN would stay for ever.
  #checkLength(length: number): void {
    if (length > this.remaining) throw this.#short(length);
    if (!Number.isSafeInteger(length) || length < 0) {
      throw this.error("invalid_value", `${String(length)} is no length`);
    }
  }

  #short(length: number): DecodeError {
    return this.error("short_read", `need ${length} bytes, have ${this.remaining}`);
  }

  #byte(at: number): number {
    return this.bytes[at] as number;
  }

  #dataView(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view;
  }
}
