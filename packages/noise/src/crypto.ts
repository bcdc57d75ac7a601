/**
 * Scope: the primitives BOLT 8 needs, as an interface, and their default on `@noble`.
 * Bytes: every returned array is fresh and belongs to the caller, who overwrites it when it is a
 * secret. No function keeps a reference to what it was given.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { getPublicKey, getSharedSecret, utils } from "@noble/secp256k1";

/** Bytes that {@link NoiseCrypto.seal} adds: the Poly1305 tag. */
export const tagLength = 16;

/**
 * The cryptography of BOLT 8 ("Noise Protocol Instantiation"), replaceable by a faster backend.
 *
 * `seal` and `open` take offsets instead of views, so that a backend with its own memory needs no
 * allocation per message.
 */
export interface NoiseCrypto {
  /** A fresh private key with strong randomness: 32 bytes, 1 ≤ key < curve order. */
  randomPrivateKey(): Uint8Array;
  /** Whether these are 32 bytes within the order of the curve. */
  isPrivateKey(bytes: Uint8Array): boolean;
  /** Whether these are 33 bytes that name a point on secp256k1 in compressed form. */
  isPublicKey(bytes: Uint8Array): boolean;
  /** The compressed public key (33 bytes) of a valid private key. */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /** `ECDH(k, rk)`: the SHA-256 of the compressed shared point, 32 bytes. Both keys are valid. */
  ecdh(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** SHA-256, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** `HKDF(salt, ikm)` of RFC 5869 over SHA-256 with empty info, 64 bytes. */
  hkdf(salt: Uint8Array, ikm: Uint8Array): Uint8Array;
  /**
   * `encryptWithAD`: ChaCha20-Poly1305 of RFC 8439 over `length` bytes of `src`; writes
   * `length + 16` bytes to `dst`. The nonce is 32 zero bits and `counter` as 64 bits,
   * little-endian. Source and destination are the same place or do not overlap.
   */
  seal(
    key: Uint8Array,
    counter: number,
    ad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): void;
  /**
   * `decryptWithAD`: the inverse of `seal`, over `length + 16` bytes of `src`; writes `length`
   * bytes to `dst`. Returns false, with `dst` untouched, if the tag is wrong; tags are compared in
   * constant time.
   */
  open(
    key: Uint8Array,
    counter: number,
    ad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): boolean;
}

// One for all calls: every call is synchronous and sets it first. Touching the `buffer` of a fresh
// small array, as the cipher does, costs more than a ChaCha20 block.
const nonce: Uint8Array = /* @__PURE__ */ new Uint8Array(12);

function setNonce(counter: number): void {
  let low = counter >>> 0;
  let high = Math.floor(counter / 0x1_0000_0000);
  for (let i = 4; i < 8; i++) {
    nonce[i] = low; // stores the low 8 bits
    nonce[i + 4] = high;
    low >>>= 8;
    high >>>= 8;
  }
}

// `subarray` clamps: without this a short buffer would mean a short message.
function checkRange(bytes: Uint8Array, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
    throw new RangeError(`${length} bytes at ${offset} are outside of ${bytes.length} bytes`);
  }
}

/** The default {@link NoiseCrypto}: `@noble/secp256k1`, `@noble/hashes` and `@noble/ciphers`. */
export const nobleCrypto: NoiseCrypto = {
  randomPrivateKey(): Uint8Array {
    return utils.randomSecretKey();
  },

  isPrivateKey(bytes: Uint8Array): boolean {
    return utils.isValidSecretKey(bytes);
  },

  isPublicKey(bytes: Uint8Array): boolean {
    return utils.isValidPublicKey(bytes, true);
  },

  publicKey(privateKey: Uint8Array): Uint8Array {
    return getPublicKey(privateKey, true);
  },

  ecdh(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const point = getSharedSecret(privateKey, publicKey, true);
    const secret = sha256(point);
    point.fill(0);
    return secret;
  },

  sha256(bytes: Uint8Array): Uint8Array {
    return sha256(bytes);
  },

  hkdf(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
    return hkdf(sha256, ikm, salt, undefined, 64);
  },

  seal(key, counter, ad, src, srcOffset, length, dst, dstOffset): void {
    checkRange(src, srcOffset, length);
    checkRange(dst, dstOffset, length + tagLength);
    setNonce(counter);
    chacha20poly1305(key, nonce, ad).encrypt(
      src.subarray(srcOffset, srcOffset + length),
      dst.subarray(dstOffset, dstOffset + length + tagLength),
    );
  },

  open(key, counter, ad, src, srcOffset, length, dst, dstOffset): boolean {
    checkRange(src, srcOffset, length + tagLength);
    checkRange(dst, dstOffset, length);
    setNonce(counter);
    const cipher = chacha20poly1305(key, nonce, ad);
    const sealed = src.subarray(srcOffset, srcOffset + length + tagLength);
    try {
      cipher.decrypt(sealed, dst.subarray(dstOffset, dstOffset + length));
    } catch {
      return false; // the arguments are checked above: only the tag is left to fail
    }
    return true;
  },
};
