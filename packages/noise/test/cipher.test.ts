import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { DirectionCipher } from "../src/cipher.ts";
import { nobleCrypto, type NoiseCrypto } from "../src/crypto.ts";
import { recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";

// BOLT 8, "Message Encryption Tests": keys at the start and after the first two rotations.
const chainingKey = hexToBytes("919219dbb2920afa8db80f9a51787a840bcf111ed8d588caf9ab4be716e42b01");
const keys = [
  "969ab31b4d288cedf6218839b27a3e2140827047f2c0f01bf5c04435d43511a9",
  "3fbdc101abd1132ca3a0ae34a669d8d9ba69a587e0bb4ddd59524541cf4813d8",
  "9e0477f9850dca41e42db0e4d154e3a098e5a000d995e421849fcd5df27882bd",
];

/** The key and the counter of every use. */
function watched(): { readonly crypto: NoiseCrypto; readonly uses: [string, number][] } {
  const uses: [string, number][] = [];
  const crypto: NoiseCrypto = {
    ...nobleCrypto,
    seal(key, counter): void {
      uses.push([bytesToHex(key), counter]);
    },
  };
  return { crypto, uses };
}

const one = new Uint8Array(1);
const out = new Uint8Array(17);

test("each key is used 1000 times with the counters 0 to 999 and then replaced", () => {
  const { crypto, uses } = watched();
  const cipher = new DirectionCipher(crypto, hexToBytes(keys[0] ?? ""), chainingKey);
  for (let i = 0; i < 2001; i++) cipher.seal(one, 0, 1, out, 0);
  expect(uses).toEqual(Array.from({ length: 2001 }, (_, i) => [keys[(i / 1000) | 0], i % 1000]));
});

test("a refused tag uses no counter", () => {
  const sender = new DirectionCipher(nobleCrypto, one32(1), chainingKey);
  const receiver = new DirectionCipher(nobleCrypto, one32(1), chainingKey);
  sender.seal(one, 0, 1, out, 0);
  const bad = out.slice();
  bad[16] = (bad[16] ?? 0) ^ 1;
  expect(receiver.open(bad, 0, 1, one.slice(), 0)).toBe(false);
  expect(receiver.open(out, 0, 1, one.slice(), 0)).toBe(true);
});

test("keys are copied in, replaced in place, and overwritten by destroy", () => {
  const crypto = recordingCrypto();
  const key = one32(1);
  const chain = one32(2);
  const cipher = new DirectionCipher(crypto, key, chain);
  for (let i = 0; i < 1001; i++) cipher.seal(one, 0, 1, out, 0);
  expect([key, chain]).toEqual([one32(1), one32(2)]);
  const held = [...crypto.secrets].filter((bytes) => bytes.length === 32);
  expect(held.length).toBe(2); // the same two arrays before and after the rotation
  const derived = [...crypto.secrets].filter((bytes) => bytes.length === 64);
  expect(derived).toEqual([new Uint8Array(64)]);
  cipher.destroy();
  expect(held).toEqual([new Uint8Array(32), new Uint8Array(32)]);
});

test("a backend that throws leaves the counter where it was", () => {
  let failing = true;
  const { crypto, uses } = watched();
  const cipher = new DirectionCipher(
    {
      ...crypto,
      seal(...parameters): void {
        if (failing) throw new Error("no");
        crypto.seal(...parameters);
      },
    },
    one32(1),
    chainingKey,
  );
  expect(thrown(() => cipher.seal(one, 0, 1, out, 0))).toBeInstanceOf(Error);
  failing = false;
  cipher.seal(one, 0, 1, out, 0);
  expect(uses.map(([, counter]) => counter)).toEqual([0]);
});

function one32(value: number): Uint8Array {
  return new Uint8Array(32).fill(value);
}
