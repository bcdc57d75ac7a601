import { concatBytes, encode, equalBytes, toHex } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeGolombSet, matchGolombSet } from "../src/filter/golomb-set.ts";
import { compactSize } from "../src/index.ts";
import { sipHashKeyOf } from "../src/siphash.ts";
import { sipHash } from "./support/sip-hash.ts";

/** BIP 158 "Golomb-Coded Sets" step by step, with numbers of any size and texts of bits. */
function slowSet(key: Uint8Array, elements: readonly Uint8Array[]): Uint8Array {
  const distinct = elements.filter((a, i) => elements.findIndex((b) => equalBytes(a, b)) === i);
  const values = valuesOf(key, distinct, distinct.length);
  let bits = "";
  for (const [i, value] of values.entries()) {
    const difference = value - (values[i - 1] ?? 0n);
    bits += "1".repeat(Number(difference >> 19n)) + "0";
    bits += (difference & 0x7_ffffn).toString(2).padStart(19, "0");
  }
  bits = bits.padEnd(8 * Math.ceil(bits.length / 8), "0");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return concatBytes(encode(compactSize, distinct.length), Uint8Array.from(bytes));
}

function valuesOf(key: Uint8Array, elements: readonly Uint8Array[], count: number): bigint[] {
  return elements
    .map((element) => (sipHash(key, element) * (BigInt(count) * 784_931n)) >> 64n)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const keys = fc.uint8Array({ minLength: 16, maxLength: 16 });
const elementLists = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 60 });

describe("a Golomb-coded set", () => {
  test("is what the BIP says", () => {
    fc.assert(
      fc.property(keys, elementLists, (key, elements) => {
        const set = encodeGolombSet(sipHashKeyOf(key), elements);
        expect(toHex(set)).toBe(toHex(slowSet(key, elements)));
      }),
    );
  });

  test("of many elements, too", () => {
    const key = Uint8Array.from({ length: 16 }, (_, i) => 17 * i);
    const elements = Array.from({ length: 9000 }, (_, i) => Uint8Array.of(i & 0xff, i >> 8, 1));
    const set = encodeGolombSet(sipHashKeyOf(key), elements);
    let value = 0n;
    const values = valuesOf(key, elements, elements.length);
    const bits = Array.from(set.subarray(3), (byte) => byte.toString(2).padStart(8, "0")).join("");
    let at = 0;
    for (const expected of values) {
      const end = bits.indexOf("0", at);
      value += (BigInt(end - at) << 19n) + BigInt(`0b${bits.slice(end + 1, end + 20)}`);
      at = end + 20;
      if (value !== expected) expect(value).toBe(expected);
    }
    expect(bits.length - at).toBeLessThan(8);
  });

  test("matches what is in it, and else what falls on the same numbers", () => {
    fc.assert(
      fc.property(keys, elementLists, elementLists, (key, elements, others) => {
        const sipKey = sipHashKeyOf(key);
        const set = encodeGolombSet(sipKey, elements);
        for (const element of elements) expect(matchGolombSet(sipKey, set, [element])).toBe(true);
        const count = new Set(elements.map(toHex)).size;
        const values = new Set(valuesOf(key, elements, count));
        const isMatch = valuesOf(key, others, count).some((value) => values.has(value));
        expect(matchGolombSet(sipKey, set, others)).toBe(isMatch);
      }),
    );
  });

  test("of any bytes is read or refused with a DecodeError", () => {
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 80 }), elementLists, (key, bytes, elements) => {
        try {
          matchGolombSet(sipHashKeyOf(key), bytes, elements);
        } catch (error) {
          expect(error).toMatchObject({
            name: "DecodeError",
            code: expect.stringMatching(/^(short_read|trailing_bytes|non_canonical|too_long)$/),
          });
        }
      }),
    );
  });
});
