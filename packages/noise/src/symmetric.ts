/**
 * Scope: the handshake state that both sides keep in step: chaining key `ck`, handshake hash `h`
 * and temporary key `temp_k` (BOLT 8, "Handshake State").
 * Bytes: everything is held in arrays of its own, which `destroy()` overwrites.
 */
import { DirectionCipher } from "./cipher.ts";
import { type NoiseCrypto, tagLength } from "./crypto.ts";

const protocolName = "Noise_XK_secp256k1_ChaChaPoly_SHA256";
const prologue = "lightning";
/** The longest input to the hash: an encrypted public key and its tag. */
const longestInput = 33 + tagLength;

const noData: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The symmetric half of a handshake; the order of calls is that of the acts. */
export class SymmetricState {
  readonly #crypto: NoiseCrypto;
  readonly #chainingKey: Uint8Array = new Uint8Array(32);
  readonly #key: Uint8Array = new Uint8Array(32);
  /** `h`, followed by room for what is hashed into it next. */
  readonly #transcript: Uint8Array = new Uint8Array(32 + longestInput);
  readonly #hash: Uint8Array = this.#transcript.subarray(0, 32);
  #counter = 0;

  /** "Handshake State Initialization", up to and including the responder's static key. */
  constructor(crypto: NoiseCrypto, responderKey: Uint8Array) {
    this.#crypto = crypto;
    const name = crypto.sha256(ascii(protocolName));
    this.#chainingKey.set(name);
    this.#hash.set(name);
    this.mixHash(ascii(prologue), 0, prologue.length);
    this.mixHash(responderKey, 0, responderKey.length);
  }

  /** `h = SHA-256(h || data)` */
  mixHash(src: Uint8Array, offset: number, length: number): void {
    this.#transcript.set(src.subarray(offset, offset + length), 32);
    const hash = this.#crypto.sha256(this.#transcript.subarray(0, 32 + length));
    this.#hash.set(hash);
    hash.fill(0);
  }

  /** `ck, temp_k = HKDF(ck, secret)`; overwrites the secret. */
  mixKey(secret: Uint8Array): void {
    let keys: Uint8Array;
    try {
      keys = this.#crypto.hkdf(this.#chainingKey, secret);
    } finally {
      secret.fill(0);
    }
    this.#chainingKey.set(keys.subarray(0, 32));
    this.#key.set(keys.subarray(32, 64));
    keys.fill(0);
    this.#counter = 0;
  }

  /** `c = encryptWithAD(temp_k, n, h, plaintext)`, written to `dst`, then `h = SHA-256(h || c)`. */
  seal(plaintext: Uint8Array, dst: Uint8Array, dstOffset: number): void {
    const { length } = plaintext;
    const counter = this.#counter++;
    this.#crypto.seal(this.#key, counter, this.#hash, plaintext, 0, length, dst, dstOffset);
    this.mixHash(dst, dstOffset, length + tagLength);
  }

  /** The inverse of `seal`: fills `plaintext` from `src`; false if the tag is wrong. */
  open(src: Uint8Array, srcOffset: number, plaintext: Uint8Array): boolean {
    const { length } = plaintext;
    const counter = this.#counter++;
    const hash = this.#hash;
    if (!this.#crypto.open(this.#key, counter, hash, src, srcOffset, length, plaintext, 0)) {
      return false;
    }
    this.mixHash(src, srcOffset, length + tagLength);
    return true;
  }

  /**
   * The ciphers of the two directions (act 3, sender steps 6 to 8): first the one from the
   * initiator to the responder, then the other. Both start from the same chaining key and then
   * rotate on their own.
   */
  split(): readonly [DirectionCipher, DirectionCipher] {
    const keys = this.#crypto.hkdf(this.#chainingKey, noData);
    const first = new DirectionCipher(this.#crypto, keys.subarray(0, 32), this.#chainingKey);
    const second = new DirectionCipher(this.#crypto, keys.subarray(32, 64), this.#chainingKey);
    keys.fill(0);
    return [first, second];
  }

  /** Overwrites everything. */
  destroy(): void {
    this.#chainingKey.fill(0);
    this.#key.fill(0);
    this.#transcript.fill(0);
  }
}
