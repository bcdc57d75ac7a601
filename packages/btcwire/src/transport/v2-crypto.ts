// The primitives BIP 324 needs, as an interface, and their default on `@noble`.
// Bytes: every returned array is fresh and belongs to the caller, who overwrites it when it is a
// secret. No function keeps a reference to what it was given.
import { chacha20, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { sharedX } from "./ellswift.ts";

/** Bytes that {@link V2Crypto.seal} adds: the Poly1305 tag. */
export const tagLength = 16;

/**
 * The cryptography of BIP 324, replaceable by a faster backend.
 *
 * `seal` and `open` take offsets instead of views, so that a backend with its own memory needs no
 * allocation per packet.
 */
export interface V2Crypto {
  /** Strong randomness. */
  randomBytes(length: number): Uint8Array;
  /**
   * `ellswift_ecdh_xonly`: the x coordinate of the private key times the point that an ElligatorSwift
   * encoding of 64 bytes stands for, 32 bytes.
   */
  sharedX(privateKey: Uint8Array, theirs: Uint8Array): Uint8Array;
  /** ChaCha20 of RFC 8439: overwrites `dst` with the keystream from the given block of 64 bytes on. */
  keystream(key: Uint8Array, nonce: Uint8Array, block: number, dst: Uint8Array): void;
  /**
   * ChaCha20-Poly1305 of RFC 8439 over `length` bytes of `src`; writes `length + 16` bytes to `dst`.
   * The key has 32 bytes, the nonce 12. Source and destination are the same place or do not overlap.
   */
  seal(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): void;
  /**
   * The inverse of `seal`, over `length + 16` bytes of `src`; writes `length` bytes to `dst`. Returns
   * false, with `dst` untouched, if the tag is wrong; tags are compared in constant time.
   */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): boolean;
}

/** `subarray` clamps: without this a short buffer would mean a short packet. @throws RangeError */
export function checkRange(bytes: Uint8Array, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
    throw new RangeError(`${length} bytes at ${offset} are outside of ${bytes.length} bytes`);
  }
}

/** The {@link V2Crypto} of `@noble/secp256k1`, `@noble/hashes` and `@noble/ciphers`, which runs everywhere. */
export const nobleV2Crypto: V2Crypto = {
  randomBytes(length: number): Uint8Array {
    return randomBytes(length);
  },

  sharedX(privateKey: Uint8Array, theirs: Uint8Array): Uint8Array {
    return sharedX(privateKey, theirs);
  },

  keystream(key, nonce, block, dst): void {
    dst.fill(0);
    chacha20(key, nonce, dst, dst, block);
  },

  seal(key, nonce, aad, src, srcOffset, length, dst, dstOffset): void {
    checkRange(src, srcOffset, length);
    checkRange(dst, dstOffset, length + tagLength);
    chacha20poly1305(key, nonce, aad).encrypt(
      src.subarray(srcOffset, srcOffset + length),
      dst.subarray(dstOffset, dstOffset + length + tagLength),
    );
  },

  open(key, nonce, aad, src, srcOffset, length, dst, dstOffset): boolean {
    checkRange(src, srcOffset, length + tagLength);
    checkRange(dst, dstOffset, length);
    const cipher = chacha20poly1305(key, nonce, aad);
    const sealed = src.subarray(srcOffset, srcOffset + length + tagLength);
    try {
      cipher.decrypt(sealed, dst.subarray(dstOffset, dstOffset + length));
    } catch {
      return false; // the arguments are checked above: only the tag is left to fail
    }
    return true;
  },
};
