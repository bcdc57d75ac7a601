import { type Behavior, type Directive, handlers, setup, type Supervision } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { type Add, type Fail, add, boom, counter, type Counting, fail, get } from "./counter.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

const restarting: Supervision = { directive: "restart" };

describe("what follows a throw", () => {
  test("stop, unless told otherwise: the asker gets the very error, the rest is drained", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn("counter", counter);
    const failed = ref.ask(fail);
    ref.tryTell(add);
    const queued = ref.ask(get);
    await expect(failed).rejects.toBe(boom);
    await expect(queued).rejects.toMatchObject({ code: "actor_terminated", messageType: "get" });
    expect(system.actors).toEqual([]);
    expect(system.deadLetters.recent.map(({ message }) => message.type)).toEqual(["add", "get"]);
    expect(all("error")).toMatchObject([
      { actorId: "counter", error: boom, phase: "turn", directive: "stop", messageType: "fail" },
    ]);
    expect(all("terminated")).toMatchObject([{ actorId: "counter", error: boom }]);
  });

  test("resume: state, behaviour and mailbox stay, the asker still learns of it", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn("counter", counter, { supervision: { directive: "resume" } });
    ref.tryTell(add);
    const failed = ref.ask(fail);
    ref.tryTell(add);
    await expect(failed).rejects.toBe(boom);
    expect(await ref.ask(get)).toBe(2);
    expect(all("error")).toMatchObject([{ directive: "resume" }]);
    expect(all("restarted")).toEqual([]);
  });

  test("restart: the closure of setup begins anew, the mailbox is kept in order", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn("counter", counter, { supervision: restarting });
    ref.tryTell(add);
    ref.tryTell(add);
    const failed = ref.ask(fail);
    const between = ref.ask(get);
    ref.tryTell(add);
    const after = ref.ask(get);
    await expect(failed).rejects.toBe(boom);
    expect([await between, await after]).toEqual([0, 1]);
    expect(system.deadLetters.total).toBe(0);
    expect(all("restarted")).toMatchObject([{ actorId: "counter", error: boom }]);
    expect(system.stats).toMatchObject({ restarted: 1, error: 1, actors: 1 });
  });

  test("restart without setup goes on with the same function and what it has closed over", async () => {
    const { system } = recordedSystem();
    let total = 0;
    const receive = handlers<Counting>({
      add: () => total++,
      get: () => total,
      fail: () => {
        throw boom;
      },
    });
    const ref = system.spawn("counter", receive, { supervision: restarting });
    ref.tryTell(add);
    ref.tryTell(fail);
    expect(await ref.ask(get)).toBe(1);
  });

  test("a rejected promise is a throw", async () => {
    const { system } = recordedSystem();
    let lives = 0;
    const ref = system.spawn<Fail>(
      "late",
      setup(() => {
        lives++;
        return async () => {
          await turns(1);
          throw boom;
        };
      }),
      { supervision: restarting },
    );
    await expect(ref.ask(fail)).rejects.toBe(boom);
    await turns();
    expect(lives).toBe(2);
  });

  test("the directive is chosen by the error", async () => {
    const { system, all } = recordedSystem();
    const directive = (error: unknown): Directive => error as Directive;
    const ref = system.spawn("counter", counter, { supervision: { directive } });
    for (const error of ["resume", "restart", "stop"]) ref.tryTell({ type: "fail", error });
    await turns();
    expect(all("error").map((event) => event.directive)).toEqual(["resume", "restart", "stop"]);
    expect(system.actors).toEqual([]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("bad supervisor");
      },
      { message: "bad supervisor" },
    ],
    ["is none", () => "explode" as Directive, { code: "invalid_option" }],
  ])("a directive that %s stops the actor and is told of", async (_, directive, error) => {
    const { system, all } = recordedSystem();
    const ref = system.spawn("counter", counter, { supervision: { directive } });
    await expect(ref.ask(fail)).rejects.toBe(boom);
    expect(all("error")).toMatchObject([
      { phase: "directive", directive: "stop", error },
      { phase: "turn", directive: "stop", error: boom },
    ]);
    expect(system.actors).toEqual([]);
  });

  test("a failure while the actor is being stopped is told of, and supervision has no part", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn<Fail>(
      "late",
      async () => {
        await turns(2);
        throw boom;
      },
      { supervision: restarting },
    );
    const asked = ref.ask(fail);
    await turns(1);
    await system.stop(ref);
    await expect(asked).rejects.toBe(boom);
    expect(all("error")).toMatchObject([{ phase: "turn", directive: undefined, error: boom }]);
    expect(all("restarted")).toEqual([]);
    expect(all("terminated")).toMatchObject([{ error: undefined }]);
  });

  test("spawnDefaults say it for actors that do not", async () => {
    const { system } = recordedSystem({ spawnDefaults: { supervision: { directive: "resume" } } });
    const ref = system.spawn("counter", counter);
    const other = system.spawn("other", counter, { supervision: { directive: "stop" } });
    ref.tryTell(fail);
    other.tryTell(fail);
    await turns();
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["counter"]);
  });
});

describe("limits of restarts", () => {
  test("one more than maxRestarts within withinMs stops the actor; old ones do not count", async () => {
    const { system, clock, all } = recordedSystem();
    const supervision: Supervision = { directive: "restart", maxRestarts: 2, withinMs: 1000 };
    const ref = system.spawn("counter", counter, { supervision });
    ref.tryTell(fail);
    await clock.advance(600);
    ref.tryTell(fail);
    await clock.advance(400); // the first one is 1000 ms ago: not within
    ref.tryTell(fail);
    await clock.advance(599); // the second is 999 ms ago
    expect(all("restarted")).toHaveLength(3);
    ref.tryTell(fail);
    await turns();
    expect(all("restarted")).toHaveLength(3);
    expect(all("terminated")).toMatchObject([{ error: boom }]);
  });

  test("10 within 10 s by default", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn("counter", counter, { supervision: restarting });
    for (let i = 0; i < 11; i++) ref.tryTell(fail);
    await turns();
    expect(all("restarted")).toHaveLength(10);
    expect(system.actors).toEqual([]);
  });

  test("maxRestarts 0 is stop", async () => {
    const { system, all } = recordedSystem();
    const supervision: Supervision = { directive: "restart", maxRestarts: 0 };
    const ref = system.spawn("counter", counter, { supervision });
    await expect(ref.ask(fail)).rejects.toBe(boom);
    expect(all("error")).toMatchObject([{ directive: "stop" }]);
    expect(system.actors).toEqual([]);
  });

  test.each(["sync", "async"])(
    "an onStart that always fails (%s) ends within the limit",
    async (kind) => {
      const { system, all } = recordedSystem();
      let starts = 0;
      const behavior: Behavior<Add> = {
        receive: () => {},
        onStart: () => {
          starts++;
          if (kind === "async") return Promise.reject(boom);
          throw boom;
        },
      };
      const supervision: Supervision = { directive: "restart", maxRestarts: 3 };
      const ref = system.spawn("bad", behavior, { supervision });
      ref.tryTell(add);
      await system.whenTerminated(ref);
      expect(starts).toBe(4);
      expect(all("error").map(({ phase, directive }) => [phase, directive])).toEqual([
        ["start", "restart"],
        ["start", "restart"],
        ["start", "restart"],
        ["start", "stop"],
      ]);
      expect(system.deadLetters.recent).toMatchObject([{ reason: "stopped", message: add }]);
    },
  );

  test("an onStart that fails once is tried again, and the first message comes after it", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const behavior: Behavior<Add> = {
      receive: () => log.push("add"),
      onStart: async () => {
        log.push("start");
        await turns(1);
        if (log.length === 1) throw boom;
      },
    };
    const ref = system.spawn("slow", behavior, { supervision: restarting });
    await ref.ask(add);
    expect(log).toEqual(["start", "start", "add"]);
  });

  test.each([
    ["resume", { directive: "resume" }],
    ["no supervision", undefined],
  ] as const)("what never started cannot go on: %s is stop", async (_, supervision) => {
    const { system, all } = recordedSystem();
    const create = (): never => {
      throw boom;
    };
    const ref = system.spawn("bad", setup<Add>(create), { supervision });
    const asked = ref.ask(add);
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated" });
    expect(all("error")).toMatchObject([{ phase: "start", directive: "stop", error: boom }]);
    expect(all("terminated")).toMatchObject([{ error: boom }]);
  });
});
