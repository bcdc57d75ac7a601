// The traps of such systems, by the numbers of the list they were collected in. Here is one test for each; the
// files named after the parts go further.
import {
  type ActorEvent,
  type ActorRef,
  Backoff,
  Deferred,
  logTo,
  type Message,
  serviceKey,
  type Stashed,
} from "@satwire/actor";
import { expect, test, vi } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message<string> {
  readonly type: "go";
}
interface Fail extends Message<string> {
  readonly type: "fail";
}

const go = { type: "go" } as const;
const boom = new Error("boom");
const key = serviceKey<Go>("key");

test("1. Late consumer: what happens before anyone reads is buffered, current state comes first", async () => {
  const { system } = recordedSystem();
  const events = system.events();
  const lists = system.receptionist.subscribe(key);
  key.spawn(system, "a", () => "");
  await turns();
  for await (const event of events) {
    expect(event).toMatchObject({ type: "spawned", actorId: "a" });
    break;
  }
  for await (const refs of lists) {
    expect(refs).toHaveLength(1);
    break;
  }
  const late = system.receptionist.subscribe(key)[Symbol.asyncIterator]();
  expect((await late.next()).value).toHaveLength(1);
});

test("2. Iterator end races: what is buffered, the last event, then the end, every time", async () => {
  for (let i = 0; i < 50; i++) {
    const { system } = recordedSystem();
    const events = system.events();
    const read = (async () => {
      const seen: ActorEvent[] = [];
      for await (const event of events) seen.push(event);
      return seen.map(({ type }) => type);
    })();
    const ref = system.spawn<Go>("a", () => "");
    if (i % 2 === 0) await turns(1);
    ref.tryTell(go);
    await system.shutdown();
    expect((await read).at(-1)).toBe("terminated");
  }
});

test("3. Two iterators: subscriptions do not steal from each other", async () => {
  const { system } = recordedSystem();
  const subscriptions = [system.events(), system.events()];
  const lists = [1, 2].map(() => system.receptionist.subscribe(key)[Symbol.asyncIterator]());
  key.spawn(system, "a", () => "");
  for (const one of lists) expect((await one.next()).value).toHaveLength(1);
  await system.shutdown();
  for (const events of subscriptions) {
    const types: string[] = [];
    for await (const { type } of events) types.push(type);
    expect(types).toEqual(["spawned", "terminated"]);
  }
});

test("4. Iterator never ends: shutdown, close, break and return end it", async () => {
  const { system } = recordedSystem();
  const end = { done: true, value: undefined };
  const closed = system.events();
  const [one, two, three] = [
    closed[Symbol.asyncIterator](),
    system.events()[Symbol.asyncIterator](),
    system.events()[Symbol.asyncIterator](),
  ];
  const lists = system.receptionist.subscribe(key)[Symbol.asyncIterator]();
  await lists.next();
  const waiting = [one.next(), two.next(), three.next(), lists.next()];
  closed.close();
  await two.return?.();
  await two.return?.();
  await system.shutdown();
  expect(await Promise.all(waiting)).toEqual([end, end, end, end]);
});

test("5. Self-join deadlock: an actor ends itself, its parent, its system from within", async () => {
  for (const end of ["self", "parent", "system"]) {
    const { system } = recordedSystem();
    system.spawn<Go>("p", {
      receive: () => "",
      onStart(context) {
        const child = context.spawn<Go>("child", async (_, own) => {
          if (end === "self") await own.system.stop(own.self);
          if (end === "parent") await own.system.stop(context.self);
          if (end === "system") await own.system.shutdown();
          return "";
        });
        child.tryTell(go);
      },
    });
    await turns(8);
    const left = system.actors.map(({ actorId }) => actorId);
    expect([end, left]).toEqual([end, end === "self" ? ["p"] : []]);
    await system.shutdown(); // and later calls do not hang on the first
  }
});

test("6. Double close: one end for all callers, during the start, a turn and a restart", async () => {
  for (const during of ["start", "turn", "restart"]) {
    const { system } = recordedSystem();
    let stops = 0;
    const gate = new Deferred<void>();
    const ref = system.spawn<Go | Fail>(
      "a",
      {
        receive: async ({ type }) => {
          if (type === "fail") throw boom;
          await gate.promise;
          return "";
        },
        onStart: () => (during === "start" ? gate.promise : undefined),
        onRestart: () => gate.promise,
        onStop: () => stops++,
      },
      { supervision: { directive: "restart" } },
    );
    ref.tryTell(during === "restart" ? { type: "fail" } : go);
    await turns();
    const ends = [system.stop(ref), system.stop("a"), system.shutdown(), system.shutdown()];
    expect(ends[2]).toBe(ends[3]);
    gate.resolve();
    expect(await Promise.all(ends)).toEqual([true, true, undefined, undefined]);
    // A life that onRestart has cleaned up is not cleaned up again.
    expect([during, stops]).toEqual([during, during === "restart" ? 0 : 1]);
  }
});

test("12. Timers keep the process alive: after the end there is none", async () => {
  const { system, clock } = recordedSystem({ askTimeoutMs: 1000 });
  const ref = system.spawn<Go>("a", {
    receive: (_, { timers }): Stashed | Promise<string> => {
      timers.every("k", 10, go);
      return new Promise<string>((resolve) => void turns(1).then(() => resolve("")));
    },
    onStop: () => turns(1),
  });
  await ref.ask(go);
  expect(clock.pendingMs).toEqual([10]);
  await system.shutdown();
  expect(clock.pendingMs).toEqual([]);
});

test("13. Unbounded queue anywhere: each has a limit and says what happens beyond", async () => {
  const { system } = recordedSystem({ deadLetterCapacity: 2 });
  const never = new Promise<string>(() => {});
  const mailbox = { capacity: 1, waitingLimit: 1 };
  const busy = system.spawn<Go>("busy", () => never, { mailbox });
  busy.tryTell(go);
  await turns();
  busy.tryTell(go);
  void busy.tell(go);
  await expect(busy.tell(go)).rejects.toMatchObject({ code: "mailbox_full" });
  const stashing = system.spawn<Go>("s", (_, context) => context.stash(), { stashCapacity: 0 });
  await expect(stashing.ask(go)).rejects.toMatchObject({ code: "stash_full" });
  const owing = system.spawn<Go>("o", (_, c) => c.deferReply<string>(), { pendingLimit: 0 });
  await expect(owing.ask(go)).rejects.toMatchObject({ code: "pending_full" });
  const piping = system.spawn<Go>(
    "p",
    (_, context) => {
      context.pipeToSelf(never, () => go);
      return "";
    },
    { pendingLimit: 0 },
  );
  await expect(piping.ask(go)).rejects.toMatchObject({ code: "pending_full" });
  const events = system.events({ capacity: 2 });
  for (let i = 0; i < 5; i++) system.deadLetters.tryTell(go);
  expect([events.missed, system.deadLetters.recent.length]).toEqual([3, 2]);
});

test("15. Head-of-line: tryTell to a slow sink does not keep the reader", async () => {
  const { system } = recordedSystem();
  const gate = new Deferred<string>();
  const slow = system.spawn<Go>("slow", () => gate.promise, { mailbox: { capacity: 1 } });
  let handled = 0;
  const fast = system.spawn<Go>("fast", () => `${++handled}`);
  const reader = system.spawn<Go>("reader", () => {
    for (const sink of [slow, fast]) sink.tryTell(go);
    return "";
  });
  for (let i = 0; i < 10; i++) await reader.ask(go);
  expect(await fast.ask(go)).toBe("11");
  gate.resolve("");
});

test("18. Ask never settles: it does, whatever becomes of actor, turn, router or reply", async () => {
  const { system, clock } = recordedSystem();
  const throwing = system.spawn<Go>("throws", () => {
    throw boom;
  });
  await expect(throwing.ask(go)).rejects.toBe(boom);
  const stopping = system.spawn<Go>("stops", async (_, context) => {
    context.stop();
    await turns(1);
    return "said";
  });
  const [first, second] = [stopping.ask(go), stopping.ask(go)];
  expect(await first).toBe("said");
  await expect(second).rejects.toMatchObject({ code: "actor_terminated" });
  const unstarted = system.spawn<Go>("never", () => "");
  const early = unstarted.ask(go);
  void system.stop(unstarted);
  await expect(early).rejects.toMatchObject({ code: "actor_terminated" });
  const nobody = key.ref(system).ask(go);
  await expect(nobody).rejects.toMatchObject({ code: "no_actors_available" });
  const silent = system.spawn<Message & { type: "go" }>("silent", () => {});
  expect(await silent.ask(go)).toBe(undefined);
  const hanging = system.spawn<Go>("hangs", () => new Promise<string>(() => {}));
  const late = hanging.ask(go, { timeoutMs: 10 });
  await clock.advance(10);
  await expect(late).rejects.toMatchObject({ code: "ask_timeout" });
});

test("19. Swallowed error with no event: whatever fails is told of, its phase named", async () => {
  const { system, all } = recordedSystem();
  const fail = (): never => {
    throw boom;
  };
  system.spawn<Go>("turn", fail).tryTell(go);
  system.spawn<Go>("start", { receive: () => "", onStart: fail });
  const stop = system.spawn<Go>("stop", { receive: () => "", onStop: fail });
  const supervision = { directive: "restart" } as const;
  system.spawn<Go>("restart", { receive: fail, onRestart: fail }, { supervision }).tryTell(go);
  system.spawn<Go>("directive", fail, { supervision: { directive: fail } }).tryTell(go);
  await turns();
  await system.stop(stop);
  const phases = all("error").map(({ actorId, phase }) => `${actorId}: ${phase}`);
  expect(phases.toSorted()).toEqual([
    "directive: directive",
    "directive: turn",
    "restart: restart",
    "restart: turn",
    "start: start",
    "stop: stop",
    "turn: turn",
  ]);
});

test("20. Self-ask, self-tell on full mailbox, A-B ask cycle: none hangs", async () => {
  const { system, clock } = recordedSystem({ askTimeoutMs: 50 });
  const codes: unknown[] = [];
  const note = (error: unknown): string => {
    codes.push((error as { code: unknown }).code);
    return "";
  };
  const refs: Record<string, ActorRef<Go>> = {};
  const asking = (other: string) => (): Promise<string> | string =>
    refs[other]?.ask(go).catch(note) ?? "";
  refs["self"] = system.spawn<Go>("self", async (_, context) => {
    await context.self.ask(go).catch(note);
    context.self.tryTell(go);
    await Promise.resolve();
    return "";
  });
  const full = system.spawn<Go>(
    "full",
    async (_, context) => {
      if (context.self.tryTell(go)) await context.self.tell(go).catch(note);
      context.stop();
      return "";
    },
    { mailbox: { capacity: 1 } },
  );
  full.tryTell(go);
  refs["a"] = system.spawn<Go>("a", asking("b"));
  refs["b"] = system.spawn<Go>("b", asking("a"));
  const cycle = refs["a"].ask(go).catch(note);
  await clock.advance(50);
  await cycle;
  expect(codes).toContain("mailbox_full");
  expect(codes.filter((code) => code === "ask_timeout").length).toBeGreaterThan(0);
  codes.length = 0;
  refs["self"].tryTell(go);
  await turns(1);
  expect(codes[0]).toBe("self_ask");
  void system.stop("self");
});

test("21. Refs to the dead: not in the receptionist, not chosen, ids not reused too early", async () => {
  const { system } = recordedSystem();
  const gate = new Deferred<void>();
  const old = key.spawn(system, "sink", { receive: () => "old", onStop: () => gate.promise });
  const router = key.ref(system);
  expect(await router.ask(go)).toBe("old");
  const stopped = system.stop(old);
  await turns();
  expect(key.find(system)).toEqual([]);
  const again = (): ActorRef<Go> => key.spawn(system, "sink", () => "new");
  expect(again).toThrow(expect.objectContaining({ code: "duplicate_actor_id" }));
  gate.resolve();
  await stopped;
  const fresh = again();
  expect(await router.ask(go)).toBe("new");
  await expect(old.ask(go)).rejects.toMatchObject({ code: "actor_terminated" });
  expect(await fresh.ask(go)).toBe("new");
});

test("22. Shared state outside the turn: handlers do not interleave, state read after an await is fresh", async () => {
  const { system } = recordedSystem();
  let total = 0;
  let inside = 0;
  const ref = system.spawn<Go>("a", async () => {
    expect(++inside).toBe(1);
    const read = total;
    await turns(1);
    total = read + 1;
    inside--;
    return "";
  });
  await Promise.all(Array.from({ length: 20 }, () => ref.ask(go)));
  expect(total).toBe(20);
});

test("23. Dead-letter loops: none, none lost at shutdown, none kept for ever, no contents in logs", async () => {
  const lines: unknown[] = [];
  const log = (...line: unknown[]): void => void lines.push(line);
  const logger = { debug: log, warn: log, error: log };
  const { system } = recordedSystem({
    instrumentation: { onEvent: logTo(logger) },
    deadLetterCapacity: 10,
  });
  const secret = { type: "go", privateKey: "secret" } as const;
  const ref = system.spawn<Go>("a", () => "");
  for (let i = 0; i < 100; i++) ref.tryTell(secret);
  await system.shutdown();
  expect(system.deadLetters.total).toBe(100);
  expect(system.deadLetters.recent).toHaveLength(10);
  await expect(system.deadLetters.ask(secret)).rejects.toMatchObject({
    code: "message_undeliverable",
  });
  expect(system.deadLetters.total).toBe(101);
  expect(JSON.stringify(lines)).not.toContain("secret");
});

test("24. Stop order: children first, onStop bounded, a restart's timer cancelled", async () => {
  const { system, clock, all } = recordedSystem();
  const log: string[] = [];
  const ref = system.spawn<Go>("p", {
    receive: () => "",
    onStart(context) {
      context.spawn<Go>("hangs", {
        receive: () => "",
        onStart: () => {},
        onStop: () => new Promise(() => {}),
      });
      const supervision = {
        directive: "restart",
        backoff: () => new Backoff({ initialMs: 60_000, maxMs: 60_000 }),
      } as const;
      const fail = (): never => {
        throw boom;
      };
      context.spawn<Go>("waits", fail, { supervision }).tryTell(go);
    },
    onStop: () => log.push("parent"),
  });
  await turns();
  expect(clock.pendingMs).toEqual([60_000]);
  const stopped = system.stop(ref);
  await turns();
  expect(log).toEqual([]);
  expect(clock.pendingMs).toEqual([5000]);
  await clock.advance(5000);
  expect(await stopped).toBe(true);
  expect(log).toEqual(["parent"]);
  expect(all("terminated").map(({ actorId }) => actorId)).toEqual(["p/waits", "p/hangs", "p"]);
});

test("25. Listener leak on a signal that lives long: as many taken back as were added", async () => {
  const { system } = recordedSystem();
  const ref = system.spawn<Go>("a", async () => "");
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const asks: Promise<string>[] = [];
  for (let i = 0; i < 50; i++) asks.push(ref.ask(go, { signal }));
  expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([50, 0]);
  await Promise.all(asks);
  expect(removed.mock.calls).toEqual(added.mock.calls.map(([type, listener]) => [type, listener]));
});
