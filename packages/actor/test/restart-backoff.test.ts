import { Backoff, type Behavior, setup, type Supervision } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { type Add, add, boom, counter, type Counting, fail, get } from "./counter.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

describe("waiting before a restart", () => {
  const backoff = (): Backoff => new Backoff({ initialMs: 100, maxMs: 350 });

  test("the waits grow up to the cap, and begin anew when it was quiet for withinMs", async () => {
    const { system, clock } = recordedSystem();
    const supervision: Supervision = { directive: "restart", withinMs: 5000, backoff };
    const ref = system.spawn("counter", counter, { supervision });
    const waits: number[][] = [];
    const failOnce = async (): Promise<void> => {
      ref.tryTell(fail);
      await turns();
      waits.push(clock.pendingMs);
      await clock.advance(clock.pendingMs[0] ?? 0);
    };
    for (let i = 0; i < 4; i++) await failOnce();
    await clock.advance(5000);
    await failOnce();
    expect(waits).toEqual([[100], [200], [350], [350], [100]]);
    expect(clock.pendingMs).toEqual([]);
  });

  test("the wait itself is no quiet time: an actor that fails at each start comes to the cap", async () => {
    const { system, clock } = recordedSystem();
    const behavior: Behavior<Add> = {
      receive: () => {},
      onStart: () => {
        throw boom;
      },
    };
    const supervision: Supervision = {
      directive: "restart",
      maxRestarts: 100,
      withinMs: 10_000,
      backoff: () => new Backoff({ initialMs: 1000, maxMs: 60_000 }),
    };
    system.spawn("bad", behavior, { supervision });
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await turns();
      const [waitMs = 0] = clock.pendingMs;
      waits.push(waitMs / 1000);
      await clock.advance(waitMs);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("messages wait meanwhile and are handled in order after it", async () => {
    const { system, clock } = recordedSystem();
    const ref = system.spawn("counter", counter, {
      supervision: { directive: "restart", backoff },
    });
    ref.tryTell(fail);
    await turns();
    ref.tryTell(add);
    let total: number | undefined;
    void ref.ask(get).then((reply) => {
      total = reply;
    });
    await clock.advance(99);
    expect(total).toBe(undefined);
    expect(system.actors).toMatchObject([{ state: "restarting", isBusy: false, waiting: 2 }]);
    await clock.advance(1);
    expect(total).toBe(1);
    expect(system.actors).toMatchObject([{ state: "running", waiting: 0 }]);
  });

  test("stop during the wait: the timer is gone, the actor does not start again", async () => {
    const { system, clock, all } = recordedSystem();
    let starts = 0;
    const behavior = setup<Counting>((context) => {
      starts++;
      return counter.create(context);
    });
    const ref = system.spawn("counter", behavior, {
      supervision: { directive: "restart", backoff },
    });
    ref.tryTell(fail);
    await turns();
    ref.tryTell(add);
    expect(clock.pendingMs).toEqual([100]);
    const stopped = system.stop(ref);
    expect(clock.pendingMs).toEqual([]);
    expect(await stopped).toBe(true);
    expect(starts).toBe(1);
    expect(all("restarted")).toEqual([]);
    expect(all("terminated")).toHaveLength(1);
    expect(system.deadLetters.recent).toMatchObject([{ reason: "stopped", message: add }]);
  });

  test("the jitter comes from the random source that was given", async () => {
    const { system, clock } = recordedSystem();
    const jittered = (): Backoff =>
      new Backoff({ initialMs: 100, maxMs: 350, jitter: 0.5, random: () => 0.5 });
    const supervision: Supervision = { directive: "restart", backoff: jittered };
    system.spawn("counter", counter, { supervision }).tryTell(fail);
    await turns();
    expect(clock.pendingMs).toEqual([75]);
  });

  test("each actor has waits of its own", async () => {
    const { system, clock } = recordedSystem({
      spawnDefaults: { supervision: { directive: "restart", backoff } },
    });
    for (const id of ["a", "b"]) system.spawn(id, counter).tryTell(fail);
    await turns();
    expect(clock.pendingMs).toEqual([100, 100]);
  });

  test("a random source that throws does not leave the actor hanging", async () => {
    const { system } = recordedSystem();
    const random = (): number => {
      throw new Error("no entropy");
    };
    const supervision: Supervision = {
      directive: "restart",
      backoff: () => new Backoff({ initialMs: 100, maxMs: 350, jitter: 0.5, random }),
    };
    const ref = system.spawn("counter", counter, { supervision });
    ref.tryTell(fail);
    await turns();
    let isOver = false;
    void system.stop(ref).then(() => {
      isOver = true;
    });
    await turns();
    expect(isOver).toBe(true);
  });

  test.each([Number.POSITIVE_INFINITY, Number.NaN, -1])(
    "a wait of %d ms is none: the actor stops, and an error tells why",
    async (delayMs) => {
      const { system, clock, all } = recordedSystem();
      const delays = { next: () => delayMs, reset: () => {} };
      const supervision: Supervision = { directive: "restart", backoff: () => delays };
      const ref = system.spawn("counter", counter, { supervision });
      ref.tryTell(fail);
      await turns();
      expect(system.actors).toEqual([]);
      expect(clock.pendingMs).toEqual([]);
      expect(all("error")).toMatchObject([
        { phase: "turn", directive: "restart", error: boom },
        { phase: "directive", directive: "stop", error: { code: "invalid_option" } },
      ]);
      expect(all("terminated")).toMatchObject([{ error: { code: "invalid_option" } }]);
    },
  );
});
