// Ports the tests of lnd's queue/back_pressure_test.go that are about RandomEarlyDrop.
import { describe, expect, test } from "vitest";
import { BoundedQueue } from "../src/bounded-queue.ts";
import { randomEarlyDrop, type RandomEarlyDropOptions } from "../src/random-early-drop.ts";
import { seededRandom } from "./seeded-random.ts";

describe("the chance to be dropped", () => {
  /** Drops with a source that always gives `value`. */
  const dropsAt = (value: number, waiting: number): boolean =>
    randomEarlyDrop({ min: 15, max: 35, random: () => value })(waiting);

  test("is none below min and at min", () => {
    expect([0, 14, 15].map((waiting) => dropsAt(0, waiting))).toEqual([false, false, false]);
  });

  test("is certain at max and above", () => {
    const almostOne = 1 - 2 ** -53;
    expect([34, 35, 36].map((waiting) => dropsAt(almostOne, waiting))).toEqual([false, true, true]);
  });

  test("grows evenly in between: 5 % at 16, 50 % at 25", () => {
    expect([dropsAt(0.049, 16), dropsAt(0.05, 16)]).toEqual([true, false]);
    expect([dropsAt(0.499, 25), dropsAt(0.5, 25)]).toEqual([true, false]);
  });

  test("shows in what is dropped of 10,000 (seed 11)", () => {
    const drop = randomEarlyDrop({ min: 40, max: 50, random: seededRandom(11) });
    const share = (waiting: number): number => {
      let dropped = 0;
      for (let i = 0; i < 10_000; i++) if (drop(waiting)) dropped++;
      return dropped / 10_000;
    };
    expect(share(39)).toBe(0);
    expect(share(42)).toBeCloseTo(0.2, 1);
    expect(share(48)).toBeCloseTo(0.8, 1);
    expect(share(50)).toBe(1);
  });

  test("asks the source only where chance decides", () => {
    let asked = 0;
    const drop = randomEarlyDrop({ min: 1, max: 3, random: () => (asked++, 0) });
    drop(0);
    drop(3);
    expect(asked).toBe(0);
    expect([drop(1), drop(2)]).toEqual([false, true]);
    expect(asked).toBe(2);
  });
});

test("TestBackpressureQueueComposedPredicate: with another condition it is a plain function", () => {
  const red = randomEarlyDrop({ min: 3, max: 7, random: seededRandom(12_345) });
  const drops = (waiting: number, item: number): boolean => red(waiting) || item === 42;
  const queue = new BoundedQueue<number>({ capacity: 10 });
  const offer = (item: number): boolean => !drops(queue.size, item) && queue.push(item);

  expect([0, 1, 2].map(offer)).toEqual([true, true, true]);
  expect(offer(42)).toBe(false);
  expect(queue.size).toBe(3);

  while (queue.push(0));
  expect(queue.size).toBe(10);
  expect(offer(100)).toBe(false);
  expect(queue.size).toBe(10);
});

describe("bad options", () => {
  const good: RandomEarlyDropOptions = { min: 1, max: 2, random: () => 0 };
  const cases: [string, Partial<Record<keyof RandomEarlyDropOptions, unknown>>, string][] = [
    ["ErrNegativeMinThreshold", { min: -1 }, "min is -1"],
    ["ErrInvalidThresholdOrder, max is min", { min: 5, max: 5 }, "max is 5"],
    ["ErrInvalidThresholdOrder, max is less", { min: 5, max: 4 }, "max is 4"],
    ["a min that is no integer", { min: 0.5 }, "min is 0.5"],
    ["a max that is no integer", { max: 2.5 }, "max is 2.5"],
    ["a max without end", { max: Number.POSITIVE_INFINITY }, "max is Infinity"],
    ["a min that is no number", { min: Number.NaN }, "min is NaN"],
    ["no source", { random: undefined }, "random is undefined"],
  ];
  test.each(cases)("%s: invalid_option", (_name, bad, text) => {
    const options = { ...good, ...bad } as RandomEarlyDropOptions;
    expect(() => randomEarlyDrop(options)).toThrow(
      expect.objectContaining({
        name: "ActorError",
        code: "invalid_option",
        message: expect.stringContaining(`randomEarlyDrop.${text}`),
      }),
    );
  });
});
