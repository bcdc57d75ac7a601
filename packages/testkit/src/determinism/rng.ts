// Seeded randomness: the same seed gives the same sequence everywhere. Not for keys that matter.

/** A stream of random values that a seed determines. */
export interface Rng {
  /** An integer from 0 to 2^32 - 1. */
  u32(): number;
  /** From 0 to just below 1, in steps of 2^-32. */
  float(): number;
  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** Random bytes. */
  bytes(length: number): Uint8Array;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Above 0, small values more often, `mean` on average: times between events that are independent. */
  exponential(mean: number): number;
  /** The items in a random order; the list itself is not changed. */
  shuffle<T>(items: readonly T[]): T[];
  /** One of the items. @throws RangeError if there are none */
  pick<T>(items: readonly T[]): T;
  /**
   * A stream of its own: what is drawn from it does not shift this one. It depends on the seed and the label
   * alone, so one label gives one stream.
   */
  fork(label: string): Rng;
}

/** A random stream from a seed. */
export function createRng(seed: number | string): Rng {
  const state = spread(String(seed));
  const u32 = (): number => {
    // sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand's tests.
    const [a, b, c, counter] = state as unknown as [number, number, number, number];
    const result = (a + b + counter) | 0;
    state[3] = (counter + 1) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round++) u32(); // similar seeds start alike
  const float = (): number => u32() / 2 ** 32;
  return {
    u32,
    float,
    int: (min, max) => min + Math.floor(float() * (max - min + 1)),
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = u32() >>> 24;
      return bytes;
    },
    chance: (probability) => float() < probability,
    exponential: (mean) => -Math.log(1 - float()) * mean,
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const other = Math.floor(float() * (i + 1));
        [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
      }
      return shuffled;
    },
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError("nothing to pick from");
      return items[Math.floor(float() * items.length)] as T;
    },
    fork: (label) => createRng(`${seed}/${label}`),
  };
}

/** Four words from a text, each character touching all of them (FNV-1a with four offsets). */
function spread(text: string): Int32Array {
  const words = Int32Array.of(0x811c9dc5, 0x01000193, 0x2545f491, 1);
  for (const character of text) {
    for (let i = 0; i < 4; i++) {
      const word = (words[i] as number) ^ (character.codePointAt(0) as number) ^ (i << 16);
      words[i] = Math.imul(word, 0x01000193) + i;
    }
  }
  return words;
}
