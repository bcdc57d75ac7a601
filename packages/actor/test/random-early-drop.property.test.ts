// Ports TestBackpressureQueueRapidInt of lnd's queue/back_pressure_test.go.
import fc from "fast-check";
import { test } from "vitest";
import { BoundedQueue } from "../src/bounded-queue.ts";
import { randomEarlyDrop } from "../src/random-early-drop.ts";
import { seededRandom } from "./seeded-random.ts";

const thresholds = fc
  .record({ min: fc.nat(49), span: fc.integer({ min: 1, max: 50 }) })
  .map(({ min, span }) => ({ min, max: min + span }));

test("never below min, always from max on, and in between as the source decides", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(thresholds, fc.nat(120), unit, ({ min, max }, waiting, drawn) => {
      const dropped = randomEarlyDrop({ min, max, random: () => drawn })(waiting);
      const chance = Math.min(1, Math.max(0, (waiting - min) / (max - min)));
      return dropped === drawn < chance;
    }),
    { numRuns: 500 },
  );
});

test("a queue that asks it first stays in order, and never gets beyond max or its capacity", () => {
  fc.assert(
    fc.property(
      thresholds,
      fc.integer({ min: 1, max: 50 }),
      fc.integer(),
      fc.array(fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.constant("take" as const)), {
        size: "large",
      }),
      ({ min, max }, capacity, seed, steps) => {
        const drops = randomEarlyDrop({ min, max, random: seededRandom(seed) });
        const queue = new BoundedQueue<number>({ capacity });
        const model: number[] = [];
        for (const step of steps) {
          if (step === "take") {
            if (queue.tryTake()?.value !== model.shift()) return false;
          } else {
            const before = queue.size;
            const isIn = !drops(before) && queue.push(step);
            if (isIn) model.push(step);
            if (!isIn && before < Math.min(min + 1, capacity)) return false;
          }
          if (queue.size !== model.length || queue.size > Math.min(max, capacity)) return false;
        }
        return true;
      },
    ),
  );
});
