// Cryptography that protects NOTHING, for simulations: everybody who sees the bytes can read and forge them.
// Bytes: every returned array is fresh and belongs to the caller.
import { nobleV2Crypto, type V2Crypto } from "@satwire/btcwire";
import { nobleCrypto, type NoiseCrypto } from "@satwire/noise";
import type { Rng } from "./rng.ts";

const publicKeyLength = 33;
const privateKeyLength = 32;

/**
 * A {@link NoiseCrypto} that is WORTHLESS ON PURPOSE, for simulations with thousands of handshakes. Anybody can
 * compute its secrets from the public keys that are on the wire. Never let it near a real connection.
 *
 * Private keys come from the `rng`, so that a seed gives the same bytes. Keys look like keys but are on no curve, the
 * node id of a private key is another one than anywhere else, and the hash is none. Only ChaCha20-Poly1305 is
 * real: what a fault corrupts fails to authenticate, as it would with real keys. A handshake takes about a
 * hundredth of the time.
 *
 * @example
 * ```ts
 * const node = new LoopbackLightningNode({ crypto: simulationCrypto(createRng(7)) });
 * ```
 */
export function simulationCrypto(rng: Rng): NoiseCrypto {
  return {
    randomPrivateKey(): Uint8Array {
      const key = rng.bytes(privateKeyLength);
      key[0] = ((key[0] as number) & 0x7f) | 1; // valid for the real curve, too
      return key;
    },

    isPrivateKey: (bytes) => bytes.length === privateKeyLength && bytes.some((byte) => byte !== 0),

    isPublicKey: (bytes) =>
      bytes.length === publicKeyLength && (bytes[0] === 0x02 || bytes[0] === 0x03),

    publicKey: worthlessPublicKey,

    ecdh(privateKey, publicKey) {
      // The same from both sides, for they have the same two public keys.
      const both = worthlessPublicKey(privateKey);
      for (let i = 0; i < publicKeyLength; i++) {
        both[i] = (both[i] as number) ^ (publicKey[i] as number);
      }
      return mix(32, [both]);
    },

    sha256: (bytes) => mix(32, [bytes]),
    hkdf: (salt, ikm) => mix(64, [salt, ikm]),
    seal: (...args) => nobleCrypto.seal(...args),
    open: (...args) => nobleCrypto.open(...args),
  };
}

/**
 * The default {@link V2Crypto} with random bytes from the `rng`: a seed gives the same keys, garbage and bytes on the
 * wire. Everybody who knows the seed knows the keys, so it protects NOTHING. As slow as the real one, which it is but for that.
 */
export function seededV2Crypto(rng: Rng): V2Crypto {
  return { ...nobleV2Crypto, randomBytes: (length) => rng.bytes(length) };
}

function worthlessPublicKey(privateKey: Uint8Array): Uint8Array {
  const key = new Uint8Array(publicKeyLength);
  key.set(mix(32, [privateKey]), 1);
  key[0] = 0x02;
  return key;
}

/** Spreads what it is given over so many bytes: different ones for different input, by luck alone. */
function mix(length: number, parts: readonly Uint8Array[]): Uint8Array {
  // Four lanes of 32 bits, as in MurmurHash3: two different inputs meet in all of them once in 2^64 pairs.
  const lanes = Int32Array.of(0x9e37_79b9, 0x3c6e_f372, 0x1b87_3593, 0x5bd1_e995);
  let at = 0;
  const take = (word: number): void => {
    const lane = at & 3;
    const next = (at + 1) & 3;
    at += 1;
    const mixed = Math.imul((lanes[lane] as number) ^ word, 0xcc9e_2d51);
    lanes[lane] = (mixed << 15) | (mixed >>> 17);
    lanes[next] = Math.imul((lanes[next] as number) + (lanes[lane] as number), 0x85eb_ca6b) ^ mixed;
  };
  for (const part of parts) {
    for (const byte of part) take(byte);
    take(part.length | 0x100); // where one part ends
  }
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) take(0x200 + i);
  for (let i = 0; i < length; i += 4) {
    take(i);
    const word = lanes[(at + 3) & 3] as number;
    const finished = Math.imul(word ^ (word >>> 16), 0xc2b2_ae35);
    view.setInt32(i, finished ^ (finished >>> 15));
  }
  return bytes;
}
