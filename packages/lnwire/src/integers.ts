// BOLT 1 "Fundamental Types": the integers that Lightning has besides plain ones.
import {
  type Codec,
  EncodeError,
  i16,
  i32,
  i64,
  i8,
  type Reader,
  varint,
  type Writer,
} from "@satwire/codec";

/** `bigsize`: 1, 3, 5 or 9 bytes, big-endian, shortest form only. */
export const bigSize: Codec<bigint> = varint;

/** `s8`: one byte, two's complement. */
export const s8: Codec<number> = i8;
/** `s16`: two bytes, two's complement. */
export const s16: Codec<number> = i16;
/** `s32`: four bytes, two's complement. */
export const s32: Codec<number> = i32;
/** `s64`: eight bytes, two's complement. */
export const s64: Codec<bigint> = i64;

/** `tu16`: 0 to 2 bytes without leading zeros, up to the end of its record. */
export const tu16: Codec<number> = {
  read: (r) => Number(readTruncated(r, 2)),
  write: (w, v) => writeTruncated(w, fromNumber(v), 2),
};

/** `tu32`: 0 to 4 bytes without leading zeros, up to the end of its record. */
export const tu32: Codec<number> = {
  read: (r) => Number(readTruncated(r, 4)),
  write: (w, v) => writeTruncated(w, fromNumber(v), 4),
};

/** `tu64`: 0 to 8 bytes without leading zeros, up to the end of its record. */
export const tu64: Codec<bigint> = {
  read: (r) => readTruncated(r, 8),
  write: (w, v) => writeTruncated(w, v, 8),
};

function readTruncated(reader: Reader, maxBytes: number): bigint {
  const start = reader.offset;
  const bytes = reader.rest();
  if (bytes.length > maxBytes) {
    throw reader.error("trailing_bytes", `${bytes.length} bytes, at most ${maxBytes}`, start);
  }
  if (bytes[0] === 0) throw reader.error("non_canonical", "leading zero byte", start);
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function writeTruncated(writer: Writer, value: bigint, maxBytes: number): void {
  if (typeof value !== "bigint" || value < 0n || value >> BigInt(8 * maxBytes) > 0n) {
    throw new EncodeError("out_of_range", `${value} is no integer of at most ${maxBytes} bytes`);
  }
  let length = 0;
  while (value >> BigInt(8 * length) > 0n) length++;
  for (let i = length - 1; i >= 0; i--) writer.u8(Number((value >> BigInt(8 * i)) & 0xffn));
}

function fromNumber(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new EncodeError("out_of_range", `${value} is no integer`);
  return BigInt(value);
}

/** Whether a number fits a `u64`. */
export function isU64(value: bigint): boolean {
  return typeof value === "bigint" && BigInt.asUintN(64, value) === value;
}
