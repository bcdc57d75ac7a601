import {
  type ActorContext,
  Backoff,
  type Behavior,
  type Directive,
  type Message,
  serviceKey,
  setup,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { type Recorded, recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Fail extends Message {
  readonly type: "fail";
}
interface Hold extends Message<string> {
  readonly type: "hold" | "fail";
}

const boom = new Error("boom");
const fail: Fail = { type: "fail" };
const ids = ({ system }: Recorded): string[] => system.actors.map(({ actorId }) => actorId);
const throwing = (): never => {
  throw boom;
};

describe("a restart ends what belonged to the life before", () => {
  test("the stash becomes dead letters, stashed and deferred asks learn why", async () => {
    const { system } = recordedSystem();
    const behavior = setup<Hold>(() => {
      let held = 0;
      return (message, context) => {
        if (message.type === "fail") throw boom;
        return held++ === 0 ? context.deferReply<string>() : context.stash();
      };
    });
    const ref = system.spawn("a", behavior, { supervision: { directive: "restart" } });
    const deferred = ref.ask({ type: "hold" });
    const stashed = ref.ask({ type: "hold" });
    ref.tryTell({ type: "hold" });
    ref.tryTell({ type: "fail" });
    const restarted = { code: "actor_restarted", actorId: "a", cause: boom };
    await expect(stashed).rejects.toMatchObject(restarted);
    await expect(deferred).rejects.toMatchObject(restarted);
    expect(system.deadLetters.recent.map(({ reason, message }) => [reason, message.type])).toEqual([
      ["restarted", "hold"],
      ["restarted", "hold"],
    ]);
  });

  test("what was taken up from the stash and not handled yet goes the same way, in order", async () => {
    interface Numbered extends Message {
      readonly type: "n";
      readonly n: number;
    }
    const { system } = recordedSystem();
    let isFirst = true;
    const ref = system.spawn<Numbered>(
      "a",
      ({ n }, context) => {
        if (!isFirst) return undefined;
        if (n < 3) return context.stash();
        context.unstashAll();
        isFirst = false;
        throw boom;
      },
      { supervision: { directive: "restart" } },
    );
    for (const n of [1, 2, 3]) ref.tryTell({ type: "n", n });
    await turns();
    expect(system.deadLetters.recent.map(({ message }) => (message as Numbered).n)).toEqual([1, 2]);
  });

  test("become is forgotten", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const ref = system.spawn<Fail>(
      "a",
      (_, context) => {
        log.push("first");
        context.become(() => {
          log.push("second");
          throw boom;
        });
      },
      { supervision: { directive: "restart" } },
    );
    ref.tryTell(fail);
    ref.tryTell(fail);
    ref.tryTell(fail);
    await turns();
    expect(log).toEqual(["first", "second", "first"]);
  });

  test("timers, watches, subscriptions and piped promises do not reach the next one", async () => {
    interface Note extends Message {
      readonly type: "note";
      readonly text: string;
    }
    const { system, clock } = recordedSystem();
    const key = serviceKey<Fail>("key");
    const other = system.spawn<Fail>("other", () => {});
    const notes: string[] = [];
    let resolve!: (text: string) => void;
    const promise = new Promise<string>((given) => {
      resolve = given;
    });
    const note = (text: string): Note => ({ type: "note", text });
    let lives = 0;
    const behavior = setup<Note | Fail>((context) => {
      if (++lives === 1) {
        context.timers.once("once", 10, note("once"));
        context.timers.every("every", 10, note("every"));
        context.watch(other, () => note("watch"));
        context.subscribe(key, () => note("subscribe"));
        context.pipeToSelf(promise, note);
      }
      return (message) => {
        if (message.type === "fail") throw boom;
        notes.push(message.text);
      };
    });
    const ref = system.spawn("a", behavior, { supervision: { directive: "restart" } });
    await turns();
    expect(notes.splice(0)).toEqual(["subscribe"]);
    ref.tryTell(fail);
    await turns();
    expect(clock.pendingMs).toEqual([]);
    resolve("pipe");
    system.receptionist.register(key, other);
    await system.stop(other);
    await clock.advance(100);
    expect([lives, notes]).toEqual([2, []]);
  });

  test("registrations and the ref stay", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Fail>("key");
    const ref = key.spawn(system, "a", throwing, { supervision: { directive: "restart" } });
    ref.tryTell(fail);
    await turns();
    expect(system.stats.restarted).toBe(1);
    expect(key.find(system)).toEqual([ref]);
  });

  test("onRestart, then the children end, then the next life starts and may use their ids", async () => {
    const recorded = recordedSystem();
    const { system } = recorded;
    const log: string[] = [];
    let lives = 0;
    const leaf = (name: string): Behavior<Fail> => ({
      receive: () => {},
      onStop: async () => {
        await turns(1);
        log.push(`stop ${name}`);
      },
    });
    const parent = setup<Fail>((context) => {
      const life = ++lives;
      log.push(`create ${life}`);
      context.spawn("one", leaf("one"));
      context.spawn<Fail>("two", {
        receive: () => {},
        onStart: (child) => void child.spawn("leaf", leaf("leaf")),
        onStop: () => log.push("stop two"),
      });
      return {
        receive: throwing,
        onStart: () => log.push(`start ${life}`),
        onRestart: async (error) => {
          await turns(1);
          log.push(`restart ${life} ${(error as Error).message}`);
        },
        onStop: () => log.push(`stop ${life}`),
      };
    });
    const ref = system.spawn("p", parent, { supervision: { directive: "restart" } });
    await turns();
    ref.tryTell(fail);
    await turns(10);
    expect(log.slice(0, 3)).toEqual(["create 1", "start 1", "restart 1 boom"]);
    expect(log.slice(3, 6).toSorted()).toEqual(["stop leaf", "stop one", "stop two"]);
    expect(log.indexOf("stop leaf")).toBeLessThan(log.indexOf("stop two"));
    expect(log.slice(6)).toEqual(["create 2", "start 2"]);
    expect(ids(recorded)).toEqual(["p", "p/one", "p/two", "p/two/leaf"]);
  });

  test.each([
    ["throws", throwing, boom],
    ["rejects", () => Promise.reject(boom), boom],
    ["takes too long", () => new Promise(() => {}), { code: "cleanup_timeout", actorId: "a" }],
  ])("an onRestart that %s is told of, and the restart goes on", async (_, onRestart, error) => {
    const { system, clock, all } = recordedSystem();
    let starts = 0;
    const behavior: Behavior<Fail> = { receive: throwing, onStart: () => starts++, onRestart };
    const supervision = { directive: "restart" } as const;
    system.spawn("a", behavior, { supervision, cleanupTimeoutMs: 70 }).tryTell(fail);
    await clock.advance(70);
    expect(starts).toBe(2);
    expect(clock.pendingMs).toEqual([]);
    expect(all("error")).toMatchObject([
      { phase: "turn", error: boom },
      { phase: "restart", directive: undefined, error },
    ]);
  });

  test("stop during onRestart: it ends, and does not start again", async () => {
    const { system, all } = recordedSystem();
    let starts = 0;
    const ref = system.spawn<Fail>(
      "a",
      { receive: throwing, onStart: () => starts++, onRestart: () => turns(2) },
      {
        supervision: {
          directive: "restart",
          backoff: () => new Backoff({ initialMs: 10, maxMs: 10 }),
        },
      },
    );
    ref.tryTell(fail);
    await turns(1);
    expect(await system.stop(ref)).toBe(true);
    expect([starts, all("restarted").length]).toEqual([1, 0]);
  });

  test("hooks of a life that was cleaned up are not called again when the next does not begin", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    let lives = 0;
    const behavior = setup<Fail>(() => {
      if (++lives === 2) throw new Error("the second life cannot begin");
      return {
        receive: throwing,
        onRestart: () => log.push("onRestart"),
        onStop: () => log.push("onStop"),
      };
    });
    const supervision = { directive: "restart", maxRestarts: 1 } as const;
    const ref = system.spawn("a", behavior, { supervision });
    ref.tryTell(fail);
    await system.whenTerminated(ref);
    expect(log).toEqual(["onRestart"]);
  });
});

describe("escalate", () => {
  interface Relay extends Message {
    readonly type: "relay";
  }

  /** A parent with a child that escalates; `relay` reaches the child. */
  const family = (recorded: Recorded, directive: Directive) => {
    const lives: string[] = [];
    const parent = setup<Relay>((context: ActorContext<Relay>) => {
      lives.push("parent");
      const child = context.spawn<Fail>("child", throwing, {
        supervision: { directive: "escalate" },
      });
      return () => void child.tryTell(fail);
    });
    const ref = recorded.system.spawn("p", parent, { supervision: { directive } });
    ref.tryTell({ type: "relay" });
    return { ref, lives };
  };

  test("the child ends, the parent fails with the same error and by default stops", async () => {
    const recorded = recordedSystem();
    family(recorded, "stop");
    await turns();
    expect(ids(recorded)).toEqual([]);
    expect(recorded.all("error").map((event) => [event.actorId, event.directive])).toEqual([
      ["p/child", "escalate"],
      ["p", "stop"],
    ]);
    expect(recorded.all("terminated")).toMatchObject([
      { actorId: "p/child", error: boom },
      { actorId: "p", error: boom },
    ]);
  });

  test("a parent that restarts has its children anew", async () => {
    const recorded = recordedSystem();
    const { lives } = family(recorded, "restart");
    await turns();
    expect(lives).toHaveLength(2);
    expect(ids(recorded)).toEqual(["p", "p/child"]);
  });

  test("children that escalate together are one failure: what waits is of the life before", async () => {
    const recorded = recordedSystem();
    const { system } = recorded;
    const supervision = { directive: "escalate" } as const;
    let lives = 0;
    const parent = setup<Relay>((context) => {
      const isFirst = ++lives === 1;
      for (const id of ["one", "two"]) {
        const child = context.spawn<Fail>(id, throwing, { supervision });
        if (isFirst) child.tryTell(fail);
      }
      return () => {};
    });
    system.spawn("p", parent, { supervision: { directive: "restart" } });
    await turns();
    expect([lives, system.stats.restarted]).toEqual([2, 1]);
    expect(ids(recorded)).toEqual(["p", "p/one", "p/two"]);
  });

  test("a parent that resumes goes on without the child", async () => {
    const recorded = recordedSystem();
    const { lives } = family(recorded, "resume");
    await turns();
    expect(lives).toHaveLength(1);
    expect(ids(recorded)).toEqual(["p"]);
  });

  test("up to the root, where it is stop", async () => {
    const recorded = recordedSystem();
    const { system } = recorded;
    const supervision = { directive: "escalate" } as const;
    system.spawn<Relay>("bystander", () => {});
    system.spawn<Relay>(
      "root",
      {
        receive: () => {},
        onStart(context) {
          const middle: Behavior<Relay> = {
            receive: () => {},
            onStart: (own) => void own.spawn<Fail>("leaf", throwing, { supervision }).tryTell(fail),
          };
          context.spawn("middle", middle, { supervision });
        },
      },
      { supervision },
    );
    await turns();
    expect(ids(recorded)).toEqual(["bystander"]);
    expect(recorded.all("error").map((event) => [event.actorId, event.directive])).toEqual([
      ["root/middle/leaf", "escalate"],
      ["root/middle", "escalate"],
      ["root", "stop"],
    ]);
  });

  test("a parent in a turn comes to it after that turn", async () => {
    const { system, all } = recordedSystem();
    let finished = false;
    system
      .spawn<Relay>("p", async (_, context) => {
        const child = context.spawn<Fail>("child", throwing, {
          supervision: { directive: "escalate" },
        });
        child.tryTell(fail);
        await turns(3);
        expect(all("error")).toHaveLength(1);
        finished = true;
      })
      .tryTell({ type: "relay" });
    await turns(8);
    expect(finished).toBe(true);
    expect(all("error").map(({ actorId }) => actorId)).toEqual(["p/child", "p"]);
  });
});

test("what a handler threw is what onStop is given", async () => {
  const { system } = recordedSystem();
  const errors: unknown[] = [];
  const behavior: Behavior<Fail> = {
    receive: throwing,
    onStop: (_, error) => errors.push(error),
  };
  const failing = system.spawn("failing", behavior);
  failing.tryTell(fail);
  await system.whenTerminated(failing);
  await system.stop(system.spawn("stopped", behavior));
  await turns();
  expect(errors).toEqual([boom]);
});
