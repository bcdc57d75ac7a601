import fc from "fast-check";
import { test } from "vitest";
import { Backoff } from "../src/backoff.ts";

const options = fc
  .record({
    initialMs: fc.integer({ min: 1, max: 100_000 }),
    aboveMs: fc.oneof(fc.nat(10_000_000), fc.constant(2 ** 52)),
    factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
  })
  .map(({ initialMs, aboveMs, factor }) => ({ initialMs, maxMs: initialMs + aboveMs, factor }));
const attempts = fc.integer({ min: 1, max: 200 });

test("without jitter: whole, never shorter than the one before, from the first delay to the cap", () => {
  fc.assert(
    fc.property(options, attempts, (given, count) => {
      const backoff = new Backoff(given);
      let last = given.initialMs;
      for (let i = 0; i < count; i++) {
        const delay = backoff.next();
        if (!Number.isInteger(delay) || delay < last || delay > given.maxMs) return false;
        last = delay;
      }
      return backoff.attempts === count;
    }),
  );
});

test("with jitter: whole, and at most its share below the delay without", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(options, unit, fc.array(unit, { minLength: 1 }), (given, jitter, draws) => {
      let drawn = 0;
      const random = (): number => draws[drawn++] as number;
      const plain = new Backoff(given);
      const spread = new Backoff({ ...given, jitter, random });
      return draws.every(() => {
        const full = plain.next();
        const delay = spread.next();
        // Half a millisecond for each of the two roundings, and the last bits of long delays.
        const least = Math.max(0, full * (1 - jitter - 2 ** -50) - 1);
        return Number.isInteger(delay) && delay >= least && delay <= full;
      });
    }),
  );
});

test("a reset forgets all that was before", () => {
  fc.assert(
    fc.property(options, attempts, attempts, (given, before, after) => {
      const used = new Backoff(given);
      for (let i = 0; i < before; i++) used.next();
      used.reset();
      const fresh = new Backoff(given);
      for (let i = 0; i < after; i++) if (used.next() !== fresh.next()) return false;
      return true;
    }),
  );
});
