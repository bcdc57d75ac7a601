import { type Clock, sleep, systemClock, type Timer } from "@satwire/actor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the system clock", () => {
  test("fires once, and not after it was cancelled", () => {
    const fired: string[] = [];
    systemClock.setTimer(() => fired.push("kept"), 10);
    systemClock.setTimer(() => fired.push("cancelled"), 10).cancel();
    vi.advanceTimersByTime(100);
    expect(fired).toEqual(["kept"]);
  });

  test("moves on with time", () => {
    const start = systemClock.now();
    vi.advanceTimersByTime(1234);
    expect(systemClock.now() - start).toBe(1234);
  });

  test("counts delays that setTimeout would fire at once", () => {
    const delayMs = 2 ** 31 + 5;
    let fired = 0;
    systemClock.setTimer(() => fired++, delayMs);
    const cancelled = systemClock.setTimer(() => fired++, delayMs);
    vi.advanceTimersByTime(2 ** 31 + 4);
    expect(fired).toBe(0);
    cancelled.cancel();
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
  });

  test("a background timer fires like any other", () => {
    let fired = 0;
    systemClock.setTimer(() => fired++, 10, { background: true });
    vi.advanceTimersByTime(10);
    expect(fired).toBe(1);
  });
});

describe("sleep", () => {
  test("resolves when the clock gets there and lets go of the signal", async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const done = sleep(systemClock, 50, { signal });
    vi.advanceTimersByTime(50);
    await done;
    expect(removed).toHaveBeenCalledOnce();
  });

  test("rejects with the reason of an abort and takes its timer back", async () => {
    let cancelled = 0;
    const timer: Timer = { cancel: () => cancelled++ };
    const clock: Clock = { now: () => 0, setTimer: () => timer };
    const controller = new AbortController();
    const waiting = sleep(clock, 50, { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(cancelled).toBe(1);
    await expect(sleep(clock, 50, { signal: controller.signal })).rejects.toBe(reason);
  });
});
