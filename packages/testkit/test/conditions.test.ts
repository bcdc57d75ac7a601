import { AssertionError, Conditions, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { watchedListenerCount } from "../src/checks/abort-listeners.ts";

/** Conditions on a virtual clock, and a queue that `look` takes from. */
function setup(): {
  clock: VirtualClock;
  conditions: Conditions;
  queue: number[];
  push: (...items: number[]) => void;
} {
  const clock = new VirtualClock(0);
  const conditions = new Conditions(clock);
  const queue: number[] = [];
  const push = (...items: number[]): void => {
    queue.push(...items);
    conditions.recheck();
  };
  return { clock, conditions, queue, push };
}

/** Settles with what the promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error,
  );

describe("finding", () => {
  test("what is there already sets no timer", async () => {
    const { clock, conditions } = setup();
    const found = conditions.find(() => 5, "five");
    expect(clock.pending).toEqual([]);
    expect(await found).toBe(5);
    expect(await conditions.find(() => null, "null")).toBe(null);
    await conditions.until(() => true, "truth");
  });

  test("what comes later is looked for at a recheck only, and never again", async () => {
    const { clock, conditions } = setup();
    let looks = 0;
    let isThere = false;
    const found = conditions.find(() => {
      looks++;
      return isThere ? "it" : undefined;
    }, "it");
    isThere = true;
    await clock.advance(100);
    expect(looks).toBe(1);
    conditions.recheck();
    conditions.recheck();
    expect(await found).toBe("it");
    expect(looks).toBe(2);
    expect(clock.pending).toEqual([]);
  });

  test("the wait that began first is served first", async () => {
    const { conditions, queue, push } = setup();
    const found = [1, 2, 3].map((n) => conditions.find(() => queue.shift(), `item ${n}`));
    push(10, 20);
    push(30);
    expect(await Promise.all(found)).toEqual([10, 20, 30]);
  });

  test("waits that begin in a look wait for the next recheck", async () => {
    const { conditions, queue, push } = setup();
    let inner: Promise<number> | undefined;
    const outer = conditions.until(() => {
      if (queue.length === 0) return false;
      inner ??= conditions.find(() => (queue.length === 2 ? queue[1] : undefined), "the second");
      return true;
    }, "the first");
    push(1);
    await outer;
    push(2);
    expect(await inner).toBe(2);
  });

  test("a look that rechecks is not asked again in the middle, so that it takes one thing", async () => {
    const { conditions, queue, push } = setup();
    const take = (): number | undefined => {
      const item = queue.shift();
      conditions.recheck();
      return item;
    };
    const found = [conditions.find(take, "one"), conditions.find(take, "another")];
    push(1, 2, 3);
    expect(await Promise.all(found)).toEqual([1, 2]);
    expect(queue).toEqual([3]);
  });

  test("what a look throws ends its own wait only", async () => {
    const { clock, conditions, queue, push } = setup();
    const boom = new Error("boom");
    const failing = failure(
      conditions.find(() => {
        if (queue.length > 0) throw boom;
        return undefined;
      }, "it"),
    );
    const other = conditions.find(() => queue[0], "the first");
    push(1);
    expect(await failing).toBe(boom);
    expect(await other).toBe(1);
    expect(clock.pending).toEqual([]);
    const atOnce = conditions.find(() => {
      throw boom;
    }, "it");
    expect(await failure(atOnce)).toBe(boom);
    expect(clock.pending).toEqual([]);
  });
});

describe("time", () => {
  test("is up after five seconds, or what was said", async () => {
    const { clock, conditions } = setup();
    const errors: unknown[] = [];
    for (const options of [{}, { timeoutMs: 10 }, { timeoutMs: 0 }]) {
      void failure(conditions.until(() => false, "peace", options)).then((e) => errors.push(e));
    }
    await clock.advance(4999);
    expect(errors.map((error) => (error as Error).message)).toEqual([
      "waited 0 ms for peace",
      "waited 10 ms for peace",
    ]);
    await clock.advance(1);
    expect(errors[2]).toBeInstanceOf(AssertionError);
    expect(errors[2]).toMatchObject({ message: "waited 5000 ms for peace" });
    expect(clock.pending).toEqual([]);
    conditions.recheck();
  });

  test("is never up if it is infinite", async () => {
    const { clock, conditions, queue, push } = setup();
    const found = conditions.find(() => queue[0], "it", { timeoutMs: Number.POSITIVE_INFINITY });
    await clock.advance(1e12);
    push(1);
    expect(await found).toBe(1);
  });

  test.each([-1, Number.NaN])(
    "of %d ms is refused, before anything is looked at",
    async (timeoutMs) => {
      const { clock, conditions } = setup();
      let looks = 0;
      const wait = conditions.find(() => ++looks, "it", { timeoutMs });
      await expect(wait).rejects.toThrow(
        new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`),
      );
      expect([looks, clock.pending]).toEqual([0, []]);
    },
  );

  test("that is up in the middle of a look lets that have what it found", async () => {
    const { clock, conditions, queue, push } = setup();
    let advancing: Promise<void> | undefined;
    const found = conditions.find(
      () => {
        if (queue.length > 0) advancing ??= clock.advance(10);
        return queue.shift();
      },
      "it",
      { timeoutMs: 10 },
    );
    push(1);
    expect(await found).toBe(1);
    await advancing;
    expect(clock.pending).toEqual([]);
  });
});

describe("a signal", () => {
  const reason = new Error("enough");

  /** A signal that tells how many listen. */
  function counted(): { signal: AbortSignal; abort: () => void; listeners: () => number } {
    const stop = new AbortController();
    const { signal } = stop;
    return { signal, abort: () => stop.abort(reason), listeners: watchedListenerCount(signal) };
  }

  test("that has aborted ends the wait before it looks", async () => {
    const { clock, conditions } = setup();
    let looks = 0;
    const wait = conditions.find(() => ++looks, "it", { signal: AbortSignal.abort(reason) });
    expect(await failure(wait)).toBe(reason);
    expect([looks, clock.pending]).toEqual([0, []]);
  });

  test("ends the wait with its reason, and then nothing more is looked at", async () => {
    const { clock, conditions } = setup();
    const { signal, abort, listeners } = counted();
    let looks = 0;
    const look = (): undefined => void looks++;
    const waits = [1, 2].map(() => failure(conditions.find(look, "it", { signal })));
    expect(listeners()).toBe(2);
    abort();
    expect(await Promise.all(waits)).toEqual([reason, reason]);
    conditions.recheck();
    expect([looks, listeners(), clock.pending]).toEqual([2, 0, []]);
  });

  test("that aborts in the first look ends the wait", async () => {
    const { clock, conditions } = setup();
    const { signal, abort, listeners } = counted();
    const wait = conditions.until(
      () => {
        abort();
        return false;
      },
      "it",
      { signal },
    );
    expect(await failure(wait)).toBe(reason);
    expect([listeners(), clock.pending]).toEqual([0, []]);
  });

  test("that aborts in a later look ends it, unless that look has found it", async () => {
    const { clock, conditions, queue, push } = setup();
    const { signal, abort, listeners } = counted();
    const look = (): number | undefined => {
      if (queue.length > 0) abort();
      return queue.length > 1 ? queue.shift() : undefined;
    };
    const lucky = conditions.find(look, "it", { signal });
    const late = failure(conditions.find(look, "it", { signal }));
    push(1, 2);
    expect(await lucky).toBe(1);
    expect(await late).toBe(reason);
    expect([queue, listeners(), clock.pending]).toEqual([[2], 0, []]);
  });

  test("has no listener left when the wait is over, however it ended", async () => {
    const { clock, conditions, queue, push } = setup();
    const { signal, listeners } = counted();
    const boom = new Error("boom");
    const waits = [
      conditions.find(() => queue[0], "it", { signal }),
      failure(conditions.until(() => false, "it", { signal, timeoutMs: 5 })),
      failure(conditions.until(() => false, "it", { signal, timeoutMs: 50 })),
      failure(
        conditions.until(
          () => {
            if (queue.length > 0) throw boom;
            return false;
          },
          "it",
          { signal },
        ),
      ),
    ];
    expect(listeners()).toBe(4);
    await clock.advance(5);
    push(1);
    conditions.end(new Error("over"));
    await Promise.all(waits);
    expect([listeners(), clock.pending]).toEqual([0, []]);
  });
});

describe("the end", () => {
  const gone = new Error("the peer has gone");

  test("fails all waits after a last look, those to come included", async () => {
    const { clock, conditions, queue } = setup();
    const lucky = conditions.find(() => queue[0], "the first");
    const late = failure(conditions.find(() => queue[1], "the second"));
    queue.push(1);
    conditions.end(gone);
    conditions.end(new Error("another reason"));
    expect(await lucky).toBe(1);
    for (const error of [
      await late,
      await failure(conditions.find(() => queue[1], "the second")),
    ]) {
      expect(error).toBeInstanceOf(AssertionError);
      expect(error).toMatchObject({
        message: "the peer has gone before the second",
        cause: gone,
      });
    }
    expect(await conditions.find(() => queue[0], "the first")).toBe(1);
    expect(clock.pending).toEqual([]);
  });

  test("that comes in the middle of a look lets that have what it finds", async () => {
    const { clock, conditions, queue, push } = setup();
    const endAndTake = (): number | undefined => {
      if (queue.length > 0) conditions.end(gone);
      return queue.shift();
    };
    const lucky = conditions.find(endAndTake, "it");
    push(1);
    expect(await lucky).toBe(1);
    expect([queue, clock.pending]).toEqual([[], []]);

    const others = setup();
    const unlucky = failure(
      others.conditions.until(() => {
        if (others.queue.length > 0) others.conditions.end(gone);
        return false;
      }, "peace"),
    );
    others.push(1);
    expect(await unlucky).toMatchObject({ message: "the peer has gone before peace" });
    expect(others.clock.pending).toEqual([]);
  });

  test("in the first look leaves nothing to wait for", async () => {
    const { clock, conditions } = setup();
    const wait = conditions.until(() => {
      conditions.end(gone);
      return false;
    }, "peace");
    expect(await failure(wait)).toMatchObject({ cause: gone });
    expect(clock.pending).toEqual([]);
  });

  test("a wait that is over does not end again", async () => {
    const { conditions, push, queue } = setup();
    const found = conditions.find(() => queue[0], "it");
    push(1);
    conditions.end(gone);
    await settle();
    expect(await found).toBe(1);
  });
});
