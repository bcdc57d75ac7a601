// Turns in an order that a test or a seed decides about.
import type { Turn } from "@satwire/actor";
import { AssertionError, createRng, SeededScheduler, settle } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

/** Turns that note their name; `again` have more to do. */
function turn(actorId: string, ran: string[], again?: () => void): Turn {
  return {
    actorId,
    run: (limit) => {
      expect(limit).toBe(1);
      ran.push(actorId);
      again?.();
      return 1;
    },
  };
}

const names = Array.from({ length: 20 }, (_, n) => `actor-${n}`);

function orderOf(scheduler: SeededScheduler): string[] {
  const ran: string[] = [];
  for (const name of names) scheduler.schedule(turn(name, ran));
  expect(scheduler.waiting).toEqual(names);
  expect(ran).toEqual([]); // never on the caller's stack
  while (scheduler.step());
  return ran;
}

const random = (seed: number | string): SeededScheduler =>
  new SeededScheduler({ order: "random", rng: createRng(seed), isManual: true });

describe("the order", () => {
  test("is that of asking, the other way round, or the seed's", () => {
    expect(orderOf(new SeededScheduler({ isManual: true }))).toEqual(names);
    expect(orderOf(new SeededScheduler({ isManual: true, order: "lifo" }))).toEqual(
      names.toReversed(),
    );
    const one = orderOf(random(1));
    expect(one.toSorted()).toEqual(names.toSorted());
    expect(orderOf(random(1))).toEqual(one);
    expect(orderOf(random(2))).not.toEqual(one);
    expect(orderOf(new SeededScheduler({ isManual: true, order: "random" }))).toEqual(one);
  });

  test("of a seed is the same everywhere", () => {
    expect(orderOf(random("everywhere")).slice(0, 6)).toEqual([
      "actor-1",
      "actor-0",
      "actor-15",
      "actor-16",
      "actor-19",
      "actor-17",
    ]);
  });

  test("is no other", () => {
    expect(() => new SeededScheduler({ order: "alphabetical" as "fifo" })).toThrow(
      new RangeError("there is no order alphabetical of turns, but fifo, lifo and random"),
    );
  });
});

describe("turns", () => {
  test("run by themselves, one in each microtask, and are remembered", async () => {
    const ran: string[] = [];
    const scheduler = new SeededScheduler();
    scheduler.schedule(turn("a", ran, () => scheduler.schedule(turn("c", ran))));
    scheduler.schedule(turn("b", ran));
    expect(ran).toEqual([]);
    await Promise.resolve();
    expect(ran).toEqual(["a"]);
    await settle();
    expect(ran).toEqual(["a", "b", "c"]);
    expect(scheduler.history).toEqual(ran);
    scheduler.schedule(turn("d", ran));
    await settle();
    expect(ran).toEqual(["a", "b", "c", "d"]);
  });

  test("without end leave the event loop its share, and only so many are remembered", async () => {
    let left = 25_000;
    const scheduler = new SeededScheduler();
    const endless: Turn = {
      actorId: "endless",
      run: () => {
        if (--left > 0) scheduler.schedule(endless);
        return 1;
      },
    };
    scheduler.schedule(endless);
    await settle(3);
    expect(left).toBeGreaterThan(0);
    while (left > 0) await settle();
    expect(scheduler.history).toHaveLength(10_000);
  });

  test("are held while a test wants it", async () => {
    const ran: string[] = [];
    const scheduler = new SeededScheduler();
    const held = scheduler.hold();
    scheduler.schedule(turn("a", ran));
    scheduler.schedule(turn("b", ran));
    await settle();
    expect([ran, scheduler.isManual]).toEqual([[], true]);
    expect(scheduler.step()).toBe(true);
    expect(ran).toEqual(["a"]);
    held[Symbol.dispose]();
    await settle();
    expect([ran, scheduler.isManual]).toEqual([["a", "b"], false]);
    expect(scheduler.step()).toBe(false);

    const manual = new SeededScheduler({ isManual: true });
    manual.hold()[Symbol.dispose]();
    expect(manual.isManual).toBe(true);
    manual.schedule(turn("c", ran));
    manual.release();
    await settle();
    expect(ran).toEqual(["a", "b", "c"]);
  });

  test("that are held in the midst stay where they are", async () => {
    const ran: string[] = [];
    const scheduler = new SeededScheduler();
    scheduler.schedule(turn("a", ran, () => void scheduler.hold()));
    scheduler.schedule(turn("b", ran));
    await settle();
    expect([ran, scheduler.waiting]).toEqual([["a"], ["b"]]);
  });
});

describe("runUntilIdle", () => {
  test("runs what turns set off, in however many steps", async () => {
    const ran: string[] = [];
    const scheduler = new SeededScheduler({ isManual: true });
    const later = async (): Promise<void> => {
      await settle(4);
      scheduler.schedule(turn("b", ran));
    };
    scheduler.schedule(turn("a", ran, () => void later()));
    await scheduler.runUntilIdle();
    expect(ran).toEqual(["a", "b"]);
  });

  test("gives up on those who go on and on, and says who", async () => {
    const scheduler = new SeededScheduler({ isManual: true });
    const endless: Turn = {
      actorId: "endless",
      run: () => {
        scheduler.schedule(endless);
        return 1;
      },
    };
    scheduler.schedule(endless);
    const failed = scheduler.runUntilIdle({ maxTurns: 50 }).catch((error: unknown) => error);
    expect(await failed).toBeInstanceOf(AssertionError);
    expect(await failed).toMatchObject({
      message: "actors are not idle after 50 turns, the last of endless",
    });
    expect(scheduler.history).toHaveLength(50);
    await expect(scheduler.runUntilIdle({ maxTurns: 0 })).rejects.toThrow(RangeError);
  });
});
