// MurmurHash3 for 32 bits: where the elements of a BIP 37 filter go. Anybody can make elements that collide.
// Bytes: what is given is only read during the call.

/** MurmurHash3 (x86, 32 bits) of bytes. */
export function murmurHash3(seed: number, bytes: Uint8Array): number {
  const { length } = bytes;
  const whole = length & ~3;
  let hash = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = rotate(hash ^ scramble(word), 13);
    hash = (Math.imul(hash, 5) + 0xe654_6b64) | 0;
  }
  let word = 0;
  for (let at = length - 1; at >= whole; at--) word = (word << 8) | (bytes[at] as number);
  // Without a rest the word is 0 and so changes nothing.
  hash ^= scramble(word) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xcc9e_2d51), 15), 0x1b87_3593);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
