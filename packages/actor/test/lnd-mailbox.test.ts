// Ports lnd's actor/mailbox_test.go. Its mailboxes are those of actors here, which close when the actor is stopped;
// where it reads a mailbox by hand, a QueueRef stands for it.
import {
  type ActorContext,
  type ActorError,
  type ActorRef,
  type ActorSystem,
  QueueRef,
  type TellRef,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import {
  deadValues,
  gatedActor,
  type Item,
  item,
  newSystem,
  outcomes,
  waitingAt,
} from "./echo-actors.ts";
import { turns } from "./turns.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const ascending = (a: number, b: number): number => a - b;

describe("TestChannelMailboxSend", () => {
  test("successful send", async () => {
    const system = newSystem();
    const { ref } = await gatedActor(system);
    await ref.tell(item(42));
    expect(waitingAt(system, "gated")).toBe(1);
  });

  test("send with cancelled context: aborted, and the full mailbox stays as it is", async () => {
    const system = newSystem();
    const { ref, seen, open } = await gatedActor(system, { mailbox: { capacity: 1 } });
    await ref.tell(item(42));
    await expect(ref.tell(item(43), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    open();
    await turns();
    expect(seen).toEqual([42]);
  });

  test("send to closed mailbox: actor_terminated", async () => {
    const system = newSystem();
    const { ref, open } = await gatedActor(system);
    const stopped = system.stop(ref);
    await expect(ref.tell(item(42))).rejects.toMatchObject({ code: "actor_terminated" });
    open();
    await stopped;
    await expect(ref.tell(item(43))).rejects.toMatchObject({ code: "actor_terminated" });
  });
});

describe("TestChannelMailboxTrySend", () => {
  test("successful try send, and try send to full mailbox", async () => {
    const { ref } = await gatedActor(newSystem(), { mailbox: { capacity: 1 } });
    expect([ref.tryTell(item(42)), ref.tryTell(item(43))]).toEqual([true, false]);
  });

  test("try send to closed mailbox: false, and a dead letter", async () => {
    const system = newSystem();
    const { ref } = await gatedActor(system);
    void system.stop(ref);
    expect(ref.tryTell(item(42))).toBe(false);
    expect(deadValues(system)).toEqual([42]);
  });
});

describe("TestChannelMailboxReceive", () => {
  test("receive messages: in order, then the end", async () => {
    const queue = new QueueRef<Item>({ id: "queue", capacity: 10 });
    for (const i of range(3)) await queue.tell(item(i));
    queue.close();
    const received: number[] = [];
    for await (const { value } of queue) received.push(value);
    expect(received).toEqual([0, 1, 2]);
  });

  test("receive with cancelled context (differs: none at all, where lnd may give one)", async () => {
    const queue = new QueueRef<Item>({ id: "queue", capacity: 10 });
    await queue.tell(item(42));
    await expect(queue.take({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(queue.size).toBe(1);
  });
});

test("TestChannelMailboxClose: idempotent, and closed it stays", async () => {
  const queue = new QueueRef<Item>({ id: "queue", capacity: 10 });
  const states = [queue.isClosed];
  queue.close();
  states.push(queue.isClosed);
  queue.close();
  states.push(queue.isClosed);
  expect(states).toEqual([false, true, true]);
});

test("TestChannelMailboxDrain: what a stop finds waiting becomes dead letters, in order", async () => {
  const system = newSystem();
  const { ref, seen, open } = await gatedActor(system);
  for (const i of range(3)) await ref.tell(item(i));
  const stopped = system.stop(ref);
  open();
  await stopped;
  expect([seen, deadValues(system)]).toEqual([[], [0, 1, 2]]);
});

/** Spawns an actor that keeps what it is told, and is stopped at a certain message. */
function keeper(
  system: ActorSystem,
  capacity: number,
  stopAt?: number,
): [ActorRef<Item>, number[]] {
  const seen: number[] = [];
  const keep = ({ value }: Item, context: ActorContext<Item>): number => {
    // Several stop it at the same time.
    if (seen.push(value) === stopAt) for (const _ of range(5)) context.stop();
    return value;
  };
  return [system.spawn<Item>("keeper", keep, { mailbox: { capacity } }), seen];
}

/** Several senders at the same time, each with one message after the other; gives the values that were refused. */
async function sendAll(
  senders: number,
  messagesEach: number,
  send: (message: Item) => Promise<boolean>,
): Promise<number[]> {
  const refused: number[] = [];
  const sender = async (id: number): Promise<void> => {
    for (const i of range(messagesEach)) {
      const value = id * messagesEach + i;
      if (!(await send(item(value)))) refused.push(value);
    }
  };
  await Promise.all(range(senders).map(sender));
  return refused;
}

/** True if it was accepted, false if the mailbox was closed by then. */
const telling = (ref: TellRef<Item>) => (message: Item) =>
  ref.tell(message).then(
    () => true,
    (error: unknown) => {
      if ((error as ActorError).code === "actor_terminated") return false;
      throw error;
    },
  );

test("TestChannelMailboxConcurrent: all of 10 senders' messages arrive, each sender's in order", async () => {
  const system = newSystem();
  const [ref, seen] = keeper(system, 100);
  expect(await sendAll(10, 100, telling(ref))).toEqual([]);
  await turns();
  expect(seen.toSorted(ascending)).toEqual(range(1000));
  const ofEach = range(10).map((id) => seen.filter((value) => Math.floor(value / 100) === id));
  expect(ofEach).toEqual(range(10).map((id) => range(100).map((i) => id * 100 + i)));
});

test("TestChannelMailboxZeroCapacity (differs: 0 is refused, not taken as 1)", async () => {
  const system = newSystem();
  const spawn = (capacity: number) => (): unknown =>
    system.spawn<Item>("zero", ({ value }) => value, { mailbox: { capacity } });
  for (const capacity of [0, -1, 1.5, Number.NaN]) {
    expect(spawn(capacity)).toThrow(expect.objectContaining({ code: "invalid_option" }));
  }
  const { ref } = await gatedActor(system, { mailbox: { capacity: 1 } });
  expect([ref.tryTell(item(1)), ref.tryTell(item(2))]).toEqual([true, false]);
});

describe("TestChannelMailboxActorContext", () => {
  test("send respects actor context: a stop refuses those that wait for room, and those that come", async () => {
    const system = newSystem();
    const { ref, open } = await gatedActor(system, { mailbox: { capacity: 1 } });
    await ref.tell(item(42));
    const parked = ref.tell(item(43));
    const stopped = system.stop(ref);
    const late = ref.tell(item(44));
    open();
    expect(await outcomes([parked, late])).toEqual(["actor_terminated", "actor_terminated"]);
    await stopped;
    expect(deadValues(system).toSorted(ascending)).toEqual([42, 43, 44]);
  });

  test("receive respects actor context (differs: no message after a stop, where lnd may handle one)", async () => {
    const system = newSystem();
    const { ref, seen, open } = await gatedActor(system, { mailbox: { capacity: 10 } });
    await ref.tell(item(42));
    const stopped = system.stop(ref);
    open();
    await stopped;
    expect(seen).toEqual([]);
  });
});

test.each([1, 2, 150, 1999])(
  "TestMailboxConcurrentSendAndClose, closed at message %i: each is handled or a dead letter, once",
  async (stopAt) => {
    const system = newSystem({ deadLetterCapacity: 5000 });
    const [ref, seen] = keeper(system, 100, stopAt);
    const refused = await sendAll(20, 100, telling(ref));
    await system.whenTerminated(ref);
    expect(seen).toHaveLength(stopAt);
    const dead = new Set(deadValues(system));
    expect(refused.filter((value) => !dead.has(value))).toEqual([]);
    expect([...seen, ...deadValues(system)].toSorted(ascending)).toEqual(range(2000));
    await expect(ref.tell(item(999))).rejects.toMatchObject({ code: "actor_terminated" });
  },
);

test.each([1, 7, 40])(
  "TestMailboxConcurrentTrySendAndClose, closed at message %i: what was accepted is handled or a dead letter, once",
  async (stopAt) => {
    const system = newSystem({ deadLetterCapacity: 5000 });
    const [ref, seen] = keeper(system, 10, stopAt);
    const accepted: number[] = [];
    await sendAll(20, 100, async (message) => {
      const isIn = ref.tryTell(message);
      if (isIn) accepted.push(message.value);
      else await turns(1); // or all could be refused before the actor has a turn
      return isIn;
    });
    await system.whenTerminated(ref);
    expect(seen).toHaveLength(stopAt);
    const dead = new Set(deadValues(system));
    expect(dead.size).toBe(system.deadLetters.total);
    expect(seen.filter((value) => dead.has(value))).toEqual([]);
    expect(accepted.filter((value) => !dead.has(value))).toEqual(seen);
    expect(ref.tryTell(item(999))).toBe(false);
  },
);

test("TestMailboxMultipleCloseCallers: a hundred stops are one, and all wait for it", async () => {
  const system = newSystem();
  let stops = 0;
  const behavior = { receive: ({ value }: Item) => value, onStop: () => stops++ };
  const ref = system.spawn<Item>("test", behavior);
  await ref.ask(item(1)); // what never had a turn has nothing to stop
  const stopped = await Promise.all(range(100).map(() => system.stop(ref)));
  expect(stopped).toEqual(range(100).map(() => true));
  expect(stops).toBe(1);
  expect([await system.stop(ref), system.stats.terminated]).toEqual([false, 1]);
});

test("TestMailboxCloseWhileSending: 10 senders of 1000 each learn of the end", async () => {
  const system = newSystem({ deadLetterCapacity: 10_000 });
  const [ref, seen] = keeper(system, 100);
  const sent = sendAll(10, 1000, telling(ref));
  await Promise.resolve(); // the senders are at work, most of their messages are still to come
  const stopped = system.stop(ref);
  const refused = await sent;
  await stopped;
  expect(refused.length).toBeGreaterThan(0);
  expect([...seen, ...deadValues(system)].toSorted(ascending)).toEqual(range(10_000));
});

test("TestMailboxStressTest: 50 senders, 5 receivers, each message to one of them", async () => {
  const queue = new QueueRef<Item>({ id: "queue", capacity: 200 });
  const received: number[] = [];
  const receiving = range(5).map(async () => {
    for await (const { value } of queue) received.push(value);
  });
  expect(await sendAll(50, 200, telling(queue))).toEqual([]);
  await turns(); // all is received, and the receivers wait for more
  queue.close();
  await Promise.all(receiving);
  expect(received.toSorted(ascending)).toEqual(range(10_000));
});
