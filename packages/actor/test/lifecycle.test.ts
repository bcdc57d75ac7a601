import { type ActorContext, type Behavior, Deferred, type Message, setup } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { isOver } from "./is-over.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Work extends Message<number> {
  readonly type: "work";
  readonly n: number;
}
interface Go extends Message {
  readonly type: "go";
}

const work = (n: number): Work => ({ type: "work", n });
const go: Go = { type: "go" };

describe("the start", () => {
  test("an asynchronous onStart comes before the first message, which waits for it", async () => {
    const { system } = recordedSystem();
    const open = new Deferred<void>();
    const log: unknown[] = [];
    const ref = system.spawn<Work>("a", {
      receive: ({ n }) => log.push(n),
      onStart: async () => {
        await open.promise;
        log.push("started");
      },
    });
    const asked = ref.ask(work(1));
    expect(await isOver(asked)).toBe(false);
    expect(system.actors).toMatchObject([{ actorId: "a", state: "running", waiting: 1 }]);
    open.resolve();
    await asked;
    expect(log).toEqual(["started", 1]);
  });

  test("happens without a message, and not on the stack of spawn", async () => {
    const { system, events } = recordedSystem();
    const log: string[] = [];
    system.spawn<Work>(
      "a",
      setup(() => {
        log.push("create");
        return () => 0;
      }),
    );
    expect(log).toEqual([]);
    expect(events).toMatchObject([{ type: "spawned", actorId: "a", timestamp: 1_000_000 }]);
    await turns();
    expect(log).toEqual(["create"]);
  });

  test("stopped before it started, it never starts, and its messages are dead letters", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const ref = system.spawn<Work>("a", {
      receive: () => 0,
      onStart: () => log.push("start"),
      onStop: () => log.push("stop"),
    });
    const asked = ref.ask(work(1));
    expect(await system.stop(ref)).toBe(true);
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated" });
    expect(log).toEqual([]);
  });

  test("stop during onStart: it ends when that has settled, handles nothing, and cleans up", async () => {
    const { system } = recordedSystem();
    const open = new Deferred<void>();
    const log: string[] = [];
    const ref = system.spawn<Work>("a", {
      receive: () => log.push("work"),
      onStart: async (context) => {
        context.signal.addEventListener("abort", () => log.push("aborted"));
        await open.promise;
      },
      onStop: () => log.push("stop"),
    });
    const asked = ref.ask(work(1));
    await turns();
    const stopped = system.stop(ref);
    expect(await isOver(stopped)).toBe(false);
    open.resolve();
    expect(await stopped).toBe(true);
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated" });
    expect(log).toEqual(["aborted", "stop"]);
  });

  test("an onStart that returns a thenable that throws fails the start, and no message is lost", async () => {
    const { system, all } = recordedSystem();
    const boom = new Error("boom");
    // oxlint-disable-next-line unicorn/no-thenable -- bad ones are what is tested
    const bad = Object.defineProperty({}, "then", {
      get() {
        throw boom;
      },
    });
    const ref = system.spawn<Work>("a", { receive: () => 0, onStart: () => bad });
    await expect(ref.ask(work(1))).rejects.toMatchObject({ code: "actor_terminated" });
    expect(all("error")).toMatchObject([{ phase: "start", directive: "stop", error: boom }]);
    expect(system.deadLetters.recent).toMatchObject([{ reason: "stopped", message: work(1) }]);
  });

  test("an onStart that fails while it is being stopped is told of, without a directive", async () => {
    const { system, all } = recordedSystem();
    const open = new Deferred<void>();
    const ref = system.spawn<Work>(
      "a",
      { receive: () => 0, onStart: () => open.promise },
      { supervision: { directive: "restart" } },
    );
    await turns();
    const stopped = system.stop(ref);
    open.reject(new Error("late"));
    await stopped;
    expect(all("error")).toMatchObject([{ phase: "start", directive: undefined }]);
  });

  test("an actor that stops itself in its setup cleans up what it has made", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const behavior = setup<Work>((context) => {
      context.stop();
      return { receive: () => 0, onStart: () => log.push("start"), onStop: () => log.push("stop") };
    });
    await system.whenTerminated(system.spawn("a", behavior));
    expect(log).toEqual(["start", "stop"]);
  });
});

describe("stop", () => {
  test("the turn it is at is finished and answered; nothing else is handled", async () => {
    const { system } = recordedSystem();
    const open = new Deferred<void>();
    const handled: number[] = [];
    const ref = system.spawn<Work>(
      "a",
      async ({ n }) => {
        await open.promise;
        handled.push(n);
        return n;
      },
      { mailbox: { capacity: 2 } },
    );
    const first = ref.ask(work(1));
    await turns();
    ref.tryTell(work(2));
    const third = ref.ask(work(3));
    const waiting = ref.tell(work(4));
    const stopped = system.stop(ref);
    expect(await isOver(stopped)).toBe(false);
    expect(system.actors).toMatchObject([{ state: "stopping", isBusy: true }]);
    await expect(ref.tell(work(5))).rejects.toMatchObject({ code: "actor_terminated" });
    // Those that wait learn of it at once: the turn may be waiting for one of them.
    await expect(third).rejects.toMatchObject({ code: "actor_terminated", actorId: "a" });
    await expect(waiting).rejects.toMatchObject({ code: "actor_terminated" });
    open.resolve();
    expect(await first).toBe(1);
    expect(await stopped).toBe(true);
    expect(handled).toEqual([1]);
    const letters = system.deadLetters.recent;
    const numbers = letters.map(({ message }) => (message as Work).n);
    expect(numbers.filter((n) => n !== 5)).toEqual([2, 3, 4]);
    expect(numbers).toHaveLength(4);
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(["stopped"]));
  });

  test("close, drain, children, onStop, terminated: in this order", async () => {
    const { system, events } = recordedSystem();
    const log: string[] = [];
    const parent = system.spawn<Work>("p", {
      receive: () => 0,
      onStart(context) {
        context.spawn<Work>("child", {
          receive: () => 0,
          onStop: async () => {
            await turns(2);
            log.push(`child ${String(parent.tryTell(work(1)))} ${system.deadLetters.total}`);
          },
        });
      },
      onStop: async (context) => {
        await turns(2);
        log.push(`parent ${context.children.length}`);
      },
    });
    await turns();
    const queued = parent.ask(work(0));
    await system.stop(parent);
    await expect(queued).rejects.toMatchObject({ code: "actor_terminated" });
    expect(log).toEqual(["child false 2", "parent 0"]);
    const ended = events.filter(({ type }) => type === "terminated");
    expect(ended.map(({ actorId }) => actorId)).toEqual(["p/child", "p"]);
  });

  test("twice is one end: all callers wait for it, onStop runs once, then there is nothing to stop", async () => {
    const { system } = recordedSystem();
    let ends = 0;
    const ref = system.spawn<Work>("a", {
      receive: () => 0,
      onStop: async () => {
        ends++;
        await turns(2);
      },
    });
    await turns();
    expect(await Promise.all([system.stop(ref), system.stop("a"), system.stop(ref)])).toEqual([
      true,
      true,
      true,
    ]);
    expect(ends).toBe(1);
    expect(await Promise.all([system.stop(ref), system.stop("a"), system.stop("b")])).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("a child is stopped by its path, its siblings and parent live on", async () => {
    const { system } = recordedSystem();
    const parent: Behavior<Work> = {
      receive: () => 0,
      onStart(context) {
        for (const id of ["one", "two"]) context.spawn<Work>(id, () => 0);
      },
    };
    system.spawn("p", parent);
    await turns();
    expect(await system.stop("p/one")).toBe(true);
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["p", "p/two"]);
  });

  test("children end before their parents, the last one spawned first", async () => {
    const { system, all } = recordedSystem();
    const behavior = (depth: number): Behavior<Work> => ({
      receive: () => 0,
      onStart(context) {
        if (depth === 0) return;
        for (const id of ["x", "y"]) context.spawn(id, behavior(depth - 1));
      },
    });
    const ref = system.spawn("r", behavior(2));
    await turns();
    await system.stop(ref);
    const ended = all("terminated").map(({ actorId }) => actorId);
    expect(ended).toHaveLength(7);
    for (const id of ended) {
      const parent = id.slice(0, Math.max(id.lastIndexOf("/"), 0));
      if (parent !== "") expect(ended.indexOf(id)).toBeLessThan(ended.indexOf(parent));
    }
    expect(ended.indexOf("r/y/y")).toBeLessThan(ended.indexOf("r/y/x"));
    expect(ended.at(-1)).toBe("r");
  });

  test("an actor that ended by itself or failed resolves whenTerminated, before and after", async () => {
    const { system } = recordedSystem();
    const stopping = system.spawn<Go>("stopping", (_, context) => context.stop());
    const failing = system.spawn<Go>("failing", () => {
      throw new Error("boom");
    });
    const early = Promise.all([system.whenTerminated(stopping), system.whenTerminated(failing)]);
    stopping.tryTell(go);
    failing.tryTell(go);
    await early;
    await system.whenTerminated(stopping);
    const living = system.spawn<Go>("living", () => {});
    const controller = new AbortController();
    const waiting = system.whenTerminated(living, { signal: controller.signal });
    controller.abort("enough");
    await expect(waiting).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    expect(await living.ask(go)).toBe(undefined);
  });
});

describe("ids and children", () => {
  test("an id is free again when its actor has terminated, not before", async () => {
    const { system } = recordedSystem();
    const open = new Deferred<void>();
    const behavior: Behavior<Go> = { receive: () => {}, onStop: () => open.promise };
    const ref = system.spawn("a", behavior);
    await turns();
    const stopped = system.stop(ref);
    await turns();
    const again = (): unknown => system.spawn("a", behavior);
    expect(again).toThrow(expect.objectContaining({ code: "duplicate_actor_id", actorId: "a" }));
    open.resolve();
    await stopped;
    expect(again()).not.toBe(ref);
    expect(ref.tryTell(go)).toBe(false); // the old ref does not lead to the new actor
  });

  test("children are listed in the order of spawning, and leave when they end", async () => {
    const { system } = recordedSystem();
    const lists: string[][] = [];
    const ref = system.spawn<Go>("p", async (_, context) => {
      const children = ["b", "a", "c"].map((id) => context.spawn<Go>(id, () => {}));
      lists.push(context.children.map(({ id }) => id));
      await system.stop(children[1] as (typeof children)[0]);
      lists.push(context.children.map(({ id }) => id));
    });
    await ref.ask(go);
    expect(lists).toEqual([
      ["p/b", "p/a", "p/c"],
      ["p/b", "p/c"],
    ]);
  });

  test.each(["turn", "onStop"])("a closing parent spawns nobody (%s)", async (where) => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    const trySpawn = (context: ActorContext<Go>): void => {
      try {
        context.spawn<Go>("late", () => {});
      } catch (error) {
        codes.push((error as { code: unknown }).code);
      }
    };
    const ref = system.spawn<Go>("p", {
      receive: (_, context) => {
        context.stop();
        if (where === "turn") trySpawn(context);
      },
      onStop: (context) => {
        if (where === "onStop") trySpawn(context);
      },
    });
    ref.tryTell(go);
    await system.whenTerminated(ref);
    expect(codes).toEqual(["actor_terminated"]);
    expect(system.stats).toMatchObject({ spawned: 1, terminated: 1, actors: 0 });
  });

  test("a restarting parent spawns nobody until it has begun anew", async () => {
    const { system } = recordedSystem();
    const open = new Deferred<void>();
    const contexts: ActorContext<Go>[] = [];
    const behavior = setup<Go>((context) => {
      contexts.push(context);
      return {
        receive: () => {
          throw new Error("boom");
        },
        onRestart: () => open.promise,
      };
    });
    system.spawn("p", behavior, { supervision: { directive: "restart" } }).tryTell(go);
    await turns();
    const spawn = (): unknown => contexts[0]?.spawn<Go>("late", () => {});
    expect(spawn).toThrow(expect.objectContaining({ code: "actor_restarted", actorId: "p" }));
    open.resolve();
    await turns();
    expect(contexts).toHaveLength(2);
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["p"]);
    expect(spawn).not.toThrow();
  });

  test("a context that outlived its actor does nothing and holds nothing", async () => {
    const { system, clock } = recordedSystem();
    const contexts: ActorContext<Go>[] = [];
    const other = system.spawn<Go>("other", () => {});
    const ref = system.spawn<Go>("a", (_, context) => void contexts.push(context));
    await ref.ask(go);
    await system.stop(ref);
    const [context] = contexts as [ActorContext<Go>];
    context.timers.once("k", 10, go);
    context.timers.every("l", 10, go);
    context.watch(other, () => go);
    context.pipeToSelf(Promise.resolve(1), () => go);
    context.stop();
    expect(context.unstashAll()).toBe(0);
    expect(context.signal.aborted).toBe(true);
    expect(context.signal.reason).toMatchObject({ code: "actor_terminated" });
    expect(clock.pendingMs).toEqual([]);
    expect(context.timers.has("k")).toBe(false);
    expect(() => context.stash()).toThrow(expect.objectContaining({ code: "not_in_turn" }));
    expect(() => context.deferReply()).toThrow(expect.objectContaining({ code: "not_in_turn" }));
    expect(() => context.spawn("c", () => {})).toThrow(
      expect.objectContaining({ code: "actor_terminated" }),
    );
    await system.stop(other);
    await turns();
    expect(system.stats).toMatchObject({ error: 0, deadLetter: 0 });
  });
});
