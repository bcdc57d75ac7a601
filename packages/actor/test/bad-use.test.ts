import {
  type ActorContext,
  type ActorErrorCode,
  type ActorRef,
  ActorSystem,
  Backoff,
  type Handlers,
  handlers,
  mapInput,
  type Message,
  type Scheduler,
  serviceKey,
  setup,
  type SpawnOptions,
  type SystemOptions,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { fakeRef } from "./fake-ref.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message<string> {
  readonly type: "go";
}

const go = { type: "go" } as const;
const idle = (): string => "";
const withCode = (code: ActorErrorCode, actorId?: string) =>
  expect.objectContaining({ name: "ActorError", code, ...(actorId && { actorId }) });

describe("ids", () => {
  test.each(["", undefined, null, 7])("%j is none: empty_actor_id", (id) => {
    const { system } = recordedSystem();
    const spawn = (): unknown => system.spawn<Go>(id as string, idle);
    expect(spawn).toThrow(withCode("empty_actor_id"));
    expect(system.stats.spawned).toBe(0);
  });

  test("one that is taken: duplicate_actor_id, and the first lives on", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const first = system.spawn<Go>("a", () => "first");
    expect(() => system.spawn<Go>("a", idle)).toThrow(withCode("duplicate_actor_id", "a"));
    expect(() => key.spawn(system, "a", idle)).toThrow(withCode("duplicate_actor_id", "a"));
    expect(key.find(system)).toEqual([]);
    expect(await first.ask(go)).toBe("first");
    expect(system.stats.spawned).toBe(1);
  });

  test("the same for children, whose ids are apart from those of others", async () => {
    const { system } = recordedSystem();
    system.spawn<Go>("child", idle);
    const ref = system.spawn<Go>("p", (_, context) => {
      context.spawn<Go>("child", idle);
      expect(() => context.spawn<Go>("child", idle)).toThrow(
        withCode("duplicate_actor_id", "p/child"),
      );
      expect(() => context.spawn<Go>("", idle)).toThrow(withCode("empty_actor_id"));
      return "";
    });
    await ref.ask(go);
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["child", "p", "p/child"]);
  });
});

test.each([undefined, null, "text", 1, {}, { receive: 1 }, { create: "x" }])(
  "%j is no behaviour: invalid_behavior",
  (behavior) => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const wrong = behavior as unknown as typeof idle;
    expect(() => system.spawn<Go>("a", wrong)).toThrow(withCode("invalid_behavior"));
    expect(() => key.spawn(system, "a", wrong)).toThrow(withCode("invalid_behavior"));
    expect(system.actors).toEqual([]);
    expect(key.find(system)).toEqual([]);
  },
);

test("a table of handlers that is an instance of a class: invalid_behavior", () => {
  class Table {
    go(): string {
      return "";
    }
  }
  expect(() => handlers<Go>(new Table())).toThrow(withCode("invalid_behavior"));
  const bare: Handlers<Go> = Object.assign(Object.create(null), { go: idle });
  expect(() => handlers<Go>(bare)).not.toThrow();
});

test("a setup that creates no behaviour is a failure of the actor", async () => {
  const { system, all } = recordedSystem();
  const ref = system.spawn(
    "a",
    setup<Go>(() => undefined as unknown as typeof idle),
  );
  await expect(ref.ask(go)).rejects.toMatchObject({ code: "actor_terminated" });
  expect(all("error")).toMatchObject([
    { phase: "start", directive: "stop", error: { code: "invalid_behavior" } },
  ]);
});

describe("options", () => {
  const wrong: SpawnOptions[] = [
    { mailbox: { capacity: 0 } },
    { mailbox: { capacity: 1.5 } },
    { mailbox: { capacity: Number.NaN } },
    { mailbox: { waitingLimit: -1 } },
    { mailbox: { overflow: "drop" as "reject" } },
    { stashCapacity: -1 },
    { pendingLimit: Number.POSITIVE_INFINITY },
    { cleanupTimeoutMs: -1 },
    { cleanupTimeoutMs: Number.NaN },
    { supervision: { directive: "explode" as "stop" } },
    { supervision: { maxRestarts: -1 } },
    { supervision: { withinMs: Number.POSITIVE_INFINITY } },
    { supervision: { backoff: () => new Backoff({ initialMs: 0, maxMs: 1 }) } },
  ];

  test.each(wrong)("of spawn: %j is an invalid_option, and nothing is spawned", (options) => {
    const { system } = recordedSystem();
    const invalid = withCode("invalid_option");
    expect(() => system.spawn<Go>("a", idle, options)).toThrow(invalid);
    expect(system.actors).toEqual([]);
    expect(system.stats.spawned).toBe(0);
    system.spawn<Go>("a", idle); // the id is not taken
  });

  test.each(wrong)("of spawn: %j of a child leaves its parent without one", async (options) => {
    const { system } = recordedSystem();
    const ref = system.spawn<Go>("p", (_, context) => {
      expect(() => context.spawn<Go>("a", idle, options)).toThrow(withCode("invalid_option"));
      return `${context.children.length}`;
    });
    expect(await ref.ask(go)).toBe("0");
  });

  test.each(wrong)(
    "as spawnDefaults: %j is told when the system is made, or at spawn",
    (defaults) => {
      const make = (): unknown => new ActorSystem({ spawnDefaults: defaults }).spawn<Go>("a", idle);
      expect(make).toThrow(withCode("invalid_option"));
    },
  );

  test.each<SystemOptions>([
    { askTimeoutMs: -1 },
    { askTimeoutMs: Number.NaN },
    { deadLetterCapacity: -1 },
    { deadLetterCapacity: 0.5 },
    { spawnDefaults: { mailbox: { capacity: 0 } } },
    { spawnDefaults: { mailbox: { overflow: "drop" as "reject" } } },
  ])("of a system: %j is an invalid_option", (options) => {
    expect(() => new ActorSystem(options)).toThrow(withCode("invalid_option"));
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    "of ask: timeoutMs %d, and nothing is sent",
    async (timeoutMs) => {
      const { system } = recordedSystem();
      let handled = 0;
      const ref = system.spawn<Go>("a", () => `${++handled}`);
      await expect(ref.ask(go, { timeoutMs })).rejects.toMatchObject({
        code: "invalid_option",
        actorId: "a",
      });
      expect(await ref.ask(go)).toBe("1");
    },
  );

  test("of events and keys", () => {
    const { system } = recordedSystem();
    for (const capacity of [0, -1, 0.5, Number.NaN]) {
      expect(() => system.events({ capacity })).toThrow(withCode("invalid_option"));
    }
    expect(() => serviceKey<Go>("")).toThrow(withCode("invalid_option"));
    expect(() => serviceKey<Go>(undefined as unknown as string)).toThrow(
      withCode("invalid_option"),
    );
  });
});

describe("asking and telling oneself", () => {
  type Ask = (context: ActorContext<Go>) => Promise<unknown>;
  const asks: [string, Ask][] = [["at once", (context) => context.self.ask(go)]];

  test.each(asks)("self_ask, %s; the turn goes on", async (_, ask) => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    const ref = system.spawn<Go>("a", async (_message, context) => {
      if (codes.length > 0) return "second";
      await ask(context).catch((error: unknown) => codes.push((error as { code: unknown }).code));
      return "first";
    });
    ref.tryTell(go);
    await turns(8);
    expect(codes).toEqual(["self_ask"]);
    expect(system.actors).toMatchObject([{ isBusy: false }]);
  });

  test("self_ask in setup and onStart too", async () => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    const ask = async (context: ActorContext<Go>): Promise<void> => {
      await context.self.ask(go).catch((error: unknown) => {
        codes.push((error as { code: unknown }).code);
      });
    };
    const ref = system.spawn(
      "a",
      setup<Go>((context) => {
        void ask(context);
        return { receive: idle, onStart: ask };
      }),
    );
    await ref.ask(go);
    expect(codes).toEqual(["self_ask", "self_ask"]);
  });

  const tells: [string, Ask][] = [["at once", (context) => context.self.tell(go)]];

  test.each(tells)("a full mailbox of one's own: mailbox_full, %s", async (_, tell) => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    let handled = 0;
    const ref = system.spawn<Go>(
      "a",
      async (_message, context) => {
        if (handled++ > 0) return "";
        expect(context.self.tryTell(go)).toBe(true);
        expect(context.self.tryTell(go)).toBe(false);
        await tell(context).catch((error: unknown) =>
          codes.push((error as { code: unknown }).code),
        );
        return "";
      },
      { mailbox: { capacity: 1 } },
    );
    ref.tryTell(go);
    await turns(8);
    expect([codes, handled]).toEqual([["mailbox_full"], 2]);
  });

  test("a tell to oneself with room is fine", async () => {
    const { system } = recordedSystem();
    let handled = 0;
    const ref = system.spawn<Go>("a", async (_, context) => {
      if (handled++ < 3) await context.self.tell(go);
      return "";
    });
    ref.tryTell(go);
    await turns();
    expect(handled).toBe(4);
  });
});

describe("signals that are aborted already", () => {
  test("aborted, the reason as cause, and nothing is ever sent", async () => {
    const { system } = recordedSystem();
    let handled = 0;
    const ref = system.spawn<Go>("a", () => `${++handled}`);
    const signal = AbortSignal.abort("why");
    const aborted = { code: "aborted", cause: "why" };
    for (let i = 0; i < 20; i++) {
      await expect(ref.tell(go, { signal })).rejects.toMatchObject(aborted);
      await expect(ref.ask(go, { signal })).rejects.toMatchObject(aborted);
    }
    await turns();
    expect(handled).toBe(0);
    expect(system.deadLetters.total).toBe(0);
  });

  test("an actor that has stopped is told first", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Go>("a", idle);
    await system.stop(ref);
    const signal = AbortSignal.abort();
    for (const promise of [ref.tell(go, { signal }), ref.ask(go, { signal })]) {
      await expect(promise).rejects.toMatchObject({ code: "actor_terminated" });
    }
  });
});

test("not_in_turn: stash and deferReply outside of a message", async () => {
  const { system } = recordedSystem();
  const contexts: ActorContext<Go>[] = [];
  const codes: unknown[] = [];
  const attempt = (context: ActorContext<Go>): void => {
    for (const call of [() => context.stash(), () => context.deferReply()]) {
      try {
        call();
      } catch (error) {
        codes.push((error as { code: unknown }).code);
      }
    }
  };
  const ref = system.spawn<Go>("a", {
    receive: (_, context) => {
      contexts.push(context);
      return "";
    },
    onStart: attempt,
    onStop: attempt,
  });
  await ref.ask(go);
  attempt(contexts[0] as ActorContext<Go>);
  await system.stop(ref);
  expect(codes).toEqual(Array.from({ length: 6 }, () => "not_in_turn"));
});

test("foreign_ref: stop and whenTerminated of what is no actor of this system", async () => {
  const { system } = recordedSystem();
  const { system: other } = recordedSystem();
  const own = system.spawn<Go>("own", idle);
  const foreign = other.spawn<Go>("own", idle);
  const router = serviceKey<Go>("key").ref(system);
  const adapter = mapInput(own, (message: Go) => message) as ActorRef<Go>;
  for (const ref of [foreign, router, adapter, fakeRef<Go>("mock"), system.deadLetters]) {
    const error = { code: "foreign_ref", actorId: ref.id };
    await expect(system.stop(ref), ref.id).rejects.toMatchObject(error);
    await expect(system.whenTerminated(ref), ref.id).rejects.toMatchObject(error);
  }
  expect([await own.ask(go), await foreign.ask(go)]).toEqual(["", ""]);
});

describe("with a scheduler that never lets anyone run", () => {
  const still: Scheduler = { schedule: () => {} };

  test("bad use is told all the same: it depends on no order", async () => {
    const { system } = recordedSystem({ scheduler: still });
    const ref = system.spawn<Go>("a", idle, { mailbox: { capacity: 1, overflow: "reject" } });
    ref.tryTell(go);
    await expect(ref.tell(go)).rejects.toMatchObject({ code: "mailbox_full" });
    void system.stop(ref);
    await expect(ref.tell(go)).rejects.toMatchObject({ code: "actor_terminated" });
    await expect(ref.ask(go)).rejects.toMatchObject({ code: "actor_terminated" });
    expect(() => system.spawn<Go>("a", idle)).toThrow(withCode("duplicate_actor_id"));
    void system.shutdown();
    expect(() => system.spawn<Go>("b", idle)).toThrow(withCode("system_terminated"));
  });

  test("an ask of an actor that never starts is out of time", async () => {
    const { system, clock } = recordedSystem({ scheduler: still, askTimeoutMs: 30 });
    const asked = system.spawn<Go>("a", idle).ask(go);
    await clock.advance(30);
    await expect(asked).rejects.toMatchObject({ code: "ask_timeout", actorId: "a" });
  });
});
