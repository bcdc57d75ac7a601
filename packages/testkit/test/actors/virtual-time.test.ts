// Actors on a virtual clock: hours pass in no time, and in the same order each time.
import { ActorSystem, Backoff, type Message, setup } from "@satwire/actor";
import { VirtualClock } from "@satwire/testkit";
import { expect, test } from "vitest";

interface Tick extends Message {
  readonly type: "tick";
}
interface GetTicks extends Message<number> {
  readonly type: "getTicks";
}

test("timers fire when time is moved", async () => {
  const clock = new VirtualClock();
  await using system = new ActorSystem({ clock });
  const ref = system.spawn(
    "ticking",
    setup<Tick | GetTicks>((context) => {
      let ticks = 0;
      context.timers.every("tick", 3_600_000, { type: "tick" });
      return (message) => (message.type === "tick" ? void ticks++ : ticks);
    }),
  );
  await clock.advance(24 * 3_600_000);
  expect(await ref.ask({ type: "getTicks" })).toBe(24);
  await system.stop(ref);
  expect(clock.pending).toEqual([]);
});

test("deadlines and restarts wait for it, too", async () => {
  const clock = new VirtualClock();
  await using system = new ActorSystem({ clock });
  let lives = 0;
  const ref = system.spawn(
    "failing",
    setup<GetTicks>(() => {
      if (++lives < 4) throw new Error("not yet");
      return (_message, { signal }) =>
        new Promise<number>((resolve) => signal.addEventListener("abort", () => resolve(0)));
    }),
    {
      supervision: {
        directive: "restart",
        backoff: () => new Backoff({ initialMs: 1000, maxMs: 60_000 }),
      },
    },
  );
  const asked = ref.ask({ type: "getTicks" }, { timeoutMs: 10_000 });
  await clock.advance(6_999); // 1000 + 2000 + 4000
  expect(lives).toBe(3);
  await clock.advance(1);
  expect(lives).toBe(4);
  await clock.advance(3_000);
  await expect(asked).rejects.toMatchObject({ code: "ask_timeout" });
  expect(clock.pending).toEqual([]);
});
