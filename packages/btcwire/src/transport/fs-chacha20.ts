// `FSChaCha20` of BIP 324, the cipher of lengths: one keystream, whose key is replaced every so many chunks.
// Bytes: the key is copied in and overwritten when it is replaced or destroyed.
import type { V2Crypto } from "./v2-crypto.ts";

/** Packets after which keys are replaced: `REKEY_INTERVAL`. */
export const rekeyInterval = 224;

const blockLength = 64;

/** Writes a count as 64 bits, little-endian, behind the first 4 bytes of a nonce. */
export function setRekeys(nonce: Uint8Array, rekeys: number): void {
  let rest = rekeys;
  for (let i = 4; i < 12; i++) {
    nonce[i] = rest; // stores the low 8 bits
    rest = Math.floor(rest / 256);
  }
}

/** A forward-secure stream cipher of one direction. */
export class FSChaCha20 {
  readonly #crypto: V2Crypto;
  readonly #interval: number;
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array = new Uint8Array(12);
  /** Keystream; what is before the position has been used. */
  readonly #block: Uint8Array = new Uint8Array(blockLength);
  #position: number = blockLength;
  #nextBlock = 0;
  #chunks = 0;
  #rekeys = 0;

  constructor(crypto: V2Crypto, key: Uint8Array, interval: number = rekeyInterval) {
    this.#crypto = crypto;
    this.#interval = interval;
    this.#key = Uint8Array.from(key);
  }

  /** Encrypts or decrypts one chunk in place. */
  crypt(chunk: Uint8Array): void {
    for (let i = 0; i < chunk.length; i++) {
      if (this.#position === blockLength) this.#refill();
      chunk[i] = (chunk[i] ?? 0) ^ (this.#block[this.#position++] ?? 0);
    }
    if (++this.#chunks === this.#interval) this.#rekey();
  }

  /** Overwrites the key and the keystream. */
  destroy(): void {
    this.#key.fill(0);
    this.#block.fill(0);
  }

  #refill(): void {
    this.#crypto.keystream(this.#key, this.#nonce, this.#nextBlock++, this.#block);
    this.#position = 0;
  }

  #rekey(): void {
    const { length } = this.#key;
    const next = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      if (this.#position === blockLength) this.#refill();
      next[i] = this.#block[this.#position++] ?? 0;
    }
    this.#key.set(next);
    next.fill(0);
    this.#block.fill(0);
    this.#position = blockLength;
    this.#nextBlock = 0;
    this.#chunks = 0;
    setRekeys(this.#nonce, ++this.#rekeys);
  }
}
