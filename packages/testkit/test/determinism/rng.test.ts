import { createRng } from "@satwire/testkit";
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
    let hits = 0;
    for (let i = 0; i < 20_000; i++) {
      expect(rng.chance(0)).toBe(false);
      expect(rng.chance(1)).toBe(true);
      if (rng.chance(0.25)) hits++;
    }
    expect(Math.abs(hits - 5000)).toBeLessThan(307);
  });

  test("pick takes every item and refuses an empty list", () => {
    const rng = createRng("pick");
    const items = ["a", "b", "c"];
    const picked = new Set(Array.from({ length: 100 }, () => rng.pick(items)));
    expect([...picked].sort()).toEqual(items);
    expect(() => rng.pick([])).toThrow(RangeError);
  });
});
