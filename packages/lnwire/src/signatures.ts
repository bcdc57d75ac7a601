// The one place where lnwire meets a curve. A faster backend is passed in, never detected.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as secp256k1 from "@noble/secp256k1";

/** ECDSA on secp256k1 as gossip needs it: 64-byte compact signatures, 32-byte hashes. */
export interface SignatureCrypto {
  /** False for a wrong signature and for malformed input alike. High S is not accepted. */
  verify(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean;
  /** Deterministic (RFC 6979) with low S. */
  sign(hash: Uint8Array, privateKey: Uint8Array): Uint8Array;
  /** Compressed, 33 bytes. */
  publicKey(privateKey: Uint8Array): Uint8Array;
}

/** {@link SignatureCrypto} on `@noble/secp256k1`: runs everywhere. */
export const nobleSignatures: SignatureCrypto = {
  verify(signature, hash, publicKey) {
    try {
      return secp256k1.verify(signature, hash, publicKey, { prehash: false });
    } catch {
      return false; // a point off the curve, r or s out of range
    }
  },
  sign(hash, privateKey) {
    // The library takes its synchronous HMAC from here; setting it twice does no harm.
    secp256k1.hashes.hmacSha256 = (key, text) => hmac(sha256, key, text);
    secp256k1.hashes.sha256 = sha256;
    return secp256k1.sign(hash, privateKey, { prehash: false });
  },
  publicKey: (privateKey) => secp256k1.getPublicKey(privateKey),
};
