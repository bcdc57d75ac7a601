import { chacha20 } from "@noble/ciphers/chacha.js";
import { fromHex, toHex } from "@satwire/codec";
import { expect, test } from "vitest";
import { FSChaCha20 } from "../src/transport/fs-chacha20.ts";
import { FSChaCha20Poly1305 } from "../src/transport/fs-chacha20-poly1305.ts";
import { nobleV2Crypto, type V2Crypto } from "../src/transport/v2-crypto.ts";
import vectors from "./vectors/core-fs-ciphers.json" with { type: "json" };

const none = new Uint8Array(0);

test.each(vectors.FSChaCha20)(
  "FSChaCha20 with a rekey every $interval chunks",
  ({ plain, key, interval, afterRotation }) => {
    const chunk = fromHex(plain);
    const cipher = new FSChaCha20(nobleV2Crypto, fromHex(key), interval);
    const stream = chacha20(
      fromHex(key),
      new Uint8Array(12),
      new Uint8Array(interval * chunk.length),
    );
    for (let i = 0; i < interval; i++) {
      const found = chunk.slice();
      cipher.crypt(found);
      const expected = chunk.map((byte, j) => byte ^ (stream[i * chunk.length + j] ?? 0));
      expect(found).toEqual(expected);
    }
    cipher.crypt(chunk);
    expect(toHex(chunk)).toBe(afterRotation);
  },
);

test.each(vectors.FSChaCha20Poly1305)(
  "FSChaCha20Poly1305, packet $index",
  ({ plain, aad, key, index, sealed }) => {
    const contents = fromHex(plain);
    // Packets in front of it are only counted: keys do not depend on what is encrypted with them.
    let isReached = false;
    const crypto: V2Crypto = {
      ...nobleV2Crypto,
      seal(...given): void {
        if (isReached) nobleV2Crypto.seal(...given);
      },
      open: (...given) => isReached && nobleV2Crypto.open(...given),
    };
    const sender = new FSChaCha20Poly1305(crypto, fromHex(key));
    const receiver = new FSChaCha20Poly1305(crypto, fromHex(key));
    for (let i = 0; i < index; i++) {
      sender.seal(none, none, 0, 0, none, 0);
      receiver.open(none, none, 0, 0, none, 0);
    }
    isReached = true;
    const found = new Uint8Array(contents.length + 16);
    sender.seal(fromHex(aad), contents, 0, contents.length, found, 0);
    expect(toHex(found)).toBe(sealed);
    const opened = new Uint8Array(contents.length);
    expect(receiver.open(fromHex(aad), found, 0, contents.length, opened, 0)).toBe(true);
    expect(opened).toEqual(contents);
  },
);
