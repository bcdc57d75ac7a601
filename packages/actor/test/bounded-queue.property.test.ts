import { BoundedQueue } from "@satwire/actor";
import fc from "fast-check";
import { test } from "vitest";

type Step = "push" | "pushAsync" | "take" | "drain";
const steps = fc.array(fc.constantFrom<Step>("push", "pushAsync", "take", "drain"), {
  maxLength: 60,
});

test("whatever the order of calls: each accepted value comes out once, in order, within capacity", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (capacity, calls) => {
      const queue = new BoundedQueue<number>({ capacity });
      const accepted: number[] = [];
      const seen: number[] = [];
      const pending: Promise<unknown>[] = [];
      for (const [value, call] of calls.entries()) {
        if (call === "push" && queue.push(value)) accepted.push(value);
        if (call === "pushAsync") {
          accepted.push(value);
          pending.push(queue.pushAsync(value));
        }
        if (call === "take") {
          pending.push(
            queue.take().then((result) => {
              if (result.done !== true) seen.push(result.value);
            }),
          );
        }
        if (call === "drain") {
          await Promise.resolve();
          seen.push(...queue.drain());
        }
        if (queue.size > capacity) return false;
      }
      await Promise.resolve();
      seen.push(...queue.drain()); // what drain takes makes room for those who wait to push
      queue.close();
      await Promise.all(pending);
      return seen.join() === accepted.join();
    }),
    { numRuns: 300 },
  );
});
