/**
 * Scope: the static key of this side, as something that can do ECDH and nothing else.
 * Bytes: a private key that is given is copied; the copy is overwritten by `destroy()`.
 */
import { type NoiseCrypto, nobleCrypto } from "./crypto.ts";
import { KeyError } from "./errors.ts";

/**
 * A static key whose private half is somebody else's: a native module, a library that derives keys. It
 * has to answer at once: a signer that is asked over a socket cannot.
 *
 * @example
 * ```ts
 * const localKey: LocalKey = { publicKey: signer.nodeId, ecdh: (point) => signer.ecdh(point) };
 * ```
 */
export interface LocalKey {
  /** The compressed public key, 33 bytes: the node id. */
  readonly publicKey: Uint8Array;
  /**
   * `ECDH(k, rk)` of BOLT 8: the SHA-256 of the compressed shared point. Returns a fresh array of
   * 32 bytes, which the handshake overwrites after use. The point was checked to be on the curve,
   * and is a view: copy it to keep it.
   */
  ecdh(remotePublicKey: Uint8Array): Uint8Array;
}

/** A {@link LocalKey} that holds its private key in memory until it is destroyed. */
export interface DestroyableLocalKey extends LocalKey {
  /** Overwrites the private key; `ecdh` throws `invalid_private_key` from then on. Idempotent. */
  destroy(): void;
}

/** A fresh private key (32 bytes), for an identity that lasts as long as its owner keeps it. */
export function generatePrivateKey(crypto: NoiseCrypto = nobleCrypto): Uint8Array {
  return crypto.randomPrivateKey();
}

/**
 * The compressed public key (33 bytes) of a private key: the node id.
 *
 * @throws KeyError `invalid_private_key`
 */
export function publicKeyOf(privateKey: Uint8Array, crypto: NoiseCrypto = nobleCrypto): Uint8Array {
  requirePrivateKey(privateKey, "privateKey", crypto);
  return crypto.publicKey(privateKey);
}

/**
 * A {@link LocalKey} from a private key, which is copied. Its public key is computed once, so a
 * listener that hands the same object to every `respond` call saves that work per connection.
 *
 * @throws KeyError `invalid_private_key`
 */
export function createLocalKey(
  privateKey: Uint8Array,
  crypto: NoiseCrypto = nobleCrypto,
): DestroyableLocalKey {
  return holdPrivateKey(privateKey, "privateKey", crypto);
}

/** `createLocalKey`, naming `argument` in the error. */
export function holdPrivateKey(
  privateKey: Uint8Array,
  argument: string,
  crypto: NoiseCrypto,
): DestroyableLocalKey {
  requirePrivateKey(privateKey, argument, crypto);
  const publicKey = crypto.publicKey(privateKey);
  const held = Uint8Array.from(privateKey);
  let destroyed = false;
  return {
    publicKey,
    ecdh(remotePublicKey: Uint8Array): Uint8Array {
      if (destroyed) {
        throw new KeyError("invalid_private_key", argument, `${argument} was destroyed`);
      }
      return crypto.ecdh(held, remotePublicKey);
    },
    destroy(): void {
      destroyed = true;
      held.fill(0);
    },
  };
}

/** Throws `invalid_private_key` unless the key is usable. */
export function requirePrivateKey(key: Uint8Array, argument: string, crypto: NoiseCrypto): void {
  if (crypto.isPrivateKey(key)) return;
  throw new KeyError(
    "invalid_private_key",
    argument,
    `${argument} is not a secp256k1 private key: ${key.length} bytes, expected 32 in range`,
  );
}

/** Throws `invalid_public_key` unless the key is usable. */
export function requirePublicKey(key: Uint8Array, argument: string, crypto: NoiseCrypto): void {
  if (crypto.isPublicKey(key)) return;
  throw new KeyError(
    "invalid_public_key",
    argument,
    `${argument} is not a point on secp256k1: ${key.length} bytes, expected 33 in compressed form`,
  );
}
