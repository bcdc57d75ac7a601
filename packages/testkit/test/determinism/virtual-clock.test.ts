import { sleep } from "@satwire/actor";
import { createRng, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

/** In how many milliseconds each timer is due. */
const due = (clock: VirtualClock): number[] => clock.pending.map(({ dueInMs }) => dueInMs);

describe("time", () => {
  test("starts where it is told and stands still by itself", async () => {
    const clock = new VirtualClock(1000);
    await settle();
    expect(clock.now()).toBe(1000);
    expect(new VirtualClock().now()).toBe(Date.UTC(2026, 0, 1));
  });

  test("moves by what it is told, also without timers", async () => {
    const clock = new VirtualClock(0);
    await clock.advance(0);
    await clock.advance(1.5);
    expect(clock.now()).toBe(1.5);
  });

  test("does not move back", async () => {
    const clock = new VirtualClock(0);
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(clock.advance(bad)).rejects.toBeInstanceOf(RangeError);
    }
    await Promise.all([clock.advance(100), clock.advance(10)]);
    expect(clock.now()).toBe(110);
  });
});

test("calls that move time run one after the other", async () => {
  const clock = new VirtualClock(0);
  const fired: number[] = [];
  for (const ms of [10, 20, 28]) clock.setTimer(() => fired.push(clock.now()), ms);
  await Promise.all([clock.advance(25), clock.advance(5), clock.advance(1)]);
  expect([fired, clock.now()]).toEqual([[10, 20, 28], 31]);
});

describe("timers", () => {
  const record = (clock: VirtualClock): [string[], (name: string, delayMs: number) => void] => {
    const log: string[] = [];
    const set = (name: string, delayMs: number): void => {
      clock.setTimer(() => log.push(`${name} at ${clock.now()}`), delayMs);
    };
    return [log, set];
  };

  test("fire soonest first, at their own time", async () => {
    const clock = new VirtualClock(0);
    const [log, set] = record(clock);
    set("late", 30);
    set("early", 10);
    set("after the end", 41);
    await clock.advance(40);
    expect(log).toEqual(["early at 10", "late at 30"]);
    expect(clock.now()).toBe(40);
    expect(due(clock)).toEqual([1]);
  });

  test("with the same deadline fire in the order of setting", async () => {
    const clock = new VirtualClock(0);
    const [log, set] = record(clock);
    set("first", 10);
    await clock.advance(5);
    set("second", 5);
    set("third", 5);
    await clock.advance(5);
    expect(log).toEqual(["first at 10", "second at 10", "third at 10"]);
  });

  test("set by timers and by what they wake fire in the same advance if they are due", async () => {
    const clock = new VirtualClock(0);
    const log: number[] = [];
    const again = (): void => {
      log.push(clock.now());
      clock.setTimer(again, 10);
    };
    clock.setTimer(again, 10);
    const sleeper = (async () => {
      for (let i = 0; i < 3; i++) await sleep(clock, 7);
      return clock.now();
    })();
    await clock.advance(35);
    expect(log).toEqual([10, 20, 30]);
    expect(await sleeper).toBe(21);
  });

  test("with no delay or less fire at the next advance, not at once", async () => {
    const clock = new VirtualClock(0);
    const [log, set] = record(clock);
    set("none", 0);
    set("negative", -5);
    expect(log).toEqual([]);
    await clock.advance(0);
    expect(log).toEqual(["none at 0", "negative at 0"]);
  });

  test("that were cancelled do not fire, and cancelling again does nothing", async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const kept = clock.setTimer(() => fired++, 10);
    const dropped = clock.setTimer(() => (fired += 100), 5);
    dropped.cancel();
    dropped.cancel();
    expect(due(clock)).toEqual([10]);
    await clock.advance(20);
    kept.cancel();
    expect([fired, due(clock)]).toEqual([1, []]);
  });

  test("can cancel one that is due at the same time", async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    clock.setTimer(() => second.cancel(), 10);
    const second = clock.setTimer(() => fired++, 10);
    await clock.advance(10);
    expect(fired).toBe(0);
  });

  test("are listed by the time that is left, with what they are for", async () => {
    const clock = new VirtualClock();
    for (const delayMs of [30, 10, Number.POSITIVE_INFINITY]) clock.setTimer(() => {}, delayMs);
    clock.setTimer(() => {}, 20, { background: true });
    await clock.advance(5);
    expect(clock.pending).toEqual([
      { dueInMs: 5, isBackground: false },
      { dueInMs: 15, isBackground: true },
      { dueInMs: 25, isBackground: false },
      { dueInMs: Number.POSITIVE_INFINITY, isBackground: false },
    ]);
  });

  test("fire in order whatever is set and cancelled in between", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const rng = createRng(seed);
      const clock = new VirtualClock(0, { settleTurns: 1 });
      const fired: string[] = [];
      const timers = Array.from({ length: 60 }, (_, order) => {
        const dueAt = rng.int(0, 20);
        const name = `${dueAt} ${order}`;
        const timer = clock.setTimer(() => fired.push(name), dueAt);
        return { dueAt, order, name, timer };
      });
      const kept = timers.filter(({ timer }) => {
        if (rng.chance(0.6)) return true;
        timer.cancel();
        return false;
      });
      const expected = kept
        .toSorted((a, b) => a.dueAt - b.dueAt || a.order - b.order)
        .map(({ name }) => name);
      expect(due(clock), `seed ${seed}`).toHaveLength(expected.length);
      await clock.advance(20);
      expect(fired, `seed ${seed}`).toEqual(expected);
      expect(due(clock)).toEqual([]);
    }
  });

  test("are practical by the hundred thousand", async () => {
    const clock = new VirtualClock(0, { settleTurns: 1 });
    let fired = 0;
    const rng = createRng("many");
    const timers = Array.from({ length: 100_000 }, () =>
      clock.setTimer(() => fired++, rng.int(0, 1_000_000)),
    );
    for (const timer of timers.slice(1000)) timer.cancel();
    await clock.advance(1_000_000);
    expect(fired).toBe(1000);
  });

  test("that throw do so in advance, with time standing where they fired", async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const failure = new Error("from a timer");
    clock.setTimer(() => {
      throw failure;
    }, 10);
    clock.setTimer(() => fired++, 20);
    await expect(clock.advance(30)).rejects.toBe(failure);
    expect([clock.now(), fired]).toEqual([10, 0]);
    await clock.advance(10);
    expect([clock.now(), fired]).toEqual([20, 1]);
  });

  test("with a delay that is no number are refused", () => {
    expect(() => new VirtualClock().setTimer(() => {}, Number.NaN)).toThrow(RangeError);
  });

  test("let a long talk end before the next one fires", async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    clock.setTimer(() => void settle(15).then(() => log.push("talk")), 10);
    clock.setTimer(() => log.push("next"), 11);
    await clock.advance(20);
    expect(log).toEqual(["talk", "next"]);
  });

  test("let it have fewer turns if so told", async () => {
    const clock = new VirtualClock(0, { settleTurns: 2 });
    const log: string[] = [];
    clock.setTimer(() => void settle(3).then(() => log.push("talk")), 10);
    clock.setTimer(() => log.push("next"), 11);
    await clock.advance(20);
    expect(log).toEqual(["next", "talk"]);
  });
});

describe("what makes no sense is refused", () => {
  test.each([0, -1, 1.5, Number.NaN])("settleTurns of %d", (settleTurns) => {
    expect(() => new VirtualClock(0, { settleTurns })).toThrow(RangeError);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("a start at %d", (startMs) => {
    expect(() => new VirtualClock(startMs)).toThrow(RangeError);
  });

  test.each([
    { maxMs: -1 },
    { maxMs: Number.NaN },
    { maxMs: Number.POSITIVE_INFINITY },
    { maxTimers: -1 },
    { maxTimers: 0.5 },
  ])("a run with %j", async (options) => {
    await expect(new VirtualClock().runUntilIdle(options)).rejects.toBeInstanceOf(RangeError);
  });
});

describe("a step", () => {
  test("fires the next timer and no other, and says whether there was one", async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    clock.setTimer(() => log.push("second"), 20);
    clock.setTimer(() => log.push("first"), 10, { background: true });
    clock.setTimer(() => log.push("never"), Number.POSITIVE_INFINITY);
    expect(await clock.step()).toBe(true);
    expect([log, clock.now()]).toEqual([["first"], 10]);
    expect(await clock.step()).toBe(true);
    expect([log, clock.now()]).toEqual([["first", "second"], 20]);
    expect(await clock.step()).toBe(false);
    expect(clock.now()).toBe(20);
  });

  test("counts a timer that a promise sets", async () => {
    const clock = new VirtualClock(0);
    void Promise.resolve().then(() => sleep(clock, 5));
    expect(await clock.step()).toBe(true);
    expect(clock.now()).toBe(5);
  });
});

describe("running until a promise is settled", () => {
  test("fires every timer on the way, and resolves as it does", async () => {
    const clock = new VirtualClock(0);
    let upkeep = 0;
    const again = (): void => {
      upkeep++;
      clock.setTimer(again, 10, { background: true });
    };
    again();
    const work = sleep(clock, 25).then(() => "done");
    expect(await clock.runUntil(work)).toBe("done");
    expect([upkeep, clock.now()]).toEqual([3, 25]);
    expect(await clock.runUntil(Promise.resolve(5))).toBe(5);
    const failure = new Error("no");
    await expect(clock.runUntil(Promise.reject(failure))).rejects.toBe(failure);
    expect(clock.now()).toBe(25);
  });

  test("lets what it waits for move time as well", async () => {
    const clock = new VirtualClock(0);
    clock.setTimer(() => {}, 5);
    const work = (async () => {
      await sleep(clock, 10);
      await clock.advance(100);
      return clock.now();
    })();
    clock.setTimer(() => {}, 1_000_000);
    expect(await clock.runUntil(work)).toBe(110);
  });

  test("waits for what only turns of the event loop bring", async () => {
    const clock = new VirtualClock();
    expect(await clock.runUntil(settle(100).then(() => "late"))).toBe("late");
  });

  test("fails when nothing can happen any more, or a limit would be passed", async () => {
    const clock = new VirtualClock(0);
    const never = new Promise<void>(() => {});
    await expect(clock.runUntil(never)).rejects.toMatchObject({
      name: "AssertionError",
      message: "not done, and nothing more will happen; no timer is pending",
    });
    const again = (): void => void clock.setTimer(again, 10, { background: true });
    again();
    await expect(clock.runUntil(never, { maxMs: 35 })).rejects.toThrow(
      "not done after 35 ms; pending timers: in 10 ms (background)",
    );
    expect(clock.now()).toBe(30);
    await expect(clock.runUntil(never, { maxTimers: 2 })).rejects.toThrow(
      "not done after 2 timers; pending",
    );
    expect(clock.now()).toBe(50);
    await expect(clock.runUntil(never, { maxMs: -1 })).rejects.toBeInstanceOf(RangeError);
  });

  test("counts the timers that fire, and not how often it waited", async () => {
    const clock = new VirtualClock(0, { settleTurns: 1 });
    const run = settle(8).then(() => sleep(clock, 5));
    await clock.runUntil(run, { maxTimers: 1 });
    expect(clock.now()).toBe(5);
  });

  test("ends with the signal's reason", async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    const reason = new Error("enough");
    clock.setTimer(() => stop.abort(reason), 10);
    clock.setTimer(() => {}, 20);
    const never = new Promise<void>(() => {});
    await expect(clock.runUntil(never, { signal: stop.signal })).rejects.toBe(reason);
    expect(clock.now()).toBe(10);
  });
});

describe("running until idle", () => {
  test("fires what is pending and what that sets, and stops where the last one fired", async () => {
    const clock = new VirtualClock(0);
    const log: number[] = [];
    const again = (left: number): void => {
      log.push(clock.now());
      if (left > 0) clock.setTimer(() => again(left - 1), 1000);
    };
    clock.setTimer(() => again(3), 500);
    await clock.runUntilIdle();
    expect(log).toEqual([500, 1500, 2500, 3500]);
    expect(clock.now()).toBe(3500);
    await clock.runUntilIdle({ maxTimers: Number.POSITIVE_INFINITY });
    expect(clock.now()).toBe(3500);
  });

  test("fires background timers on the way, which alone do not keep it going", async () => {
    const clock = new VirtualClock(0);
    let upkeep = 0;
    const again = (): void => {
      upkeep++;
      clock.setTimer(again, 10, { background: true });
    };
    again();
    clock.setTimer(() => {}, 35);
    await clock.runUntilIdle();
    expect([upkeep, clock.now()]).toEqual([4, 35]);
    expect(clock.pending).toEqual([{ dueInMs: 5, isBackground: true }]);
    clock.setTimer(() => {}, 1).cancel();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(35);
  });

  test("waits for what a promise sets", async () => {
    const clock = new VirtualClock(0);
    const sleeper = (async () => {
      await Promise.resolve();
      for (let i = 0; i < 3; i++) await sleep(clock, 7);
    })();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(21);
    await sleeper;
  });

  test("fails with a list of what is pending when it would take too long", async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const again = (): void => {
      fired++;
      clock.setTimer(again, 100);
    };
    again();
    clock.setTimer(() => {}, 1e6, { background: true });
    await expect(clock.runUntilIdle({ maxMs: 250 })).rejects.toMatchObject({
      name: "AssertionError",
      message: "not done after 250 ms; pending timers: in 100 ms, in 999800 ms (background)",
      actual: [
        { dueInMs: 100, isBackground: false },
        { dueInMs: 999_800, isBackground: true },
      ],
    });
    expect([fired, clock.now()]).toEqual([3, 200]);
    await clock.runUntilIdle({ maxMs: 99 }).catch(() => {});
    expect(fired).toBe(3);
    await clock.runUntilIdle({ maxMs: 100 }).catch(() => {});
    expect(fired).toBe(4);
    await expect(clock.runUntilIdle({ maxTimers: 5 })).rejects.toThrow(
      "not done after 5 timers; pending timers: in 100 ms, in",
    );
    expect(fired).toBe(9);
  });

  test("lists no more than ten", async () => {
    const clock = new VirtualClock(0);
    for (let i = 1; i <= 12; i++) clock.setTimer(() => {}, i);
    await expect(clock.runUntilIdle({ maxTimers: 0 })).rejects.toThrow(/ in 10 ms, 2 more$/);
  });

  test("has limits of its own", async () => {
    const clock = new VirtualClock(0, { settleTurns: 1 });
    clock.setTimer(() => {}, 86_400_000);
    await clock.runUntilIdle();
    clock.setTimer(() => {}, 86_400_001);
    await expect(clock.runUntilIdle()).rejects.toThrow("not done after 86400000 ms");
  });

  test("ends with the signal's reason, before the next timer", async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    const reason = new Error("enough");
    clock.setTimer(() => stop.abort(reason), 10);
    clock.setTimer(() => {}, 20);
    await expect(clock.runUntilIdle({ signal: stop.signal })).rejects.toBe(reason);
    expect(clock.now()).toBe(10);
  });

  test("throws what a timer throws, and takes its turn among calls that move time", async () => {
    const clock = new VirtualClock(0);
    const failure = new Error("from a timer");
    clock.setTimer(() => {
      throw failure;
    }, 10);
    clock.setTimer(() => {}, 15);
    const results = await Promise.allSettled([
      clock.advance(5),
      clock.runUntilIdle(),
      clock.advance(1),
      clock.runUntilIdle(),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(results[1]).toMatchObject({ reason: failure });
    expect(clock.now()).toBe(15);
  });
});
