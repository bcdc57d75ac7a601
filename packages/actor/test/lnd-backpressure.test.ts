// Ports lnd's actor/backpressure_mailbox_test.go and what queue/back_pressure_test.go has about queues. The two tests
// there of random early drop are in random-early-drop.test.ts and random-early-drop.property.test.ts.
import { BoundedQueue, QueueRef } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import {
  deadValues,
  eventsOf,
  gatedActor,
  type Item,
  item,
  newSystem,
  outcomes,
  waitingAt,
} from "./echo-actors.ts";
import { turns } from "./turns.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const atThreshold = (threshold: number) => (waiting: number) => waiting >= threshold;
const never = (): boolean => false;

describe("a mailbox with dropWhen", () => {
  test("TestBackpressureMailboxDropsWhenThresholdReached: message_dropped, before it is full", async () => {
    const system = newSystem();
    const mailbox = { capacity: 10, dropWhen: atThreshold(5) };
    const { ref, seen, open } = await gatedActor(system, { mailbox });
    const sent = [...range(5), 99].map((value) => ref.tell(item(value)));
    expect(await outcomes(sent)).toEqual(["ok", "ok", "ok", "ok", "ok", "message_dropped"]);
    open();
    await turns();
    expect(seen).toEqual(range(5));
  });

  test("TestBackpressureMailboxTrySendDrops: false at the threshold (differs: and an event)", async () => {
    const system = newSystem();
    const mailbox = { capacity: 10, dropWhen: atThreshold(3) };
    const { ref } = await gatedActor(system, { mailbox });
    const events = system.events();
    expect([...range(3), 99].map((value) => ref.tryTell(item(value)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(await eventsOf(events)).toMatchObject([
      { type: "dropped", actorId: "gated", messageType: "item" },
    ]);
  });

  test("TestBackpressureMailboxNeverDropPassesThrough: up to the capacity", async () => {
    const system = newSystem();
    const { ref } = await gatedActor(system, { mailbox: { capacity: 5, dropWhen: never } });
    const sent = range(5).map((value) => ref.tell(item(value)));
    expect(await outcomes(sent)).toEqual(range(5).map(() => "ok"));
    expect([waitingAt(system, "gated"), ref.tryTell(item(5))]).toEqual([5, false]);
  });

  test("TestBackpressureMailboxDelegatesReceive: what was accepted is handled", async () => {
    const mailbox = { capacity: 5, dropWhen: never };
    const { ref, seen, open } = await gatedActor(newSystem(), { mailbox });
    for (const value of range(2)) await ref.tell(item(value));
    open();
    await turns();
    expect(seen).toEqual([0, 1]);
  });

  test("TestBackpressureMailboxDelegatesDrain: what a stop finds waiting becomes dead letters", async () => {
    const system = newSystem();
    const mailbox = { capacity: 5, dropWhen: never };
    const { ref, open } = await gatedActor(system, { mailbox });
    for (const value of range(3)) await ref.tell(item(value));
    const stopped = system.stop(ref);
    open();
    await stopped;
    expect(deadValues(system)).toEqual([0, 1, 2]);
  });

  test("TestBackpressureMailboxSendRespectsActorCtx: a stop refuses, and nothing is dropped", async () => {
    const system = newSystem();
    const mailbox = { capacity: 1, dropWhen: never };
    const { ref, open } = await gatedActor(system, { mailbox });
    await ref.tell(item(1));
    const parked = ref.tell(item(2));
    const stopped = system.stop(ref);
    open();
    await stopped;
    const after = ref.tell(item(3));
    expect(await outcomes([parked, after])).toEqual(["actor_terminated", "actor_terminated"]);
    expect(system.stats.dropped).toBe(0);
  });
});

test("TestBackpressureMailboxReceiveAfterClose: empty, and empty again", async () => {
  const queue = new QueueRef<Item>({ id: "queue", capacity: 5 });
  queue.close();
  let received = 0;
  for (const _ of range(2)) for await (const _item of queue) received++;
  expect(received).toBe(0);
  await expect(queue.take()).rejects.toMatchObject({ code: "actor_terminated" });
});

test("TestBackpressureMailboxDrainAfterDrain: the second one finds nothing", async () => {
  const queue = new QueueRef<Item>({ id: "queue", capacity: 5 });
  await queue.tell(item(1));
  queue.close();
  expect([queue.drain(), queue.drain()]).toEqual([[item(1)], []]);
});

describe.each(["system.stop", "context.stop"])("several ends at once, by %s", (by) => {
  test("TestBackpressureMailboxConcurrentSendClose: each message has one fate", async () => {
    const system = newSystem({ deadLetterCapacity: 10_000 });
    const seen: number[] = [];
    const ref = system.spawn<Item>(
      "test",
      ({ value }, context) => {
        if (seen.push(value) === 300 && by === "context.stop") context.stop();
        if (seen.length === 300 && by === "system.stop") void system.stop("test");
        return value;
      },
      { mailbox: { capacity: 20, dropWhen: never } },
    );
    const fates: [number, string][] = [];
    const teller = async (id: number): Promise<void> => {
      for (const i of range(100)) {
        const value = 1000 + id * 100 + i;
        const [fate] = await outcomes([ref.tell(item(value))]);
        fates.push([value, fate as string]);
      }
    };
    const tryTeller = async (id: number): Promise<void> => {
      for (const i of range(100)) {
        const value = 10_000 + id * 100 + i;
        fates.push([value, ref.tryTell(item(value)) ? "ok" : "refused"]);
        await Promise.resolve();
      }
    };
    await Promise.all(range(50).flatMap((id) => [teller(id), tryTeller(id)]));
    await system.whenTerminated(ref);
    const dead = new Set(deadValues(system));
    const ofFate = (fate: string): number[] =>
      fates.filter((entry) => entry[1] === fate).map(([value]) => value);
    expect(seen).toHaveLength(300);
    expect(new Set([...seen, ...dead]).size).toBe(seen.length + system.deadLetters.total);
    expect(ofFate("ok").filter((value) => !dead.has(value))).toHaveLength(300);
    expect(ofFate("actor_terminated").every((value) => dead.has(value))).toBe(true);
    expect(fates).toHaveLength(10_000);
  });

  test("TestBackpressureMailboxConcurrentMultiClose: one end", async () => {
    const system = newSystem();
    const mailbox = { capacity: 10, dropWhen: never };
    const ref = system.spawn<Item>(
      "test",
      ({ value }, context) => {
        for (const _ of range(20)) {
          if (by === "context.stop") context.stop();
          else void system.stop(context.self);
        }
        return value;
      },
      { mailbox },
    );
    expect(await ref.ask(item(1))).toBe(1);
    await system.whenTerminated(ref);
    expect(system.stats).toMatchObject({ terminated: 1, error: 0 });
    await expect(ref.tell(item(2))).rejects.toMatchObject({ code: "actor_terminated" });
    expect(ref.tryTell(item(3))).toBe(false);
  });
});

describe("lnd's queue, as BoundedQueue", () => {
  const filled = async (capacity: number, count: number): Promise<BoundedQueue<number>> => {
    const queue = new BoundedQueue<number>({ capacity });
    for (const value of range(count)) await queue.pushAsync(value);
    return queue;
  };

  test.each([1, 2, 20])(
    "TestBackpressureQueueEnqueueCancellation, capacity %i",
    async (capacity) => {
      const queue = await filled(capacity, capacity);
      const reason = new Error("cancelled");
      const signal = AbortSignal.abort(reason);
      await expect(queue.pushAsync(999, { signal })).rejects.toBe(reason);
      const controller = new AbortController();
      const parked = queue.pushAsync(999, controller);
      controller.abort(reason);
      await expect(parked).rejects.toBe(reason);
      expect([queue.size, queue.pushersWaiting]).toEqual([capacity, 0]);
    },
  );

  test.each([1, 20])("TestBackpressureQueueDequeueCancellation, capacity %i", async (capacity) => {
    const queue = new QueueRef<Item>({ id: "queue", capacity });
    const early = queue.take({ signal: AbortSignal.abort("early") });
    await expect(early).rejects.toMatchObject({ code: "aborted", cause: "early" });
    const controller = new AbortController();
    const waiting = queue.take(controller);
    controller.abort("late");
    await expect(waiting).rejects.toMatchObject({ code: "aborted", cause: "late" });
  });

  test("TestBackpressureQueueTryEnqueue: false when it is full", () => {
    const queue = new BoundedQueue<number>({ capacity: 5 });
    expect(range(6).map((value) => queue.push(value))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(queue.size).toBe(5);
  });

  test("TestBackpressureQueueLenAndReceiveChan: the size follows what is taken", async () => {
    const queue = await filled(10, 3);
    expect([queue.size, await queue.take(), queue.size]).toEqual([3, { done: false, value: 0 }, 2]);
  });

  test("TestBackpressureQueueClose: what is in can still be read, then the end", async () => {
    const queue = await filled(10, 3);
    queue.close();
    const values: number[] = [];
    for await (const value of queue) values.push(value);
    expect(values).toEqual([0, 1, 2]);
  });

  test("TestBackpressureQueueDoubleClose, EnqueueAfterClose, TryEnqueueAfterClose", async () => {
    const queue = await filled(5, 1);
    queue.close();
    queue.close();
    await expect(queue.pushAsync(2)).rejects.toMatchObject({ name: "QueueError", code: "closed" });
    expect([queue.push(3), queue.drain()]).toEqual([false, [0]]);
  });
});
