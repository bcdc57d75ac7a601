import fc from "fast-check";
import { test } from "vitest";
import type { Message } from "../src/message.ts";
import { QueueRef } from "../src/queue-ref.ts";

interface Item extends Message {
  readonly type: "item";
  readonly value: number;
}

const steps = fc.array(
  fc.constantFrom("tell", "tellAndAbort", "tryTell", "take", "takeAndAbort", "drain", "pause"),
  { maxLength: 60 },
);

test("whatever the order of calls: each accepted message comes out once, in order, within the limits", async () => {
  const limits = fc.record({ capacity: fc.integer({ min: 1, max: 4 }), waitingLimit: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(limits, steps, async ({ capacity, waitingLimit }, calls) => {
      const ref = new QueueRef<Item>({ id: "probe", capacity, waitingLimit });
      const accepted: number[] = [];
      const seen: number[] = [];
      const pending: Promise<unknown>[] = [];
      const tell = (value: number, signal?: AbortSignal): void => {
        const told = ref.tell({ type: "item", value }, { signal });
        pending.push(
          told.then(
            () => accepted.push(value),
            () => {},
          ),
        );
      };
      const take = (signal?: AbortSignal): void => {
        pending.push(
          ref.take({ signal }).then(
            ({ value }) => seen.push(value),
            () => {},
          ),
        );
      };
      for (const [value, call] of calls.entries()) {
        const controller = new AbortController();
        if (call === "tell") tell(value);
        if (call === "tellAndAbort") tell(value, controller.signal);
        if (call === "tryTell" && ref.tryTell({ type: "item", value })) accepted.push(value);
        if (call === "take") take();
        if (call === "takeAndAbort") take(controller.signal);
        if (call === "pause" || call === "drain") await settle();
        if (call === "drain") seen.push(...ref.drain().map((item) => item.value));
        controller.abort();
        if (ref.size > capacity) return false;
      }
      await settle();
      seen.push(...ref.drain().map((item) => item.value));
      ref.close();
      await Promise.all(pending);
      const inOrder = seen.every((value, i) => i === 0 || value > (seen[i - 1] as number));
      return inOrder && seen.join() === accepted.toSorted((a, b) => a - b).join();
    }),
    { numRuns: 300 },
  );
});

/** Lets every promise that can go on do so: more microtasks than any chain here is long. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
