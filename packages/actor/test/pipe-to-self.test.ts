import { Deferred, type Message, type Receive, type SpawnOptions } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Get extends Message<number> {
  readonly type: "get";
}
interface Fail extends Message<number> {
  readonly type: "fail";
}
interface Got extends Message<number> {
  readonly type: "got";
  readonly value: unknown;
}
type Protocol = Get | Fail | Got;

const get = { type: "get" } as const;
const boom = new Error("boom");
const got = (value: unknown): Got => ({ type: "got", value });

describe("pipeToSelf", () => {
  /** Pipes promises, and collects what they settle with. */
  function piping(promises: readonly PromiseLike<unknown>[], options?: SpawnOptions) {
    const recorded = recordedSystem();
    const received: unknown[] = [];
    const receive: Receive<Protocol> = (message, context) => {
      if (message.type === "fail") throw boom;
      if (message.type === "got") return received.push(message.value);
      for (const promise of promises) context.pipeToSelf(promise, got);
      return promises.length;
    };
    return { ...recorded, received, ref: recorded.system.spawn("a", receive, options) };
  }

  test("results become messages, one at a time and not within another turn", async () => {
    const { system } = recordedSystem();
    const promise = new Deferred<number>();
    const gate = new Deferred<void>();
    const log: unknown[] = [];
    const ref = system.spawn<Protocol>("a", async (message, context) => {
      if (message.type === "got") return log.push(message.value);
      context.pipeToSelf(promise.promise, got, got);
      await gate.promise;
      log.push("turn over");
      return 0;
    });
    const asked = ref.ask(get);
    promise.resolve(7);
    await turns();
    expect(log).toEqual([]);
    gate.resolve();
    await asked;
    await turns();
    expect(log).toEqual(["turn over", 7]);
  });

  test("a rejection goes through onRejected", async () => {
    const { system } = recordedSystem();
    const received: unknown[] = [];
    const ref = system.spawn<Protocol>("a", (message, context) => {
      if (message.type === "got") received.push(message.value);
      else context.pipeToSelf(Promise.reject(boom), got, (error) => got(["rejected", error]));
      return 0;
    });
    await ref.ask(get);
    await turns();
    expect(received).toEqual([["rejected", boom]]);
  });

  test("a rejection without onRejected is a failure of the actor", async () => {
    const { system, ref, all } = piping([Promise.reject(boom)]);
    await ref.ask(get);
    await turns();
    expect(all("error")).toMatchObject([{ phase: "turn", directive: "stop", error: boom }]);
    expect(system.actors).toEqual([]);
  });

  test.each(["onFulfilled", "onRejected"])(
    "%s that throws is a failure of the actor",
    async (which) => {
      const { system, all } = recordedSystem();
      const throwing = (): never => {
        throw boom;
      };
      const promise = which === "onFulfilled" ? Promise.resolve(1) : Promise.reject(new Error("x"));
      const supervision = { directive: "resume" } as const;
      const ref = system.spawn<Protocol>(
        "a",
        (_, context) => {
          context.pipeToSelf(promise, throwing, throwing);
          return 0;
        },
        { supervision },
      );
      await ref.ask(get);
      await turns();
      expect(all("error")).toMatchObject([{ phase: "turn", directive: "resume", error: boom }]);
      expect(system.actors).toHaveLength(1);
    },
  );

  test.each(["stop", "restart"])("results after a %s are dropped, failures too", async (how) => {
    const value = new Deferred<number>();
    const error = new Deferred<number>();
    const { system, ref, received, all } = piping([value.promise, error.promise], {
      supervision: { directive: "restart" },
    });
    await ref.ask(get);
    if (how === "stop") await system.stop(ref);
    else ref.tryTell({ type: "fail" });
    await turns();
    const errors = all("error").length;
    value.resolve(1);
    error.reject(boom);
    await turns();
    expect(received).toEqual([]);
    expect(all("error")).toHaveLength(errors);
    expect(system.actors).toHaveLength(how === "stop" ? 0 : 1);
  });

  test("a result that has come but was not handled yet is dropped by a restart", async () => {
    const { system } = recordedSystem();
    const received: unknown[] = [];
    const gate = new Deferred<void>();
    const ref = system.spawn<Protocol>(
      "a",
      async (message, context) => {
        if (message.type === "got") return received.push(message.value);
        context.pipeToSelf(Promise.resolve(1), got);
        await gate.promise;
        throw boom;
      },
      { supervision: { directive: "restart" } },
    );
    ref.tryTell(get);
    await turns();
    gate.resolve();
    await turns();
    expect(system.stats.restarted).toBe(1);
    expect(received).toEqual([]);
  });

  test("more than pendingLimit at once are refused, together with deferred replies", async () => {
    const never = new Promise(() => {});
    const { ref } = piping([never, never, never], { pendingLimit: 2 });
    await expect(ref.ask(get)).rejects.toMatchObject({ code: "pending_full", actorId: "a" });
    const { system } = recordedSystem();
    const both = system.spawn<Protocol>(
      "b",
      (_, context) => {
        context.pipeToSelf(never, got);
        return context.deferReply<number>();
      },
      { pendingLimit: 1 },
    );
    await expect(both.ask(get)).rejects.toMatchObject({ code: "pending_full", actorId: "b" });
  });

  test("a promise that has settled makes room", async () => {
    const { ref, received } = piping([Promise.resolve(1)], { pendingLimit: 1 });
    for (let i = 0; i < 3; i++) {
      await ref.ask(get);
      await turns();
    }
    expect(received).toEqual([1, 1, 1]);
  });

  test("its messages come before those in the mailbox, and take no room in it", async () => {
    const { system } = recordedSystem();
    const log: unknown[] = [];
    const gate = new Deferred<void>();
    const ref = system.spawn<Protocol>(
      "a",
      async (message, context) => {
        if (message.type === "got") return log.push(message.value);
        context.pipeToSelf(Promise.resolve("piped"), got);
        await gate.promise;
        return 0;
      },
      { mailbox: { capacity: 1 } },
    );
    ref.tryTell(get);
    await turns();
    expect(ref.tryTell(got("told"))).toBe(true);
    gate.resolve();
    await turns();
    expect(log).toEqual(["piped", "told"]);
  });

  test("results count until they are taken: a handler that goes on piping is told pending_full", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<void>();
    let piped = 0;
    let code: unknown;
    let received = 0;
    const ref = system.spawn<Protocol>(
      "a",
      async (message, context) => {
        if (message.type === "got") return received++;
        try {
          while (piped < 100) {
            context.pipeToSelf(Promise.resolve(), got);
            piped++;
            await turns(1);
          }
        } catch (error) {
          ({ code } = error as { code: unknown });
        }
        await gate.promise;
        return 0;
      },
      { pendingLimit: 3 },
    );
    ref.tryTell(get);
    await turns(8);
    expect([piped, code, received]).toEqual([3, "pending_full", 0]);
    gate.resolve();
    await turns();
    expect(received).toBe(3);
  });

  test("promises of an earlier life use up nothing of the next one's limit", async () => {
    const settling = new Deferred<number>();
    const { ref, received } = piping([settling.promise], {
      pendingLimit: 1,
      supervision: { directive: "restart" },
    });
    for (let life = 0; life < 2; life++) {
      expect(await ref.ask(get)).toBe(1);
      await expect(ref.ask(get)).rejects.toMatchObject({ code: "pending_full" });
      await turns();
    }
    settling.resolve(1); // of both lives before, and of none now
    await turns();
    expect(received).toEqual([]);
    expect(await ref.ask(get)).toBe(1);
    await turns();
    expect(received).toEqual([1]);
  });
});
