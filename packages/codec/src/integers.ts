import type { Codec } from "./codec.ts";
import { EncodeError } from "./errors.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** One byte, 0 to 255. */
export const u8: Codec<number> = { read: (r) => r.u8(), write: (w, v) => w.u8(v) };
/** Two bytes, big-endian. */
export const u16: Codec<number> = { read: (r) => r.u16(), write: (w, v) => w.u16(v) };
/** Two bytes, little-endian. */
export const u16le: Codec<number> = { read: (r) => r.u16le(), write: (w, v) => w.u16le(v) };
/** Four bytes, big-endian. */
export const u32: Codec<number> = { read: (r) => r.u32(), write: (w, v) => w.u32(v) };
/** Four bytes, little-endian. */
export const u32le: Codec<number> = { read: (r) => r.u32le(), write: (w, v) => w.u32le(v) };
/** Eight bytes, big-endian. */
export const u64: Codec<bigint> = { read: (r) => r.u64(), write: (w, v) => w.u64(v) };
/** Eight bytes, little-endian. */
export const u64le: Codec<bigint> = { read: (r) => r.u64le(), write: (w, v) => w.u64le(v) };

/** One byte, two's complement. */
export const i8: Codec<number> = /* @__PURE__ */ signed(
  8,
  (r) => r.u8(),
  (w, v) => w.u8(v),
);
/** Two bytes, two's complement, big-endian. */
export const i16: Codec<number> = /* @__PURE__ */ signed(
  16,
  (r) => r.u16(),
  (w, v) => w.u16(v),
);
/** Four bytes, two's complement, big-endian. */
export const i32: Codec<number> = /* @__PURE__ */ signed(
  32,
  (r) => r.u32(),
  (w, v) => w.u32(v),
);
/** Four bytes, two's complement, little-endian. */
export const i32le: Codec<number> = /* @__PURE__ */ signed(
  32,
  (r) => r.u32le(),
  (w, v) => w.u32le(v),
);
/** Eight bytes, two's complement, big-endian. */
export const i64: Codec<bigint> = {
  read: (r) => BigInt.asIntN(64, r.u64()),
  write: (w, v) => w.u64(toUnsigned64(v)),
};
/** Eight bytes, two's complement, little-endian. */
export const i64le: Codec<bigint> = {
  read: (r) => BigInt.asIntN(64, r.u64le()),
  write: (w, v) => w.u64le(toUnsigned64(v)),
};

/** A byte that is 0 or 1. */
export const flag: Codec<boolean> = {
  read(reader) {
    const value = reader.u8();
    if (value > 1) {
      throw reader.error("invalid_value", `${value} is neither 0 nor 1`, reader.offset - 1);
    }
    return value === 1;
  },
  write(writer, value) {
    if (typeof value !== "boolean") {
      throw new EncodeError("invalid_value", `${String(value)} is neither true nor false`);
    }
    writer.u8(value ? 1 : 0);
  },
};

/* @__NO_SIDE_EFFECTS__ */
function signed(
  bits: 8 | 16 | 32,
  read: (reader: Reader) => number,
  write: (writer: Writer, value: number) => void,
): Codec<number> {
  const unused = 32 - bits;
  const limit = 2 ** (bits - 1);
  return {
    read: (r) => (read(r) << unused) >> unused,
    write(w, v) {
      if (!Number.isInteger(v) || v < -limit || v >= limit) {
        throw new EncodeError("out_of_range", `${v} does not fit ${bits} signed bits`);
      }
      write(w, v < 0 ? v + 2 * limit : v);
    },
  };
}

function toUnsigned64(value: bigint): bigint {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
    throw new EncodeError("out_of_range", `${value} is no integer of 64 signed bits`);
  }
  return BigInt.asUintN(64, value);
}
