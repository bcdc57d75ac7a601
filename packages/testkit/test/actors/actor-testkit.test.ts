// A system whose time and order a test decides.
import { ActorSystem, FairScheduler, type Message, setup, type Turn } from "@satwire/actor";
import { createActorTestkit, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

interface Note extends Message {
  readonly type: "note";
  readonly text: string;
}

/** Several actors that are told something at once write it down as their turns come. */
async function race(seed: number, schedule: "fifo" | "lifo" | "random"): Promise<string> {
  await using kit = createActorTestkit({ seed, schedule });
  const book: string[] = [];
  const writers = "abcdefgh"
    .split("")
    .map((name) => kit.system.spawn<Note>(name, ({ text }) => void book.push(name + text)));
  for (const text of "12") for (const writer of writers) writer.tryTell({ type: "note", text });
  await kit.runUntilIdle();
  return book.join(" ");
}

describe("the order of turns", () => {
  test("is that of the schedule", async () => {
    expect(await race(1, "fifo")).toBe("a1 b1 c1 d1 e1 f1 g1 h1 a2 b2 c2 d2 e2 f2 g2 h2");
    expect(await race(1, "lifo")).toBe("h1 h2 g1 g2 f1 f2 e1 e2 d1 d2 c1 c2 b1 b2 a1 a2");
  });

  test("is that of the seed", async () => {
    const first = await race(7, "random");
    expect(await race(7, "random")).toBe(first);
    expect(first).not.toBe(await race(7, "fifo"));
    expect(await race(8, "random")).not.toBe(first);
  });

  test("is that of a scheduler of one's own, which the kit cannot step", async () => {
    const turns: string[] = [];
    class Counting extends FairScheduler {
      override schedule(turn: Turn): void {
        turns.push(turn.actorId);
        super.schedule(turn);
      }
    }
    await using kit = createActorTestkit({ schedule: new Counting() });
    const ref = kit.system.spawn<Note>("writer", () => {});
    ref.tryTell({ type: "note", text: "1" });
    await kit.runUntilIdle();
    expect(turns).toEqual(["writer"]);
    expect(() => kit.step()).toThrow(RangeError);
  });
});

test("one step is one message", async () => {
  await using kit = createActorTestkit({ isManual: true });
  const book: string[] = [];
  const ref = kit.system.spawn<Note>("writer", ({ text }) => void book.push(text));
  for (const text of "123") ref.tryTell({ type: "note", text });
  await settle();
  expect(book).toEqual([]);
  expect([kit.step(), book.length]).toEqual([true, 1]);
  expect([kit.step(), kit.step(), kit.step()]).toEqual([true, true, false]);
  expect(book).toEqual(["1", "2", "3"]);
});

test("time is moved by the test alone", async () => {
  await using kit = createActorTestkit();
  let ticks = 0;
  kit.system.spawn<Note>(
    "ticking",
    setup((context) => {
      context.timers.every("tick", 1000, { type: "note", text: "tick" });
      return () => void ticks++;
    }),
  );
  await kit.runUntilIdle();
  expect(ticks).toBe(0);
  await kit.clock.advance(3500);
  expect(ticks).toBe(3);
});

test("ten thousand events are kept, the latest", async () => {
  await using kit = createActorTestkit();
  const gone = kit.system.spawn<Note>("gone", () => {});
  await kit.clock.runUntil(kit.system.stop(gone));
  expect(kit.events[0]?.type).toBe("spawned");
  for (let n = 0; n < 9999; n++) gone.tryTell({ type: "note", text: "" });
  await kit.clock.advance(1);
  gone.tryTell({ type: "note", text: "" });
  expect(kit.events).toHaveLength(10_000);
  expect(kit.events[0]?.type).toBe("deadLetter");
  expect(kit.events.at(-1)?.timestamp).toBe(kit.clock.now());
});

test("events and dead letters are there to be looked at", async () => {
  const seen: string[] = [];
  const enqueued: string[] = [];
  const kit = createActorTestkit({
    clock: new VirtualClock(9),
    system: {
      deadLetterCapacity: 1,
      instrumentation: {
        onEvent: ({ type }) => void seen.push(type),
        onEnqueue: (actorId) => void enqueued.push(actorId),
      },
    },
  });
  const ref = kit.system.spawn<Note>("brief", () => {
    throw new Error("no");
  });
  ref.tryTell({ type: "note", text: "1" });
  await kit.runUntilIdle();
  ref.tryTell({ type: "note", text: "2" });
  ref.tryTell({ type: "note", text: "3" });
  const types = ["spawned", "error", "terminated", "deadLetter", "deadLetter"];
  expect(kit.events.map(({ type }) => type)).toEqual(types);
  expect(kit.events[0]?.timestamp).toBe(9);
  expect(kit.deadLetters.recent.map(({ message }) => message)).toEqual([
    { type: "note", text: "3" },
  ]);
  expect(seen).toEqual(types);
  expect(enqueued).toEqual(["brief"]);
  await kit.close();
});

describe("the end", () => {
  test("lets turns run and moves time for hooks that take long", async () => {
    const kit = createActorTestkit({ isManual: true });
    const started = kit.clock.now();
    let hasEnded = false;
    kit.system.spawn<Note>("slow", {
      receive: () => {},
      onStop: (context) =>
        new Promise<void>((resolve) => {
          context.system.clock.setTimer(() => {
            hasEnded = true;
            resolve();
          }, 4000);
        }),
    });
    kit.step();
    const closed = kit.close();
    expect(kit.close()).toBe(closed);
    await closed;
    expect([hasEnded, kit.clock.now() - started]).toEqual([true, 4000]);
    expect(kit.system.actors).toEqual([]);
    expect(kit.clock.pending).toEqual([]);
  });

  test("is told when an actor never ends", async () => {
    const kit = createActorTestkit({ system: { spawnDefaults: { cleanupTimeoutMs: 10 } } });
    const ref = kit.system.spawn<Note>("stuck", () => new Promise<void>(() => {}));
    ref.tryTell({ type: "note", text: "1" });
    await kit.runUntilIdle();
    await expect(kit.close()).rejects.toMatchObject({ name: "AssertionError" });
  });
});

test("a random order finds what the usual one hides", async () => {
  // The reader must have heard of the writer's end before it reads: nobody has told it so.
  const read = async (seed: number): Promise<number | undefined> => {
    await using kit = createActorTestkit({ seed, schedule: "random" });
    let value: number | undefined;
    let result: number | undefined;
    const writer = kit.system.spawn<Note>("writer", () => void (value = 1));
    const reader = kit.system.spawn<Note>("reader", () => void (result = value));
    writer.tryTell({ type: "note", text: "write" });
    reader.tryTell({ type: "note", text: "read" });
    await kit.runUntilIdle();
    return result;
  };
  const results = [];
  for (let seed = 1; seed <= 8; seed++) results.push(await read(seed));
  expect(results).toContain(undefined);
  expect(results).toContain(1);
  expect(new ActorSystem().stats.actors).toBe(0);
});
