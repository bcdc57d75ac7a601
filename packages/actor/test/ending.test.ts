import { type ActorContext, Deferred, type Message } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { isOver } from "./is-over.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message {
  readonly type: "go";
}

const go: Go = { type: "go" };
const never = (): Promise<never> => new Promise(() => {});

describe("stop from within", () => {
  const stoppers: [string, (context: ActorContext<Go>) => unknown][] = [
    ["context.stop()", (context) => context.stop()],
    ["system.stop(self), not awaited", (context) => void context.system.stop(context.self)],
    ["system.stop(self), awaited", (context) => context.system.stop(context.self)],
    ["system.stop(own id), awaited", (context) => context.system.stop(context.self.id)],
  ];

  test.each(stoppers)("%s does not wait for itself; the asker is answered", async (_, stop) => {
    const { system } = recordedSystem();
    let handled = 0;
    const ref = system.spawn<Go>("a", async (_message, context) => {
      handled++;
      await stop(context);
    });
    const asked = ref.ask(go);
    ref.tryTell(go);
    await turns(8);
    expect(system.actors).toEqual([]);
    expect(await asked).toBe(undefined);
    expect(handled).toBe(1);
  });

  test.each(stoppers)("%s works in onStart", async (_, stop) => {
    const { system } = recordedSystem();
    const onStart = (context: ActorContext<Go>): unknown => stop(context);
    system.spawn<Go>("a", { receive: () => {}, onStart });
    await turns(8);
    expect(system.actors).toEqual([]);
  });

  test.each(stoppers)("%s works in onStop", async (_, stop) => {
    const { system, clock } = recordedSystem();
    const onStop = (context: ActorContext<Go>): unknown => stop(context);
    const ref = system.spawn<Go>("a", { receive: () => {}, onStop });
    await turns();
    const stopped = system.stop(ref);
    await turns(8);
    expect(clock.pendingMs).toEqual([]); // no timeout has to end it
    expect(await isOver(stopped)).toBe(true);
  });

  test("a child stops its parent, awaited", async () => {
    const { system } = recordedSystem();
    const parent = system.spawn<Go>("p", {
      receive: () => {},
      onStart(context) {
        const child = context.spawn<Go>("child", async (_, own) => {
          expect(await own.system.stop(context.self)).toBe(true);
        });
        child.tryTell(go);
      },
    });
    await system.whenTerminated(parent);
    expect(system.actors).toEqual([]);
  });

  test("a parent stops its child in a turn and waits for it", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const ref = system.spawn<Go>("p", async (_, context) => {
      const child = context.spawn<Go>("child", {
        receive: () => {},
        onStart: () => {},
        onStop: async () => {
          await turns(2);
          log.push("child");
        },
      });
      await turns(1);
      await context.system.stop(child);
      log.push("parent");
    });
    await ref.ask(go);
    expect(log).toEqual(["child", "parent"]);
  });
});

describe("hooks that fail", () => {
  const boom = new Error("boom");

  test.each<[string, () => unknown, unknown]>([
    [
      "throws",
      () => {
        throw boom;
      },
      boom,
    ],
    ["rejects", () => Promise.reject(boom), boom],
    ["hangs", never, { code: "cleanup_timeout", actorId: "p/a" }],
  ])(
    "an onStop that %s is told of; parent and siblings end all the same",
    async (_, onStop, error) => {
      const { system, clock, all } = recordedSystem();
      const log: string[] = [];
      const ref = system.spawn<Go>("p", {
        receive: () => {},
        onStart(context) {
          context.spawn<Go>("a", { receive: () => {}, onStop }, { cleanupTimeoutMs: 30 });
          context.spawn<Go>("b", { receive: () => {}, onStop: () => log.push("b") });
        },
        onStop: () => log.push("p"),
      });
      await turns();
      const stopped = system.stop(ref);
      await clock.advance(30);
      expect(await stopped).toBe(true);
      expect(log).toEqual(["b", "p"]);
      expect(all("error")).toMatchObject([
        { actorId: "p/a", phase: "stop", directive: undefined, error },
      ]);
      expect(clock.pendingMs).toEqual([]);
    },
  );

  test("an onStop whose thenable throws is told of and leaves no timer", async () => {
    const { system, clock, all } = recordedSystem();
    const then = (): never => {
      throw boom;
    };
    // oxlint-disable-next-line unicorn/no-thenable -- a bad one is what is tested
    const thenable = { then };
    const ref = system.spawn<Go>("a", { receive: () => {}, onStop: () => thenable });
    await ref.ask(go);
    await system.stop(ref);
    expect(all("error")).toMatchObject([{ phase: "stop", error: boom }]);
    expect(clock.pendingMs).toEqual([]);
  });

  test("what an actor died of is not forgotten when it is stopped as well", async () => {
    const { system, all } = recordedSystem();
    const errors: unknown[] = [];
    const ref = system.spawn<Go>("a", {
      receive: () => {
        throw boom;
      },
      onStop: async (_, error) => {
        await turns(2);
        errors.push(error);
      },
    });
    ref.tryTell(go);
    await turns(1);
    await Promise.all([system.stop(ref), system.shutdown()]);
    expect(errors).toEqual([boom]);
    expect(all("terminated")).toMatchObject([{ error: boom }]);
  });

  test("5 s are what onStop has by default, and a late failure of it does no harm", async () => {
    const { system, clock, all } = recordedSystem();
    const late = new Deferred<void>();
    const ref = system.spawn<Go>("a", { receive: () => {}, onStop: () => late.promise });
    await turns();
    const stopped = system.stop(ref);
    await clock.advance(4999);
    expect(all("terminated")).toEqual([]);
    await clock.advance(1);
    expect(await stopped).toBe(true);
    late.reject(boom);
    await turns();
    expect(all("error")).toHaveLength(1);
  });
});
