import { nobleCrypto, type NoiseCrypto } from "../../src/crypto.ts";

/** A crypto backend that remembers every array that ever held a secret. */
export interface RecordingCrypto extends NoiseCrypto {
  /** The arrays themselves: private keys, ECDH results, HKDF inputs and outputs, AEAD keys, `h`. */
  readonly secrets: Set<Uint8Array>;
  /** Copies of what went into and came out of each HKDF. */
  readonly hkdfs: { readonly salt: Uint8Array; readonly okm: Uint8Array }[];
}

export function recordingCrypto(): RecordingCrypto {
  const secrets = new Set<Uint8Array>();
  const hkdfs: { readonly salt: Uint8Array; readonly okm: Uint8Array }[] = [];
  const keep = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length > 0) secrets.add(bytes);
    return bytes;
  };
  return {
    ...nobleCrypto,
    secrets,
    hkdfs,
    randomPrivateKey: () => keep(nobleCrypto.randomPrivateKey()),
    publicKey: (privateKey) => nobleCrypto.publicKey(keep(privateKey)),
    ecdh: (privateKey, publicKey) => keep(nobleCrypto.ecdh(keep(privateKey), publicKey)),
    sha256: (bytes) => nobleCrypto.sha256(bytes),
    hkdf(salt, ikm) {
      const okm = nobleCrypto.hkdf(keep(salt), keep(ikm));
      hkdfs.push({ salt: salt.slice(), okm: okm.slice() });
      return keep(okm);
    },
    seal(key, counter, ad, ...rest) {
      nobleCrypto.seal(keep(key), counter, keep(ad), ...rest);
    },
    open(key, counter, ad, ...rest) {
      return nobleCrypto.open(keep(key), counter, keep(ad), ...rest);
    },
  };
}

/** How many of these arrays still hold something. */
export function countFilled(arrays: Iterable<Uint8Array>): number {
  let filled = 0;
  for (const bytes of arrays) if (bytes.some((byte) => byte !== 0)) filled++;
  return filled;
}
