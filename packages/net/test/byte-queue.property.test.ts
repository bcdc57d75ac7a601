import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteQueue } from "../src/byte-queue.ts";

test("gives the bytes back in order, in pieces no longer than asked for", () => {
  const step = fc.oneof(
    fc.record({ push: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 6 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new ByteQueue();
      const model: number[] = [];
      for (const each of steps) {
        if ("push" in each) {
          queue.push(each.push);
          model.push(...each.push);
        } else {
          const taken = queue.take(each.take);
          expect(taken.length).toBeLessThanOrEqual(each.take);
          expect(taken.length > 0).toBe(model.length > 0);
          expect([...taken]).toEqual(model.splice(0, taken.length));
        }
        expect(queue.length).toBe(model.length);
      }
      queue.clear();
      expect([queue.length, queue.take(1).length]).toEqual([0, 0]);
    }),
  );
});
