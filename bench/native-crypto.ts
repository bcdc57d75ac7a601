/**
 * Scope: native primitives behind our interface: OpenSSL through node:crypto, and the `secp256k1` that
 * `@node-lightning/noise` uses. With the same primitives on both sides, what is left to compare is the
 * code around them. Only for measuring: nobody reviewed it for anything else.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { createRequire } from "node:module";
import {
  createPrivateKey,
  ecdh,
  getPublicKey,
  hkdf,
  sha256,
  validPrivateKey,
  validPublicKey,
} from "@node-lightning/crypto";
import { type NoiseCrypto, tagLength } from "@satwire/noise";

/** What `secp256k1` runs: where no prebuilt binary fits, it turns to JavaScript without a word. */
export const curveBackend: "libsecp256k1" | "elliptic" = loadsNative()
  ? "libsecp256k1"
  : "elliptic";

function loadsNative(): boolean {
  const fromHere = createRequire(import.meta.url);
  const fromCrypto = createRequire(fromHere.resolve("@node-lightning/crypto"));
  try {
    fromCrypto("secp256k1/bindings");
    return true;
  } catch {
    return false;
  }
}

/** The same bytes as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagLength };
const nonce = Buffer.alloc(12);

export const nativeCrypto: NoiseCrypto = {
  randomPrivateKey: () => createPrivateKey(),
  isPrivateKey: (bytes) => validPrivateKey(asBuffer(bytes)),
  isPublicKey: (bytes) => bytes.length === 33 && validPublicKey(asBuffer(bytes)),
  publicKey: (privateKey) => getPublicKey(asBuffer(privateKey)),
  ecdh: (privateKey, publicKey) => ecdh(asBuffer(publicKey), asBuffer(privateKey)),
  sha256: (bytes) => sha256(asBuffer(bytes)),
  hkdf: (salt, ikm) => hkdf(asBuffer(ikm), 64, asBuffer(salt)),

  seal(key, counter, ad, src, srcOffset, length, dst, dstOffset) {
    nonce.writeUInt32LE(counter, 4); // 32 bits are enough: keys rotate after 1,000 uses
    const cipher = createCipheriv(algorithm, key, nonce, options);
    if (ad.length > 0) cipher.setAAD(ad, { plaintextLength: length });
    dst.set(cipher.update(src.subarray(srcOffset, srcOffset + length)), dstOffset);
    cipher.final();
    dst.set(cipher.getAuthTag(), dstOffset + length);
  },

  open(key, counter, ad, src, srcOffset, length, dst, dstOffset) {
    nonce.writeUInt32LE(counter, 4);
    const end = srcOffset + length;
    const decipher = createDecipheriv(algorithm, key, nonce, options);
    if (ad.length > 0) decipher.setAAD(ad, { plaintextLength: length });
    decipher.setAuthTag(src.subarray(end, end + tagLength));
    const plain = decipher.update(src.subarray(srcOffset, end));
    try {
      decipher.final();
    } catch {
      return false;
    }
    dst.set(plain, dstOffset);
    return true;
  },
};
