import {
  type ActorRef,
  broadcast,
  failure,
  handlers,
  type Message,
  serviceKey,
} from "@satwire/actor";
import { expect, test } from "vitest";
import { type Recorded, recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";
import { uncaughtDuring } from "./uncaught.ts";

interface Item extends Message<number> {
  readonly type: "item";
}

const item = { type: "item" } as const;
const boom = new Error("boom");
const throwing = (): never => {
  throw boom;
};
const never = (): Promise<number> => new Promise(() => {});

/** An actor in its first turn, whose mailbox is full. */
async function full({ system }: Recorded, overflow: "reject" | "dropNewest" | "dropOldest") {
  const ref = system.spawn<Item>("a", never, { mailbox: { capacity: 1, overflow } });
  ref.tryTell(item);
  await turns();
  void ref.ask(item);
  return ref;
}

const stopped = async ({ system }: Recorded): Promise<ActorRef<Item>> => {
  const ref = system.spawn<Item>("a", () => 0);
  await system.stop(ref);
  return ref;
};

type Send = (recorded: Recorded) => unknown;

// Each fails, and nobody awaits it. The event that tells of it follows.
const failures: [string, Send, object][] = [
  [
    "ask, the behaviour throws",
    ({ system }) => void system.spawn<Item>("a", throwing).ask(item),
    { type: "error", error: boom },
  ],
  [
    "ask, the behaviour rejects",
    ({ system }) => void system.spawn<Item>("a", async () => throwing()).ask(item),
    { type: "error", error: boom },
  ],
  [
    "tell, the behaviour throws",
    ({ system }) => void system.spawn<Item>("a", throwing).tell(item),
    { type: "error", error: boom },
  ],
  [
    "tell, the behaviour returns a failure",
    ({ system }) => void system.spawn<Item>("a", () => failure(boom)).tell(item),
    { type: "error", error: boom, phase: "reply" },
  ],
  [
    "tell to one that has stopped",
    async (recorded) => void (await stopped(recorded)).tell(item),
    { type: "deadLetter", reason: "stopped" },
  ],
  [
    "ask of one that has stopped",
    async (recorded) => void (await stopped(recorded)).ask(item),
    { type: "deadLetter", reason: "stopped" },
  ],
  [
    "ask of one that stops first",
    async ({ system }) => {
      const ref = system.spawn<Item>("a", () => 0);
      void ref.ask(item);
      await system.stop(ref);
    },
    { type: "deadLetter", reason: "stopped" },
  ],
  [
    "tell, refused",
    async (recorded) => void (await full(recorded, "reject")).tell(item),
    { type: "refused", code: "mailbox_full" },
  ],
  [
    "ask, refused",
    async (recorded) => void (await full(recorded, "reject")).ask(item),
    { type: "refused", code: "mailbox_full" },
  ],
  [
    "tell, dropped",
    async (recorded) => void (await full(recorded, "dropNewest")).tell(item),
    { type: "dropped" },
  ],
  [
    "ask, dropped",
    async (recorded) => void (await full(recorded, "dropNewest")).ask(item),
    { type: "dropped" },
  ],
  [
    "ask, evicted",
    async (recorded) => void (await full(recorded, "dropOldest")).tell(item),
    { type: "dropped" },
  ],
  [
    "ask, out of time",
    async ({ system, clock }) => {
      void system.spawn<Item>("a", never).ask(item, { timeoutMs: 5 });
      await clock.advance(5);
    },
    { type: "refused", code: "ask_timeout" },
  ],
  [
    "ask of oneself",
    ({ system }) =>
      system
        .spawn<Item>("a", (_, context) => {
          void context.self.ask(item);
          return 0;
        })
        .tryTell(item),
    { type: "refused", code: "self_ask" },
  ],
  [
    "ask with a time that is none",
    ({ system }) => void system.spawn<Item>("a", never).ask(item, { timeoutMs: -1 }),
    { type: "refused", code: "invalid_option" },
  ],
  [
    "ask that no handler is named after",
    ({ system }) =>
      void system
        .spawn<Item>("a", handlers<Item>({ item: () => 0 }))
        .ask({ type: "x" } as unknown as Item),
    { type: "deadLetter", reason: "unhandled" },
  ],
  [
    "tell to a router without actors",
    ({ system }) => void serviceKey<Item>("k").ref(system).tell(item),
    { type: "deadLetter", reason: "no_actors" },
  ],
  [
    "ask of a router without actors",
    ({ system }) => void serviceKey<Item>("k").ref(system).ask(item),
    { type: "deadLetter", reason: "no_actors" },
  ],
  [
    "ask of a router, all fail",
    ({ system }) => {
      const key = serviceKey<Item>("k");
      key.spawn(system, "a", throwing);
      key.spawn(system, "b", throwing);
      void key.ref(system, { strategy: broadcast() }).ask(item);
    },
    { type: "error", error: boom },
  ],
  [
    "ask of the dead letters",
    ({ system }) => void system.deadLetters.ask(item),
    { type: "deadLetter", reason: "sent" },
  ],
  [
    "a deferred reply that is due at a restart",
    async ({ system }) => {
      let isFirst = true;
      const ref = system.spawn<Item>(
        "a",
        (_, context) => {
          if (!isFirst) throw boom;
          isFirst = false;
          return context.deferReply<number>();
        },
        { supervision: { directive: "restart" } },
      );
      void ref.ask(item);
      void ref.tell(item);
      await turns();
    },
    { type: "restarted", error: boom },
  ],
];

test.each(failures)("%s: no unhandled rejection, an event", async (_, send, event) => {
  const recorded = recordedSystem();
  const { exceptions, rejections } = await uncaughtDuring(async () => {
    await send(recorded);
    await turns();
  });
  expect(exceptions).toEqual([]);
  expect(rejections).toEqual([]);
  expect(recorded.events).toContainEqual(expect.objectContaining(event));
});

// What its sender has chosen is no event, but no crash either.
test.each<[string, Send]>([
  [
    "tell and ask with a signal that is aborted",
    ({ system }) => {
      const ref = system.spawn<Item>("a", () => 0);
      void ref.tell(item, { signal: AbortSignal.abort() });
      void ref.ask(item, { signal: AbortSignal.abort() });
    },
  ],
  [
    "tell and ask that are aborted while they wait for room",
    async ({ system }) => {
      const ref = system.spawn<Item>("a", never, { mailbox: { capacity: 1 } });
      for (let i = 0; i < 2; i++) {
        ref.tryTell(item);
        await turns();
      }
      const controller = new AbortController();
      void ref.tell(item, { signal: controller.signal });
      void ref.ask(item, { signal: controller.signal });
      controller.abort();
    },
  ],
  [
    "ask that is given up in its turn, which then fails",
    async ({ system }) => {
      const controller = new AbortController();
      const ref = system.spawn<Item>("a", async () => {
        await turns(2);
        return throwing();
      });
      void ref.ask(item, { signal: controller.signal });
      await turns(1);
      controller.abort();
      await turns();
    },
  ],
  [
    "ask that gets a failure, now or later",
    async ({ system }) => {
      void system.spawn<Item>("a", () => failure(boom)).ask(item);
      const ref = system.spawn<Item>("b", (_, context) => {
        const reply = context.deferReply<number>();
        void turns(1).then(() => reply.reject(boom));
        return reply;
      });
      void ref.ask(item);
      await turns();
    },
  ],
  [
    "ask that gets a promise as its deferred reply, which rejects",
    async ({ system }) => {
      const ref = system.spawn<Item>("a", (_, context) => {
        const reply = context.deferReply<unknown>();
        void turns(1).then(() => reply.resolve(Promise.reject(boom)));
        return reply;
      });
      void ref.ask(item);
      await turns();
    },
  ],
  [
    "stop, whenTerminated and shutdown that are given up, now or later",
    async ({ system }) => {
      const ref = system.spawn<Item>("a", never);
      ref.tryTell(item);
      await turns();
      const controller = new AbortController();
      for (const signal of [controller.signal, AbortSignal.abort()]) {
        void system.stop(ref, { signal });
        void system.whenTerminated(ref, { signal });
        void system.shutdown({ signal });
      }
      await turns();
      controller.abort();
      await turns();
    },
  ],
  [
    "stop and whenTerminated of what is no actor of the system",
    ({ system }) => {
      const foreign = recordedSystem().system.spawn<Item>("a", never);
      void system.stop(foreign);
      void system.whenTerminated(foreign);
    },
  ],
])("%s: no unhandled rejection", async (_, send) => {
  const { exceptions, rejections } = await uncaughtDuring(async () => {
    await send(recordedSystem());
    await turns();
  });
  expect(exceptions).toEqual([]);
  expect(rejections).toEqual([]);
});
