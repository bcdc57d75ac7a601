// SipHash as one number, of what the sources compute in halves.
import { sipHashKeyOf, writeSipHash } from "../../src/siphash.ts";

/** SipHash-2-4 of bytes under a key of 16 bytes: 64 bits. */
export function sipHash(key: Uint8Array, bytes: Uint8Array): bigint {
  const hash = new Uint32Array(2);
  writeSipHash(hash, sipHashKeyOf(key), bytes);
  return (BigInt(hash[1] as number) << 32n) | BigInt(hash[0] as number);
}
