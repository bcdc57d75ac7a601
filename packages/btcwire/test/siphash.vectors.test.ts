import { toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { hash256 } from "../src/index.ts";
import { sipHash } from "./support/sip-hash.ts";
import vectors from "./vectors/hashes.json" with { type: "json" };

const ascending = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

describe("SipHash-2-4", () => {
  test.each(vectors.siphash24.map((hash, length) => [length, hash] as const))(
    "of %i bytes",
    (length, hash) => {
      expect(sipHash(ascending(16), ascending(length))).toBe(BigInt(`0x${hash}`));
    },
  );

  test("does not care where key and bytes begin in their buffers", () => {
    const buffer = ascending(64);
    const key = Uint8Array.of(9, ...ascending(16)).subarray(1);
    expect(sipHash(key, buffer.subarray(3, 18))).not.toBe(sipHash(key, ascending(15)));
    expect(sipHash(key, buffer.subarray(0, 15))).toBe(0xa129_ca61_49be_45e5n);
  });

  // The `SipHashUint256` checks of Bitcoin Core's hash_tests.cpp.
  test("of hashes", () => {
    expect(sipHash(ascending(16), ascending(32))).toBe(0x7127_512f_72f2_7ccen);
    const empty = hash256(Uint8Array.of(1, ...new Uint8Array(9)));
    expect(toHex(empty)).toBe("43ec7a579f5561a42a7e9637ad4156672735a658be2752181801f723ba3316d2");
    const key = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0);
    expect(sipHash(key, empty)).toBe(0x7975_1e98_0c2a_0a35n);
  });

  test("has a key of 16 bytes", () => {
    expect(() => sipHash(new Uint8Array(15), new Uint8Array(0))).toThrow(RangeError);
  });
});
