import { describe, expect, test } from "vitest";
import { Backoff, type BackoffOptions } from "../src/backoff.ts";
import { seededRandom } from "./seeded-random.ts";

const delays = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next());

describe("delays", () => {
  test("double up to the cap, which need not be a power", () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1_500 });
    expect(delays(backoff, 6)).toEqual([100, 200, 400, 800, 1_500, 1_500]);
  });

  test("grow by another factor, rounded to whole milliseconds", () => {
    expect(delays(new Backoff({ initialMs: 10, maxMs: 40, factor: 1.25 }), 8)).toEqual([
      10, 13, 16, 20, 24, 31, 38, 40,
    ]);
  });

  test("stay the same with a factor of 1, and with a cap that is the first delay", () => {
    expect(delays(new Backoff({ initialMs: 7, maxMs: 50, factor: 1 }), 3)).toEqual([7, 7, 7]);
    expect(delays(new Backoff({ initialMs: 7, maxMs: 7 }), 3)).toEqual([7, 7, 7]);
  });

  test("are the cap at attempt 10,000, where the power is far beyond a number", () => {
    const backoff = new Backoff({ initialMs: 1, maxMs: 60_000, factor: 10 });
    const all = delays(backoff, 10_000);
    expect(all.slice(5).every((delay) => delay === 60_000)).toBe(true);
    expect(backoff.attempts).toBe(10_000);
  });

  test("begin anew after a reset", () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1_000 });
    expect(backoff.attempts).toBe(0);
    delays(backoff, 3);
    expect(backoff.attempts).toBe(3);
    backoff.reset();
    expect(backoff.attempts).toBe(0);
    expect(delays(backoff, 2)).toEqual([100, 200]);
  });
});

describe("jitter", () => {
  test("takes its share of the delay off", () => {
    const given = [0, 0.5, 0.25];
    const random = (): number => given.shift() as number;
    const backoff = new Backoff({ initialMs: 1_000, maxMs: 10_000, jitter: 0.5, random });
    expect(delays(backoff, 3)).toEqual([1_000, 1_500, 3_500]);
  });

  test("of 1 may take all of it", () => {
    const random = (): number => 1 - 2 ** -53;
    expect(new Backoff({ initialMs: 1_000, maxMs: 1_000, jitter: 1, random }).next()).toBe(0);
  });

  test("with seed 7 gives the same delays each time", () => {
    const seeded = (): Backoff =>
      new Backoff({ initialMs: 100, maxMs: 5_000, jitter: 0.3, random: seededRandom(7) });
    const first = delays(seeded(), 10);
    expect(first).toEqual(delays(seeded(), 10));
    expect(first).toEqual([100, 196, 283, 632, 1_350, 2_811, 4_301, 4_640, 4_170, 3_905]);
  });

  test("of 0 asks no source", () => {
    const random = (): number => {
      throw new Error("asked");
    };
    expect(new Backoff({ initialMs: 5, maxMs: 5, random }).next()).toBe(5);
  });

  test.each([-1, 1, 17, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a source that gives %s does not push a delay out of its range",
    (bad) => {
      const backoff = new Backoff({ initialMs: 100, maxMs: 800, jitter: 1, random: () => bad });
      for (const delay of delays(backoff, 6)) {
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(800);
      }
    },
  );
});

describe("bad options", () => {
  const good: BackoffOptions = { initialMs: 10, maxMs: 100 };
  const cases: [string, Partial<Record<keyof BackoffOptions, unknown>>, string][] = [
    ["no first delay", { initialMs: undefined }, "initialMs is undefined"],
    ["a first delay of 0", { initialMs: 0 }, "initialMs is 0"],
    ["a negative first delay", { initialMs: -5 }, "initialMs is -5"],
    ["a broken first delay", { initialMs: 1.5 }, "initialMs is 1.5"],
    ["a first delay that is no number", { initialMs: Number.NaN }, "initialMs is NaN"],
    ["a cap below the first delay", { maxMs: 9 }, "maxMs is 9"],
    ["no cap", { maxMs: Number.POSITIVE_INFINITY }, "maxMs is Infinity"],
    ["a factor below 1", { factor: 0.99 }, "factor is 0.99"],
    ["an endless factor", { factor: Number.POSITIVE_INFINITY }, "factor is Infinity"],
    ["a factor that is no number", { factor: Number.NaN }, "factor is NaN"],
    ["a negative jitter", { jitter: -0.1, random: Math.random }, "jitter is -0.1"],
    ["a jitter above 1", { jitter: 1.1, random: Math.random }, "jitter is 1.1"],
    ["a jitter that is no number", { jitter: Number.NaN, random: Math.random }, "jitter is NaN"],
    ["jitter without a source", { jitter: 0.1 }, "random is undefined"],
    ["a source that is no function", { random: 0.5 }, "random is 0.5"],
  ];
  test.each(cases)("%s: invalid_option", (_name, bad, text) => {
    const options = { ...good, ...bad } as BackoffOptions;
    expect(() => new Backoff(options)).toThrow(
      expect.objectContaining({
        name: "ActorError",
        code: "invalid_option",
        message: expect.stringContaining(`backoff.${text}`),
      }),
    );
  });
});
