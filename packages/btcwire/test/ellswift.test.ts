import { randomBytes } from "@noble/hashes/utils.js";
import { elligatorSwift } from "@scure/btc-signer/p2p.js";
import { getPublicKey } from "@noble/secp256k1";
import { fromHex, toHex } from "@satwire/codec";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeEllswift,
  encodeEllswift,
  generateEllswift,
  invertSwiftEc,
  sharedX,
} from "../src/transport/ellswift.ts";
import { sharedSecret } from "../src/transport/packet-keys.ts";

// @scure/btc-signer is the other implementation.

const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const ones = new Uint8Array(32).fill(1);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);

/** A source that gives what is written there, and fails after it. */
function scripted(...parts: readonly Uint8Array[]): (length: number) => Uint8Array {
  const left = [...parts];
  return (length) => {
    const next = left.shift();
    if (next?.length !== length) throw new Error(`${length} bytes were not foreseen`);
    return next;
  };
}

/** `u` and the case as they are drawn. */
const draw = (u: Uint8Array, which: number): Uint8Array => Uint8Array.from([...u, which]);

test("any 64 bytes stand for the same x in both implementations", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (encoding) => {
      expect(decodeEllswift(encoding)).toEqual(elligatorSwift.decode(encoding));
    }),
    { numRuns: 300 },
  );
});

test("all cases of the inverse agree with the other implementation and lead back to x", () => {
  fc.assert(
    fc.property(bytes32, bytes32, (xFrom, uBytes) => {
      const x = numberOf(decodeEllswift(new Uint8Array([...xFrom, ...uBytes])));
      const p = 2n ** 256n - 2n ** 32n - 977n;
      const u = (numberOf(uBytes) % p) + (numberOf(uBytes) % p === 0n ? 1n : 0n);
      for (let which = 0; which < 8; which++) {
        const t = invertSwiftEc(x, u, which);
        expect(t).toBe(elligatorSwift._inv(x, u, which));
        if (t === undefined) continue;
        const encoding = [u, t].map((n) => n.toString(16).padStart(64, "0")).join("");
        expect(numberOf(decodeEllswift(fromHex(encoding)))).toBe(x);
      }
    }),
    { numRuns: 40 },
  );
});

test("both sides share what the other implementation says they do, in either role", () => {
  for (let i = 0; i < 6; i++) {
    const ours = generateEllswift(randomBytes);
    const theirs = elligatorSwift.keygen();
    const x = sharedX(ours.privateKey, theirs.publicKey);
    expect(x).toEqual(sharedX(theirs.privateKey, ours.publicKey));
    for (const initiator of [true, false]) {
      const keys = [ours.publicKey, theirs.publicKey] as const;
      const [first, second] = initiator ? keys : ([keys[1], keys[0]] as const);
      const scure = elligatorSwift.getSharedSecretBip324;
      const found = sharedSecret(first, second, x);
      expect(found).toEqual(scure(ours.privateKey, keys[1], keys[0], initiator));
      expect(found).toEqual(scure(theirs.privateKey, keys[0], keys[1], !initiator));
    }
  }
});

test("every encoding stands for the public key, and no two are equal", () => {
  const privateKey = randomBytes(32);
  const x = getPublicKey(privateKey).subarray(1);
  const found = Array.from({ length: 40 }, () => encodeEllswift(privateKey, randomBytes));
  for (const encoding of found) expect(decodeEllswift(encoding)).toEqual(x);
  expect(new Set(found.map(toHex)).size).toBe(found.length);
});

test("u and the case are those that were drawn; draws without an encoding are passed over", () => {
  const x = numberOf(getPublicKey(ones).subarray(1));
  let [hits, misses] = [0, 0];
  for (let i = 1; i < 12; i++) {
    const u = new Uint8Array(32).fill(i);
    for (let which = 0; which < 8; which++) {
      const t = invertSwiftEc(x, numberOf(u), which);
      // Only the low three bits of the last byte are the case.
      const source = scripted(new Uint8Array(33), draw(u, which | (i << 3)));
      if (t === undefined) {
        misses++;
        expect(() => encodeEllswift(ones, source)).toThrow("33 bytes were not foreseen");
        continue;
      }
      hits++;
      const expected = toHex(u) + t.toString(16).padStart(64, "0");
      expect(toHex(encodeEllswift(ones, source))).toBe(expected);
    }
  }
  expect(hits).toBeGreaterThan(10);
  expect(misses).toBeGreaterThan(10);
});

test.each([
  ["zero", "00".repeat(32)],
  ["the order of the field, which is zero", "ff".repeat(27) + "fefffffc2f"],
])("u is never %s, which would stand for one", (_, hex) => {
  let tempting = 0;
  for (let i = 1; i < 7; i++) {
    const key = new Uint8Array(32).fill(i);
    const x = numberOf(getPublicKey(key).subarray(1));
    for (let which = 0; which < 8; which++) {
      if (invertSwiftEc(x, 0n, which) !== undefined) tempting++;
      const zero = draw(fromHex(hex), which);
      expect(() => encodeEllswift(key, scripted(zero))).toThrow("33 bytes were not foreseen");
    }
  }
  expect(tempting).toBeGreaterThan(0);
});

test("a private key is drawn again until it is within the order", () => {
  const tooLarge = [fromHex(order), new Uint8Array(32).fill(0xff), new Uint8Array(32)];
  let drawn = 0;
  const source = (length: number): Uint8Array =>
    length === 32 ? (tooLarge[drawn++] ?? ones.slice()) : randomBytes(length);
  const { privateKey, publicKey } = generateEllswift(source);
  expect(drawn).toBe(4);
  expect(privateKey).toEqual(ones);
  expect(decodeEllswift(publicKey)).toEqual(getPublicKey(ones).subarray(1));
});

test("a source that repeats itself is an error, not a loop without an end", () => {
  const zeros = (length: number): Uint8Array => new Uint8Array(length);
  const message = "the bytes that were to be random lead to no key";
  expect(() => generateEllswift(zeros)).toThrow(message);
  expect(() => encodeEllswift(ones, zeros)).toThrow(message);
});

test.each([0, 63, 65])("%i bytes are no encoding", (length) => {
  const encoding = new Uint8Array(length);
  expect(() => decodeEllswift(encoding)).toThrow(RangeError);
  expect(() => sharedX(ones, encoding)).toThrow(RangeError);
});

test.each([
  ["zero", "00".repeat(32)],
  ["the order", order],
  ["too short", "01".repeat(31)],
  ["too long", "01".repeat(33)],
])("%s is no private key", (_, hex) => {
  const key = fromHex(hex);
  expect(() => sharedX(key, new Uint8Array(64))).toThrow(Error);
  expect(() => encodeEllswift(key, randomBytes)).toThrow(Error);
});
