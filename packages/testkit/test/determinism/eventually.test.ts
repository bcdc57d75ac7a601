import type { Clock, Timer } from "@satwire/actor";
import { AssertionError, eventually, VirtualClock } from "@satwire/testkit";
import { describe, expect, test, vi } from "vitest";
import { watchedListenerCount } from "../../src/checks/abort-listeners.ts";

/** Settles with what the promise rejects with. */
const failure = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

describe("an answer", () => {
  test.each([0, "", null, undefined, { ok: true }])("of %j is one at once", async (answer) => {
    const clock = new VirtualClock();
    expect(await eventually(() => answer, { clock })).toBe(answer);
    expect(await eventually(async () => answer, { clock })).toBe(answer);
    expect(clock.pending).toEqual([]);
  });

  test("is asked for every 10 ms until it is neither false nor thrown", async () => {
    const clock = new VirtualClock(0);
    const looks: number[] = [];
    const answer = eventually(
      () => {
        looks.push(clock.now());
        if (clock.now() === 0) throw new Error("not yet");
        return clock.now() >= 30 && "here";
      },
      { clock },
    );
    await clock.advance(100);
    expect(await answer).toBe("here");
    expect(looks).toEqual([0, 10, 20, 30]);
    expect(clock.pending).toEqual([]);
  });

  test("may take its time, at most until the time is up", async () => {
    const clock = new VirtualClock(0);
    const slow = eventually(
      () => new Promise<string>((resolve) => void clock.setTimer(() => resolve("late"), 999)),
      { clock },
    );
    await clock.advance(999);
    expect(await slow).toBe("late");
    const hanging = failure(eventually(() => new Promise<string>(() => {}), { clock }));
    await clock.advance(1000);
    expect(await hanging).toMatchObject({
      message: "not so after 1000 ms and 1 look: the first has not ended",
    });
    expect(clock.pending).toEqual([]);
  });

  test("is not asked for again while one is on its way", async () => {
    const clock = new VirtualClock(0);
    let looks = 0;
    const answer = eventually(
      () => {
        looks++;
        return new Promise<string>((resolve) => void clock.setTimer(() => resolve("late"), 500));
      },
      { clock },
    );
    await clock.advance(500);
    expect([await answer, looks]).toEqual(["late", 1]);
  });

  test("that becomes right at the very end counts", async () => {
    const clock = new VirtualClock(0);
    const options = { clock, timeoutMs: 25, intervalMs: 20 };
    const answers = [
      eventually(() => clock.now() === 25 && "now", options),
      eventually(async () => clock.now() === 25 && "now, by a promise", options),
    ];
    await clock.advance(25);
    expect(await Promise.all(answers)).toEqual(["now", "now, by a promise"]);
    expect(clock.pending).toEqual([]);
  });

  test("is asked for by the system's clock if no other is given", async () => {
    vi.useFakeTimers();
    try {
      let looks = 0;
      const answer = eventually(() => ++looks === 3 && "third");
      await vi.advanceTimersByTimeAsync(19);
      expect(looks).toBe(2);
      await vi.advanceTimersByTimeAsync(1);
      expect(await answer).toBe("third");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("when the time is up", () => {
  test("the last error is the cause, and what it compared is handed on", async () => {
    const clock = new VirtualClock(0);
    let looks = 0;
    const cause = new AssertionError("2 connections", { actual: 2, expected: 0 });
    const failed = failure(
      eventually(
        () => {
          throw ++looks < 101 ? new Error("first") : cause;
        },
        { clock },
      ),
    );
    await clock.advance(1000);
    expect(await failed).toMatchObject({
      name: "AssertionError",
      message: "not so after 1000 ms and 101 looks: 2 connections",
      operator: "eventually",
      actual: 2,
      expected: 0,
      cause,
    });
    expect(clock.pending).toEqual([]);
  });

  test("false is named", async () => {
    const clock = new VirtualClock(0);
    const failed = failure(eventually(() => false, { clock, timeoutMs: 5 }));
    await clock.advance(5);
    expect(await failed).toMatchObject({
      message: "not so after 5 ms and 2 looks: still false",
      actual: false,
    });
    expect(clock.pending).toEqual([]);
  });

  test("a last look that hangs is not waited for", async () => {
    const clock = new VirtualClock(0);
    let looks = 0;
    const failed = failure(
      eventually(() => (++looks < 2 ? false : new Promise<boolean>(() => {})), {
        clock,
        timeoutMs: 5,
      }),
    );
    await clock.advance(5);
    expect(await failed).toMatchObject({ message: "not so after 5 ms and 2 looks: still false" });
    await clock.advance(1000);
    expect(looks).toBe(2);
    expect(clock.pending).toEqual([]);
  });

  test.each([undefined, null, "text"])("%j as an error is shown", async (thrown) => {
    const clock = new VirtualClock(0);
    const failed = failure(
      eventually(
        () => {
          throw thrown;
        },
        { clock, timeoutMs: 0 },
      ),
    );
    await clock.advance(0);
    const shown = typeof thrown === "string" ? `"${thrown}"` : String(thrown);
    expect(await failed).toMatchObject({
      message: `not so after 0 ms and 2 looks: ${shown}`,
      cause: thrown,
    });
  });
});

describe("a signal", () => {
  const reason = new Error("enough");

  test("that has aborted ends it before the first look", async () => {
    const clock = new VirtualClock();
    let looks = 0;
    const options = { clock, signal: AbortSignal.abort(reason) };
    expect(await failure(eventually(() => ++looks, options))).toBe(reason);
    expect([looks, clock.pending]).toEqual([0, []]);
  });

  test.each([
    ["between two looks", (): boolean => false],
    ["in the middle of a look", (): Promise<boolean> => new Promise(() => {})],
  ])("ends it %s", async (_when, look) => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    const failed = failure(eventually(look, { clock, signal: stop.signal }));
    await clock.advance(15);
    stop.abort(reason);
    expect(await failed).toBe(reason);
    expect(clock.pending).toEqual([]);
  });

  test("that aborts in a look ends it, too, and nothing more is looked at", async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    let looks = 0;
    const failed = failure(
      eventually(
        () => {
          looks++;
          stop.abort(reason);
          return false;
        },
        { clock, signal: stop.signal },
      ),
    );
    await clock.advance(100);
    expect(await failed).toBe(reason);
    expect([looks, clock.pending]).toEqual([1, []]);
  });

  test("has no listener left afterwards", async () => {
    const { signal } = new AbortController();
    const listeners = watchedListenerCount(signal);
    const clock = new VirtualClock(0);
    const answers = [
      eventually(() => true, { clock, signal }),
      failure(eventually(() => false, { clock, signal, timeoutMs: 5 })),
    ];
    await clock.advance(1);
    expect(listeners()).toBe(1);
    await clock.advance(10);
    await Promise.all(answers);
    expect(listeners()).toBe(0);
  });
});

test.each([
  { timeoutMs: -1 },
  { timeoutMs: Number.NaN },
  { intervalMs: 0 },
  { intervalMs: Number.NaN },
  { intervalMs: Number.POSITIVE_INFINITY },
])("%j is refused before anything is done", async (options) => {
  const set: number[] = [];
  const clock: Clock = {
    now: () => 0,
    setTimer: (_run, delayMs): Timer => {
      set.push(delayMs);
      return { cancel: () => {} };
    },
  };
  const error = await failure(eventually(() => true, { clock, ...options }));
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toContain(`${Object.values(options)[0]}`);
  expect(set).toEqual([]);
});
