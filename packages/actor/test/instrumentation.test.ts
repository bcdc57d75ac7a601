import {
  type AnyMessage,
  Deferred,
  failure,
  type Instrumentation,
  type Message,
  type SystemOptions,
} from "@satwire/actor";
import { expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Item extends Message<number> {
  readonly type: "item";
  readonly n: number;
}

const item = (n: number): Item => ({ type: "item", n });
const boom = new Error("boom");

/** Hooks that write down what they are given. */
function observed(options: SystemOptions = {}) {
  const log: unknown[][] = [];
  const instrumentation: Instrumentation = {
    onEnqueue: (id, message, waiting) => void log.push(["enqueue", id, message, waiting]),
    onTurn: (id, message) => {
      log.push(["turn", id, message]);
      return (error) => void log.push(["end", id, error]);
    },
  };
  return { ...recordedSystem({ instrumentation, ...options }), log };
}

test("a message: into the mailbox, its turn, its end", async () => {
  const { system, log } = observed();
  const ref = system.spawn<Item>("a", ({ n }) => n);
  ref.tryTell(item(1));
  void ref.tell(item(2));
  await ref.ask(item(3));
  expect(log).toEqual([
    ["enqueue", "a", item(1), 1],
    ["enqueue", "a", item(2), 2],
    ["enqueue", "a", item(3), 3],
    ["turn", "a", item(1)],
    ["end", "a", undefined],
    ["turn", "a", item(2)],
    ["end", "a", undefined],
    ["turn", "a", item(3)],
    ["end", "a", undefined],
  ]);
});

test("the end of an asynchronous turn is when its promise has settled", async () => {
  const { system, log } = observed();
  const gate = new Deferred<number>();
  const ref = system.spawn<Item>("a", () => gate.promise);
  ref.tryTell(item(1));
  await turns();
  expect(log.map(([what]) => what)).toEqual(["enqueue", "turn"]);
  gate.resolve(1);
  await turns();
  expect(log.map(([what]) => what)).toEqual(["enqueue", "turn", "end"]);
});

test("what a turn threw is given to its end; a failure() is none", async () => {
  const { system, log } = observed();
  const supervision = { directive: "resume" } as const;
  const ref = system.spawn<Item>(
    "a",
    async ({ n }) => {
      if (n === 1) throw boom;
      return failure(boom);
    },
    { supervision },
  );
  const sync = system.spawn<Item>("b", () => {
    throw boom;
  });
  for (const asked of [ref.ask(item(1)), ref.ask(item(2)), sync.ask(item(3))]) {
    await expect(asked).rejects.toBe(boom);
  }
  expect(log.filter(([what]) => what === "end")).toEqual(
    expect.arrayContaining([
      ["end", "a", boom],
      ["end", "a", undefined],
      ["end", "b", boom],
    ]),
  );
});

test("each turn has one end: stashed, deferred, unhandled, stopped and restarted ones too", async () => {
  const { system, log } = observed();
  const ref = system.spawn<Item>(
    "a",
    ({ n }, context) => {
      if (n === 1) return context.stash();
      if (n === 2) return context.deferReply<number>();
      if (n === 3) return context.unstashAll();
      if (n === 4) throw boom;
      context.stop();
      return n;
    },
    { supervision: { directive: "restart" } },
  );
  for (let n = 1; n <= 5; n++) ref.tryTell(item(n));
  await turns();
  const turnsOf = log.filter(([what]) => what === "turn");
  // 1 is put aside, taken up and put aside again.
  expect(turnsOf.map(([, , message]) => (message as Item).n)).toEqual([1, 2, 3, 1, 4, 5]);
  const kinds = log.filter(([what]) => what !== "enqueue").map(([what]) => what);
  expect(kinds).toEqual(turnsOf.flatMap(() => ["turn", "end"]));
});

test("timers and watches have turns without a mailbox; what waits for room enqueues when it is in", async () => {
  const { system, clock, log } = observed();
  const gate = new Deferred<number>();
  const ref = system.spawn<Item>(
    "a",
    { receive: () => gate.promise, onStart: ({ timers }) => timers.once("k", 5, item(0)) },
    { mailbox: { capacity: 1 } },
  );
  await clock.advance(5);
  expect(log).toEqual([["turn", "a", item(0)]]);
  ref.tryTell(item(1));
  const waiting = ref.tell(item(2));
  expect(log.filter(([what]) => what === "enqueue")).toEqual([["enqueue", "a", item(1), 1]]);
  gate.resolve(0);
  await waiting;
  expect(log.filter(([what]) => what === "enqueue")).toEqual([
    ["enqueue", "a", item(1), 1],
    ["enqueue", "a", item(2), 1],
  ]);
});

test("a hook may return nothing, and any may be left out", async () => {
  const seen: string[] = [];
  const { system } = recordedSystem({
    instrumentation: {
      onTurn: (id) => {
        seen.push(id);
        return undefined;
      },
    },
  });
  expect(await system.spawn<Item>("a", ({ n }) => n).ask(item(1))).toBe(1);
  expect(seen).toEqual(["a"]);
});

test("hooks may be methods of a class", async () => {
  class Counter implements Instrumentation {
    readonly counts = { enqueued: 0, turns: 0, events: 0 };
    onEnqueue(): void {
      this.counts.enqueued++;
    }
    onTurn(): undefined {
      this.counts.turns++;
    }
    onEvent(): void {
      this.counts.events++;
    }
  }
  const counter = new Counter();
  const { system } = recordedSystem({ instrumentation: counter });
  expect(await system.spawn<Item>("a", ({ n }) => n).ask(item(1))).toBe(1);
  expect(counter.counts).toEqual({ enqueued: 1, turns: 1, events: 1 });
});

test.each(["tell", "ask"] as const)(
  "a hook that stops the actor while a sender is let in: no turn after that, a dead letter each (%s)",
  async (verb) => {
    const handled: number[] = [];
    const onEnqueue = (_: string, message: AnyMessage): void => {
      if ((message as Item).n === 2) void system.stop("a");
    };
    const { system } = recordedSystem({ instrumentation: { onEnqueue } });
    const ref = system.spawn<Item>("a", ({ n }) => handled.push(n), { mailbox: { capacity: 1 } });
    const sent = [ref[verb](item(1)), ref[verb](item(2))];
    const ends = await Promise.allSettled(sent);
    await system.whenTerminated(ref);
    expect(handled).toEqual([]);
    const letters = system.deadLetters.recent.map(({ message }) => (message as Item).n);
    expect(new Set(letters)).toEqual(new Set([1, 2]));
    // Both had been accepted, so only askers hear of it.
    const isRefused = ends.map(({ status }) => status === "rejected");
    expect(isRefused).toEqual(verb === "ask" ? [true, true] : [false, false]);
  },
);

test("onEvent sees what events() tells, at once", () => {
  const { system, events } = recordedSystem();
  system.spawn<Item>("a", () => 0);
  expect(events).toMatchObject([{ type: "spawned", actorId: "a" }]);
});
