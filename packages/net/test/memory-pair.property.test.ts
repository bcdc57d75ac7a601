import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryPair } from "../src/index.ts";
import { HeldPath } from "./held-path.ts";
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

test("any path that keeps the order delivers all bytes both ways, and both sides close in order", async () => {
  const end = fc.constantFrom(0 as const, 1 as const);
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 0, max: 30 }), end }),
    fc.record({
      release: fc.integer({ min: 1, max: 3 }),
      pieceBytes: fc.integer({ min: 1, max: 9 }),
      end,
    }),
    fc.constant("turn" as const),
  );
  const capacity = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), capacity, async (steps, capacityBytes) => {
      const paths = [new HeldPath(), new HeldPath()] as const;
      const streams = memoryPair({ capacityBytes, paths });
      const recorders = streams.map((stream) => record(stream));
      const sent: [number[], number[]] = [[], []];
      for (const [index, each] of steps.entries()) {
        if (each === "turn") await Promise.resolve();
        else if ("release" in each) paths[each.end].release(each.release, each.pieceBytes);
        else {
          const piece = pattern(each.write, index);
          sent[each.end].push(...piece);
          streams[each.end].write(piece);
        }
        for (const from of [0, 1] as const) {
          const got = recorders[1 - from]?.received ?? 0;
          expect(streams[from].bytesUnderWay).toBe(sent[from].length - got);
        }
      }
      for (const stream of streams) stream.end();
      for (const path of paths) path.release();
      await Promise.all(recorders.map((recorder) => recorder.closed()));
      expect(recorders.map(({ error }) => error)).toEqual([undefined, undefined]);
      expect(recorders.map((recorder) => [...recorder.bytes])).toEqual([sent[1], sent[0]]);
    }),
    { numRuns: 500 },
  );
});
