/**
 * Scope: the cipher of one direction of a transport: key, nonce and rotation
 * (BOLT 8, "Lightning Message Specification" and "Lightning Message Key Rotation").
 * Bytes: keys are copied in and overwritten when they are replaced or destroyed.
 */
import type { NoiseCrypto } from "./crypto.ts";

/** Uses of one key before it is replaced: 500 messages of header and body. */
const usesPerKey = 1000;

const noData: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Seals or opens the frames of one direction, each use with the next nonce. */
export class DirectionCipher {
  readonly #crypto: NoiseCrypto;
  readonly #key: Uint8Array;
  readonly #chainingKey: Uint8Array;
  #counter = 0;

  constructor(crypto: NoiseCrypto, key: Uint8Array, chainingKey: Uint8Array) {
    this.#crypto = crypto;
    this.#key = Uint8Array.from(key);
    this.#chainingKey = Uint8Array.from(chainingKey);
  }

  /** Seals `length` bytes of `src` and writes `length + 16` to `dst`. */
  seal(
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): void {
    this.#crypto.seal(this.#key, this.#counter, noData, src, srcOffset, length, dst, dstOffset);
    this.#advance();
  }

  /** Opens `length + 16` bytes of `src` and writes `length` to `dst`; false if the tag is wrong. */
  open(
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): boolean {
    const valid = this.#crypto.open(
      this.#key,
      this.#counter,
      noData,
      src,
      srcOffset,
      length,
      dst,
      dstOffset,
    );
    if (valid) this.#advance();
    return valid;
  }

  /** Overwrites the keys. */
  destroy(): void {
    this.#key.fill(0);
    this.#chainingKey.fill(0);
  }

  #advance(): void {
    this.#counter++;
    if (this.#counter < usesPerKey) return;
    // Now and not before the next use: the old key is forgotten as soon as it is spent.
    const next = this.#crypto.hkdf(this.#chainingKey, this.#key);
    this.#chainingKey.set(next.subarray(0, 32));
    this.#key.set(next.subarray(32, 64));
    next.fill(0);
    this.#counter = 0;
  }
}
