// SipHash-2-4: the short keyed hashes of BIP 152 (ids of transactions) and BIP 158 (elements of filters). Both keys are
// known to everybody, so nothing here is secret. The package `siphash` makes objects for every word: it took four times
// as long, and whoever looks for a thousand scripts in a filter hashes them all for each block.
// Bytes: what is given is only read during the call.

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

/** SipHash-2-4 of bytes under a key of 16 bytes: 64 bits. @throws RangeError for a shorter key */
export function sipHash(key: Uint8Array, bytes: Uint8Array): bigint {
  const hash = new Uint32Array(2);
  writeSipHash(hash, sipHashKeyOf(key), bytes);
  return (BigInt(hash[1] as number) << 32n) | BigInt(hash[0] as number);
}

/** SipHash-2-4 for the hot path: sets the low and the high half of `hash`, and makes no object. */
export function writeSipHash(hash: Uint32Array, key: SipHashKey, bytes: Uint8Array): void {
  const k0 = key[0] as number;
  const k1 = key[1] as number;
  const k2 = key[2] as number;
  const k3 = key[3] as number;
  // Four numbers of 64 bits, in halves: `a` is v0 of the specification, `d` is v3.
  let aLow = k0 ^ 0x7073_6575;
  let aHigh = k1 ^ 0x736f_6d65;
  let bLow = k2 ^ 0x6e64_6f6d;
  let bHigh = k3 ^ 0x646f_7261;
  let cLow = k0 ^ 0x6e65_7261;
  let cHigh = k1 ^ 0x6c79_6765;
  let dLow = k2 ^ 0x7974_6573;
  let dHigh = k3 ^ 0x7465_6462;
  const { length } = bytes;
  const whole = length & ~7;
  let low = 0;
  let high = 0;
  let old = 0;
  // After the whole words come the last one, with the length on top, and the four rounds of the end.
  for (let at = 0; at <= whole + 8; at += 8) {
    let rounds = 2;
    if (at < whole) {
      low =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      high =
        (bytes[at + 4] as number) |
        ((bytes[at + 5] as number) << 8) |
        ((bytes[at + 6] as number) << 16) |
        ((bytes[at + 7] as number) << 24);
    } else if (at === whole) {
      low = 0;
      high = length << 24;
      for (let i = at; i < length; i++) {
        const shift = 8 * (i & 3);
        if (i - at < 4) low |= (bytes[i] as number) << shift;
        else high |= (bytes[i] as number) << shift;
      }
    } else {
      low = 0;
      high = 0;
      cLow ^= 0xff;
      rounds = 4;
    }
    dLow ^= low;
    dHigh ^= high;
    for (; rounds > 0; rounds--) {
      aLow = (aLow + bLow) | 0;
      aHigh = (aHigh + bHigh + (aLow >>> 0 < bLow >>> 0 ? 1 : 0)) | 0;
      old = bLow;
      bLow = ((bLow << 13) | (bHigh >>> 19)) ^ aLow;
      bHigh = ((bHigh << 13) | (old >>> 19)) ^ aHigh;
      old = aLow;
      aLow = aHigh;
      aHigh = old;
      cLow = (cLow + dLow) | 0;
      cHigh = (cHigh + dHigh + (cLow >>> 0 < dLow >>> 0 ? 1 : 0)) | 0;
      old = dLow;
      dLow = ((dLow << 16) | (dHigh >>> 16)) ^ cLow;
      dHigh = ((dHigh << 16) | (old >>> 16)) ^ cHigh;
      aLow = (aLow + dLow) | 0;
      aHigh = (aHigh + dHigh + (aLow >>> 0 < dLow >>> 0 ? 1 : 0)) | 0;
      old = dLow;
      dLow = ((dLow << 21) | (dHigh >>> 11)) ^ aLow;
      dHigh = ((dHigh << 21) | (old >>> 11)) ^ aHigh;
      cLow = (cLow + bLow) | 0;
      cHigh = (cHigh + bHigh + (cLow >>> 0 < bLow >>> 0 ? 1 : 0)) | 0;
      old = bLow;
      bLow = ((bLow << 17) | (bHigh >>> 15)) ^ cLow;
      bHigh = ((bHigh << 17) | (old >>> 15)) ^ cHigh;
      old = cLow;
      cLow = cHigh;
      cHigh = old;
    }
    aLow ^= low;
    aHigh ^= high;
  }
  hash[0] = aLow ^ bLow ^ cLow ^ dLow;
  hash[1] = aHigh ^ bHigh ^ cHigh ^ dHigh;
}
