// Golomb-coded sets (BIP 158): sets of byte strings in few bits, which a string that is not in them matches once in
// 784,931 times. Sums of what a set holds stay exact: its bits are far fewer than 2^34, and each stands for 2^19.
// Bytes: what is given is only read during the call; an encoded set is fresh.
import { equalBytes, Reader, Writer } from "@satwire/codec";
import { readCompactSize, writeCompactSize } from "../compact-size.ts";
import { type SipHashKey, writeSipHash } from "../siphash.ts";

// P and M of the basic filter. N * M stays below 2^45: N is a count of at most 2^25.
const remainderBits = 19;
const falsePositives = 784_931;
const bitsPerElement = remainderBits + 1;

/** The set of these elements; one that is there several times counts once. */
export function encodeGolombSet(key: SipHashKey, elements: Iterable<Uint8Array>): Uint8Array {
  const hashes = distinctHashes(key, elements);
  const count = hashes.length / 2;
  const values = new Float64Array(count);
  const range = count * falsePositives;
  for (let i = 0; i < count; i++) {
    values[i] = scaled(hashes[2 * i] as number, hashes[2 * i + 1] as number, range);
  }
  values.sort();
  const writer = new Writer();
  writeCompactSize(writer, count);
  writeDifferences(writer, values);
  return writer.finish();
}

/**
 * Whether a set contains any of these elements. All of the set is read, so that a bad one is found whatever the
 * elements are.
 *
 * @throws DecodeError `short_read` or `trailing_bytes` if the bytes are not the set that they announce.
 */
export function matchGolombSet(
  key: SipHashKey,
  bytes: Uint8Array,
  elements: Iterable<Uint8Array>,
): boolean {
  const reader = new Reader(bytes);
  const count = readCompactSize(reader);
  if (count * bitsPerElement > 8 * reader.remaining) {
    const text = `${count} elements announced, ${reader.remaining} bytes left`;
    throw reader.error("short_read", text, 0);
  }
  const wanted = valuesOf(key, elements, count * falsePositives);
  let next = 0;
  let isFound = false;
  let value = 0;
  const bits = new BitReader(bytes, reader.offset);
  for (let i = 0; i < count; i++) {
    value += bits.difference();
    while (next < wanted.length && (wanted[next] as number) < value) next++;
    if (wanted[next] === value) isFound = true;
  }
  reader.offset = bits.end();
  reader.finish();
  return isFound;
}

/** Where the elements are in a set of that range, in ascending order. */
function valuesOf(key: SipHashKey, elements: Iterable<Uint8Array>, range: number): Float64Array {
  const hash = new Uint32Array(2);
  const values: number[] = [];
  for (const element of elements) {
    writeSipHash(hash, key, element);
    values.push(scaled(hash[0] as number, hash[1] as number, range));
  }
  return Float64Array.from(values).sort();
}

/** The hashes of different elements, low half before high half. */
function distinctHashes(key: SipHashKey, elements: Iterable<Uint8Array>): number[] {
  const hash = new Uint32Array(2);
  const hashes: number[] = [];
  // By as much of the hash as fits a number. Whoever wrote the scripts may have seen to it that two are equal there.
  const seen = new Map<number, Uint8Array[]>();
  for (const element of elements) {
    writeSipHash(hash, key, element);
    const [low, high] = hash as unknown as [number, number];
    const id = (high & 0x1f_ffff) * 2 ** 32 + low;
    const others = seen.get(id);
    if (others === undefined) seen.set(id, [element]);
    else if (others.some((other) => equalBytes(other, element))) continue;
    else others.push(element);
    hashes.push(low, high);
  }
  return hashes;
}

/** A hash of 64 bits, as a part of 2^64, times `range`, rounded down: `(hash * range) >> 64`. */
function scaled(low: number, high: number, range: number): number {
  const rangeHigh = Math.floor(range / 2 ** 32);
  const rangeLow = range >>> 0;
  // Every product and sum is exact for a range below 2^52.
  const middle = lowProduct(high, rangeLow) + highProduct(low, rangeLow) + low * rangeHigh;
  return high * rangeHigh + highProduct(high, rangeLow) + Math.floor(middle / 2 ** 32);
}

/** The lower half of a product of two numbers of 32 bits. */
function lowProduct(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}

/** The upper half of it. */
function highProduct(a: number, b: number): number {
  const carried = Math.floor(((a & 0xffff) * b) / 2 ** 16);
  return Math.floor(((a >>> 16) * b + carried) / 2 ** 16);
}

/** Golomb-Rice coding of what ascending values differ by: highest bit of each byte first. */
function writeDifferences(writer: Writer, values: Float64Array): void {
  let last = 0;
  // Bits that do not fill a byte yet.
  let pending = 0;
  let length = 0;
  for (const value of values) {
    const difference = value - last;
    last = value;
    for (let ones = Math.floor(difference / 2 ** remainderBits); ones > 0; ones--) {
      pending = (pending << 1) | 1;
      if (++length === 8) {
        writer.u8(pending & 0xff);
        length = 0;
      }
    }
    // The zero that ends the ones, and the remainder: at most 27 bits with those that were pending.
    pending = (pending << bitsPerElement) | (difference % 2 ** remainderBits);
    length += bitsPerElement;
    for (; length >= 8; length -= 8) writer.u8((pending >>> (length - 8)) & 0xff);
  }
  if (length > 0) writer.u8((pending << (8 - length)) & 0xff);
}

/** Reads what {@link writeDifferences} writes. Behind the last byte there are zeros: `end` tells. */
class BitReader {
  readonly #bytes: Uint8Array;
  // In bits: a filter of 4,000,000 bytes has 2^25.
  #at: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#at = 8 * offset;
  }

  difference(): number {
    let quotient = 0;
    for (;;) {
      const ones = Math.clz32(~this.#next25());
      if (ones < 25) {
        this.#at += ones + 1;
        const remainder = this.#next25() >>> (32 - remainderBits);
        this.#at += remainderBits;
        return (quotient + ones) * 2 ** remainderBits + remainder;
      }
      quotient += 25;
      this.#at += 25;
    }
  }

  /** Where the first byte is of which nothing was read. */
  end(): number {
    return Math.ceil(this.#at / 8);
  }

  /** The next 25 bits on top of a number of 32; what is below them is not to be used. */
  #next25(): number {
    const bytes = this.#bytes;
    const at = this.#at >>> 3;
    const word =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
    return word << (this.#at & 7);
  }
}
