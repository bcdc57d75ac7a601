import { defaultV2Crypto } from "#default-v2-crypto";
import { randomBytes } from "@noble/hashes/utils.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateEllswift } from "../src/transport/ellswift.ts";
import { nobleV2Crypto } from "../src/transport/v2-crypto.ts";

// In Node the default is another implementation: here the two are compared.

const key = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(12).fill(2);
const none = new Uint8Array(0);
const sizes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.integer({ min: 0, max: 20_000 }).map((length) => new Uint8Array(length).fill(length)),
);

test("default and noble seal alike and open what the other has sealed", () => {
  const cases = fc.record({
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }),
    aad: fc.uint8Array({ maxLength: 100 }),
    plain: sizes,
    offset: fc.nat({ max: 9 }),
  });
  fc.assert(
    fc.property(cases, ({ key: k, nonce: n, aad, plain, offset }) => {
      const { length } = plain;
      const src = new Uint8Array(offset + length);
      src.set(plain, offset);
      const [a, b] = [nobleV2Crypto, defaultV2Crypto].map((crypto) => {
        const dst = new Uint8Array(length + 16 + offset + 3).fill(7);
        crypto.seal(k, n, aad, src, offset, length, dst, offset);
        expect(dst.subarray(0, offset)).toEqual(new Uint8Array(offset).fill(7));
        expect(dst.subarray(-3)).toEqual(Uint8Array.of(7, 7, 7));
        return dst.subarray(offset, -3);
      }) as [Uint8Array, Uint8Array];
      expect(b).toEqual(a);
      for (const crypto of [nobleV2Crypto, defaultV2Crypto]) {
        const opened = new Uint8Array(length + offset);
        expect(crypto.open(k, n, aad, a, 0, length, opened, offset)).toBe(true);
        expect(opened.subarray(offset)).toEqual(plain);
        const place = a.slice();
        expect(crypto.open(k, n, aad, place, 0, length, place, 0)).toBe(true);
        expect(place.subarray(0, length)).toEqual(plain);
      }
    }),
    { numRuns: 60 },
  );
});

test("default and noble find the same x", () => {
  for (let i = 0; i < 8; i++) {
    const { privateKey, publicKey } = generateEllswift(randomBytes);
    const other = randomBytes(64);
    const x = nobleV2Crypto.sharedX(privateKey, other);
    expect(defaultV2Crypto.sharedX(privateKey, other)).toEqual(x);
    expect(defaultV2Crypto.sharedX(privateKey, publicKey)).toEqual(
      nobleV2Crypto.sharedX(privateKey, publicKey),
    );
  }
});

describe.each([
  ["noble", nobleV2Crypto],
  ["default", defaultV2Crypto],
])("%s", (_, crypto) => {
  test("a wrong tag leaves the destination as it was", () => {
    const sealed = new Uint8Array(100 + 16);
    crypto.seal(key, nonce, none, new Uint8Array(100).fill(5), 0, 100, sealed, 0);
    sealed[115] = (sealed[115] ?? 0) ^ 1;
    const dst = new Uint8Array(100).fill(6);
    expect(crypto.open(key, nonce, none, sealed, 0, 100, dst, 0)).toBe(false);
    expect(dst).toEqual(new Uint8Array(100).fill(6));
  });

  test("keystream overwrites, from the block that is asked for", () => {
    const dst = new Uint8Array(64).fill(9);
    crypto.keystream(key, nonce, 1, dst);
    const sealed = new Uint8Array(64 + 16);
    crypto.seal(key, nonce, none, new Uint8Array(64), 0, 64, sealed, 0);
    expect(dst).toEqual(sealed.subarray(0, 64)); // RFC 8439: the AEAD begins with block 1
  });

  test("offsets outside are errors, not shorter messages", () => {
    const bytes = new Uint8Array(20);
    for (const [srcOffset, length, dstOffset] of [
      [0, 21, 0],
      [17, 4, 0],
      [-1, 1, 0],
      [0, -1, 0],
      [0, 5, 0],
      [0, 4, 1],
      [0, 1, -1],
    ] as const) {
      const seal = (): void =>
        crypto.seal(key, nonce, none, bytes, srcOffset, length, bytes.slice(), dstOffset);
      expect(seal).toThrow(RangeError);
    }
    for (const [srcOffset, length, dstOffset] of [
      [0, 5, 0],
      [1, 4, 0],
      [-1, 1, 0],
      [0, -1, 0],
      [0, 4, 17],
      [0, 1, -1],
    ] as const) {
      const open = (): boolean =>
        crypto.open(key, nonce, none, bytes, srcOffset, length, bytes.slice(), dstOffset);
      expect(open).toThrow(RangeError);
    }
  });

  test.each([
    ["zero", new Uint8Array(32)],
    ["above the order", new Uint8Array(32).fill(0xff)],
    ["too short", new Uint8Array(31).fill(1)],
    ["too long", new Uint8Array(33).fill(1)],
    ["too long, with zeros in front", new Uint8Array(33).fill(1, 1)],
  ])("a private key that is %s is an error", (_why, privateKey) => {
    expect(() => crypto.sharedX(privateKey, new Uint8Array(64))).toThrow(Error);
  });

  test.each([0, 63, 65])("%i bytes are no encoding", (length) => {
    expect(() => crypto.sharedX(key, new Uint8Array(length))).toThrow(RangeError);
  });

  test("random bytes are as many as were asked for and differ", () => {
    expect(crypto.randomBytes(33).length).toBe(33);
    expect(crypto.randomBytes(33)).not.toEqual(crypto.randomBytes(33));
  });
});
