// RFC 4648 base32 in lower case and without padding, as the names of Tor and I2P have it.

const digits = "abcdefghijklmnopqrstuvwxyz234567";

/** Bytes as base32. */
export function base32OfBytes(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += digits.charAt((buffer >> (bits - 5)) & 31);
  }
  // The last digit is filled up with zeros.
  return bits === 0 ? text : text + digits.charAt((buffer << (5 - bits)) & 31);
}

/** Bytes of base32 in either case; undefined if that is no base32, or not the one text of any bytes. */
export function bytesOfBase32(text: string): Uint8Array | undefined {
  // Not for every letter that `toLowerCase` makes one of ours: the sign of Kelvin is no k.
  if (!/^[a-z2-7]*$/i.test(text)) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let length = 0;
  let bits = 0;
  let buffer = 0;
  for (const character of text.toLowerCase()) {
    buffer = ((buffer << 5) | digits.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = buffer >> bits;
  }
  const isFilled = bits < 5 && (buffer & ((1 << bits) - 1)) === 0;
  return isFilled ? bytes : undefined;
}
