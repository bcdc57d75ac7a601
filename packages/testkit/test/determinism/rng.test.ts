import { createRng, type Rng } from "@satwire/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const draw = (seed: number | string, count: number): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => rng.u32());
};

describe("the sequence", () => {
  // Computed with a second implementation of FNV-1a and sfc32, in another language.
  test.each([
    [1, [0xf6fa08c6, 0xc71b5a28, 0x306ee509, 0x7b47075f]],
    ["gossip", [0x149a9407, 0x22913a5f, 0x350f2cc2, 0x4be92f5d]],
    ["", [0x9c3b3fed, 0x1eedebf6, 0x5ac0cdb1, 0xb03b3f1c]],
  ])("of seed %j starts with known values", (seed, expected) => {
    expect(draw(seed, 4)).toEqual(expected);
  });

  test("is the same for the same seed, as a number or as text", () => {
    expect(draw(1234, 100)).toEqual(draw("1234", 100));
  });

  test("is the same for a bigint that prints alike, and goes on beyond 53 bits", () => {
    const drawBig = (seed: bigint): number => createRng(seed).u32();
    expect(drawBig(1234n)).toBe(createRng(1234).u32());
    expect(drawBig(2n ** 64n)).not.toBe(drawBig(2n ** 64n + 1n));
  });

  test("differs between similar seeds", () => {
    const seeds = [0, 1, 2, 10, 11, 12, "a", "b", "aa", "ab", "ba"];
    const values = seeds.flatMap((seed) => draw(seed, 20));
    expect(new Set(values).size).toBe(values.length);
  });
});

describe("a fork", () => {
  test("starts with known values", () => {
    const fork = createRng(1).fork("a");
    expect([fork.u32(), fork.u32()]).toEqual([0x57744f17, 0xc7e780e4]);
  });

  test("does not shift its parent, and its parent does not shift it", () => {
    const parent = createRng("parent");
    const fork = parent.fork("child");
    const early = Array.from({ length: 20 }, () => fork.u32());
    const drawn = Array.from({ length: 20 }, () => parent.u32());
    expect(drawn).toEqual(draw("parent", 20));
    const late = parent.fork("child");
    expect(Array.from({ length: 20 }, () => late.u32())).toEqual(early);
  });

  test("differs from its parent and from forks with other labels", () => {
    const parent = createRng(9);
    const values = [parent, parent.fork("1"), parent.fork("2"), parent.fork("1").fork("1")].map(
      (rng) => rng.u32(),
    );
    expect(new Set(values).size).toBe(4);
  });
});

describe("labels with slashes", () => {
  test("are no shortcut into other forks", () => {
    const rng = createRng("root");
    const forks = [
      rng.fork("a/b"),
      rng.fork("a").fork("b"),
      rng.fork("a~1b"),
      rng.fork("a/").fork("b"),
      rng.fork("a").fork("/b"),
    ];
    expect(new Set(forks.map((fork) => fork.u32())).size).toBe(5);
  });
});

describe("forks are independent", () => {
  // Of 64 * 2000 bits of two streams half agree; six standard deviations of that are 1074.
  const agreement = (a: Rng, b: Rng): number => {
    let same = 0;
    for (let i = 0; i < 4000; i++) {
      for (let bits = ~(a.u32() ^ b.u32()); bits !== 0; bits &= bits - 1) same++;
    }
    return same;
  };
  const root = createRng("root");
  test.each([
    ["a parent and its fork", createRng("root"), root.fork("a")],
    ["forks with similar labels", root.fork("host 1"), root.fork("host 2")],
    ["forks of similar seeds", createRng(1).fork("a"), createRng(2).fork("a")],
    ["a fork and its own fork", root.fork("a"), root.fork("a").fork("a")],
  ])("%s agree in half of their bits", (_name, a, b) => {
    expect(Math.abs(agreement(a, b) - 64_000)).toBeLessThan(1074);
  });

  test("first values over 4096 labels fill their range evenly", () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 4096; i++) {
      const bucket = root.fork(`peer ${i}`).u32() >>> 28;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // Chi squared with 15 degrees of freedom: above 44.3 once in 10,000 times.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
    expect(chiSquared).toBeLessThan(44.3);
  });
});

describe("values", () => {
  test("int reaches both ends, nothing outside, and every value about as often", () => {
    const rng = createRng("dice");
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const value = rng.int(-2, 3);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    // Five standard deviations of a binomial with p = 1/6.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(457);
  });

  test("int stays inside any range, and a range of one is that one", () => {
    const rng = createRng("ranges");
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (min, width) => {
        const value = rng.int(min, min + width);
        expect(value).toBeGreaterThanOrEqual(min);
        expect(value).toBeLessThanOrEqual(min + width);
        expect(rng.int(min, min)).toBe(min);
      }),
    );
  });

  test("int covers all 32 bits", () => {
    const [wide, plain] = [createRng(5), createRng(5)];
    for (let i = 0; i < 100; i++) expect(wide.int(0, 2 ** 32 - 1)).toBe(plain.u32());
  });

  test("int draws from more than 32 bits, and refuses what is no range of integers", () => {
    const rng = createRng("wide");
    const values = Array.from({ length: 1000 }, () => rng.int(0, 2 ** 52 - 1));
    expect(values.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
    expect(values.filter((value) => value % 2 === 1).length).toBeGreaterThan(400);
    expect(Math.max(...values)).toBeGreaterThan(0.98 * 2 ** 52);
    for (const [min, max] of [
      [2, 1],
      [0, 1.5],
      [0.5, 1],
      [Number.NaN, 1],
      [0, Number.POSITIVE_INFINITY],
      [-(2 ** 52), 2 ** 53 - 1],
    ] as const) {
      expect(() => rng.int(min, max)).toThrow(RangeError);
    }
  });

  test("u64 is two values of u32, the upper one first", () => {
    expect(createRng(1).u64()).toBe(0xf6fa08c6_c71b5a28n);
  });

  test("float is u32 in steps of 2^-32, evenly from 0 to 1", () => {
    expect(createRng(1).float()).toBe(0xf6fa08c6 / 2 ** 32);
    const rng = createRng("float");
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) {
      const value = rng.float();
      const bucket = Math.floor(value * 10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("exponential values have their mean and their tail", () => {
    expect(createRng(1).exponential(100)).toBe(Math.fround(0.035_883_458_853_778_48) * 100);
    const rng = createRng("exponential");
    const values = Array.from({ length: 40_000 }, () => rng.exponential(20));
    expect(values.every((value) => value > 0 && value < 23 * 20)).toBe(true);
    // Five standard deviations: of a mean, and of shares of e^-1 and e^-3.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 20)).toBeLessThan(0.5);
    const share = (above: number): number =>
      values.filter((value) => value > above).length / 40_000;
    expect(Math.abs(share(20) - Math.exp(-1))).toBeLessThan(0.0121);
    expect(Math.abs(share(60) - Math.exp(-3))).toBeLessThan(0.0055);
    expect(rng.exponential(0)).toBe(0);
    for (const mean of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rng.exponential(mean)).toThrow(RangeError);
    }
  });

  test("shuffle has every order about as often, and leaves the list alone", () => {
    const rng = createRng("shuffle");
    const items = Object.freeze(["a", "b", "c", "d"]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.shuffle(items).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const [order, count] of counts) {
      expect(order.split("").toSorted()).toEqual(["a", "b", "c", "d"]);
      expect(Math.abs(count - 1000)).toBeLessThan(160);
    }
    expect(rng.shuffle([])).toEqual([]);
  });

  test("weighted goes by weight, never by none", () => {
    const rng = createRng("weighted");
    const items = [
      ["never", 0],
      ["one", 1],
      ["three", 3],
      ["no more", 0],
    ] as const;
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const item = rng.weighted(items);
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["one", "three"]);
    expect(Math.abs((counts.get("one") ?? 0) - 5000)).toBeLessThan(307);
    for (const weights of [[], [0], [2, -1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
      expect(() => rng.weighted(weights.map((weight) => ["item", weight] as const))).toThrow(
        RangeError,
      );
    }
  });

  test("bytes are the upper ones of u32, and each comes about as often", () => {
    expect(createRng(1).bytes(8)).toEqual(
      Uint8Array.of(0xf6, 0xc7, 0x30, 0x7b, 0x20, 0x55, 0x39, 0x67),
    );
    expect(createRng(1).bytes(0)).toEqual(new Uint8Array(0));
    const counts = Array.from({ length: 256 }, () => 0);
    for (const byte of createRng("bytes").bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  test("chance is never for 0, always for 1, and about right in between", () => {
    const rng = createRng("chance");
    let [hits, wrong] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      if (rng.chance(0) || !rng.chance(1)) wrong++;
      if (rng.chance(0.25)) hits++;
    }
    expect(wrong).toBe(0);
    expect(Math.abs(hits - 5000)).toBeLessThan(307);
    for (const bad of [-0.1, 1.1, Number.NaN]) expect(() => rng.chance(bad)).toThrow(RangeError);
  });

  test("pick takes every item and refuses an empty list", () => {
    const rng = createRng("pick");
    const items = ["a", "b", "c"];
    const picked = new Set(Array.from({ length: 100 }, () => rng.pick(items)));
    expect([...picked].sort()).toEqual(items);
    expect(() => rng.pick([])).toThrow(RangeError);
  });
});
