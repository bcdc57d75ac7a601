/**
 * Scope: what one side of a handshake holds between two acts, and the shape that acts one and two
 * share: `0 || e.pub || tag` (BOLT 8, "Act One", "Act Two").
 * Bytes: keys that are given are copied. `destroy()` overwrites the copies, the ephemeral key and
 * the handshake state. A `LocalKey` object belongs to the caller and stays usable.
 */
import { act1Length, actError, badPublicKey, badTag, checkAct } from "./act.ts";
import { type NoiseCrypto, nobleCrypto } from "./crypto.ts";
import { type HandshakeAct, HandshakeError, KeyError } from "./errors.ts";
import {
  type DestroyableLocalKey,
  holdPrivateKey,
  type LocalKey,
  requirePrivateKey,
  requirePublicKey,
} from "./local-key.ts";
import { SymmetricState } from "./symmetric.ts";

/** What both roles can be given. */
export interface HandshakeOptions {
  /** The static key of this side: 32 private key bytes, which are copied, or an object. */
  readonly localKey: Uint8Array | LocalKey;
  /**
   * The ephemeral private key, which is copied. For test vectors only: BOLT 8 demands a new one for
   * each session.
   * @default a fresh random key
   */
  readonly ephemeralKey?: Uint8Array | undefined;
  /**
   * The cryptography to use.
   * @default nobleCrypto
   */
  readonly crypto?: NoiseCrypto | undefined;
}

/** Offset of the tag in acts one and two: after the version and a public key. */
const ephemeralTagOffset = 34;

/** Tags that end an act are those of an empty plaintext. */
export const noPlaintext: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** One side of one handshake. */
export class Session {
  readonly crypto: NoiseCrypto;
  readonly symmetric: SymmetricState;
  /** The static public key of this side. */
  readonly publicKey: Uint8Array;
  readonly #localKey: LocalKey;
  /** The copy of a private key that was given as bytes. */
  readonly #heldKey: DestroyableLocalKey | undefined;
  readonly #ephemeralKey: Uint8Array;

  /**
   * `remoteKey` is the responder's static key if this side is the initiator.
   *
   * @throws KeyError; HandshakeError `crypto`
   */
  constructor(options: HandshakeOptions, remoteKey?: Uint8Array) {
    const { localKey, ephemeralKey, crypto = nobleCrypto } = options;
    this.crypto = crypto;
    let ephemeral: Uint8Array | undefined;
    let held: DestroyableLocalKey | undefined;
    try {
      if (remoteKey !== undefined) requirePublicKey(remoteKey, "remoteKey", crypto);
      if (ephemeralKey !== undefined) requirePrivateKey(ephemeralKey, "ephemeralKey", crypto);
      ephemeral =
        ephemeralKey === undefined ? crypto.randomPrivateKey() : Uint8Array.from(ephemeralKey);
      if (ArrayBuffer.isView(localKey)) held = holdPrivateKey(localKey, "localKey", crypto);
      else requirePublicKey(localKey.publicKey, "localKey.publicKey", crypto);
      this.#ephemeralKey = ephemeral;
      this.#heldKey = held;
      this.#localKey = held ?? (localKey as LocalKey);
      this.publicKey = this.#localKey.publicKey;
      this.symmetric = new SymmetricState(crypto, remoteKey ?? this.publicKey);
    } catch (error) {
      ephemeral?.fill(0);
      held?.destroy();
      throw error instanceof KeyError ? error : actError(1, error);
    }
  }

  /** Runs a part of the handshake; whatever goes wrong in it ends the session. @throws HandshakeError */
  run<T>(act: HandshakeAct, part: () => T): T {
    try {
      return part();
    } catch (error) {
      this.destroy();
      throw actError(act, error);
    }
  }

  /** Act one or two, sender actions: `remoteKey` is the key that `e.priv` meets. */
  writeEphemeral(remoteKey: Uint8Array): Uint8Array {
    const act = new Uint8Array(act1Length); // its first byte is the version, 0
    act.set(this.crypto.publicKey(this.#ephemeralKey), 1);
    this.symmetric.mixHash(act, 1, 33);
    this.symmetric.mixKey(this.ephemeralSecret(remoteKey));
    this.symmetric.seal(noPlaintext, act, ephemeralTagOffset);
    return act;
  }

  /** Act one or two, receiver actions: returns `re`, as a view of the act. */
  readEphemeral(
    act: 1 | 2,
    bytes: Uint8Array,
    secretWith: (remoteKey: Uint8Array) => Uint8Array,
  ): Uint8Array {
    checkAct(act, bytes);
    const remoteKey = bytes.subarray(1, ephemeralTagOffset);
    if (!this.crypto.isPublicKey(remoteKey)) throw badPublicKey(act);
    this.symmetric.mixHash(remoteKey, 0, 33);
    this.symmetric.mixKey(secretWith(remoteKey));
    if (!this.symmetric.open(bytes, ephemeralTagOffset, noPlaintext)) throw badTag(act);
    return remoteKey;
  }

  /** `ECDH(e.priv, remoteKey)` */
  ephemeralSecret(remoteKey: Uint8Array): Uint8Array {
    return this.crypto.ecdh(this.#ephemeralKey, remoteKey);
  }

  /** `ECDH(s.priv, remoteKey)`, for which the caller's object may be asked. */
  localSecret(act: HandshakeAct, remoteKey: Uint8Array): Uint8Array {
    let secret: Uint8Array;
    try {
      secret = this.#localKey.ecdh(remoteKey);
    } catch (cause) {
      throw new HandshakeError("local_key", act, "the local key failed at ECDH", { cause });
    }
    // The object is the caller's: plain JavaScript may return anything, a promise for example.
    const length = ArrayBuffer.isView(secret) ? secret.length : undefined;
    if (length === 32) return secret;
    const text = `the local key returned ${length ?? "no"} bytes from ECDH, expected 32`;
    throw new HandshakeError("local_key", act, text);
  }

  /** Overwrites the copy of the static private key: after `localSecret` it is spent. */
  forgetLocalKey(): void {
    this.#heldKey?.destroy();
  }

  /** Overwrites every secret. Idempotent. */
  destroy(): void {
    this.forgetLocalKey();
    this.#ephemeralKey.fill(0);
    this.symmetric.destroy();
  }
}
