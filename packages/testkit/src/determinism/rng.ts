// Seeded randomness: the same seed gives the same sequence everywhere. Not for keys that matter.

/** A stream of random values that a seed determines. */
export interface Rng {
  /** An integer from 0 to 2^32 - 1. */
  u32(): number;
  /** An integer from 0 to 2^64 - 1. */
  u64(): bigint;
  /** From 0 to just below 1, in steps of 2^-32. */
  float(): number;
  /** An integer from `min` to `max`, both included. @throws RangeError unless both are safe integers in this order */
  int(min: number, max: number): number;
  /** Random bytes. */
  bytes(length: number): Uint8Array;
  /** True with this probability. @throws RangeError unless it is from 0 to 1 */
  chance(probability: number): boolean;
  /**
   * Above 0, small values more often, `mean` on average: times between events that are independent. Never above 23
   * times the mean, and 0 if that is 0. Rounded so that all engines agree.
   *
   * @throws RangeError for a mean that is negative or not finite
   */
  exponential(mean: number): number;
  /** The items in a random order; the list itself is not changed. */
  shuffle<T>(items: readonly T[]): T[];
  /** One of the items. @throws RangeError if there are none */
  pick<T>(items: readonly T[]): T;
  /**
   * One of the items, each in proportion to its weight.
   *
   * @throws RangeError for a weight that is negative or not finite, and if all are 0
   */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T;
  /**
   * A stream of its own: what is drawn from it does not shift this one. It depends on the seed and the label
   * alone, so one label gives one stream.
   */
  fork(label: string): Rng;
}

/**
 * A random stream from a seed. Numbers, bigints and texts that print alike are the same seed.
 *
 * @example
 * ```ts
 * const rng = createRng(7);
 * const delays = rng.fork("delays"); // more draws elsewhere do not change these
 * delays.exponential(20);
 * ```
 */
export function createRng(seed: number | bigint | string): Rng {
  let [a, b, c, counter] = spread(String(seed));
  const u32 = (): number => {
    // sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand's tests.
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round++) u32(); // similar seeds start alike
  const float = (): number => u32() / 2 ** 32;
  const below = (count: number): number => Math.floor(float() * count);
  return {
    u32,
    u64: () => (BigInt(u32()) << 32n) | BigInt(u32()),
    float,
    int(min, max) {
      if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
        throw new RangeError(`there is no integer from ${min} to ${max}`);
      }
      const count = max - min + 1;
      if (count <= 2 ** 32) return min + below(count);
      if (!Number.isSafeInteger(count)) {
        throw new RangeError(`${min} to ${max} are too many integers to draw from`);
      }
      // The upper 53 bits of 64.
      return min + Math.floor(((u32() * 2 ** 21 + (u32() >>> 11)) / 2 ** 53) * count);
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = u32() >>> 24;
      return bytes;
    },
    chance(probability) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new RangeError(`${probability} is no probability`);
      }
      return float() < probability;
    },
    exponential(mean) {
      if (!(mean >= 0 && Number.isFinite(mean))) {
        throw new RangeError(`${mean} is no mean of values above 0`);
      }
      // Engines may differ in the last bits of a logarithm.
      return Math.fround(-Math.log((u32() + 0.5) / 2 ** 32)) * mean;
    },
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const other = below(i + 1);
        [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
      }
      return shuffled;
    },
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError("nothing to pick from");
      return items[below(items.length)] as T;
    },
    weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
      let total = 0;
      for (const [, weight] of items) {
        if (!(weight >= 0)) throw new RangeError(`${weight} is no weight`);
        total += weight;
      }
      if (!(total > 0 && Number.isFinite(total))) {
        throw new RangeError(`weights that add up to ${total} leave nothing to pick from`);
      }
      const possible = items.filter(([, weight]) => weight > 0);
      let left = float() * total;
      const found = possible.find(([, weight]) => (left -= weight) < 0);
      return (found ?? (possible.at(-1) as readonly [T, number]))[0]; // sums of fractions are rounded
    },
    // Escaped, so that the label "a/b" is not the fork "b" of the fork "a".
    fork: (label) => createRng(`${seed}/${label.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  };
}

/** Four words from a text, each character touching all of them (FNV-1a with four offsets). */
function spread(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [0x811c9dc5, 0x01000193, 0x2545f491, 1];
  for (const character of text) {
    for (let i = 0; i < 4; i++) {
      const word = (words[i] as number) ^ (character.codePointAt(0) as number) ^ (i << 16);
      words[i] = (Math.imul(word, 0x01000193) + i) | 0;
    }
  }
  return words;
}
