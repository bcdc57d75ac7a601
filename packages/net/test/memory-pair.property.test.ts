import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryPair } from "../src/index.ts";
import { pattern, record } from "./recorder.ts";

test("any writes and pauses deliver all bytes in order, drains match, and both sides close in order", async () => {
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 0, max: 30 }) }),
    fc.constantFrom("pause" as const, "resume" as const, "turn" as const),
  );
  const size = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      size,
      size,
      async (steps, capacityBytes, chunkBytes) => {
        const [a, b] = memoryPair({ capacityBytes, chunkBytes });
        const [atA, atB] = [record(a), record(b)];
        const sent: number[] = [];
        let paused = false;
        let refusals = 0;
        let waiting = false;
        atA.on = { drain: () => (waiting = false) };
        atB.on = { data: () => expect(paused).toBe(false) };
        for (const [index, each] of steps.entries()) {
          if (each === "turn") await Promise.resolve();
          else if (each === "pause" || each === "resume") {
            paused = each === "pause";
            b[each]();
          } else {
            const piece = pattern(each.write, index);
            sent.push(...piece);
            const room = a.write(piece);
            if (!room && !waiting) refusals += 1;
            waiting = !room;
          }
        }
        paused = false;
        b.resume();
        await atB.until(() => atB.received === sent.length);
        await atA.until(() => atA.drains === refusals);
        a.end();
        b.end();
        await Promise.all([atA.closed(), atB.closed()]);
        expect([...atB.bytes]).toEqual(sent);
        expect([atA.error, atB.error, atA.drains]).toEqual([undefined, undefined, refusals]);
      },
    ),
    { numRuns: 500 },
  );
});
