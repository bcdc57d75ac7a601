// The hash of nearly everything in Bitcoin, and the texts of hashes.
import { sha256 } from "#sha256";
import { DecodeError, fromHex, toHex } from "@satwire/codec";

/** SHA-256 of the SHA-256 of bytes: 32 bytes in the order of the wire. */
export function hash256(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes));
}

/** A hash as people write it: hex, last byte first. */
export function formatHash(hash: Uint8Array): string {
  return toHex(Uint8Array.from(hash).reverse());
}

/**
 * The 32 bytes of a hash, in the order of the wire, from the hex that people write.
 *
 * @throws DecodeError `invalid_value` if the text is not 64 hex digits.
 */
export function parseHash(text: string): Uint8Array {
  if (text.length !== 64) {
    throw new DecodeError("invalid_value", `a hash has 64 hex digits, not ${text.length}`, {
      offset: 0,
    });
  }
  return fromHex(text).reverse();
}
