import { sleep } from "@satwire/actor";
import { memoryPair } from "@satwire/net";
import { settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

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
    expect(clock.pendingMs).toEqual([1]);
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
    expect(clock.pendingMs).toEqual([10]);
    await clock.advance(20);
    kept.cancel();
    expect([fired, clock.pendingMs]).toEqual([1, []]);
  });

  test("can cancel one that is due at the same time", async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    clock.setTimer(() => second.cancel(), 10);
    const second = clock.setTimer(() => fired++, 10);
    await clock.advance(10);
    expect(fired).toBe(0);
  });

  test("are listed by the time that is left", async () => {
    const clock = new VirtualClock();
    for (const delayMs of [30, 10, 20]) clock.setTimer(() => {}, delayMs);
    await clock.advance(5);
    expect(clock.pendingMs).toEqual([5, 15, 25]);
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
});

describe("settle", () => {
  test("lets a long chain of promises finish", async () => {
    let steps = 0;
    const walk = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) {
        await Promise.resolve();
        steps++;
      }
    };
    const walking = walk();
    await settle();
    expect(steps).toBe(1000);
    await walking;
  });

  test("lets the two ends of a memory pair finish their talk", async () => {
    const [a, b] = memoryPair({ capacityBytes: 4, chunkBytes: 1 });
    const log: string[] = [];
    for (const [name, stream] of [["a", a] as const, ["b", b] as const]) {
      let count = 0;
      stream.start({
        onData: (chunk) => {
          count += chunk.length;
          if (name === "b") stream.write(chunk);
        },
        onEnd: () => stream.end(),
        onDrain: () => {},
        onClose: () => log.push(`${name} ${count}`),
      });
    }
    a.write(new Uint8Array(500));
    a.end();
    await settle();
    expect(log.sort()).toEqual(["a 500", "b 500"]);
  });
});
