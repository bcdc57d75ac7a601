import { describe, expect, expectTypeOf, test } from "vitest";
import type { Message } from "../src/message.ts";
import type { ActorRef } from "../src/ref.ts";
import {
  broadcast,
  consistentHash,
  leastLoaded,
  randomRouting,
  roundRobin,
  type RoutingStrategy,
} from "../src/routing-strategies.ts";
import { fakeRef } from "./fake-ref.ts";
import { seededRandom } from "./seeded-random.ts";

interface Job extends Message {
  readonly type: "job";
  readonly key: string;
}

const job = (key: string): Job => ({ type: "job", key });
const refs = (...ids: string[]): readonly ActorRef<Job>[] =>
  Object.freeze(ids.map((id) => fakeRef<Job>(id)));
const numbered = (count: number): readonly ActorRef<Job>[] =>
  refs(...Array.from({ length: count }, (_, i) => `worker-${i}`));

/** The ids chosen for one message each. */
const chosen = (
  strategy: RoutingStrategy<Job>,
  candidates: readonly ActorRef<Job>[],
  keys: readonly string[],
): string[] =>
  keys.flatMap((key) => [strategy.select(candidates, job(key))].flat().map(({ id }) => id));
const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `key-${i}`);

/** How often each id was chosen. */
const shares = (ids: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
};

describe("round robin", () => {
  test("gives each of two three of six", () => {
    expect(chosen(roundRobin(), refs("a", "b"), keys(6))).toEqual(["a", "b", "a", "b", "a", "b"]);
  });

  test("goes on when the list grows, and stays within it when it shrinks", () => {
    const strategy = roundRobin<Job>();
    expect(chosen(strategy, refs("a", "b"), keys(2))).toEqual(["a", "b"]);
    expect(chosen(strategy, refs("a", "b", "c"), keys(4))).toEqual(["c", "a", "b", "c"]);
    expect(chosen(strategy, refs("a"), keys(2))).toEqual(["a", "a"]);
    expect(chosen(strategy, refs("a", "b"), keys(2))).toEqual(["b", "a"]);
  });

  test("each strategy has a turn of its own", () => {
    const [one, two] = [roundRobin<Job>(), roundRobin<Job>()];
    chosen(one, refs("a", "b"), keys(1));
    expect(chosen(two, refs("a", "b"), keys(1))).toEqual(["a"]);
  });
});

describe("random", () => {
  test("takes the one that the number falls on", () => {
    const given = [0, 0.24, 0.25, 0.5, 0.74, 0.75, 1 - 2 ** -53];
    const random = (): number => given.shift() as number;
    expect(chosen(randomRouting({ random }), refs("a", "b", "c", "d"), keys(7))).toEqual([
      "a",
      "a",
      "b",
      "c",
      "c",
      "d",
      "d",
    ]);
  });

  test.each([-1, 1, 9, Number.NaN])("a source that gives %s still chooses someone", (bad) => {
    const ids = chosen(randomRouting({ random: () => bad }), refs("a", "b", "c"), keys(1));
    expect(["a", "b", "c"]).toContain(ids[0]);
  });

  test("gives each its share (seed 3)", () => {
    const counts = shares(
      chosen(randomRouting({ random: seededRandom(3) }), numbered(10), keys(10_000)),
    );
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test("without a source: invalid_option", () => {
    expect(() => randomRouting({} as { random: () => number })).toThrow(
      expect.objectContaining({
        name: "ActorError",
        code: "invalid_option",
        message: "randomRouting.random is undefined, not a source of numbers",
      }),
    );
  });
});

describe("least loaded", () => {
  const by =
    (loads: Record<string, number>) =>
    ({ id }: ActorRef<never>): number =>
      loads[id] as number;

  test("takes the one with the least to do", () => {
    const strategy = leastLoaded<Job>({ loadOf: by({ a: 3, b: 1, c: 2 }) });
    expect(chosen(strategy, refs("a", "b", "c"), keys(1))).toEqual(["b"]);
  });

  test("takes the earliest of those with the same", () => {
    const strategy = leastLoaded<Job>({ loadOf: by({ a: 2, b: 1, c: 1 }) });
    expect(chosen(strategy, refs("a", "b", "c"), keys(1))).toEqual(["b"]);
  });

  test("asks anew for each message", () => {
    const loads = { a: 0, b: 0 };
    const strategy = leastLoaded<Job>({ loadOf: by(loads) });
    expect(chosen(strategy, refs("a", "b"), keys(1))).toEqual(["a"]);
    loads.a = 1;
    expect(chosen(strategy, refs("a", "b"), keys(1))).toEqual(["b"]);
  });

  test("a load that is no number counts as the most", () => {
    const strategy = leastLoaded<Job>({ loadOf: by({ a: Number.NaN, b: 5 }) });
    expect(chosen(strategy, refs("a", "b"), keys(1))).toEqual(["b"]);
    expect(chosen(strategy, refs("a"), keys(1))).toEqual(["a"]);
  });

  test("by itself, knows no load of a ref that is no actor's", () => {
    expect(chosen(leastLoaded(), refs("a", "b"), keys(2))).toEqual(["a", "a"]);
  });
});

describe("consistent hash", () => {
  const strategy = (): RoutingStrategy<Job> => consistentHash({ keyOf: (m: Job) => m.key });

  test("sends the same key to the same actor, whatever the order of the list", () => {
    const forward = chosen(strategy(), refs("a", "b", "c", "d"), keys(200));
    expect(chosen(strategy(), refs("a", "b", "c", "d"), keys(200))).toEqual(forward);
    expect(chosen(strategy(), refs("d", "b", "a", "c"), keys(200))).toEqual(forward);
  });

  test("makes the same choices in each process and version", () => {
    expect(chosen(strategy(), numbered(10), ["", "a", "alice", "bob", "日本"])).toEqual([
      "worker-0",
      "worker-0",
      "worker-1",
      "worker-6",
      "worker-4",
    ]);
  });

  test.each([2, 3, 10, 100])("gives each of %i its share of the keys", (count) => {
    const fair = 1_000;
    const counts = shares(chosen(strategy(), numbered(count), keys(fair * count)));
    expect(counts.size).toBe(count);
    for (const share of counts.values()) expect(Math.abs(share - fair)).toBeLessThan(fair * 0.15);
  });

  test("gives keys and ids that are numbers their share too", () => {
    const ids = refs(...Array.from({ length: 8 }, (_, i) => `${i}`));
    const numbers = Array.from({ length: 8_000 }, (_, i) => `${i}`);
    const counts = shares(chosen(strategy(), ids, numbers));
    for (const share of counts.values()) expect(Math.abs(share - 1_000)).toBeLessThan(150);
  });

  test("ids that hash alike are told apart by name, in any order", () => {
    const [one, two] = ["worker-48148", "worker-203020"] as const; // FNV-1a: 0xd6f062ad
    const forward = chosen(strategy(), refs(one, two), keys(20));
    expect(chosen(strategy(), refs(two, one), keys(20))).toEqual(forward);
  });

  test("sees a change of a list that is not frozen", () => {
    const list = [...refs("a", "b", "c")];
    const one = strategy();
    const before = chosen(one, list, keys(100));
    list.reverse();
    expect(chosen(one, list, keys(100))).toEqual(before);
    list.pop();
    expect(chosen(one, list, keys(100))).toEqual(chosen(strategy(), refs("c", "b"), keys(100)));
  });
});

test("broadcast takes all", () => {
  const list = refs("a", "b", "c");
  expect(broadcast<Job>().select(list, job(""))).toBe(list);
});

test("a strategy fits where it is expected without a type argument, and a general one fits everywhere", () => {
  const take = (strategy: RoutingStrategy<Job>): RoutingStrategy<Job> => strategy;
  const general = roundRobin();
  for (const strategy of [
    take(general),
    take(randomRouting({ random: () => 0 })),
    take(leastLoaded()),
    take(consistentHash({ keyOf: (m) => m.key })),
    take(broadcast()),
  ]) {
    expect(chosen(strategy, refs("a"), keys(1))).toEqual(["a"]);
  }
  expectTypeOf(consistentHash({ keyOf: (m: Job) => m.key })).toEqualTypeOf<RoutingStrategy<Job>>();
  // @ts-expect-error a message has no such field
  take(consistentHash({ keyOf: (m) => m.absent }));
});
