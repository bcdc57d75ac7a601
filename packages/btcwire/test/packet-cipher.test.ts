import { concatBytes } from "@satwire/codec";
import { expect, test } from "vitest";
import {
  PacketCipher,
  packetExpansion,
  packetPrefixLength,
} from "../src/transport/packet-cipher.ts";
import { nobleV2Crypto, type V2Crypto } from "../src/transport/v2-crypto.ts";
import { cipherPair } from "./support/cipher-pair.ts";

const message = Uint8Array.of(1, 2, 3);
const empty = new Uint8Array(0);

/** The arrays that were handed out or used as keys, as they are now. */
function watched(): { readonly crypto: V2Crypto; readonly secrets: Set<Uint8Array> } {
  const secrets = new Set<Uint8Array>();
  const keep = (bytes: Uint8Array): Uint8Array => {
    secrets.add(bytes);
    return bytes;
  };
  const crypto: V2Crypto = {
    ...nobleV2Crypto,
    sharedX: (privateKey, theirs) => keep(nobleV2Crypto.sharedX(privateKey, theirs)),
    keystream(key, nonce, block, dst): void {
      nobleV2Crypto.keystream(keep(key), nonce, block, keep(dst));
    },
    seal(key, ...rest): void {
      nobleV2Crypto.seal(keep(key), ...rest);
    },
    open: (key, ...rest) => nobleV2Crypto.open(keep(key), ...rest),
  };
  return { crypto, secrets };
}

const filled = (arrays: Iterable<Uint8Array>): number =>
  [...arrays].filter((bytes) => bytes.some((byte) => byte !== 0)).length;

test("contents and the ignore bit come through; other bits of the header do not matter", () => {
  const [alice, bob] = cipherPair();
  for (const ignore of [false, true]) {
    const packet = alice.encrypt(message, { ignore });
    expect(packet.length).toBe(message.length + packetExpansion);
    expect(bob.decryptLength(packet.subarray(0, 3))).toBe(3);
    expect(bob.decrypt(packet.subarray(3))).toEqual({ contents: message, ignore });
  }
  const headers = [0x7f, 0xff];
  const strange: V2Crypto = {
    ...nobleV2Crypto,
    seal(key, nonce, aad, src, ...rest): void {
      src[packetPrefixLength - 1] = headers.shift() ?? 0;
      nobleV2Crypto.seal(key, nonce, aad, src, ...rest);
    },
  };
  const [carol, dave] = cipherPair(strange);
  expect(dave.decrypt(carol.encrypt(empty).subarray(3))?.ignore).toBe(false);
  expect(dave.decrypt(carol.encrypt(empty).subarray(3))?.ignore).toBe(true);
});

test("what is encrypted in place is the same packet", () => {
  const [first] = cipherPair();
  const [second] = cipherPair();
  const packet = concatBytes(new Uint8Array(4).fill(9), message, new Uint8Array(16).fill(9));
  const options = { aad: message, ignore: true };
  second.encryptInPlace(packet, options);
  expect(packet).toEqual(first.encrypt(message, options));
});

test("nothing that is given is changed, not even a Buffer, whose slices share its bytes", () => {
  class Shared extends Uint8Array {
    override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
      return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
    }
  }
  const [alice, bob] = cipherPair();
  const packet = alice.encrypt(message);
  const given = Shared.from(packet);
  expect(bob.decryptLength(given.subarray(0, 3))).toBe(3);
  expect(bob.decrypt(given.subarray(3))?.contents).toEqual(message);
  expect([...given]).toEqual([...packet]);
});

test("lengths use all three bytes, the lowest first", () => {
  const [alice, bob] = cipherPair();
  for (const length of [0, 255, 256, 0x1_0000, 0x1_0203]) {
    const packet = alice.encrypt(new Uint8Array(length));
    expect(bob.decryptLength(packet.subarray(0, 3))).toBe(length);
  }
});

test.each([0, 2, 4])("%i bytes are no length", (length) => {
  const [, bob] = cipherPair();
  expect(() => bob.decryptLength(new Uint8Array(length))).toThrow(RangeError);
});

test("contents of 2^24 bytes have no length; the cipher is as it was", () => {
  const [alice, bob] = cipherPair();
  expect(() => alice.encrypt(new Uint8Array(2 ** 24))).toThrow(RangeError);
  expect(() => alice.encryptInPlace(new Uint8Array(2 ** 24 + 20))).toThrow(RangeError);
  expect(() => alice.encryptInPlace(new Uint8Array(19))).toThrow(RangeError);
  const packet = alice.encrypt(message);
  expect(bob.decryptLength(packet.subarray(0, 3))).toBe(3);
  expect(bob.decrypt(packet.subarray(3))?.contents).toEqual(message);
});

test.each([0, 16])("%i bytes are no packet", (length) => {
  const [, bob] = cipherPair();
  expect(bob.decrypt(new Uint8Array(length))).toBeUndefined();
});

test.each([
  ["privateKey", 31],
  ["privateKey", 33],
  ["ours", 63],
  ["ours", 65],
  ["theirs", 63],
  ["theirs", 65],
  ["magic", 3],
  ["magic", 5],
])("%s of %i bytes is refused", (name, length) => {
  const options = {
    privateKey: new Uint8Array(32).fill(1),
    ours: new Uint8Array(64),
    theirs: new Uint8Array(64),
    magic: new Uint8Array(4),
    initiator: true,
  };
  expect(new PacketCipher(options).sessionId.length).toBe(32);
  const make = (): unknown => new PacketCipher({ ...options, [name]: new Uint8Array(length) });
  expect(make).toThrow(RangeError);
  expect(make).toThrow(`${name}: `);
});

test("the private key is left alone, and what was derived from it is overwritten", () => {
  const { crypto, secrets } = watched();
  const privateKey = new Uint8Array(32).fill(1);
  const keys = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)] as const;
  const magic = new Uint8Array(4);
  const [ours, theirs] = keys;
  new PacketCipher({ privateKey, ours, theirs, magic, initiator: true, crypto });
  expect(privateKey).toEqual(new Uint8Array(32).fill(1));
  expect([...secrets].map((bytes) => bytes.length)).toEqual([32]); // the shared x
  expect(filled(secrets)).toBe(0);
});

test("a rekey overwrites the keys before it, in place, and destroy the last ones", () => {
  const { crypto, secrets } = watched();
  const [alice, bob] = cipherPair(crypto);
  const exchange = (): void => {
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const packet = from.encrypt(message);
      to.decryptLength(packet.subarray(0, 3));
      expect(to.decrypt(packet.subarray(3))?.contents).toEqual(message);
    }
  };
  exchange();
  const live = 2 * (4 + 2); // on each side four keys, and the keystreams of both lengths
  const atFirst = filled(secrets);
  expect(atFirst).toBe(live);
  const before = [...secrets].map((bytes) => [bytes, bytes.slice()] as const);
  for (let i = 0; i < 224; i++) exchange();
  for (const [now, then] of before) if (filled([then]) > 0) expect(now).not.toEqual(then);
  expect(filled(secrets)).toBe(atFirst); // no new one is left with something in it
  alice.destroy();
  bob.destroy();
  expect(filled(secrets)).toBe(0);
});

test("after destroy, which can come twice, everything is refused: nothing is encrypted with zeros", () => {
  const [alice] = cipherPair();
  alice.destroy();
  alice.destroy();
  const uses = [
    (): unknown => alice.encrypt(message),
    (): unknown => alice.encryptInPlace(new Uint8Array(24)),
    (): unknown => alice.decryptLength(message),
    (): unknown => alice.decrypt(new Uint8Array(24)),
  ];
  for (const use of uses) {
    expect(use).toThrow(expect.objectContaining({ name: "TransportError", code: "destroyed" }));
  }
});
