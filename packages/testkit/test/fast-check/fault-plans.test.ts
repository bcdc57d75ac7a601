import { memoryPair } from "@satwire/net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../src/determinism/virtual-clock.ts";
import { faultPlans, linkProfiles } from "../../src/fast-check/index.ts";
import { checkLinkProfile } from "../../src/network/link-profile.ts";
import { duplexPair } from "../../src/streams/duplex-pair.ts";
import {
  checkFaultPlan,
  type Fault,
  type FaultPlan,
  isDestructive,
} from "../../src/streams/fault-plan.ts";
import { withFaults } from "../../src/streams/faulty-stream.ts";
import type { SimStream } from "../../src/streams/sim-stream.ts";

const sample = (options?: Parameters<typeof faultPlans>[0]): readonly FaultPlan[] =>
  fc.sample(faultPlans(options), { numRuns: 500, seed: 1 });
const kindsIn = (plans: readonly FaultPlan[]): Set<Fault["kind"]> =>
  new Set(plans.flat().map(({ kind }) => kind));
const openKinds = [
  "fragment",
  "coalesce",
  "stallAfter",
  "slowloris",
  "corrupt",
  "resetAfter",
  "finAfter",
  "blackholeAfter",
];
const dialKinds = ["refuse", "unreachable", "notFound", "timedOut", "connectDelay"];

describe("plans", () => {
  test("have every kind of fault, survive JSON, and streams take them", () => {
    const plans = sample();
    expect([...kindsIn(plans)].toSorted()).toEqual(openKinds.toSorted());
    for (const plan of plans) {
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(plan.length).toBeLessThanOrEqual(4);
      withFaults(memoryPair()[0], plan, { clock: new VirtualClock() }).destroy();
    }
  });

  test("have faults of dialing if asked for", () => {
    const plans = sample({ dialing: true });
    expect([...kindsIn(plans)].toSorted()).toEqual([...openKinds, ...dialKinds].toSorted());
    for (const plan of plans) checkFaultPlan(plan);
  });

  test("are harmless or destructive as asked for", () => {
    const harmless = sample({ kind: "harmless" });
    expect(harmless.flat().some(isDestructive)).toBe(false);
    expect(kindsIn(harmless).size).toBe(4);
    const destructive = sample({ kind: "destructive", maxFaults: 2 });
    expect(destructive.every((plan) => plan.some(isDestructive))).toBe(true);
    expect(new Set(destructive.map(({ length }) => length))).toEqual(new Set([1, 2]));
    // The destructive one is not always in front.
    expect(destructive.some(([first]) => first !== undefined && !isDestructive(first))).toBe(true);
  });

  test("keep to limits, and limits that are none are refused", () => {
    for (const fault of sample({ maxBytes: 7, maxMs: 3 }).flat()) {
      if ("bytes" in fault) expect(fault.bytes).toBeLessThanOrEqual(7);
      if ("ms" in fault) expect(fault.ms ?? 0).toBeLessThanOrEqual(3);
    }
    expect(() => faultPlans({ maxBytes: 0 })).toThrow("maxBytes is 0");
    expect(() => faultPlans({ maxMs: -1 })).toThrow("maxMs is -1");
    expect(() => faultPlans({ maxFaults: 0 })).toThrow("maxFaults is 0");
    expect(() => linkProfiles({ maxMs: 0.5 })).toThrow("maxMs is 0.5");
    expect(() => linkProfiles({ minBytesPerSecond: 0 })).toThrow("minBytesPerSecond is 0");
  });
});

/** Sends bytes over a pair, ends it, and gives what arrived when time has passed. */
async function received([a, b]: readonly [SimStream, SimStream], clock: VirtualClock) {
  const sent = Uint8Array.from({ length: 300 }, (_, index) => index % 251);
  const got: number[] = [];
  const log: string[] = [];
  const onData = (): void => {};
  const onDrain = (): void => {};
  a.start({ onData, onDrain, onEnd: () => a.end(), onClose: () => {} });
  b.start({
    onData: (chunk) => void got.push(...chunk),
    onDrain,
    onEnd: () => {
      log.push("end");
      b.end();
    },
    onClose: (error) => void log.push(error?.code ?? "closed in order"),
  });
  a.write(sent.slice());
  a.end();
  await clock.advance(10_000);
  return { sent: [...sent], got, log };
}

const slow = { timeout: 30_000 }; // hundreds of simulated connections

test("harmless plans over any link lose nothing, and the end comes after it", slow, async () => {
  const plans = faultPlans({ kind: "harmless", maxBytes: 100 });
  await fc.assert(
    fc.asyncProperty(plans, plans, linkProfiles({ maxMs: 100 }), async (first, second, profile) => {
      const clock = new VirtualClock();
      const pair = duplexPair({ faults: { first, second }, profile, clock });
      const { sent, got, log } = await received(pair, clock);
      expect(got).toEqual(sent);
      expect(log).toEqual(["end", "closed in order"]);
    }),
    { numRuns: 20 },
  );
});

test(
  "a consumer that takes every end for a good one is found, and the plan shrinks to one fault",
  slow,
  async () => {
    const property = fc.asyncProperty(
      faultPlans({ kind: "destructive", maxBytes: 100 }),
      async (first) => {
        const clock = new VirtualClock();
        const { sent, got, log } = await received(duplexPair({ faults: { first }, clock }), clock);
        if (log[0] === "end") expect(got).toEqual(sent); // the planted bug
      },
    );
    const { failed, counterexample } = await fc.check(property, { numRuns: 200, seed: 3 });
    expect(failed).toBe(true);
    const plan = counterexample?.[0] ?? [];
    expect(plan).toHaveLength(1);
    expect(["finAfter", "corrupt"]).toContain(plan[0]?.kind);
  },
);

test("link profiles are such, of every form of latency, down to a link without any", () => {
  const profiles = fc.sample(linkProfiles(), { numRuns: 300, seed: 1 });
  for (const profile of profiles) checkLinkProfile(profile);
  const forms = profiles.map(({ latencyMs }) =>
    Array.isArray(latencyMs) ? "range" : typeof latencyMs,
  );
  expect(new Set(forms)).toEqual(new Set(["undefined", "number", "range", "object"]));
  const fails = fc.property(linkProfiles(), () => false);
  expect(fc.check(fails).counterexample?.[0]).toEqual({});
});
