import type { SuiteRunner } from "@satwire/testkit/compliance";
import { fakeTimers } from "./fake-timers.ts";
import { smoke } from "./smoke.ts";

/** What jest has as globals: its own types would clash with those of vitest. */
interface Jest {
  useFakeTimers(options: { readonly doNotFake: readonly string[] }): void;
  advanceTimersByTime(ms: number): void;
  useRealTimers(): void;
}

const { describe, it } = globalThis as unknown as SuiteRunner;
const { jest } = import.meta as unknown as { jest: Jest };

smoke({ describe, it });
fakeTimers({
  describe,
  it,
  fake: () => jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }),
  advance: (ms) => jest.advanceTimersByTime(ms),
  restore: () => jest.useRealTimers(),
});
