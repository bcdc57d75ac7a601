// What `#default-v2-crypto` is in Node. Must export the same names with the same types as `default-v2-crypto.ts`.
// Runtimes that only resemble Node may lack the algorithms (BoringSSL has no secp256k1): noble takes over.
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  getCipherInfo,
  getCurves,
} from "node:crypto";
import { decodeEllswift } from "./ellswift.ts";
import { checkRange, nobleV2Crypto, tagLength, type V2Crypto } from "./v2-crypto.ts";

const curve = "secp256k1";
const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagLength } as const;

let isCurveKnown: boolean | undefined;
let isAlgorithmKnown: boolean | undefined;

function hasCurve(): boolean {
  isCurveKnown ??= getCurves().includes(curve);
  return isCurveKnown;
}

function hasAlgorithm(): boolean {
  isAlgorithmKnown ??= getCipherInfo(algorithm) !== undefined;
  return isAlgorithmKnown;
}

/** The {@link V2Crypto} that is used if none is given: {@link nobleV2Crypto}, and Node's own where there is one. */
export const defaultV2Crypto: V2Crypto = {
  randomBytes(length): Uint8Array {
    return nobleV2Crypto.randomBytes(length);
  },

  sharedX(privateKey, theirs): Uint8Array {
    if (!hasCurve()) return nobleV2Crypto.sharedX(privateKey, theirs);
    if (privateKey.length !== 32) throw new RangeError("a private key has 32 bytes"); // or Node pads it
    const ecdh = createECDH(curve);
    ecdh.setPrivateKey(privateKey);
    // Of the two points with that x any will do: the other one's product has the same x.
    const point = new Uint8Array(33);
    point[0] = 2;
    point.set(decodeEllswift(theirs), 1);
    const shared = ecdh.computeSecret(point);
    const x = Uint8Array.from(shared);
    shared.fill(0);
    return x;
  },

  // Once in 21 packets: not worth a second way.
  keystream(key, nonce, block, dst): void {
    nobleV2Crypto.keystream(key, nonce, block, dst);
  },

  seal(key, nonce, aad, src, srcOffset, length, dst, dstOffset): void {
    if (!hasAlgorithm()) {
      nobleV2Crypto.seal(key, nonce, aad, src, srcOffset, length, dst, dstOffset);
      return;
    }
    checkRange(src, srcOffset, length);
    checkRange(dst, dstOffset, length + tagLength);
    const cipher = createCipheriv(algorithm, key, nonce, options);
    if (aad.length > 0) cipher.setAAD(aad, { plaintextLength: length });
    dst.set(cipher.update(src.subarray(srcOffset, srcOffset + length)), dstOffset);
    cipher.final();
    dst.set(cipher.getAuthTag(), dstOffset + length);
  },

  open(key, nonce, aad, src, srcOffset, length, dst, dstOffset): boolean {
    if (!hasAlgorithm()) {
      return nobleV2Crypto.open(key, nonce, aad, src, srcOffset, length, dst, dstOffset);
    }
    checkRange(src, srcOffset, length + tagLength);
    checkRange(dst, dstOffset, length);
    const decipher = createDecipheriv(algorithm, key, nonce, options);
    const end = srcOffset + length;
    if (aad.length > 0) decipher.setAAD(aad, { plaintextLength: length });
    decipher.setAuthTag(src.subarray(end, end + tagLength));
    const opened = decipher.update(src.subarray(srcOffset, end));
    try {
      decipher.final();
    } catch {
      opened.fill(0); // decrypted before the tag was known to be wrong
      return false;
    }
    dst.set(opened, dstOffset);
    return true;
  },
};
