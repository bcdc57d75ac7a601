import fc from "fast-check";
import { test } from "vitest";
import type { Message } from "../src/message.ts";
import type { ActorRef } from "../src/ref.ts";
import {
  consistentHash,
  leastLoaded,
  roundRobin,
  type RoutingStrategy,
} from "../src/routing-strategies.ts";
import { fakeRef } from "./fake-ref.ts";

interface Job extends Message {
  readonly type: "job";
  readonly key: string;
}

const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 12 });
const keys = fc.array(fc.string(), { minLength: 1, maxLength: 40 });
const refsOf = (names: readonly string[]): readonly ActorRef<Job>[] =>
  Object.freeze(names.map((id) => fakeRef<Job>(id)));
const idFor = (
  strategy: RoutingStrategy<Job>,
  candidates: readonly ActorRef<Job>[],
  key: string,
): string => (strategy.select(candidates, { type: "job", key }) as ActorRef<Job>).id;

test("consistent hash: an actor that goes takes only its own keys along", () => {
  fc.assert(
    fc.property(ids, keys, fc.nat(), (names, all, at) => {
      const gone = names[at % names.length] as string;
      const strategy = consistentHash<Job>({ keyOf: (m) => m.key });
      const before = refsOf(names);
      const after = refsOf(names.filter((name) => name !== gone));
      return all.every((key) => {
        const was = idFor(strategy, before, key);
        const is = idFor(strategy, after, key);
        return was === gone ? is !== gone : is === was;
      });
    }),
    { numRuns: 500 },
  );
});

test("consistent hash: the order of the list does not matter", () => {
  const shuffled = ids.chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.shuffledSubarray(names, { minLength: names.length, maxLength: names.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, keys, ([names, others], all) => {
      const strategy = consistentHash<Job>({ keyOf: (m) => m.key });
      const [one, two] = [refsOf(names), refsOf(others)];
      return all.every((key) => idFor(strategy, one, key) === idFor(strategy, two, key));
    }),
  );
});

test("round robin: whatever the length of the list, no one twice before all the others", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 30 }), (lengths) => {
      const strategy = roundRobin<Job>();
      return lengths.every((length) => {
        const list = refsOf(Array.from({ length }, (_, i) => `${i}`));
        const seen = list.map(() => idFor(strategy, list, ""));
        return new Set(seen).size === length;
      });
    }),
  );
});

test("least loaded: nobody has less, and nobody before has the same", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }), (loads) => {
      const loadOf = ({ id }: ActorRef<never>): number => loads[Number(id)] as number;
      const list = refsOf(loads.map((_, i) => `${i}`));
      const index = Number(idFor(leastLoaded<Job>({ loadOf }), list, ""));
      return index === loads.indexOf(Math.min(...loads));
    }),
  );
});
