import {
  type ActorContext,
  type ActorRef,
  Deferred,
  mapInput,
  type Message,
  type Receive,
  serviceKey,
  type Terminated,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { fakeRef } from "./fake-ref.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Do extends Message {
  readonly type: "do";
  readonly run: (context: ActorContext<Watching>) => unknown;
}
interface Ended extends Message {
  readonly type: "ended";
  readonly terminated: Terminated;
}
interface Listed extends Message {
  readonly type: "listed";
  readonly ids: readonly string[];
}
interface Go extends Message {
  readonly type: "go";
}
type Watching = Do | Ended | Listed;

const boom = new Error("boom");
const go: Go = { type: "go" };
const ended = (terminated: Terminated): Ended => ({ type: "ended", terminated });
const listed = (refs: readonly ActorRef<Go>[]): Listed => ({
  type: "listed",
  ids: refs.map(({ id }) => id),
});

/** An actor that does what it is told, and writes down whose end and which lists it is told of. */
function watching() {
  const recorded = recordedSystem();
  const ends: Terminated[] = [];
  const lists: (readonly string[])[] = [];
  const receive: Receive<Watching> = (message, context) => {
    if (message.type === "do") return message.run(context);
    if (message.type === "ended") return ends.push(message.terminated);
    return lists.push(message.ids);
  };
  const supervision = { directive: "resume" } as const;
  const ref = recorded.system.spawn("watcher", receive, { supervision });
  const run = (call: Do["run"]): Promise<unknown> => ref.ask({ type: "do", run: call });
  return { ...recorded, ref, run, ends, lists };
}

const failing: Receive<Go> = () => {
  throw boom;
};

describe("watch", () => {
  test("tells of a stop and of a failure, once", async () => {
    const { system, run, ends } = watching();
    const stopped = system.spawn<Go>("stopped", () => {});
    const failed = system.spawn("failed", failing);
    await run((context) => {
      context.watch(stopped, ended);
      context.watch(failed, ended);
    });
    await system.stop(stopped);
    failed.tryTell(go);
    await turns();
    expect(ends).toEqual([
      { actorId: "stopped", error: undefined },
      { actorId: "failed", error: boom },
    ]);
  });

  test("tells of one that had ended before", async () => {
    const { system, run, ends } = watching();
    const ref = system.spawn("failed", failing);
    ref.tryTell(go);
    await system.whenTerminated(ref);
    await run((context) => context.watch(ref, ended));
    await turns();
    expect(ends).toEqual([{ actorId: "failed", error: boom }]);
  });

  test("speaks when all is over: the hook has run and the id is free", async () => {
    const { system, run, ends } = watching();
    const open = new Deferred<void>();
    const ref = system.spawn<Go>("a", { receive: () => {}, onStop: () => open.promise });
    await turns();
    await run((context) => context.watch(ref, ended));
    void system.stop(ref);
    await turns();
    expect(ends).toEqual([]);
    open.resolve();
    await turns();
    expect(ends).toHaveLength(1);
    system.spawn<Go>("a", () => {});
  });

  test("a restart is no end", async () => {
    const { system, run, ends } = watching();
    const ref = system.spawn("a", failing, { supervision: { directive: "restart" } });
    await run((context) => context.watch(ref, ended));
    ref.tryTell(go);
    await turns();
    expect([system.stats.restarted, ends]).toEqual([1, []]);
  });

  test("the last watch of a ref counts", async () => {
    const { system, run, ends } = watching();
    const ref = system.spawn<Go>("a", () => {});
    await run((context) => {
      context.watch(ref, () => ended({ actorId: "first", error: undefined }));
      context.watch(ref, () => ended({ actorId: "second", error: undefined }));
    });
    await system.stop(ref);
    await turns();
    expect(ends.map(({ actorId }) => actorId)).toEqual(["second"]);
  });

  test("unwatch: nothing comes, even if the end has been and its message is on the way", async () => {
    const { system, run, ends } = watching();
    const early = system.spawn<Go>("early", () => {});
    const late = system.spawn<Go>("late", () => {});
    await run(async (context) => {
      context.watch(early, ended);
      context.unwatch(early);
      context.watch(late, ended);
      await system.stop(late);
      context.unwatch(late);
      context.unwatch(late);
    });
    await system.stop(early);
    await turns();
    expect(ends).toEqual([]);
  });

  test("a function that throws is a failure of the one who watches", async () => {
    const { system, run, all } = watching();
    const ref = system.spawn<Go>("a", () => {});
    await run((context) =>
      context.watch(ref, () => {
        throw boom;
      }),
    );
    await system.stop(ref);
    await turns();
    expect(all("error")).toMatchObject([
      { actorId: "watcher", phase: "turn", directive: "resume", error: boom },
    ]);
    expect(all("terminated").map(({ actorId }) => actorId)).toEqual(["a"]);
  });

  test("many may watch one; one that has ended hears nothing and disturbs nothing", async () => {
    const { system, run, ends } = watching();
    const target = system.spawn<Go>("target", () => {});
    const other = system.spawn<Ended>("other", {
      receive: () => {
        throw new Error("not told any more");
      },
      onStart: (context) => context.watch(target, ended),
    });
    await run((context) => context.watch(target, ended));
    await system.stop(other);
    await system.stop(target);
    await turns();
    expect(ends).toHaveLength(1);
    expect(system.stats.error).toBe(0);
    expect(system.deadLetters.total).toBe(0);
  });

  test("comes through a mailbox that is full, ahead of what waits", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const gate = new Deferred<void>();
    const target = system.spawn<Go>("target", () => {});
    const ref = system.spawn<Go | Ended>(
      "a",
      async (message, context) => {
        log.push(message.type);
        if (log.length > 1) return;
        context.watch(target, ended);
        await gate.promise;
      },
      { mailbox: { capacity: 1, overflow: "reject" } },
    );
    for (let i = 0; i < 2; i++) {
      ref.tryTell(go);
      await turns();
    }
    expect(ref.tryTell(go)).toBe(false);
    await system.stop(target);
    gate.resolve();
    await turns();
    expect(log).toEqual(["go", "ended", "go"]);
  });

  test("children and actors of another system can be watched", async () => {
    const { run, ends } = watching();
    const { system: other } = recordedSystem();
    const foreign = other.spawn<Go>("foreign", () => {});
    await run((context) => {
      context.watch(foreign, ended);
      const child = context.spawn("child", failing);
      context.watch(child, ended);
      child.tryTell(go);
    });
    await other.shutdown();
    await turns();
    expect(ends.map(({ actorId }) => actorId).toSorted()).toEqual(["foreign", "watcher/child"]);
  });

  test("oneself, routers, adapters and mocks cannot be: foreign_ref", async () => {
    const { system, ref, run } = watching();
    const key = serviceKey<Go>("key");
    const actor = key.spawn(system, "a", () => {});
    const adapter = mapInput(actor, (message: Go) => message) as ActorRef<Go>;
    const mock = fakeRef<Go>("mock");
    for (const wrong of [ref, key.ref(system), adapter, mock, system.deadLetters]) {
      await expect(
        run((context) => context.watch(wrong, ended)),
        wrong.id,
      ).rejects.toMatchObject({
        code: "foreign_ref",
        actorId: wrong.id,
      });
    }
  });
});

describe("subscribe", () => {
  const key = serviceKey<Go>("key");

  test("tells who is there now and after each change", async () => {
    const { system, run, lists } = watching();
    const a = key.spawn(system, "a", () => {});
    await run((context) => context.subscribe(key, listed));
    await turns();
    const b = key.spawn(system, "b", () => {});
    await turns();
    key.unregister(system, a);
    await turns();
    await system.stop(b);
    await turns();
    expect(lists).toEqual([["a"], ["a", "b"], ["b"], []]);
  });

  test("changes that come faster than they are handled are told as one, the latest", async () => {
    const { system, run, lists } = watching();
    await run(async (context) => {
      context.subscribe(key, listed);
      for (let i = 0; i < 1000; i++) key.spawn(system, `a${i}`, () => {});
      await turns();
      await key.stopAll(system);
      key.spawn(system, "last", () => {});
    });
    await turns();
    expect(lists).toEqual([["last"]]);
  });

  test("the last subscription of a name counts; unsubscribe ends it, with what is on the way", async () => {
    const { system, run, lists } = watching();
    await run(async (context) => {
      context.subscribe(key, () => listed([]));
      context.subscribe(key, listed);
      context.subscribe(serviceKey<Go>("other"), listed);
      context.unsubscribe(serviceKey<Go>("other"));
      context.unsubscribe(serviceKey<Go>("never subscribed"));
      key.spawn(system, "a", () => {});
    });
    await turns();
    expect(lists).toEqual([["a"]]);
    await run((context) => context.unsubscribe(key));
    key.spawn(system, "b", () => {});
    await turns();
    expect(lists).toHaveLength(1);
  });

  test("an actor that ends is told of nothing any more", async () => {
    const { system, ref, run, lists } = watching();
    await run((context) => context.subscribe(key, listed));
    await turns();
    await system.stop(ref);
    key.spawn(system, "a", () => {});
    await turns();
    expect(lists).toHaveLength(1);
    expect(system.stats.error).toBe(0);
  });

  test("a function that throws is a failure of the actor, and the next change is told again", async () => {
    const { system, run, lists, all } = watching();
    let isBad = true;
    await run((context) =>
      context.subscribe(key, (refs) => {
        if (isBad) throw boom;
        return listed(refs);
      }),
    );
    await turns();
    isBad = false;
    key.spawn(system, "a", () => {});
    await turns();
    expect(all("error")).toMatchObject([{ actorId: "watcher", error: boom }]);
    expect(lists).toEqual([["a"]]);
  });

  test("a key of other types is refused, and a subscription that is there stays", async () => {
    const { system, run, lists } = watching();
    const typed = serviceKey<Go>("typed", { types: ["go"] });
    const other = serviceKey<Listed>("typed", { types: ["listed"] });
    await run((context) => context.subscribe(typed, listed));
    const refused = run((context) => context.subscribe(other, () => listed([])));
    await expect(refused).rejects.toMatchObject({ code: "service_key_mismatch", actorId: "typed" });
    typed.spawn(system, "a", () => {});
    await turns();
    expect(lists.at(-1)).toEqual(["a"]);
  });
});
