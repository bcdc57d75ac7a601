/** What `#sha256` is outside Node. Must export the same names with the same types as `sha256.node.ts`. */
import { sha256 as noble } from "@noble/hashes/sha2.js";

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return noble(bytes);
}

/** SHA-256 of the SHA-256, 32 bytes. */
export function hash256(bytes: Uint8Array): Uint8Array {
  return noble(noble(bytes));
}
