// Makes an input that fails shorter, as long as it fails in the same way.
import { replaced } from "./changes.ts";

const mostMs = 5000;

/** A shorter input for which `fails` still holds, found by leaving out pieces of half the length and less. */
export function shrunk(input: Uint8Array, fails: (input: Uint8Array) => boolean): Uint8Array {
  const end = performance.now() + mostMs;
  let bytes = input;
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < bytes.length && performance.now() < end; ) {
      const shorter = replaced(bytes, at, size, []);
      if (fails(shorter)) bytes = shorter;
      else at += size;
    }
  }
  return bytes;
}
