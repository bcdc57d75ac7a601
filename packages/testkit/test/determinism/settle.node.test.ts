import { mock } from "node:test";
import { leakCheck, settle } from "@satwire/testkit";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  mock.timers.reset();
  vi.useRealTimers();
});

test("goes on beside the fake timers of node:test", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
  let fired = false;
  setImmediate(() => {
    fired = true;
  });
  await settle();
  expect(fired).toBe(false);
  mock.timers.tick(1);
  expect(fired).toBe(true);
});

test("goes on when fake timers were there before it was imported, and leaves nothing open", async () => {
  vi.useFakeTimers();
  vi.resetModules();
  const later = await import("../../src/determinism/settle.ts");
  expect(later.settle).not.toBe(settle);
  const check = leakCheck();
  await later.settle();
  await check.assertClean({ timeoutMs: 10_000 });
});
