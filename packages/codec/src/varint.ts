// The prefixed integers of both wires: Lightning's BigSize (big-endian) and Bitcoin's CompactSize
// (little-endian) have one shape. Below 0xfd the value is the byte itself; 0xfd, 0xfe and 0xff
// announce 2, 4 and 8 bytes; the shortest form is the only valid one.
import type { Codec } from "./codec.ts";
import { EncodeError } from "./errors.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Prefixed integer of 1, 3, 5 or 9 bytes, big-endian (BOLT 1 `bigsize`). */
export const varint: Codec<bigint> = {
  read(r) {
    const start = r.offset;
    const first = r.u8();
    if (first < 0xfd) return BigInt(first);
    if (first === 0xfd) return shortest(r, start, BigInt(r.u16()), 0xfdn);
    if (first === 0xfe) return shortest(r, start, BigInt(r.u32()), 0x1_0000n);
    return shortest(r, start, r.u64(), 0x1_0000_0000n);
  },
  write(w, v) {
    const prefix = writePrefix(w, v);
    if (prefix === 0xfd) w.u16(Number(v));
    else if (prefix === 0xfe) w.u32(Number(v));
    else if (prefix === 0xff) w.u64(v);
  },
};

/** Prefixed integer of 1, 3, 5 or 9 bytes, little-endian (Bitcoin's `CompactSize`). */
export const varintLe: Codec<bigint> = {
  read(r) {
    const start = r.offset;
    const first = r.u8();
    if (first < 0xfd) return BigInt(first);
    if (first === 0xfd) return shortest(r, start, BigInt(r.u16le()), 0xfdn);
    if (first === 0xfe) return shortest(r, start, BigInt(r.u32le()), 0x1_0000n);
    return shortest(r, start, r.u64le(), 0x1_0000_0000n);
  },
  write(w, v) {
    const prefix = writePrefix(w, v);
    if (prefix === 0xfd) w.u16le(Number(v));
    else if (prefix === 0xfe) w.u32le(Number(v));
    else if (prefix === 0xff) w.u64le(v);
  },
};

function shortest(r: Reader, start: number, value: bigint, least: bigint): bigint {
  if (value < least) throw r.error("non_canonical", `${value} has a shorter form`, start);
  return value;
}

function writePrefix(w: Writer, value: bigint): number {
  if (typeof value !== "bigint" || value < 0n || value > 0xffff_ffff_ffff_ffffn) {
    throw new EncodeError("out_of_range", `${value} is not a 64-bit bigint`);
  }
  const prefix =
    value < 0xfdn ? Number(value) : value < 0x1_0000n ? 0xfd : value < 0x1_0000_0000n ? 0xfe : 0xff;
  w.u8(prefix);
  return prefix;
}
