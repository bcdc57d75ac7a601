// The cryptography of v2 with randomness that a seed decides and key exchanges that are done once.
import { toHex } from "@satwire/codec";
import { type EllswiftKeyPair, generateEllswift } from "../../src/transport/ellswift.ts";
import { nobleV2Crypto, type V2Crypto } from "../../src/transport/v2-crypto.ts";

/** A generator of numbers from 0 to 2^32 − 1 (mulberry32). */
export function numbersOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** A source of bytes that depend on nothing but the seed. */
export function bytesOf(seed: number): (length: number) => Uint8Array {
  const next = numbersOf(seed);
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = next() >>> 13;
    return bytes;
  };
}

const sharedXs = new Map<string, Uint8Array>();

/** A crypto backend with seeded randomness. */
export function seededCrypto(seed: number): V2Crypto {
  return {
    ...nobleV2Crypto,
    randomBytes: bytesOf(seed),
    sharedX(privateKey, theirs) {
      const id = toHex(privateKey) + toHex(theirs);
      let x = sharedXs.get(id);
      if (x === undefined) sharedXs.set(id, (x = nobleV2Crypto.sharedX(privateKey, theirs)));
      return x.slice();
    },
  };
}

/** Two key pairs that tests share, because making one takes long. */
export const keyPairs: readonly [EllswiftKeyPair, EllswiftKeyPair] = [
  generateEllswift(bytesOf(1)),
  generateEllswift(bytesOf(2)),
];
