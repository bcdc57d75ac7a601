import { getEventListeners } from "node:events";
import { ActorSystem, Backoff, failure, type Message, serviceKey } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Item extends Message<number> {
  readonly type: "item";
  readonly n: number;
}

const count = 10_000;
const item = (n: number): Item => ({ type: "item", n });
const numbers = Array.from({ length: count }, (_, n) => n);
const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** What keeps the process alive, without what this test's runner has of its own. */
const handles = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|MessagePort/.test(name));

/** 10,000 in batches: Node looks through all listeners of a signal for each that is added. */
const batches = Array.from({ length: 100 }, (_, batch) => batch * 100).map((from) =>
  numbers.slice(from, from + 100),
);

describe("listeners on one signal that lives long", () => {
  test("10,000 asks that are answered leave none", async () => {
    const { system, clock } = recordedSystem();
    const ref = system.spawn<Item>("a", async ({ n }) => n);
    const { signal } = new AbortController();
    for (const batch of batches) {
      const asks = batch.map((n) => ref.ask(item(n), { signal, timeoutMs: 1000 }));
      expect(listeners(signal)).toBe(100);
      expect(await Promise.all(asks)).toEqual(batch);
      expect(listeners(signal)).toBe(0);
    }
    expect(clock.pendingMs).toEqual([]);
  });

  test("10,000 asks that fail, however, leave none", async () => {
    const { system, clock } = recordedSystem();
    const { signal } = new AbortController();
    for (const [i, batch] of batches.entries()) {
      const ref = system.spawn<Item>(
        `${i}`,
        ({ n }, context) => {
          if (n % 5 === 0) throw new Error("boom");
          if (n % 5 === 1) return context.deferReply<number>();
          if (n % 5 === 2) return context.stash();
          if (n % 5 === 3) return failure(new Error("no"));
          return n % 10 === 4 ? new Promise<number>(() => {}) : n; // the others wait behind it
        },
        {
          supervision: { directive: "resume" },
          mailbox: { capacity: 20, waitingLimit: 40 },
        },
      );
      const own = new AbortController();
      const asks = batch.map((n) =>
        ref.ask(item(n), n % 3 === 0 ? { signal: own.signal } : { signal, timeoutMs: 1000 }),
      );
      void Promise.allSettled(asks);
      await turns(2);
      own.abort();
      expect(listeners(own.signal)).toBe(0);
      if (i % 2 === 0) void system.stop(ref);
      else await clock.advance(1000);
      if (i % 2 === 0) await clock.advance(1000); // the one that hangs
      await Promise.allSettled(asks);
      expect(listeners(signal)).toBe(0);
      expect(clock.pendingMs).toEqual([]);
    }
  });

  test("10,000 tells to a mailbox that is full leave none: accepted, aborted, refused", async () => {
    const { system } = recordedSystem();
    const { signal } = new AbortController();
    let handled = 0;
    for (const [i, batch] of batches.entries()) {
      const ref = system.spawn<Item>(`${i}`, async () => ++handled, { mailbox: { capacity: 1 } });
      const own = new AbortController();
      const tells = batch.map((n) =>
        ref.tell(item(n), { signal: n % 2 === 0 ? signal : own.signal }),
      );
      expect(listeners(signal) + listeners(own.signal)).toBe(99);
      if (i % 3 === 1) own.abort();
      if (i % 3 === 2) void system.stop(ref);
      const settled = await Promise.allSettled(tells);
      const accepted = settled.filter(({ status }) => status === "fulfilled").length;
      expect(accepted).toBe([100, 50, 1][i % 3]);
      expect(listeners(signal) + listeners(own.signal)).toBe(0);
    }
  });

  test("tells with room add none at any time", async () => {
    const { system } = recordedSystem();
    const { signal } = new AbortController();
    const ref = system.spawn<Item>("a", ({ n }) => n, { mailbox: { capacity: count } });
    for (const n of numbers) void ref.tell(item(n), { signal });
    expect(listeners(signal)).toBe(0);
  });

  test("asks and tells through a router leave none", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Item>("key");
    for (const id of ["a", "b"]) key.spawn(system, id, ({ n }) => n);
    const { signal } = new AbortController();
    const router = key.ref(system);
    for (const batch of batches) {
      await Promise.all(batch.map((n) => router.ask(item(n), { signal })));
      expect(listeners(signal)).toBe(0);
    }
  });

  test("whenTerminated and shutdown leave none", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Item>("a", ({ n }) => n);
    const { signal } = new AbortController();
    const waits = Array.from({ length: 100 }, () => system.whenTerminated(ref, { signal }));
    const ends = Array.from({ length: 100 }, () => system.shutdown({ signal }));
    await Promise.all([...waits, ...ends]);
    expect(listeners(signal)).toBe(0);
    const { system: hung } = recordedSystem();
    const hanging = hung.spawn<Item>("a", () => new Promise<number>(() => {}));
    hanging.tryTell(item(0));
    await turns();
    const controller = new AbortController();
    const givenUp = hung.shutdown({ signal: controller.signal });
    controller.abort();
    await expect(givenUp).rejects.toMatchObject({ code: "aborted", hung: ["a"] });
    expect(listeners(controller.signal)).toBe(0);
  });

  test("handlers that listen to the signal of each ask gather nothing on the actor", async () => {
    const { system } = recordedSystem();
    const signals: AbortSignal[] = [];
    const ref = system.spawn<Item>("a", ({ n }, { signal }) => {
      signals.push(signal);
      return n;
    });
    for (let n = 0; n < 100; n++) await ref.ask(item(n));
    expect(new Set(signals).size).toBe(100);
  });
});

describe("what keeps a process alive", () => {
  test("after shutdown nothing of a system is left: no timer, no immediate, no port", async () => {
    await turns();
    const before = handles();
    const system = new ActorSystem({ askTimeoutMs: 60_000 }); // on the real clock
    const ref = system.spawn<Item>(
      "a",
      {
        receive: ({ n }) => {
          if (n < 0) throw new Error("boom");
          return n;
        },
        onStart: ({ timers }) => {
          timers.once("once", 60_000, item(1));
          timers.every("every", 60_000, item(2));
        },
        onStop: () => turns(1),
      },
      {
        supervision: {
          directive: "restart",
          backoff: () => new Backoff({ initialMs: 60_000, maxMs: 60_000 }),
        },
      },
    );
    const events = system.events();
    expect(await ref.ask(item(1))).toBe(1);
    ref.tryTell(item(-1)); // from now on it waits for its restart
    await turns();
    const asked = ref.ask(item(3));
    const held = handles();
    await system.shutdown();
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated" });
    for await (const _ of events);
    await turns();
    // The runner's own may have gone meanwhile.
    expect(handles().length).toBeLessThanOrEqual(before.length);
    expect(handles().length).toBeLessThan(held.length);
  });

  test("an idle system holds nothing either", async () => {
    await turns();
    const before = handles();
    const system = new ActorSystem();
    const refs = Array.from({ length: 100 }, (_, i) => system.spawn<Item>(`${i}`, ({ n }) => n));
    await Promise.all(refs.map((ref) => ref.ask(item(1))));
    await turns();
    // The runner's own may have gone meanwhile.
    expect(handles().length).toBeLessThanOrEqual(before.length);
  });
});

test("10,000 spawned and stopped leave nothing in system, receptionist or parent", async () => {
  const { system } = recordedSystem();
  const key = serviceKey<Item>("key");
  const children: number[] = [];
  const ref = system.spawn<Item>("p", async ({ n }, context) => {
    const child = context.spawn(`${n}`, key, () => 0);
    await context.system.stop(child);
    return children.push(context.children.length);
  });
  for (let n = 0; n < count; n++) await ref.ask(item(n));
  expect(Math.max(...children)).toBe(0);
  expect(system.actors).toHaveLength(1);
  expect(key.find(system)).toEqual([]);
});
