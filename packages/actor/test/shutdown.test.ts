import { ActorSystem, type Behavior, Deferred, type Message, serviceKey } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message {
  readonly type: "go";
}

const go: Go = { type: "go" };
const idle: Behavior<Go> = { receive: () => {} };

/** Waits for a promise of the actor's own until it is let go. */
function hanging(): { behavior: Behavior<Go>; release: Deferred<void> } {
  const release = new Deferred<void>();
  return { behavior: { receive: () => release.promise }, release };
}

describe("the end of a system", () => {
  test("the last one spawned ends first, children before parents, and nothing is left", async () => {
    const { system, all } = recordedSystem();
    system.spawn("a", idle);
    system.spawn<Go>("b", {
      ...idle,
      onStart: (context) => void context.spawn("child", idle),
    });
    system.spawn("c", idle);
    await turns();
    await system.shutdown();
    const ended = all("terminated").map(({ actorId }) => actorId);
    expect(ended.toSorted()).toEqual(["a", "b", "b/child", "c"]);
    expect(ended.indexOf("c")).toBeLessThan(ended.indexOf("a"));
    expect(ended.indexOf("b/child")).toBeLessThan(ended.indexOf("b"));
    expect(system.actors).toEqual([]);
    expect(system.stats).toMatchObject({ actors: 0, spawned: 4, terminated: 4 });
  });

  test("waits for turns and slow hooks", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const ref = system.spawn<Go>("a", {
      receive: async () => {
        await turns(3);
        log.push("turn");
      },
      onStop: async () => {
        await turns(3);
        log.push("stopped");
      },
    });
    const asked = ref.ask(go);
    await turns(1);
    await system.shutdown();
    expect(log).toEqual(["turn", "stopped"]);
    expect(await asked).toBe(undefined);
  });

  test("all callers get the same promise; an empty system ends at once", async () => {
    const { system } = recordedSystem();
    const first = system.shutdown();
    expect(system.shutdown()).toBe(first);
    await first;
    expect(system.shutdown()).toBe(first);
    await system.shutdown({ signal: new AbortController().signal });
  });

  test("from then on nothing is spawned or registered, and messages are dead letters", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const { behavior, release } = hanging();
    const ref = system.spawn("a", behavior);
    ref.tryTell(go);
    await turns();
    const ended = system.shutdown();
    const terminated = expect.objectContaining({ code: "system_terminated" });
    for (const when of ["closing", "closed"]) {
      expect(() => system.spawn(when, idle), when).toThrow(terminated);
      expect(() => key.spawn(system, when, idle), when).toThrow(terminated);
      expect(() => system.receptionist.register(key, ref), when).toThrow(terminated);
      await expect(ref.tell(go), when).rejects.toMatchObject({ code: "actor_terminated" });
      await expect(ref.ask(go), when).rejects.toMatchObject({ code: "actor_terminated" });
      release.resolve();
      await ended;
    }
    expect(key.find(system)).toEqual([]);
    expect(key.unregisterAll(system)).toBe(0);
    expect(system.deadLetters.total).toBe(4);
  });

  test("an actor of a closing system spawns neither a child nor another", async () => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    const open = new Deferred<void>();
    const ref = system.spawn<Go>("a", async (_, context) => {
      await open.promise;
      for (const spawn of [context, context.system]) {
        try {
          spawn.spawn("late", idle);
        } catch (error) {
          codes.push((error as { code: unknown }).code);
        }
      }
    });
    ref.tryTell(go);
    await turns();
    const ended = system.shutdown();
    open.resolve();
    await ended;
    expect(codes).toEqual(["system_terminated", "system_terminated"]);
  });

  test("await using ends it", async () => {
    let ended = 0;
    {
      await using system = new ActorSystem();
      system.spawn<Go>("a", { receive: () => {}, onStart: () => {}, onStop: () => ended++ });
      await turns();
    }
    expect(ended).toBe(1);
  });

  test("events and subscriptions end after the last event", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const events = system.events();
    const lists = system.receptionist.subscribe(key);
    key.spawn(system, "a", idle);
    await system.shutdown();
    const types: string[] = [];
    for await (const { type } of events) types.push(type);
    const sizes: number[] = [];
    for await (const refs of lists) sizes.push(refs.length);
    expect(types).toEqual(["spawned", "terminated"]);
    expect(sizes).toEqual([0]); // the latest alone
  });
});

describe("all actors end together", () => {
  test("the onStop of each root begins, whatever the others wait for", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<void>();
    const begun: string[] = [];
    for (const id of ["a", "b", "c"]) {
      const onStop = (): Promise<void> => {
        begun.push(id);
        return gate.promise;
      };
      system.spawn<Go>(id, { ...idle, onStop });
    }
    await turns();
    const ended = system.shutdown();
    await turns();
    expect(begun.toSorted()).toEqual(["a", "b", "c"]);
    gate.resolve();
    await ended;
  });

  test("children handle nothing more, though another root hangs", async () => {
    const { system, clock } = recordedSystem();
    const gate = new Deferred<void>();
    let handled = 0;
    system.spawn<Go>("parent", {
      ...idle,
      onStart: (context) =>
        void context.spawn<Go>("child", {
          receive: () => handled++,
          onStart: ({ timers }) => timers.every("tick", 10, go),
        }),
    });
    system.spawn<Go>("hung", { ...idle, onStop: () => gate.promise });
    await clock.advance(20);
    expect(handled).toBe(2);
    const ended = system.shutdown();
    await clock.advance(100);
    expect(handled).toBe(2);
    gate.resolve();
    await ended;
  });
});

describe("a shutdown with a signal", () => {
  test("names those that hang, the innermost alone, and they still end later", async () => {
    const { system } = recordedSystem();
    const { behavior, release } = hanging();
    system.spawn("fine", idle);
    system.spawn<Go>("parent", {
      ...idle,
      onStart: (context) => void context.spawn("hung", behavior).tryTell(go),
    });
    system.spawn("alone", behavior).tryTell(go);
    await turns();
    const controller = new AbortController();
    const ended = system.shutdown();
    const givenUp = system.shutdown({ signal: controller.signal });
    await turns();
    controller.abort("too long");
    await expect(givenUp).rejects.toMatchObject({
      code: "aborted",
      cause: "too long",
      hung: ["alone", "parent/hung"],
      message: expect.stringContaining("alone, parent/hung"),
    });
    expect(system.shutdown()).toBe(ended);
    release.resolve();
    await ended;
    await system.shutdown({ signal: new AbortController().signal });
    expect(system.actors).toEqual([]);
  });

  test("names a parent that hangs in its turn, and not the child that waits for it", async () => {
    const { system } = recordedSystem();
    const { behavior, release } = hanging();
    system.spawn("fine", idle);
    const parent = system.spawn<Go>("parent", (message, context) => {
      context.spawn("child", idle);
      return behavior.receive(message, context);
    });
    parent.tryTell(go);
    await turns();
    const controller = new AbortController();
    const givenUp = system.shutdown({ signal: controller.signal });
    await turns();
    controller.abort();
    await expect(givenUp).rejects.toMatchObject({ code: "aborted", hung: ["parent"] });
    release.resolve();
    await system.shutdown();
  });

  test("names a parent that hangs in its turn, also when a child of it that was stopped hangs", async () => {
    const { system } = recordedSystem();
    const { behavior, release } = hanging();
    const parent = system.spawn<Go>("parent", (message, context) => {
      context.spawn("child", behavior).tryTell(go);
      return behavior.receive(message, context);
    });
    parent.tryTell(go);
    await turns();
    void system.stop("parent/child");
    const controller = new AbortController();
    const givenUp = system.shutdown({ signal: controller.signal });
    await turns();
    controller.abort();
    await expect(givenUp).rejects.toMatchObject({
      code: "aborted",
      hung: ["parent", "parent/child"],
    });
    release.resolve();
    await system.shutdown();
  });

  test("one that is aborted already begins it all the same", async () => {
    const { system } = recordedSystem();
    const { behavior, release } = hanging();
    system.spawn("hung", behavior).tryTell(go);
    system.spawn("fine", idle);
    await turns();
    const signal = AbortSignal.abort("now");
    await expect(system.shutdown({ signal })).rejects.toMatchObject({
      code: "aborted",
      hung: expect.arrayContaining(["hung"]),
    });
    release.resolve();
    await system.shutdown();
    expect(system.actors).toEqual([]);
  });

  test("the end that is there wins over a signal that has aborted", async () => {
    const { system } = recordedSystem();
    await system.shutdown();
    await system.shutdown({ signal: AbortSignal.abort() });
  });

  test("an actor that hangs in onStop is named until its time is over", async () => {
    const { system, clock } = recordedSystem();
    const ref = system.spawn<Go>("a", { ...idle, onStop: () => new Promise(() => {}) });
    await ref.ask(go);
    const controller = new AbortController();
    const givenUp = system.shutdown({ signal: controller.signal });
    await clock.advance(4000);
    controller.abort();
    await expect(givenUp).rejects.toMatchObject({ code: "aborted", hung: ["a"] });
    await clock.advance(1000);
    await system.shutdown();
  });
});
