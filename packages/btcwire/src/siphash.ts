// SipHash-2-4: the short keyed hashes of BIP 152 (ids of transactions) and BIP 158 (elements of filters). Both keys are
// known to everybody, so nothing here is secret.
// Bytes: what is given is only read during the call.
import siphash from "siphash";

/** A key of 128 bits as four words, lowest first. Made by {@link sipHashKeyOf}. */
export type SipHashKey = Uint32Array;

/** The key out of 16 bytes, as BIP 152 and BIP 158 write it. @throws RangeError for fewer */
export function sipHashKeyOf(bytes: Uint8Array): SipHashKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.of(
    view.getUint32(0, true),
    view.getUint32(4, true),
    view.getUint32(8, true),
    view.getUint32(12, true),
  );
}

/** SipHash-2-4 of bytes, 64 bits: sets the low and the high half of `hash`. */
export function writeSipHash(hash: Uint32Array, key: SipHashKey, bytes: Uint8Array): void {
  const { h, l } = siphash.hash(key, bytes);
  hash[0] = l;
  hash[1] = h;
}
