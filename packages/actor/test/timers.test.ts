import { type ActorContext, Deferred, type Message, type Receive } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Tick extends Message {
  readonly type: "tick";
  readonly text: string;
}
interface Do extends Message {
  readonly type: "do";
  readonly run: (context: ActorContext<Timed>) => unknown;
}
type Timed = Tick | Do;

const tick = (text: string): Tick => ({ type: "tick", text });

/** An actor that does what it is told, and writes down the ticks. */
function timed() {
  const recorded = recordedSystem();
  const ticks: string[] = [];
  const receive: Receive<Timed> = (message, context) => {
    if (message.type === "do") return message.run(context);
    return ticks.push(message.text);
  };
  const supervision = { directive: "restart" } as const;
  const ref = recorded.system.spawn("a", receive, { supervision });
  const run = (call: Do["run"]): Promise<unknown> => ref.ask({ type: "do", run: call });
  return { ...recorded, ref, run, ticks };
}

describe("once", () => {
  test("sends its message when its time has come, and is forgotten then", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => timers.once("k", 10, tick("once")));
    await clock.advance(9);
    expect(ticks).toEqual([]);
    await clock.advance(1);
    expect(ticks).toEqual(["once"]);
    await run(({ timers }) => {
      expect(timers.has("k")).toBe(false);
      expect(timers.cancel("k")).toBe(false);
    });
    await clock.advance(100);
    expect(ticks).toEqual(["once"]);
  });

  test("keys are apart; has and cancel tell whether there is one", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => {
      timers.once("a", 10, tick("a"));
      timers.once("b", 20, tick("b"));
      expect([timers.has("a"), timers.has("b"), timers.has("c")]).toEqual([true, true, false]);
      expect([timers.cancel("a"), timers.cancel("a")]).toEqual([true, false]);
      expect(timers.has("a")).toBe(false);
    });
    expect(clock.pendingMs).toEqual([20]);
    await clock.advance(20);
    expect(ticks).toEqual(["b"]);
  });

  test("the same key replaces, once by every and back", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => {
      timers.once("k", 10, tick("first"));
      timers.once("k", 10, tick("second"));
      timers.every("k", 10, tick("third"));
      timers.once("k", 10, tick("fourth"));
    });
    expect(clock.pendingMs).toEqual([10]);
    await clock.advance(50);
    expect(ticks).toEqual(["fourth"]);
  });

  test.each<[string, (context: ActorContext<Timed>) => void, string[]]>([
    ["cancelled", ({ timers }) => expect(timers.cancel("k")).toBe(true), []],
    ["replaced by once", ({ timers }) => timers.once("k", 50, tick("new")), ["new"]],
    ["replaced by every", ({ timers }) => timers.every("k", 60, tick("new")), ["new"]],
  ])(
    "a message that is on its way when the timer is %s does not arrive",
    async (_, call, expected) => {
      const { run, clock, ticks } = timed();
      await run(({ timers }) => timers.once("k", 10, tick("stale")));
      const gate = new Deferred<void>();
      const busy = run(async (context) => {
        await gate.promise;
        expect(context.timers.has("k")).toBe(true);
        call(context);
      });
      await clock.advance(10); // it has fired while the actor was at its turn
      gate.resolve();
      await busy;
      await clock.advance(100);
      expect(ticks).toEqual(expected);
    },
  );

  test("0 ms is not within the turn", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => {
      timers.once("k", 0, tick("soon"));
      expect(ticks).toEqual([]);
    });
    await clock.advance(0);
    expect(ticks).toEqual(["soon"]);
  });
});

describe("every", () => {
  test("sends until it is cancelled", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => timers.every("k", 10, tick("every")));
    await clock.advance(35);
    expect(ticks).toHaveLength(3);
    expect(clock.pendingMs).toEqual([5]);
    await run(({ timers }) => expect(timers.cancel("k")).toBe(true));
    expect(clock.pendingMs).toEqual([]);
    await clock.advance(100);
    expect(ticks).toHaveLength(3);
  });

  test("one message waits at most, however long the actor is busy", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => timers.every("k", 10, tick("every")));
    const gate = new Deferred<void>();
    const busy = run(() => gate.promise);
    await clock.advance(100);
    gate.resolve();
    await busy;
    await turns();
    expect(ticks).toHaveLength(1);
    await clock.advance(10);
    expect(ticks).toHaveLength(2);
  });

  test("a message on its way does not arrive after cancel, nor count for its successor", async () => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => timers.every("k", 10, tick("old")));
    const gate = new Deferred<void>();
    const busy = run(async ({ timers }) => {
      await gate.promise;
      timers.cancel("k");
      timers.every("k", 10, tick("new"));
    });
    await clock.advance(10);
    gate.resolve();
    await busy;
    await clock.advance(10);
    expect(ticks).toEqual(["new"]);
  });

  test("a handler may cancel its own timer", async () => {
    const { system, clock } = recordedSystem();
    let handled = 0;
    system.spawn<Tick>("a", {
      receive: (_, { timers }) => {
        if (++handled === 2) timers.cancel("k");
      },
      onStart: ({ timers }) => timers.every("k", 10, tick("")),
    });
    await clock.advance(100);
    expect(handled).toBe(2);
    expect(clock.pendingMs).toEqual([]);
  });
});

describe("the system lane", () => {
  test("ticks come through a mailbox that is full, ahead of what waits", async () => {
    const { system, clock } = recordedSystem();
    const log: string[] = [];
    const gate = new Deferred<void>();
    const ref = system.spawn<Tick>(
      "a",
      async ({ text }, { timers }) => {
        log.push(text);
        if (log.length > 1) return;
        timers.once("k", 5, tick("timer"));
        await gate.promise;
      },
      { mailbox: { capacity: 1, overflow: "dropNewest" } },
    );
    ref.tryTell(tick("first"));
    await turns();
    ref.tryTell(tick("waits"));
    await clock.advance(5);
    gate.resolve();
    await turns();
    expect(log).toEqual(["first", "timer", "waits"]);
  });
});

describe("the end", () => {
  test.each<[string, (run: (call: Do["run"]) => Promise<unknown>) => unknown]>([
    ["stop", (run) => run((context) => context.stop())],
    ["shutdown", (run) => run((context) => void context.system.shutdown())],
    [
      "restart",
      (run) =>
        run(() => {
          throw new Error("boom");
        }).catch(() => {}),
    ],
  ])("after a %s no timer is left and no message comes", async (_, end) => {
    const { run, clock, ticks } = timed();
    await run(({ timers }) => {
      timers.once("once", 10, tick("once"));
      timers.every("every", 10, tick("every"));
    });
    expect(clock.pendingMs).toEqual([10, 10]);
    await end(run);
    await turns();
    expect(clock.pendingMs).toEqual([]);
    await clock.advance(100);
    expect(ticks).toEqual([]);
  });

  test("timers set in hooks that end something go with it", async () => {
    const { system, clock } = recordedSystem();
    const ticks: string[] = [];
    const ref = system.spawn<Tick>(
      "a",
      {
        receive: ({ text }) => {
          if (text === "fail") throw new Error("boom");
          ticks.push(text);
        },
        onRestart: (_, { timers }) => timers.every("k", 10, tick("restart")),
        onStop: ({ timers }) => timers.every("k", 10, tick("stop")),
      },
      { supervision: { directive: "restart" } },
    );
    ref.tryTell(tick("fail"));
    await turns();
    expect(clock.pendingMs).toEqual([]);
    await system.stop(ref);
    expect(clock.pendingMs).toEqual([]);
    await clock.advance(100);
    expect(ticks).toEqual([]);
  });

  test("an interval that ticks during a long last turn is gone with the actor", async () => {
    const { system, ref, run, clock, ticks } = timed();
    await run(({ timers }) => timers.every("k", 10, tick("every")));
    const gate = new Deferred<void>();
    const busy = run(() => gate.promise);
    await turns();
    const stopped = system.stop(ref);
    await clock.advance(50);
    gate.resolve();
    await busy;
    await stopped;
    expect(clock.pendingMs).toEqual([]);
    expect(ticks).toEqual([]);
  });
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("%d ms is no time", async (ms) => {
  const { run, clock } = timed();
  const refused = expect.objectContaining({ code: "invalid_option" });
  await run(({ timers }) => {
    expect(() => timers.once("k", ms, tick(""))).toThrow(refused);
    expect(() => timers.every("k", ms, tick(""))).toThrow(refused);
    expect(() => timers.every("k", 0, tick(""))).toThrow(refused);
  });
  expect(clock.pendingMs).toEqual([]);
});

test("the options of a timer reach the clock", async () => {
  const given: unknown[] = [];
  const clock = {
    now: () => 0,
    setTimer: (_run: () => void, delayMs: number, options?: unknown) => {
      given.push([delayMs, options]);
      return { cancel: () => {} };
    },
  };
  const { system } = recordedSystem({ clock });
  const options = { background: true };
  system.spawn<Tick>("a", {
    receive: () => {},
    onStart: ({ timers }) => {
      timers.once("once", 1, tick(""), options);
      timers.every("every", 2, tick(""), options);
    },
  });
  await turns();
  expect(given).toEqual([
    [1, options],
    [2, options],
  ]);
});
