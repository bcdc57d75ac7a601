import { ActorSystem, FairScheduler, type Message, type Turn } from "@satwire/actor";
import { afterEach, describe, expect, test, vi } from "vitest";
import { pingPong } from "./ping-pong.ts";
import { turns } from "./turns.ts";
import { WatchedScheduler } from "./watched-scheduler.ts";

interface Job extends Message {
  readonly type: "job";
  readonly value: number;
}

const job = (value: number): Job => ({ type: "job", value });

/** A turn that does what it is told to and counts for `handled` messages. */
function turn(actorId: string, run: (limit: number) => void, handled = 1): Turn {
  return {
    actorId,
    run(limit) {
      run(limit);
      return handled;
    },
  };
}

/** Lets promises go on, and nothing else: the event loop does not turn. */
async function microtasks(n = 10): Promise<void> {
  for (let i = 0; i < n; i++) await Promise.resolve();
}

/** Uses up so much of a slice. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** For tests that are not about slices: it is never over, however slow the machine. */
const unhurried = (): FairScheduler => new FairScheduler({ sliceMs: 3_600_000 });

/** More than a slice, in milliseconds. */
const tooLong = 2.5;
/** As many messages as are handled before a look at the clock at the latest. */
const manyMessages = 64;

describe("the order of turns", () => {
  test("a turn is not run on the stack of who hands it in, but before anything else happens", async () => {
    const log: string[] = [];
    const scheduler = new FairScheduler();
    const eventLoop = turns(1).then(() => log.push("event loop"));
    scheduler.schedule(turn("a", () => log.push("turn")));
    log.push("scheduled");
    await microtasks();
    expect(log).toEqual(["scheduled", "turn"]);
    await eventLoop;
    expect(log).toEqual(["scheduled", "turn", "event loop"]);
  });

  test("is first come, first served, for more than the queue has room at first", async () => {
    const scheduler = unhurried();
    const seen: number[] = [];
    const scheduled: number[] = [];
    const add = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const n = scheduled.push(scheduled.length) - 1;
        scheduler.schedule(turn("n", () => seen.push(n)));
      }
    };
    add(10); // so that the ring begins in its middle
    await microtasks();
    add(15);
    await microtasks();
    add(40);
    await microtasks();
    add(1000);
    await turns();
    expect(seen).toEqual(scheduled);
    expect(seen).toHaveLength(1065);
  });

  test("turns handed in by turns queue behind the others", async () => {
    const scheduler = unhurried();
    const log: string[] = [];
    const again = (name: string, times: number): Turn =>
      turn(name, () => {
        log.push(name + times);
        if (times > 1) scheduler.schedule(again(name, times - 1));
      });
    scheduler.schedule(again("a", 3));
    scheduler.schedule(again("b", 2));
    scheduler.schedule(again("c", 3));
    await microtasks();
    expect(log).toEqual(["a3", "b2", "c3", "a2", "b1", "c2", "a1", "c1"]);
  });

  test("the queue grows in the midst of turns", async () => {
    const scheduler = unhurried();
    const seen: number[] = [];
    const numbered = (n: number): Turn => turn("n", () => seen.push(n));
    for (let i = 0; i < 10; i++) scheduler.schedule(numbered(i));
    scheduler.schedule(
      turn("n", () => {
        seen.push(10);
        for (let i = 11; i < 60; i++) scheduler.schedule(numbered(i));
      }),
    );
    await turns();
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  test("stays the same when the event loop gets its own turn in between", async () => {
    const scheduler = new FairScheduler();
    const log: string[] = [];
    const late = (): Turn => turn("late", () => log.push("late"));
    scheduler.schedule(turn("heavy", () => log.push("heavy") && busy(tooLong), manyMessages));
    scheduler.schedule(turn("b", () => log.push("b") && scheduler.schedule(late())));
    scheduler.schedule(turn("c", () => log.push("c")));
    await microtasks();
    expect(log).toEqual(["heavy"]);
    scheduler.schedule(turn("d", () => log.push("d")));
    await microtasks();
    expect(log).toEqual(["heavy"]); // a newcomer's microtask does not overtake the macrotask of the others
    await turns();
    expect(log).toEqual(["heavy", "b", "c", "d", "late"]);
  });

  test("a turn that comes when the slice is over waits, though no other does", async () => {
    const scheduler = new FairScheduler();
    const log: string[] = [];
    scheduler.schedule(turn("heavy", () => log.push("heavy") && busy(tooLong), manyMessages));
    await microtasks();
    scheduler.schedule(turn("next", () => log.push("next")));
    await microtasks();
    expect(log).toEqual(["heavy"]);
    await turns();
    expect(log).toEqual(["heavy", "next"]);
  });

  test("goes on after a pause, in microtasks again", async () => {
    const scheduler = new FairScheduler();
    const log: number[] = [];
    for (let i = 0; i < 5; i++) {
      scheduler.schedule(turn("n", () => log.push(i) && busy(tooLong), manyMessages));
      await microtasks();
      expect(log).toHaveLength(i + 1);
      await turns(); // the slice is over and so is the event loop's turn
    }
  });

  test("every turn handed in runs once, whatever else happens", async () => {
    const scheduler = new FairScheduler();
    const runs = Array.from<number>({ length: 500 }).fill(0);
    for (let i = 0; i < runs.length; i++) {
      const heavy = i % 50 === 0;
      scheduler.schedule(
        turn("n", () => (runs[i] as number)++ < 0 || (heavy && busy(tooLong)), heavy ? 64 : 1),
      );
      if (i % 7 === 0) await microtasks(1);
      if (i % 90 === 0) await turns(1);
    }
    await turns(40);
    expect(runs.filter((count) => count !== 1)).toEqual([]);
  });
});

describe("the event loop's share", () => {
  test("a turn is bounded, and what it may do grows while turns are quick", async () => {
    const scheduler = unhurried();
    const limits: number[] = [];
    for (let n = 0; n < 1000; n++) {
      scheduler.schedule(turn("n", (limit) => limits.push(limit)));
    }
    while (limits.length < 1000) await turns(1);
    expect(limits[0]).toBe(1); // nobody knows yet how long they take
    expect(Math.max(...limits)).toBe(64);
  });

  test("slow handlers are looked at one by one, and the slice is left as soon as it is over", async () => {
    const scheduler = new FairScheduler();
    const limits: number[] = [];
    const perSlice: number[] = [];
    let inSlice = 0;
    let left = 12;
    let isOver = false;
    const heavy: Turn = turn(
      "heavy",
      (limit) => {
        busy(1);
        limits.push(limit);
        inSlice++;
        if (--left > 0) scheduler.schedule(heavy);
        else isOver = true;
      },
      manyMessages,
    );
    let eventLoop = turns(1); // ahead of the scheduler's own macrotask, so that each slice is seen
    scheduler.schedule(heavy);
    while (!isOver) {
      await eventLoop;
      eventLoop = turns(1);
      if (inSlice > 0) perSlice.push(inSlice);
      inSlice = 0;
    }
    expect(new Set(limits)).toEqual(new Set([1]));
    // Each takes at least 1 ms, so that no more than 2 fit into a slice of 2 ms.
    expect(Math.max(...perSlice)).toBeLessThanOrEqual(2);
  });

  test("and handlers that are fast again are trusted again", async () => {
    const scheduler = new FairScheduler();
    const limits: number[] = [];
    scheduler.schedule(turn("slow", () => busy(1), manyMessages));
    const fast: Turn = turn("fast", (limit) => {
      limits.push(limit);
      if (limit < 64 && limits.length < 100_000) scheduler.schedule(fast);
    });
    scheduler.schedule(fast);
    await vi.waitUntil(() => limits.at(-1) === 64 || limits.length >= 100_000, { interval: 0 });
    expect(limits[0]).toBe(1);
    expect(limits.at(-1)).toBe(64);
    expect(limits.every((limit) => Number.isInteger(limit) && limit >= 1)).toBe(true);
  });

  test("a busy actor's slow handlers leave room after each slice", async () => {
    await using system = new ActorSystem({ spawnDefaults: { mailbox: { capacity: 100 } } });
    let handled = 0;
    const slow = system.spawn<Job>("slow", () => {
      busy(1);
      handled++;
    });
    let eventLoop = turns(1);
    for (let i = 0; i < 90; i++) slow.tryTell(job(i));
    const seen: number[] = [];
    while (handled < 90) {
      await eventLoop;
      eventLoop = turns(1);
      seen.push(handled);
    }
    // Each takes at least 1 ms of a slice of 2 ms.
    expect(seen[0]).toBeLessThanOrEqual(3);
    expect(seen.length).toBeGreaterThanOrEqual(90 / 3);
  });
});

describe("latency", () => {
  test("a message that comes alone does not wait for the event loop", async () => {
    await using system = new ActorSystem();
    let handled = 0;
    const actor = system.spawn<Job>("actor", () => void handled++);
    for (let i = 1; i <= 50; i++) {
      actor.tryTell(job(i));
      await microtasks(3);
      expect(handled).toBe(i);
      await turns(1);
    }
  });

  test("neither do a few in a row, nor an ask through two actors", async () => {
    await using system = new ActorSystem({ scheduler: unhurried() });
    let isTurned = false;
    void turns(1).then(() => {
      isTurned = true;
    });
    const inner = system.spawn<Ask>("inner", ({ value }) => value * 2);
    const outer = system.spawn<Ask>("outer", (message) => inner.ask(message));
    const replies: number[] = [];
    for (let i = 0; i < 10; i++) replies.push(await outer.ask({ type: "ask", value: i }));
    expect(replies).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(isTurned).toBe(false);
  });

  interface Ask extends Message<number> {
    readonly type: "ask";
    readonly value: number;
  }
});

describe("a test runner's fake timers", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const everything = [
    "setTimeout",
    "setInterval",
    "setImmediate",
    "queueMicrotask",
    "Date",
  ] as const;
  test.each<[string, NonNullable<Parameters<typeof vi.useFakeTimers>[0]>]>([
    ["as they are by default", {}],
    [
      "of everything that could schedule or tell the time",
      { toFake: [...everything.filter((name) => name in globalThis), "performance"] },
    ],
  ])("%s do not stop actors, nor keep them from yielding", async (_name, options) => {
    vi.useFakeTimers(options);
    const frozen = performance.now();
    await using system = new ActorSystem();
    let turned = 0;
    let isOver = false;
    const done = pingPong(system, 300_000).done.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await turns(1);
      turned++;
    }
    await done;
    if (options.toFake?.includes("performance") === true) expect(performance.now()).toBe(frozen);
    expect(turned).toBeGreaterThan(2);
  });
});

describe("a scheduler of one's own", () => {
  test.each([1, 3, 64])("gets each turn once, one for each actor (limit %i)", async (limit) => {
    const scheduler = new WatchedScheduler(limit);
    const system = new ActorSystem({ scheduler });
    const handled: string[] = [];
    const peers = ["a", "b", "c"].map((id) =>
      system.spawn<Job>(id, (message, context) => {
        handled.push(`${id}${message.value}`);
        if (message.value % 3 === 0) context.self.tryTell(job(message.value + 1));
        if (message.value === 8) return turns(1);
        return undefined;
      }),
    );
    for (let i = 0; i < 20; i++) {
      for (const peer of peers) peer.tryTell(job(i));
      if (i % 5 === 0) await microtasks();
    }
    await turns();
    await system.shutdown();
    expect(scheduler.faults).toEqual([]);
    expect(handled).toHaveLength(3 * 27);
    expect(new Set(scheduler.handed.keys())).toEqual(new Set(["a", "b", "c"]));
    expect(scheduler.ran).toBe([...scheduler.handed.values()].reduce((sum, n) => sum + n, 0));
  });

  test("decides about when: nothing is handled before it says so", async () => {
    const held: Turn[] = [];
    const system = new ActorSystem({ scheduler: { schedule: (next) => void held.push(next) } });
    const seen: number[] = [];
    const actor = system.spawn<Job>("actor", ({ value }) => void seen.push(value));
    actor.tryTell(job(1));
    actor.tryTell(job(2));
    await turns();
    expect([seen, held.map(({ actorId }) => actorId)]).toEqual([[], ["actor"]]);
    expect(held.pop()?.run(1)).toBe(1);
    expect([seen, held.length]).toEqual([[1], 1]); // the next turn has been handed in by then
    expect(held.pop()?.run(5)).toBe(1);
    expect([seen, held.length]).toEqual([[1, 2], 0]);
    const end = system.shutdown();
    held.pop()?.run(1);
    await end;
  });

  test("is handed the turn of an actor that waits for a promise when that has settled", async () => {
    const held: Turn[] = [];
    const system = new ActorSystem({ scheduler: { schedule: (next) => void held.push(next) } });
    const releases: (() => void)[] = [];
    const actor = system.spawn<Job>("actor", () => new Promise<void>((go) => releases.push(go)));
    actor.tryTell(job(1));
    actor.tryTell(job(2));
    held.pop()?.run(64);
    await turns();
    expect([releases.length, held.length]).toEqual([1, 0]);
    actor.tryTell(job(3));
    expect(held).toHaveLength(0);
    releases[0]?.();
    await turns();
    expect([releases.length, held.length]).toEqual([1, 1]);
    held.pop()?.run(64);
    expect(releases).toHaveLength(2);
    void system.shutdown();
    releases[1]?.();
  });
});
