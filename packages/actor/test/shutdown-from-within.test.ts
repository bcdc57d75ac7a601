import type { ActorContext, ActorRef, Behavior, Message } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message {
  readonly type: "go";
}

const go: Go = { type: "go" };
const idle: Behavior<Go> = { receive: () => {} };

describe("a shutdown from within", () => {
  const ways: [string, (context: ActorContext<Go>) => Promise<unknown>][] = [
    ["at once", (context) => context.system.shutdown()],
    ["with a signal", ({ system }) => system.shutdown({ signal: new AbortController().signal })],
    ["by await using", (context) => context.system[Symbol.asyncDispose]()],
  ];

  test.each(ways)(
    "a turn that waits for it (%s) does not wait: it would for itself",
    async (_, shutdown) => {
      const { system } = recordedSystem();
      const log: string[] = [];
      system.spawn<Go>("other", {
        ...idle,
        onStop: async () => {
          await turns(2);
          log.push("other");
        },
      });
      const ref = system.spawn<Go>("self", async (_message, context) => {
        await shutdown(context);
        log.push("self");
      });
      await turns();
      ref.tryTell(go);
      await turns(12);
      expect(log).toEqual(["self", "other"]);
      expect(system.actors).toEqual([]);
    },
  );

  test("a child does: its parent and siblings are no hindrance", async () => {
    const { system } = recordedSystem();
    system.spawn<Go>("p", {
      ...idle,
      onStart(context) {
        context.spawn("sibling", idle);
        context.spawn<Go>("child", (_, own) => own.system.shutdown()).tryTell(go);
      },
    });
    await turns(8);
    expect(system.actors).toEqual([]);
  });

  test("an actor with children does", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Go>("p", async (_, context) => {
      context.spawn("child", idle);
      await context.system.shutdown();
    });
    ref.tryTell(go);
    await turns(8);
    expect(system.actors).toEqual([]);
  });

  test("two actors that were told to do", async () => {
    const { system } = recordedSystem();
    const refs: ActorRef<Go>[] = ["a", "b"].map((id) =>
      system.spawn<Go>(id, (_, context) => context.system.shutdown()),
    );
    for (const ref of refs) ref.tryTell(go);
    await turns(8);
    expect(system.actors).toEqual([]);
  });

  test("onStop that waits for it does not wait for itself", async () => {
    const { system, clock } = recordedSystem();
    system.spawn("other", idle);
    const ref = system.spawn<Go>("a", { ...idle, onStop: () => system.shutdown() });
    await turns();
    void system.stop(ref);
    await turns(8);
    expect(clock.pendingMs).toEqual([]);
    expect(system.actors).toEqual([]);
  });

  test.each(["onStart", "onRestart", "onStop"])(
    "%s that waits for it does not keep anybody from ending",
    async (hook) => {
      const { system, clock } = recordedSystem();
      let isOver = false;
      for (const id of ["first", "second"]) system.spawn(id, idle);
      const ref = system.spawn<Go>(
        "a",
        {
          receive: () => {
            throw new Error("boom");
          },
          [hook]: (context: unknown, second: unknown) => {
            const { system: own } = (hook === "onRestart" ? second : context) as ActorContext<Go>;
            return own.shutdown().then(() => (isOver = true));
          },
        },
        { supervision: { directive: "restart" } },
      );
      if (hook === "onRestart") ref.tryTell(go);
      await turns();
      if (hook === "onStop") void system.shutdown();
      await turns(8);
      expect(isOver).toBe(true);
      expect(system.actors).toEqual([]);
      expect(clock.pendingMs).toEqual([]);
    },
  );

  test("two actors whose onStop waits for it do not wait for each other", async () => {
    const { system, clock } = recordedSystem();
    for (const id of ["a", "b"]) system.spawn<Go>(id, { ...idle, onStop: () => system.shutdown() });
    await turns();
    void system.shutdown();
    await turns(8);
    expect(clock.pendingMs).toEqual([]);
    expect(system.actors).toEqual([]);
  });
});
