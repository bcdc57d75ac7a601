import { VirtualClock } from "@satwire/testkit";
import { expect, test } from "vitest";
import { TickClock } from "../../src/network/tick-clock.ts";

test.each([0.1, 0.7, 1, 7])("a tick of %d ms never fires a timer early", async (tickMs) => {
  const clock = new VirtualClock();
  const ticks = new TickClock(clock, tickMs);
  const startedAt = clock.now();
  const early: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const dueAt = startedAt + i * 0.01;
    ticks.setTimer(() => {
      if (clock.now() < dueAt) early.push(i);
    }, dueAt - startedAt);
  }
  await clock.runUntilIdle();
  expect(early).toEqual([]); // whoever looks at the time would set it again, for ever
});
