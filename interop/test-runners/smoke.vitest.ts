import { describe, it, vi } from "vitest";
import { fakeTimers } from "./fake-timers.ts";
import { smoke } from "./smoke.ts";

smoke({ describe, it });
fakeTimers({
  describe,
  it,
  fake: () => void vi.useFakeTimers(),
  advance: (ms) => void vi.advanceTimersByTime(ms),
  restore: () => void vi.useRealTimers(),
});
