import { fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { encodeGolombSet, matchGolombSet } from "../src/filter/golomb-set.ts";
import { sipHashKeyOf } from "../src/siphash.ts";
import { sipHash } from "./support/sip-hash.ts";
import { thrown } from "./support/thrown.ts";

const key = sipHashKeyOf(new Uint8Array(16));
const element = (i: number): Uint8Array => Uint8Array.of(0x51, i >> 8, i & 0xff);
const elements = (count: number, first = 0): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => element(first + i));

const refusal = (bytes: Uint8Array, wanted: Uint8Array[] = elements(3)): unknown => {
  const { code, offset } = thrown(() => matchGolombSet(key, bytes, wanted)) as {
    code: string;
    offset?: number;
  };
  return { code, offset };
};

describe("a Golomb-coded set", () => {
  test("of nothing is one byte of zeros, and matches nothing", () => {
    expect(toHex(encodeGolombSet(key, []))).toBe("00");
    expect(matchGolombSet(key, Uint8Array.of(0), elements(5))).toBe(false);
    expect(matchGolombSet(key, Uint8Array.of(0), [])).toBe(false);
  });

  test("has each element once", () => {
    const once = encodeGolombSet(key, elements(20));
    expect(encodeGolombSet(key, [...elements(20), ...elements(7, 5)])).toEqual(once);
    expect(once[0]).toBe(20);
  });

  test("tells elements apart whose hashes agree in 53 bits", () => {
    const one = fromHex("bca27caac59f1d");
    const two = fromHex("76142b8ead7d17");
    const low53 = (bytes: Uint8Array): bigint =>
      BigInt.asUintN(53, sipHash(new Uint8Array(16), bytes));
    expect(low53(one)).toBe(low53(two));
    const set = encodeGolombSet(key, [one, two]);
    expect(set[0]).toBe(2);
    expect(encodeGolombSet(key, [two, one, one, two, two])).toEqual(set);
    expect([one, two].map((bytes) => matchGolombSet(key, set, [bytes]))).toEqual([true, true]);
  });

  test("takes a generator", () => {
    const set = encodeGolombSet(key, elements(9).values());
    expect(matchGolombSet(key, set, elements(9, 8).values())).toBe(true);
    expect(matchGolombSet(key, set, elements(9, 9).values())).toBe(false);
  });

  test("does not care in which order elements are looked for", () => {
    const set = encodeGolombSet(key, elements(300));
    const others = elements(100, 5000);
    for (const i of [0, 1, 150, 299]) {
      expect(matchGolombSet(key, set, [...others, element(i)])).toBe(true);
      expect(matchGolombSet(key, set, [element(i), ...others.toReversed()])).toBe(true);
    }
    expect(matchGolombSet(key, set, others)).toBe(false);
  });

  test("that is cut anywhere is refused, whatever is looked for", () => {
    const set = encodeGolombSet(key, elements(40));
    for (let length = 1; length < set.length; length++) {
      for (const wanted of [[], elements(1), elements(40), elements(3, 900)]) {
        expect(thrown(() => matchGolombSet(key, set.subarray(0, length), wanted)).code).toBe(
          "short_read",
        );
      }
    }
    expect(refusal(new Uint8Array(0))).toEqual({ code: "short_read", offset: 0 });
  });

  test("with bytes behind it is refused", () => {
    const set = encodeGolombSet(key, elements(40));
    expect(refusal(Uint8Array.of(...set, 0))).toEqual({
      code: "trailing_bytes",
      offset: set.length,
    });
    expect(refusal(fromHex("0000"))).toEqual({ code: "trailing_bytes", offset: 1 });
  });

  test("that announces more than its bytes can hold is refused before anything is hashed", () => {
    const never: Iterable<Uint8Array> = {
      [Symbol.iterator]() {
        throw new Error("hashed");
      },
    };
    // 33,554,432 elements in 5 bytes, and 3 of 20 bits in 7 bytes: 56 bits.
    for (const hex of ["fe000000021122334455", "0311223344556677"]) {
      const set = fromHex(hex);
      expect(thrown(() => matchGolombSet(key, set, never)).code).toBe("short_read");
    }
    expect(thrown(() => matchGolombSet(key, fromHex("fe01000002"), [])).code).toBe("too_long");
    expect(thrown(() => matchGolombSet(key, fromHex("fd0100"), [])).code).toBe("non_canonical");
  });

  test("of ones without an end is refused", () => {
    for (const length of [3, 4, 5, 26, 27, 100, 1_000_000]) {
      const set = new Uint8Array(length).fill(0xff);
      set[0] = 1;
      expect(thrown(() => matchGolombSet(key, set, elements(2))).code).toBe("short_read");
    }
  });

  test("reads quotients of any length", () => {
    // 63 elements at 0, and one anywhere in the range: up to 95 ones.
    const lengths = new Set<number>();
    for (const wanted of elements(500)) {
      const value = Number((sipHash(new Uint8Array(16), wanted) * 64n * 784_931n) >> 64n);
      const ones = Math.floor(value / 2 ** 19);
      lengths.add(ones);
      const bits = `${"0".repeat(63 * 20)}${"1".repeat(ones)}0`;
      const set = setOfBits(64, bits + (value % 2 ** 19).toString(2).padStart(19, "0"));
      expect(matchGolombSet(key, set, [wanted])).toBe(true);
      expect(matchGolombSet(key, set, elements(5, 600))).toBe(false);
      expect(refusal(set.subarray(0, -1))).toMatchObject({ code: "short_read" });
    }
    expect(lengths.size).toBeGreaterThan(90);
  });
});

function setOfBits(count: number, bits: string): Uint8Array {
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), "0");
  const bytes = padded.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return Uint8Array.of(count, ...bytes);
}
