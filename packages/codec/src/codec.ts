import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** Reads and writes one kind of value: the unit that every message is built from. */
export interface Codec<T> {
  /** Reads one value and moves the reader behind it. @throws DecodeError */
  read(reader: Reader): T;
  /** Appends one value. @throws EncodeError */
  write(writer: Writer, value: T): void;
}

/**
 * Reads `bytes` as exactly one value.
 *
 * @throws {@link DecodeError}, also with `trailing_bytes` when something follows the value.
 * @example
 * ```ts
 * decode(u16, Uint8Array.of(1, 2)); // 258
 * ```
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes);
  const value = codec.read(reader);
  reader.finish();
  return value;
}

// A buffer for each value takes four times as long as writing it.
let spare: Writer | undefined;
const mostKept = 65_536;

/** Writes one value into bytes of their own. @throws {@link EncodeError} */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  // A codec may encode in its turn: that call gets a writer of its own.
  const writer = spare ?? new Writer();
  spare = undefined;
  codec.write(writer, value);
  const bytes = writer.finish();
  // Not after an error, and not if it was long: neither shall hold its memory for ever.
  if (bytes.length <= mostKept) {
    writer.reset();
    spare = writer;
  }
  return bytes;
}
