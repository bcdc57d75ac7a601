/** What `#sha256` is in Node. Must export the same names with the same types as `sha256.ts`. */
import { hash } from "node:crypto";

// Between the two rounds: a fresh array would get an ArrayBuffer each time, for OpenSSL to see it.
const between: Uint8Array = /* @__PURE__ */ new Uint8Array(32);

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return copy(hash("sha256", bytes, "latin1"), new Uint8Array(32));
}

/** SHA-256 of the SHA-256, 32 bytes. */
export function hash256(bytes: Uint8Array): Uint8Array {
  return sha256(copy(hash("sha256", bytes, "latin1"), between));
}

// A Buffer would take half as long again to make, and its `slice` is no copy.
function copy(text: string, into: Uint8Array): Uint8Array {
  for (let i = 0; i < 32; i++) into[i] = text.charCodeAt(i);
  return into;
}
