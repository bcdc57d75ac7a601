/** Random numbers that a seed determines. Not for anything secret. */
export interface Random {
  /** An integer from 0 to 2^32 - 1. */
  u32(): number;
  /** An integer from 0 to `limit` - 1; 0 if there is none. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items, of which there is at least one. */
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

export function randomFrom(seed: number): Random {
  // sfc32 (Chris Doty-Humphrey, PractRand).
  let [a, b, c, counter] = [seed | 0, (seed ^ 0x9e3779b9) | 0, 0x243f6a88, 1];
  const u32 = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round++) u32(); // similar seeds start alike
  const below = (limit: number): number => Math.floor((u32() / 2 ** 32) * limit);
  return {
    u32,
    below,
    chance: (probability) => u32() / 2 ** 32 < probability,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = u32() >>> 24;
      return bytes;
    },
  };
}
