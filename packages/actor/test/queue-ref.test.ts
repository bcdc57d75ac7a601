import { describe, expect, expectTypeOf, test } from "vitest";
import type { Message } from "../src/message.ts";
import { QueueRef, type QueueRefOptions } from "../src/queue-ref.ts";
import type { TellRef } from "../src/ref.ts";

interface Item extends Message {
  readonly type: "item";
  readonly value: number;
}

const item = (value: number): Item => ({ type: "item", value });
const make = (options: Partial<QueueRefOptions> = {}): QueueRef<Item> =>
  new QueueRef<Item>({ id: "probe", capacity: 2, ...options });
const valuesOf = (items: readonly Item[]): number[] => items.map(({ value }) => value);

describe("tell", () => {
  test("keeps what it is told, in order", async () => {
    const ref = make();
    await ref.tell(item(1));
    expect(ref.tryTell(item(2))).toBe(true);
    expect(ref.size).toBe(2);
    expect(valuesOf(ref.drain())).toEqual([1, 2]);
    expect(ref.size).toBe(0);
  });

  test("waits for room when it is full; tryTell does not, and does not overtake", async () => {
    const ref = make({ capacity: 1 });
    void ref.tell(item(1));
    const accepted: number[] = [];
    const waiting = [2, 3].map((n) => ref.tell(item(n)).then(() => accepted.push(n)));
    expect(ref.tryTell(item(4))).toBe(false);
    expect((await ref.take()).value).toBe(1);
    await waiting[0];
    expect(accepted).toEqual([2]);
    expect(ref.tryTell(item(4))).toBe(false);
    expect((await ref.take()).value).toBe(2);
    await waiting[1];
    expect((await ref.take()).value).toBe(3);
    expect(ref.size).toBe(0);
  });

  test("is refused at once when too many wait already, and not when one of them is in", async () => {
    const ref = make({ capacity: 1, waitingLimit: 2 });
    void ref.tell(item(1));
    void ref.tell(item(2));
    void ref.tell(item(3));
    await expect(ref.tell(item(4))).rejects.toMatchObject({
      name: "ActorError",
      code: "mailbox_full",
      actorId: "probe",
      messageType: "item",
    });
    void ref.take();
    const waiting = ref.tell(item(5)); // in the same turn as the take
    expect(valuesOf(ref.drain())).toEqual([2, 3, 5]);
    await waiting;
  });

  test("lets 1000 wait unless told otherwise, and none with a limit of 0", async () => {
    const ref = make({ capacity: 1 });
    for (let i = 0; i <= 1_000; i++) void ref.tell(item(i));
    await expect(ref.tell(item(-1))).rejects.toMatchObject({ code: "mailbox_full" });
    expect(ref.drain()).toHaveLength(1_001);
    const strict = make({ capacity: 1, waitingLimit: 0 });
    await strict.tell(item(1));
    await expect(strict.tell(item(2))).rejects.toMatchObject({ code: "mailbox_full" });
  });

  test("with a signal that is aborted already sends nothing, though there is room", async () => {
    const ref = make();
    const reason = new Error("changed my mind");
    const signal = AbortSignal.abort(reason);
    await expect(ref.tell(item(1), { signal })).rejects.toMatchObject({
      name: "ActorError",
      code: "aborted",
      cause: reason,
    });
    expect(ref.size).toBe(0);
  });

  test("an abort ends the wait and frees its place; what is accepted stays", async () => {
    const ref = make({ capacity: 1, waitingLimit: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    await ref.tell(item(1), { signal });
    const waiting = ref.tell(item(2), { signal });
    controller.abort("enough");
    void ref.tell(item(3));
    await expect(waiting).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    expect(valuesOf(ref.drain())).toEqual([1, 3]);
  });
});

describe("take", () => {
  test("waits for the next message", async () => {
    const ref = make();
    const [one, two] = [ref.take(), ref.take()];
    expect([ref.tryTell(item(1)), ref.tryTell(item(2)), ref.size]).toEqual([true, true, 0]);
    expect([(await one).value, (await two).value]).toEqual([1, 2]);
  });

  test("that need not wait does not overtake one that had to", async () => {
    const ref = make();
    const seen: number[] = [];
    const keep = (taken: Item): unknown => seen.push(taken.value);
    const waited = ref.take().then(keep);
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    await Promise.all([waited, ref.take().then(keep)]);
    expect(seen).toEqual([1, 2]);
  });

  test("that was given up swallows no message", async () => {
    const ref = make();
    const controller = new AbortController();
    const waiting = ref.take({ signal: controller.signal });
    const patient = ref.take();
    controller.abort("enough");
    ref.tryTell(item(1));
    await expect(waiting).rejects.toMatchObject({
      name: "ActorError",
      code: "aborted",
      cause: "enough",
    });
    expect((await patient).value).toBe(1);
  });

  test("keeps a message that came before the abort, in the same turn", async () => {
    const ref = make();
    const controller = new AbortController();
    const waiting = ref.take({ signal: controller.signal });
    ref.tryTell(item(1));
    controller.abort();
    expect((await waiting).value).toBe(1);
  });

  test("with a signal that is aborted already leaves the message where it is", async () => {
    const ref = make();
    ref.tryTell(item(1));
    await expect(ref.take({ signal: AbortSignal.abort("late") })).rejects.toMatchObject({
      code: "aborted",
      cause: "late",
    });
    expect(valuesOf(ref.drain())).toEqual([1]);
  });
});

describe("close", () => {
  test("refuses what comes, before it looks at a signal", async () => {
    const ref = make();
    expect(ref.isClosed).toBe(false);
    ref.close();
    ref.close();
    expect(ref.isClosed).toBe(true);
    const closed = { code: "actor_terminated", actorId: "probe", messageType: "item" };
    await expect(ref.tell(item(1))).rejects.toMatchObject(closed);
    await expect(ref.tell(item(1), { signal: AbortSignal.abort() })).rejects.toMatchObject(closed);
    expect(ref.tryTell(item(1))).toBe(false);
    expect(ref.drain()).toEqual([]);
  });

  test("refuses the senders that wait, with a signal or without", async () => {
    const ref = make({ capacity: 1 });
    void ref.tell(item(1));
    const { signal } = new AbortController();
    const waiting = [ref.tell(item(2)), ref.tell(item(3), { signal })];
    ref.close();
    for (const one of waiting) {
      await expect(one).rejects.toMatchObject({ code: "actor_terminated", messageType: "item" });
    }
    expect(valuesOf(ref.drain())).toEqual([1]);
  });

  test("leaves what is in to be taken, then take rejects", async () => {
    const ref = make();
    ref.tryTell(item(1));
    ref.close();
    expect((await ref.take()).value).toBe(1);
    await expect(ref.take()).rejects.toMatchObject({ code: "actor_terminated", actorId: "probe" });
  });

  test("ends takes that wait", async () => {
    const ref = make();
    const waiting = [ref.take(), ref.take({ signal: new AbortController().signal })];
    ref.close();
    for (const one of waiting) {
      await expect(one).rejects.toMatchObject({ name: "ActorError", code: "actor_terminated" });
    }
  });
});

describe("a loop", () => {
  test("gets all, those that waited for room too, until the end", async () => {
    const ref = make({ capacity: 1 });
    const sent = [1, 2, 3].map((n) => ref.tell(item(n)));
    void Promise.all(sent).then(() => ref.close());
    const seen: number[] = [];
    for await (const { value } of ref) seen.push(value);
    expect(seen).toEqual([1, 2, 3]);
  });

  test("that is left closes nothing, and another one goes on", async () => {
    const ref = make();
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    for await (const { value } of ref) {
      expect(value).toBe(1);
      break;
    }
    expect(ref.isClosed).toBe(false);
    expect(ref.tryTell(item(3))).toBe(true);
    ref.close();
    const seen: number[] = [];
    for await (const { value } of ref) seen.push(value);
    expect(seen).toEqual([2, 3]);
  });
});

describe("bad options", () => {
  test("an empty id: empty_actor_id", () => {
    expect(() => make({ id: "" })).toThrow(
      expect.objectContaining({ name: "ActorError", code: "empty_actor_id" }),
    );
  });

  test.each([
    [{ capacity: 0 }, "queueRef.capacity is 0"],
    [{ capacity: 1.5 }, "queueRef.capacity is 1.5"],
    [{ capacity: Number.POSITIVE_INFINITY }, "queueRef.capacity is Infinity"],
    [{ waitingLimit: -1 }, "queueRef.waitingLimit is -1"],
    [{ waitingLimit: Number.POSITIVE_INFINITY }, "queueRef.waitingLimit is Infinity"],
  ])("%j: invalid_option", (options, text) => {
    expect(() => make(options)).toThrow(
      expect.objectContaining({
        name: "ActorError",
        code: "invalid_option",
        message: expect.stringContaining(text),
      }),
    );
  });
});

test("it is a ref that can be told, and not asked", () => {
  const ref = make();
  expectTypeOf(ref).toExtend<TellRef<Item>>();
  // @ts-expect-error there is nobody to answer
  void ref.ask;
  expect(ref.id).toBe("probe");
});
