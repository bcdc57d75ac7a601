import {
  ActorSystem,
  type ActorRef,
  Deferred,
  type MailboxOptions,
  type Message,
  randomEarlyDrop,
  type SystemOptions,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { seededRandom } from "./seeded-random.ts";
import { turns } from "./turns.ts";

interface Item extends Message<number> {
  readonly type: "item";
  readonly n: number;
}

const item = (n: number): Item => ({ type: "item", n });

/** An actor whose first turn, with item 0, lasts until `open`; all else waits in its mailbox. */
async function busy(mailbox?: MailboxOptions, options?: SystemOptions) {
  const recorded = recordedSystem(options);
  const gate = new Deferred<void>();
  const handled: number[] = [];
  const ref: ActorRef<Item> = recorded.system.spawn(
    "a",
    async ({ n }) => {
      await gate.promise;
      handled.push(n);
      return n;
    },
    { mailbox },
  );
  ref.tryTell(item(0));
  await turns();
  const open = async (): Promise<number[]> => {
    gate.resolve();
    await turns(8);
    return handled.slice(1);
  };
  return { ...recorded, ref, open };
}

/** What promises have come to by now. */
async function states(promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  const found: unknown[] = promises.map(() => "waiting");
  for (const [i, promise] of promises.entries()) {
    promise.then(
      () => {
        found[i] = "accepted";
      },
      (error: unknown) => {
        found[i] = (error as { code?: unknown }).code;
      },
    );
  }
  await turns();
  return found;
}

describe("wait, the default", () => {
  test("100 messages wait by default; then tell waits, tryTell is false", async () => {
    const { ref, system, open } = await busy();
    for (let n = 1; n <= 100; n++) expect(ref.tryTell(item(n))).toBe(true);
    expect(ref.tryTell(item(101))).toBe(false);
    const waiting = ref.tell(item(102));
    expect(await states([waiting])).toEqual(["waiting"]);
    expect(system.actors).toMatchObject([{ waiting: 100 }]);
    const handled = await open();
    await waiting;
    expect(handled).toEqual([...Array.from({ length: 100 }, (_, i) => i + 1), 102]);
    expect(system.stats).toMatchObject({ dropped: 0, refused: 0, deadLetter: 0 });
  });

  test("senders that wait come in, in their order, told and asked alike", async () => {
    const { ref, open } = await busy({ capacity: 1 });
    ref.tryTell(item(1));
    const told = ref.tell(item(2));
    const asked = ref.ask(item(3));
    const last = ref.tell(item(4));
    expect(await open()).toEqual([1, 2, 3, 4]);
    await Promise.all([told, last]);
    expect(await asked).toBe(3);
  });

  test("tryTell does not overtake those that wait", async () => {
    const { system } = recordedSystem();
    const gates = [new Deferred<void>(), new Deferred<void>(), new Deferred<void>()];
    const handled: number[] = [];
    const ref = system.spawn<Item>(
      "a",
      async ({ n }) => {
        await gates[handled.length]?.promise;
        handled.push(n);
        return n;
      },
      { mailbox: { capacity: 1 } },
    );
    ref.tryTell(item(0));
    await turns();
    ref.tryTell(item(1));
    const waiting = ref.tell(item(2));
    gates[0]?.resolve();
    await waiting;
    expect(ref.tryTell(item(3))).toBe(false); // its place was given to who waited
    gates[1]?.resolve();
    gates[2]?.resolve();
    await turns();
    expect(handled).toEqual([0, 1, 2]);
  });

  test("a wait that was aborted leaves no trace: not handled, no dead letter, its place is free", async () => {
    const { ref, system, open } = await busy({ capacity: 1, waitingLimit: 2 });
    ref.tryTell(item(1));
    const controller = new AbortController();
    const told = ref.tell(item(2), { signal: controller.signal });
    const asked = ref.ask(item(3), { signal: controller.signal });
    controller.abort("enough");
    await expect(told).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    await expect(asked).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    const others = [ref.tell(item(4)), ref.tell(item(5))];
    expect(await open()).toEqual([1, 4, 5]);
    await Promise.all(others);
    expect(system.deadLetters.total).toBe(0);
  });

  test("an ask that is out of time while it waits for room is never handled", async () => {
    const { ref, clock, open, all } = await busy({ capacity: 1 });
    ref.tryTell(item(1));
    const asked = ref.ask(item(2), { timeoutMs: 20 });
    await clock.advance(20);
    await expect(asked).rejects.toMatchObject({ code: "ask_timeout", messageType: "item" });
    expect(await open()).toEqual([1]);
    expect(clock.pendingMs).toEqual([]);
    expect(all("refused")).toMatchObject([{ code: "ask_timeout", actorId: "a" }]);
  });

  test("an abort after the message was accepted changes nothing", async () => {
    const { ref, open } = await busy({ capacity: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    await ref.tell(item(1), { signal });
    const waiting = ref.tell(item(2), { signal });
    const handled = open();
    await waiting;
    controller.abort();
    expect(await handled).toEqual([1, 2]);
  });

  test("more than waitingLimit are refused at once", async () => {
    const { ref, all, open } = await busy({ capacity: 1, waitingLimit: 2 });
    ref.tryTell(item(1));
    const promises = [ref.tell(item(2)), ref.ask(item(3)), ref.tell(item(4)), ref.ask(item(5))];
    expect(await states(promises)).toEqual(["waiting", "waiting", "mailbox_full", "mailbox_full"]);
    expect(all("refused")).toMatchObject([
      { actorId: "a", code: "mailbox_full", messageType: "item" },
      { actorId: "a", code: "mailbox_full", messageType: "item" },
    ]);
    expect(await open()).toEqual([1, 2, 3]);
  });

  test("waitingLimit is 1000 by default; with 0 nobody waits", async () => {
    const { ref } = await busy({ capacity: 1 });
    ref.tryTell(item(1));
    const promises = Array.from({ length: 1001 }, () => ref.tell(item(2)));
    const found = await states(promises);
    expect(found.filter((state) => state === "waiting")).toHaveLength(1000);
    expect(found.at(-1)).toBe("mailbox_full");
    const { ref: strict } = await busy({ capacity: 1, waitingLimit: 0 });
    strict.tryTell(item(1));
    await expect(strict.tell(item(2))).rejects.toMatchObject({ code: "mailbox_full" });
  });
});

describe("reject", () => {
  test("refuses tell, ask and tryTell when full, keeps what is in", async () => {
    const { ref, system, all, open } = await busy({ capacity: 2, overflow: "reject" });
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    const full = { code: "mailbox_full", actorId: "a", messageType: "item" };
    await expect(ref.tell(item(3))).rejects.toMatchObject(full);
    await expect(ref.ask(item(4))).rejects.toMatchObject(full);
    expect(ref.tryTell(item(5))).toBe(false);
    expect(await open()).toEqual([1, 2]);
    expect(all("refused")).toHaveLength(2);
    expect(system.deadLetters.total).toBe(0);
    await ref.tell(item(6));
  });
});

describe("dropNewest", () => {
  test("drops what comes when full: its sender learns of it, an event tells", async () => {
    const { ref, system, all, open } = await busy({ capacity: 2, overflow: "dropNewest" });
    ref.tryTell(item(1));
    const kept = ref.ask(item(2));
    const dropped = { code: "message_dropped", actorId: "a", messageType: "item" };
    await expect(ref.tell(item(3))).rejects.toMatchObject(dropped);
    await expect(ref.ask(item(4))).rejects.toMatchObject(dropped);
    expect(ref.tryTell(item(5))).toBe(false);
    expect(await open()).toEqual([1, 2]);
    expect(await kept).toBe(2);
    expect(all("dropped")).toMatchObject(
      Array.from({ length: 3 }, () => ({ actorId: "a", messageType: "item" })),
    );
    expect(system.stats).toMatchObject({ dropped: 3, deadLetter: 0 });
  });
});

describe("dropOldest", () => {
  test("the one that has waited longest makes room; its asker learns of it", async () => {
    const { ref, system, all, open } = await busy({ capacity: 2, overflow: "dropOldest" });
    const evicted = ref.ask(item(1));
    ref.tryTell(item(2));
    await ref.tell(item(3));
    await expect(evicted).rejects.toMatchObject({ code: "message_dropped", actorId: "a" });
    expect(ref.tryTell(item(4))).toBe(true);
    const asked = ref.ask(item(5));
    expect(system.actors).toMatchObject([{ waiting: 2 }]);
    expect(await open()).toEqual([4, 5]);
    expect(await asked).toBe(5);
    expect(all("dropped")).toHaveLength(3);
  });

  test("an observer that answers a drop with a message does not overfill the mailbox", async () => {
    const found: { ref?: ActorRef<Item> } = {};
    let answers = 0;
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (type === "dropped" && answers++ < 1) found.ref?.tryTell(item(100));
    };
    const { ref, system } = await busy(
      { capacity: 2, overflow: "dropOldest" },
      { instrumentation: { onEvent } },
    );
    found.ref = ref;
    for (const n of [1, 2, 3]) ref.tryTell(item(n));
    expect(answers).toBeGreaterThan(0);
    expect(system.actors).toMatchObject([{ waiting: 2 }]);
  });
});

describe("dropWhen", () => {
  test("is asked for each message with the number of those that wait, and drops early", async () => {
    const seen: number[] = [];
    const dropWhen = (waiting: number): boolean => {
      seen.push(waiting);
      return waiting >= 2;
    };
    const { ref, all, open } = await busy({ capacity: 10, dropWhen });
    seen.length = 0;
    expect([1, 2, 3].map((n) => ref.tryTell(item(n)))).toEqual([true, true, false]);
    await expect(ref.tell(item(4))).rejects.toMatchObject({ code: "message_dropped" });
    await expect(ref.ask(item(5))).rejects.toMatchObject({ code: "message_dropped" });
    expect(seen).toEqual([0, 1, 2, 2, 2]);
    expect(await open()).toEqual([1, 2]);
    expect(all("dropped")).toHaveLength(3);
  });

  test("random early drop: none below min, all from max on, the same ones for the same seed", async () => {
    const run = async (seed: number): Promise<boolean[]> => {
      const dropWhen = randomEarlyDrop({ min: 10, max: 40, random: seededRandom(seed) });
      const { ref } = await busy({ capacity: 50, dropWhen });
      return Array.from({ length: 200 }, (_, n) => ref.tryTell(item(n)));
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    expect(first.slice(0, 10).every(Boolean)).toBe(true);
    const accepted = first.filter(Boolean).length;
    expect(accepted).toBeGreaterThan(20);
    expect(accepted).toBeLessThanOrEqual(40);
  });

  test("one that throws fails the sender, by the promise, is told of, and leaves the actor as it is", async () => {
    let isBad = false;
    const dropWhen = (): boolean => {
      if (isBad) throw new Error("bad policy");
      return false;
    };
    const { ref, all, open } = await busy({ dropWhen });
    isBad = true;
    const promises: Promise<unknown>[] = [];
    expect(() => promises.push(ref.tell(item(1)), ref.ask(item(2)))).not.toThrow();
    for (const promise of promises) await expect(promise).rejects.toThrow("bad policy");
    const told = { actorId: "a", phase: "mailbox", directive: undefined, messageType: "item" };
    expect(all("error")).toMatchObject([told, told]); // as nobody may look at the promises
    expect(() => ref.tryTell(item(3))).toThrow("bad policy");
    isBad = false;
    ref.tryTell(item(3));
    expect(await open()).toEqual([3]);
  });
});

test("with deadLetterDrops, what is dropped becomes a dead letter", async () => {
  const { ref, system } = await busy(
    { capacity: 1, overflow: "dropOldest" },
    { deadLetterDrops: true },
  );
  ref.tryTell(item(1));
  ref.tryTell(item(2));
  expect(system.deadLetters.recent).toMatchObject([
    { reason: "dropped", actorId: "a", message: { n: 1 } },
  ]);
});

test("the mailbox of spawnDefaults is used as a whole, or replaced as a whole", async () => {
  const system = new ActorSystem({
    spawnDefaults: { mailbox: { capacity: 1, overflow: "reject" } },
  });
  const never = (): Promise<number> => new Promise(() => {});
  const byDefault = system.spawn<Item>("a", never);
  const own = system.spawn<Item>("b", never, { mailbox: { capacity: 2 } });
  for (const ref of [byDefault, own]) ref.tryTell(item(0));
  await turns();
  byDefault.tryTell(item(1));
  await expect(byDefault.tell(item(2))).rejects.toMatchObject({ code: "mailbox_full" });
  own.tryTell(item(1));
  own.tryTell(item(2));
  expect(await states([own.tell(item(3))])).toEqual(["waiting"]);
});

test("messages are handled in order through growth and wrap-around of the ring", async () => {
  const { ref, system, open } = await busy({ capacity: 1000 });
  for (let n = 1; n <= 5; n++) ref.tryTell(item(n));
  expect(await open()).toEqual([1, 2, 3, 4, 5]);
  const asked: Promise<number>[] = [];
  for (let n = 0; n < 300; n++) {
    asked.push(ref.ask(item(n)));
    if (n % 7 === 0) await turns(1);
  }
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  expect(system.actors).toMatchObject([{ waiting: 0 }]);
});
