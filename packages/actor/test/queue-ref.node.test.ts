import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Message } from "../src/message.ts";
import { QueueRef } from "../src/queue-ref.ts";

interface Item extends Message {
  readonly type: "item";
}

const item: Item = { type: "item" };
const make = (): QueueRef<Item> => new QueueRef<Item>({ id: "probe", capacity: 1 });

test("10,000 waits on one signal, for room and for messages, leave no listener", async () => {
  const ref = make();
  const { signal } = new AbortController();
  for (let round = 0; round < 100; round++) {
    const taken = Array.from({ length: 50 }, () => ref.take({ signal }));
    const told = Array.from({ length: 50 }, () => ref.tell(item, { signal }));
    await Promise.all([...taken, ...told]);
    const waiting = Array.from({ length: 50 }, () => ref.tell(item, { signal }));
    ref.drain();
    await Promise.all(waiting);
  }
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("an end by close or abort leaves no listener either", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const [closing, aborting, full] = [make(), make(), make()];
  void full.tell(item);
  const waiting = [
    closing.take({ signal }),
    aborting.take({ signal }),
    full.tell(item, { signal }),
  ];
  closing.close();
  controller.abort();
  await Promise.allSettled(waiting);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("failures that nobody looks at are no unhandled rejections", async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): unknown => unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  try {
    const controller = new AbortController();
    const { signal } = controller;
    const ref = new QueueRef<Item>({ id: "probe", capacity: 1, waitingLimit: 2 });
    void make().take({ signal });
    void ref.tell(item);
    void ref.tell(item);
    void ref.tell(item, { signal });
    void ref.tell(item); // one too many
    controller.abort();
    void ref.tell(item, { signal });
    void ref.take({ signal });
    ref.close();
    void ref.tell(item);
    ref.drain();
    void ref.take();
    const other = make();
    void other.take();
    other.close();
    await setImmediate(); // Node tells of them after the microtasks
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", onUnhandled);
  }
});
