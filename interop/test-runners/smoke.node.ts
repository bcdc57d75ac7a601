import { describe, it, mock } from "node:test";
import { fakeTimers } from "./fake-timers.ts";
import { smoke } from "./smoke.ts";

smoke({ describe, it });
fakeTimers({
  describe,
  it,
  fake: () => mock.timers.enable(),
  advance: (ms) => mock.timers.tick(ms),
  restore: () => mock.timers.reset(),
});
