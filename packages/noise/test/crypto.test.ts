import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { nobleCrypto as crypto, tagLength } from "../src/crypto.ts";
import { thrown } from "./support/thrown.ts";

const none = new Uint8Array(0);
const key = new Uint8Array(32).fill(9);
const text = Uint8Array.from("Lightning", (character) => character.charCodeAt(0));

describe("published values", () => {
  test("ECDH is the hash of the compressed point (BOLT 8, act one)", () => {
    const secret = crypto.ecdh(
      new Uint8Array(32).fill(0x12),
      hexToBytes("028d7500dd4c12685d1f568b4c2b5048e8534b873319f3a8daa612b469132ec7f7"),
    );
    expect(bytesToHex(secret)).toBe(
      "1e2fb3c8fe8fb9f262f649f64d26ecf0f2c0a805a767cf02dc2d77a6ef1fdcc3",
    );
  });

  test("HKDF (BOLT 8, act one)", () => {
    const okm = crypto.hkdf(
      hexToBytes("2640f52eebcd9e882958951c794250eedb28002c05d7dc2ea0f195406042caf1"),
      hexToBytes("1e2fb3c8fe8fb9f262f649f64d26ecf0f2c0a805a767cf02dc2d77a6ef1fdcc3"),
    );
    expect(bytesToHex(okm)).toBe(
      "b61ec1191326fa240decc9564369dbb3ae2b34341d1e11ad64ed89f89180582f" +
        "e68f69b7f096d7917245f5e5cf8ae1595febe4d4644333c99f9c4a1282031c9f",
    );
  });

  test("SHA-256 of the protocol name (BOLT 8, handshake state)", () => {
    const name = Uint8Array.from("Noise_XK_secp256k1_ChaChaPoly_SHA256", (c) => c.charCodeAt(0));
    expect(bytesToHex(crypto.sha256(name))).toBe(
      "2640f52eebcd9e882958951c794250eedb28002c05d7dc2ea0f195406042caf1",
    );
  });

  test("AEAD with associated data and counter 1 (BOLT 8, act three)", () => {
    const sealed = new Uint8Array(49);
    crypto.seal(
      hexToBytes("908b166535c01a935cf1e130a5fe895ab4e6f3ef8855d87e9b7581c4ab663ddc"),
      1,
      hexToBytes("90578e247e98674e661013da3c5c1ca6a8c8f48c90b485c0dfa1494e23d56d72"),
      hexToBytes("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"),
      0,
      33,
      sealed,
      0,
    );
    expect(bytesToHex(sealed)).toBe(
      "b9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c3822",
    );
  });
});

describe("seal and open", () => {
  const sealed = new Uint8Array(text.length + tagLength);
  crypto.seal(key, 3, none, text, 0, text.length, sealed, 0);

  test.each([
    [0, "0000000000000000"],
    [1, "0100000000000000"],
    [999, "e703000000000000"],
    [0xffff_ffff, "ffffffff00000000"],
    [0x1f_0102_0304_0506, "0605040302011f00"],
  ])("the nonce of counter %i is 32 zero bits and %s", (counter, nonce) => {
    const found = new Uint8Array(sealed.length);
    crypto.seal(key, counter, none, text, 0, text.length, found, 0);
    expect(found).toEqual(chacha20poly1305(key, hexToBytes(`00000000${nonce}`)).encrypt(text));
  });

  test("work at any offset and write nothing outside of their range", () => {
    const src = new Uint8Array(40).fill(1);
    src.set(text, 7);
    const dst = new Uint8Array(40).fill(2);
    crypto.seal(key, 3, none, src, 7, text.length, dst, 5);
    expect(dst.subarray(5, 5 + sealed.length)).toEqual(sealed);
    expect(dst.subarray(0, 5)).toEqual(new Uint8Array(5).fill(2));
    expect(dst.subarray(5 + sealed.length)).toEqual(new Uint8Array(35 - sealed.length).fill(2));

    const back = new Uint8Array(40).fill(3);
    expect(crypto.open(key, 3, none, dst, 5, text.length, back, 11)).toBe(true);
    expect(back.subarray(11, 11 + text.length)).toEqual(text);
    expect(back.subarray(0, 11)).toEqual(new Uint8Array(11).fill(3));
    expect(back.subarray(11 + text.length)).toEqual(new Uint8Array(29 - text.length).fill(3));
  });

  test("work in place", () => {
    const bytes = new Uint8Array(30);
    bytes.set(text, 2);
    crypto.seal(key, 3, none, bytes, 2, text.length, bytes, 2);
    expect(bytes.subarray(2, 2 + sealed.length)).toEqual(sealed);
    expect(crypto.open(key, 3, none, bytes, 2, text.length, bytes, 2)).toBe(true);
    expect(bytes.subarray(2, 2 + text.length)).toEqual(text);
  });

  test("open refuses every flipped bit, another counter, key and data, and writes nothing", () => {
    const dst = new Uint8Array(text.length).fill(4);
    const open = (bytes: Uint8Array, k = key, counter = 3, ad = none): boolean =>
      crypto.open(k, counter, ad, bytes, 0, text.length, dst, 0);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bytes = sealed.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(open(bytes)).toBe(false);
    }
    expect(open(sealed, new Uint8Array(32).fill(8))).toBe(false);
    expect(open(sealed, key, 4)).toBe(false);
    expect(open(sealed, key, 3, Uint8Array.of(0))).toBe(false);
    expect(dst).toEqual(new Uint8Array(text.length).fill(4));
    expect(open(sealed)).toBe(true);
    expect(dst).toEqual(text);
  });

  test("a range outside of an array is a mistake of the caller, not a wrong tag", () => {
    const dst = new Uint8Array(text.length);
    const misuses = [
      () => crypto.seal(key, 0, none, text, 1, text.length, sealed.slice(), 0),
      () => crypto.seal(key, 0, none, text, 0, text.length, sealed.slice(), 1),
      () => crypto.seal(key, 0, none, text, -1, text.length, sealed.slice(), 0),
      () => crypto.open(key, 3, none, sealed, 1, text.length, dst, 0),
      () => crypto.open(key, 3, none, sealed, 0, text.length, dst, 1),
      () => crypto.open(key, 3, none, sealed, 0, text.length, dst, -1),
      () => crypto.open(key, 3, none, sealed, 0, -1, dst, 0),
    ];
    for (const misuse of misuses) expect(thrown(misuse)).toBeInstanceOf(RangeError);
  });
});

describe("keys", () => {
  test("a random private key is valid and not the same twice", () => {
    const first = crypto.randomPrivateKey();
    expect(crypto.isPrivateKey(first)).toBe(true);
    expect(crypto.randomPrivateKey()).not.toEqual(first);
  });

  test("only compressed points on the curve are public keys", () => {
    const publicKey = crypto.publicKey(key);
    expect(publicKey.length).toBe(33);
    expect(crypto.isPublicKey(publicKey)).toBe(true);
    for (const prefix of [0, 1, 4, 5, 6, 7, 0x82]) {
      expect(crypto.isPublicKey(Uint8Array.of(prefix, ...publicKey.subarray(1)))).toBe(false);
    }
    expect(crypto.isPublicKey(publicKey.subarray(0, 32))).toBe(false);
    expect(crypto.isPublicKey(Uint8Array.of(...publicKey, 0))).toBe(false);
    expect(crypto.isPublicKey(new Uint8Array(65).fill(4))).toBe(false);
    // x = 5 has no y; x = 2^256 - 1 is not a field element.
    expect(crypto.isPublicKey(Uint8Array.of(2, ...new Uint8Array(31), 5))).toBe(false);
    expect(crypto.isPublicKey(Uint8Array.of(2, ...new Uint8Array(32).fill(255)))).toBe(false);
  });
});
