import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Deferred } from "../src/deferred.ts";

test("10,000 waits on one signal leave no listener, however they end", async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 100; i++) {
    const deferred = new Deferred<number>();
    const waits = Array.from({ length: 100 }, () => deferred.wait({ signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(100);
    if (i % 2 === 0) deferred.resolve(i);
    else deferred.reject(new Error("gone"));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await Promise.allSettled(waits);
  }
});

test("an abort leaves no listener, and a wait that need not wait adds none", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const deferred = new Deferred<number>();
  const waiting = deferred.wait({ signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  await expect(deferred.wait({ signal })).rejects.toMatchObject({ code: "aborted" });
  const other = new AbortController().signal;
  deferred.resolve(1);
  await deferred.wait({ signal: other });
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(getEventListeners(other, "abort")).toHaveLength(0);
});

test("errors that nobody looks at are no unhandled rejections", async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): unknown => unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  try {
    const controller = new AbortController();
    const open = new Deferred<number>();
    void open.wait({ signal: controller.signal });
    controller.abort();
    void open.wait({ signal: controller.signal });
    const failed = new Deferred<number>();
    void failed.wait({ signal: new AbortController().signal });
    failed.reject(new Error("nobody looks"));
    void failed.wait();
    new Deferred<unknown>().resolve(Promise.reject(new Error("nor at what was handed on")));
    await setImmediate(); // Node tells of them after the microtasks
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", onUnhandled);
  }
});
