// BOLT 9: feature bits as a byte string, bit 0 is the lowest bit of the last byte. Bits come in pairs:
// even means required, odd means optional. What the bits mean is in another module, so that a program that
// only tests bits does not carry the table.
import { FeatureError } from "./errors.ts";

/** The highest bit that fits a field of 65535 bytes, the longest that a message can say. */
const maxBit = 65535 * 8 - 1;

/**
 * The shortest byte string with these bits set.
 *
 * @throws FeatureError `invalid_bit` for a bit that is negative, fractional or beyond a message.
 */
export function featureVector(bits: Iterable<number>): Uint8Array {
  const list = [...bits];
  for (const bit of list) {
    if (!isFeatureBit(bit)) {
      throw new FeatureError("invalid_bit", `${bit} is no feature bit`, { bits: [bit] });
    }
  }
  const vector = new Uint8Array(
    list.length === 0 ? 0 : (list.reduce((a, b) => Math.max(a, b)) >> 3) + 1,
  );
  for (const bit of list) vector[vector.length - 1 - (bit >> 3)]! |= 1 << (bit & 7);
  return vector;
}

/** The bits that are set, ascending. */
export function featureBits(vector: Uint8Array): number[] {
  return everyBit(vector, 1);
}

/** The even bits that are set, ascending. */
export function requiredBits(vector: Uint8Array): number[] {
  return everyBit(vector, 2);
}

/** Whether one bit is set; a number that is no feature bit never is. */
export function hasFeatureBit(vector: Uint8Array, bit: number): boolean {
  if (!isFeatureBit(bit)) return false;
  const byte = vector[vector.length - 1 - (bit >> 3)];
  return byte !== undefined && ((byte >> (bit & 7)) & 1) === 1;
}

/** Bitwise OR of two sets, as `init` needs it for `globalfeatures` and `features`; as long as the longer one. */
export function joinFeatures(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.max(a.length, b.length));
  for (const vector of [a, b]) {
    const shift = joined.length - vector.length;
    for (const [i, byte] of vector.entries()) joined[shift + i]! |= byte;
  }
  return joined;
}

/** The same bits in as few bytes as hold them, which BOLT 1 and 7 ask a sender for; always a copy. */
export function trimFeatures(vector: Uint8Array): Uint8Array {
  const start = vector.findIndex((byte) => byte !== 0);
  return start === -1 ? new Uint8Array(0) : vector.slice(start);
}

// Beyond 2^31 the shifts of the byte's place would find another bit.
function isFeatureBit(bit: number): boolean {
  return Number.isInteger(bit) && bit >= 0 && bit <= maxBit;
}

function everyBit(vector: Uint8Array, step: 1 | 2): number[] {
  const bits: number[] = [];
  for (let i = vector.length - 1; i >= 0; i--) {
    const byte = vector[i] as number;
    for (let bit = 0; bit < 8; bit += step) {
      if ((byte >> bit) & 1) bits.push((vector.length - 1 - i) * 8 + bit);
    }
  }
  return bits;
}
