// `FSChaCha20Poly1305` of BIP 324, the cipher of packets: an AEAD whose key is replaced every so many packets.
// Bytes: the key is copied in and overwritten when it is replaced or destroyed.
import { rekeyInterval, setRekeys } from "./fs-chacha20.ts";
import type { V2Crypto } from "./v2-crypto.ts";

/** A forward-secure AEAD of one direction. */
export class FSChaCha20Poly1305 {
  readonly #crypto: V2Crypto;
  readonly #interval: number;
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array = new Uint8Array(12);
  #packets = 0;
  #rekeys = 0;

  constructor(crypto: V2Crypto, key: Uint8Array, interval: number = rekeyInterval) {
    this.#crypto = crypto;
    this.#interval = interval;
    this.#key = Uint8Array.from(key);
  }

  /** Seals `length` bytes of `src` and writes `length + 16` to `dst`. */
  seal(
    aad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): void {
    this.#crypto.seal(this.#key, this.#nonce, aad, src, srcOffset, length, dst, dstOffset);
    this.#advance();
  }

  /** Opens `length + 16` bytes of `src` and writes `length` to `dst`; false if the tag is wrong. */
  open(
    aad: Uint8Array,
    src: Uint8Array,
    srcOffset: number,
    length: number,
    dst: Uint8Array,
    dstOffset: number,
  ): boolean {
    const valid = this.#crypto.open(
      this.#key,
      this.#nonce,
      aad,
      src,
      srcOffset,
      length,
      dst,
      dstOffset,
    );
    this.#advance(); // a refused packet counts as well
    return valid;
  }

  /** Overwrites the key. */
  destroy(): void {
    this.#key.fill(0);
  }

  #advance(): void {
    const nonce = this.#nonce;
    if (++this.#packets === this.#interval) {
      // Now and not before the next packet: the old key is forgotten as soon as it is spent.
      nonce.fill(0xff, 0, 4);
      const block = new Uint8Array(64);
      this.#crypto.keystream(this.#key, nonce, 1, block);
      this.#key.set(block.subarray(0, 32));
      block.fill(0);
      this.#packets = 0;
      setRekeys(nonce, ++this.#rekeys);
    }
    for (let i = 0; i < 4; i++) nonce[i] = this.#packets >>> (8 * i);
  }
}
