import { describe, expect, test } from "vitest";
import { createRng, type Latency, type LinkProfile } from "../../src/index.ts";
import { checkLinkProfile, drawLatency } from "../../src/network/link-profile.ts";

const draws = (profile: LinkProfile, count = 2000): number[] => {
  const rng = createRng("latencies");
  return Array.from({ length: count }, () => drawLatency(profile, rng));
};

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

describe("checkLinkProfile", () => {
  test("takes profiles that make sense", () => {
    const latencies: Latency[] = [
      0,
      12.5,
      [0, 0],
      [3, 7],
      { min: 4, mean: 4 },
      { min: 0, mean: 9 },
    ];
    for (const latencyMs of latencies) checkLinkProfile({ latencyMs });
    checkLinkProfile({ jitterMs: 0, bytesPerSecond: 0.5, segmentBytes: 1 });
    checkLinkProfile({ bytesPerSecond: Number.POSITIVE_INFINITY });
    checkLinkProfile({});
  });

  test.for<[LinkProfile, string]>([
    [{ latencyMs: -1 }, "latencyMs of -1 is no time to wait for"],
    [{ latencyMs: Number.NaN }, "latencyMs of NaN is no time to wait for"],
    [{ latencyMs: Number.POSITIVE_INFINITY }, "latencyMs of Infinity is no time to wait for"],
    [{ latencyMs: [5, 4] }, "latencyMs of [5,4] is no time to wait for"],
    [{ latencyMs: [-1, 4] }, "latencyMs of [-1,4] is no time to wait for"],
    [{ latencyMs: { min: 5, mean: 4 } }, 'latencyMs of {"min":5,"mean":4} is no time to wait for'],
    [{ jitterMs: -1 }, "jitterMs of -1 is not 0 or more"],
    [{ jitterMs: Number.POSITIVE_INFINITY }, "jitterMs of Infinity is not 0 or more"],
    [{ bytesPerSecond: 0 }, "bytesPerSecond of 0 is not above 0"],
    [{ bytesPerSecond: Number.NaN }, "bytesPerSecond of NaN is not above 0"],
    [{ segmentBytes: 0 }, "segmentBytes of 0 is not 1 or more"],
    [{ segmentBytes: 1.5 }, "segmentBytes of 1.5 is not 1 or more"],
  ])("names what makes no sense in %j", ([profile, text]) => {
    expect(() => checkLinkProfile(profile)).toThrow(new RangeError(text));
  });
});

describe("drawLatency", () => {
  test("is the number itself, and draws nothing for it", () => {
    const rng = createRng(1);
    expect([drawLatency({ latencyMs: 7 }, rng), drawLatency({}, rng)]).toEqual([7, 0]);
    expect(rng.u32()).toBe(createRng(1).u32());
  });

  test("stays in its range and fills it", () => {
    const all = draws({ latencyMs: [10, 20] });
    expect([Math.min(...all), Math.max(...all)]).toEqual([
      expect.closeTo(10, 1),
      expect.closeTo(20, 1),
    ]);
    expect(all.every((each) => each >= 10 && each <= 20)).toBe(true);
    expect(mean(all)).toBeCloseTo(15, 0);
  });

  test("has its minimum, its mean and a tail", () => {
    const all = draws({ latencyMs: { min: 10, mean: 30 } });
    expect(Math.min(...all)).toBeGreaterThanOrEqual(10);
    expect(Math.abs(mean(all) - 30)).toBeLessThan(2);
    expect(Math.max(...all)).toBeGreaterThan(100);
  });

  test("adds jitter to each of them", () => {
    const all = draws({ latencyMs: 100, jitterMs: 10 });
    expect(all.every((each) => each >= 100 && each <= 110)).toBe(true);
    expect(mean(all)).toBeCloseTo(105, 0);
  });

  test("has three decimals, so that every engine has the same times", () => {
    const all = draws({ latencyMs: { min: 1, mean: 2 }, jitterMs: 1 }, 100);
    expect(all.every((each) => each === Number(each.toFixed(3)))).toBe(true);
    expect(all.slice(0, 3)).toEqual([2.035, 1.335, 3.409]);
  });
});
