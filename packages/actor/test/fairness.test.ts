import { ActorSystem, type Message } from "@satwire/actor";
import { expect, test } from "vitest";
import { pingPong } from "./ping-pong.ts";

// Ref: a limit per actor does not protect the event loop. What is asserted is that the timer fired while the work
// went on, and never that it fired within some time.

const million = 1_000_000;

interface Job extends Message {
  readonly type: "job";
}
interface Question extends Message<number> {
  readonly type: "question";
}
const job: Job = { type: "job" };

/** What an interval of 1 ms saw of some work: how far it was at each tick. */
class Ticks {
  readonly #seen: number[] = [];
  readonly #handle: ReturnType<typeof setInterval>;

  constructor(progress: () => number) {
    this.#handle = setInterval(() => this.#seen.push(progress()), 1);
  }

  /** Ticks during the work, each with progress since the one before, and the most work between two. */
  end(total: number): { readonly during: number; readonly longestWait: number } {
    clearInterval(this.#handle);
    const during = new Set(this.#seen.filter((count) => count > 0 && count < total));
    const marks = [0, ...during, total];
    const waits = marks.slice(1).map((mark, i) => mark - (marks[i] as number));
    return { during: during.size, longestWait: Math.max(...waits) };
  }
}

function expectFair(ticks: Ticks, total: number): void {
  const { during, longestWait } = ticks.end(total);
  expect(during).toBeGreaterThanOrEqual(3);
  expect(longestWait).toBeLessThan(total / 2);
}

test("a timer keeps firing during a ping-pong of a million messages", async () => {
  await using system = new ActorSystem();
  const game = pingPong(system, million);
  const ticks = new Ticks(game.played);
  await game.done;
  expectFair(ticks, million);
});

test("and when both handlers are asynchronous", async () => {
  await using system = new ActorSystem();
  const game = pingPong(system, million, { isAsync: true });
  const ticks = new Ticks(game.played);
  await game.done;
  expectFair(ticks, million);
});

test("and when the players belong to two systems, each with a scheduler of its own", async () => {
  await using system = new ActorSystem();
  await using other = new ActorSystem();
  const game = pingPong(system, million, { other });
  const ticks = new Ticks(game.played);
  await game.done;
  expectFair(ticks, million);
});

test("and during a flood that waits in one mailbox", async () => {
  await using system = new ActorSystem();
  let handled = 0;
  let finish: (value: unknown) => void;
  const done = new Promise((resolve) => {
    finish = resolve;
  });
  const sink = system.spawn<Job>(
    "sink",
    () => {
      if (++handled === million) finish(undefined);
    },
    { mailbox: { capacity: million } },
  );
  for (let i = 0; i < million; i++) sink.tryTell(job);
  const ticks = new Ticks(() => handled);
  await done;
  expectFair(ticks, million);
});

test("and during a flood by a sender that waits for room each time", async () => {
  await using system = new ActorSystem();
  let handled = 0;
  const sink = system.spawn<Job>("sink", () => void handled++);
  const ticks = new Ticks(() => handled);
  for (let i = 0; i < million; i++) await sink.tell(job);
  await system.stop(sink);
  expectFair(ticks, handled);
  expect(handled).toBeGreaterThanOrEqual(million - 100); // no more than a mailbox holds was left
});

test("and while an actor is asked without a pause", async () => {
  await using system = new ActorSystem();
  let asked = 0;
  const oracle = system.spawn<Question>("oracle", () => ++asked);
  const total = million / 5;
  const ticks = new Ticks(() => asked);
  while (asked < total) await oracle.ask({ type: "question" });
  expectFair(ticks, total);
});

test("and while actors are spawned and stopped without a pause", async () => {
  await using system = new ActorSystem();
  const total = 50_000;
  let spawned = 0;
  const ticks = new Ticks(() => spawned);
  while (spawned < total) {
    const ref = system.spawn<Job>("short-lived", (_message, context) => context.stop());
    spawned++;
    ref.tryTell(job);
    await system.whenTerminated(ref);
  }
  expectFair(ticks, total);
});
