// The hash of nearly everything in Bitcoin, and the texts of hashes.
import { hash256 as backend } from "#sha256";
import { type Codec, EncodeError, fromHex, toHex, Writer } from "@satwire/codec";

/** SHA-256 of the SHA-256 of bytes: 32 bytes in the order of the wire. */
export function hash256(bytes: Uint8Array): Uint8Array {
  return backend(bytes);
}

// A buffer for each value takes as long as hashing it.
let spare: Writer | undefined;
const spareLimit = 65_536;

/** {@link hash256} of what a codec writes. @throws EncodeError as the codec does */
export function hash256Of<T>(codec: Codec<T>, value: T): Uint8Array {
  // A codec may hash in its turn: that call gets a writer of its own.
  const writer = spare ?? new Writer();
  spare = undefined;
  codec.write(writer, value);
  // Nothing is ever taken from this writer, so that what is written begins at 0.
  const hash = hash256(writer.block.subarray(0, writer.length));
  if (writer.block.length <= spareLimit) {
    writer.reset();
    spare = writer;
  }
  return hash;
}

/** A hash as people write it: hex, last byte first. */
export function formatHash(hash: Uint8Array): string {
  return toHex(Uint8Array.from(hash).reverse());
}

/**
 * The 32 bytes of a hash, in the order of the wire, from the hex that people write.
 *
 * @throws EncodeError `invalid_value` if the text is not 64 hex digits.
 */
export function parseHash(text: string): Uint8Array {
  if (text.length !== 64) {
    throw new EncodeError("invalid_value", `a hash has 64 hex digits, not ${text.length}`);
  }
  return fromHex(text).reverse();
}
