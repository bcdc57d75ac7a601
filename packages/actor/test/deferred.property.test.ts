// The cases of lnd's actor/future_test.go that are drawn at random there, by their names.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Deferred } from "../src/deferred.ts";

/** A value, or an error. */
const results = fc.record({
  value: fc.integer(),
  error: fc.option(fc.string(), { nil: undefined }),
});
type Result = { readonly value: number; readonly error: string | undefined };

const give = (deferred: Deferred<number>, { value, error }: Result): boolean =>
  error === undefined ? deferred.resolve(value) : deferred.reject(new Error(error));

/** What became of a promise, as lnd's `Result`. */
const outcomeOf = (promise: Promise<number>): Promise<unknown> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
const expected = ({ value, error }: Result): unknown =>
  error === undefined ? { value } : { error: new Error(error) };

test("TestFutureAwaitContextCancellation: aborted before or during the wait", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.boolean(), async (reason, isBefore) => {
      const controller = new AbortController();
      if (isBefore) controller.abort(reason);
      const waiting = new Deferred<number>().wait({ signal: controller.signal });
      controller.abort(reason); // a deadline is a signal that a timer aborts
      await expect(waiting).rejects.toMatchObject({ code: "aborted", cause: reason });
    }),
  );
});

test("TestFutureAwaitFutureCompletes: the value or the error, given before or during the wait", async () => {
  await fc.assert(
    fc.asyncProperty(results, fc.boolean(), fc.boolean(), async (result, isBefore, hasSignal) => {
      const deferred = new Deferred<number>();
      if (isBefore) give(deferred, result);
      const { signal } = new AbortController();
      const waiting = outcomeOf(deferred.wait(hasSignal ? { signal } : {}));
      if (!isBefore) give(deferred, result);
      expect(await waiting).toEqual(expected(result));
    }),
  );
});

test("TestFutureThenApplyContextCancellation: then is not called after an abort", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (reason) => {
      let calls = 0;
      const waiting = new Deferred<number>().wait({ signal: AbortSignal.abort(reason) });
      const doubled = waiting.then((value) => {
        calls++;
        return value * 2;
      });
      await expect(doubled).rejects.toMatchObject({ code: "aborted", cause: reason });
      expect(calls).toBe(0);
    }),
  );
});

test("TestFutureThenApplyOriginalFutureCompletes: then maps a value and passes an error by", async () => {
  await fc.assert(
    fc.asyncProperty(results, async (result) => {
      let calls = 0;
      const deferred = new Deferred<number>();
      const { signal } = new AbortController();
      const doubled = deferred.wait({ signal }).then((value) => {
        calls++;
        return value * 2;
      });
      give(deferred, result);
      expect(await outcomeOf(doubled)).toEqual(expected({ ...result, value: result.value * 2 }));
      expect(calls).toBe(result.error === undefined ? 1 : 0);
    }),
  );
});

test("TestFutureOnCompleteContextCancellation: the callback gets the abort", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (reason) => {
      const seen: unknown[] = [];
      const signal = AbortSignal.abort(reason);
      await new Deferred<number>().wait({ signal }).then(
        (value) => seen.push({ value }),
        (error: unknown) => seen.push(error),
      );
      expect(seen).toEqual([expect.objectContaining({ code: "aborted", cause: reason })]);
    }),
  );
});

test("TestFutureOnCompleteFutureCompletes: the callback gets the value or the error, once", async () => {
  await fc.assert(
    fc.asyncProperty(results, async (result) => {
      const seen: unknown[] = [];
      const deferred = new Deferred<number>();
      const told = deferred.wait().then(
        (value) => seen.push({ value }),
        (error: unknown) => seen.push({ error }),
      );
      give(deferred, result);
      give(deferred, { value: -1, error: "too late" });
      await told;
      expect(seen).toEqual([expected(result)]);
    }),
  );
});

test("in any order of results and aborts: each wait ends once, by what came first for it", async () => {
  const step = fc.oneof(
    fc.constant("wait" as const),
    fc.constant("give" as const),
    fc.nat(5), // aborts that wait
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), results, async (steps, result) => {
      const deferred = new Deferred<number>();
      const controllers: AbortController[] = [];
      const waits: Promise<unknown>[] = [];
      const ends: unknown[] = [];
      let given = false;
      for (const next of [...steps, "give" as const]) {
        if (next === "wait") {
          const controller = new AbortController();
          controllers.push(controller);
          if (given) ends[waits.length] = expected(result);
          waits.push(outcomeOf(deferred.wait({ signal: controller.signal })));
        } else if (next === "give") {
          expect(give(deferred, result)).toBe(!given);
          given = true;
          for (const index of waits.keys()) ends[index] ??= expected(result);
        } else if (next < waits.length) {
          controllers[next]?.abort(next);
          ends[next] ??= { error: expect.objectContaining({ code: "aborted", cause: next }) };
        }
      }
      expect(await Promise.all(waits)).toEqual(ends);
    }),
  );
});
