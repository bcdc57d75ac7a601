import {
  type DeferredReply,
  Deferred,
  failure,
  type Message,
  type Receive,
  type SpawnOptions,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Get extends Message<number> {
  readonly type: "get";
}
interface Fail extends Message<number> {
  readonly type: "fail";
}
type Protocol = Get | Fail;

const get = { type: "get" } as const;
const boom = new Error("boom");

/** An actor that defers each reply and hands it out. */
function deferring(options?: SpawnOptions) {
  const recorded = recordedSystem();
  const replies: DeferredReply<number>[] = [];
  const receive: Receive<Protocol> = (message, context) => {
    if (message.type === "fail") throw boom;
    const reply = context.deferReply<number>();
    replies.push(reply);
    return reply;
  };
  return { ...recorded, replies, ref: recorded.system.spawn("a", receive, options) };
}

describe("deferReply", () => {
  test("the actor goes on, replies come in any order, once each", async () => {
    const { ref, replies } = deferring();
    const asks = [ref.ask(get), ref.ask(get)];
    await turns();
    expect(replies.map(({ isAwaited }) => isAwaited)).toEqual([true, true]);
    expect(replies[1]?.resolve(2)).toBe(true);
    expect(await asks[1]).toBe(2);
    expect(replies[1]?.resolve(3)).toBe(false);
    expect(replies[1]?.reject(boom)).toBe(false);
    expect(replies[1]?.isAwaited).toBe(false);
    expect(replies[0]?.reject(boom)).toBe(true);
    await expect(asks[0]).rejects.toBe(boom);
    expect(replies[0]?.resolve(1)).toBe(false);
  });

  test("nobody waits for the reply to a tell", async () => {
    const { ref, replies } = deferring({ pendingLimit: 1 });
    ref.tryTell(get);
    ref.tryTell(get); // those that nobody waits for take no room
    await turns();
    expect(replies.map(({ isAwaited }) => isAwaited)).toEqual([false, false]);
    expect(replies[0]?.resolve(1)).toBe(false);
    expect(replies[0]?.reject(boom)).toBe(false);
  });

  test("an asker that gives up makes room, and gets its own error", async () => {
    const { ref, replies, clock } = deferring({ pendingLimit: 1 });
    const controller = new AbortController();
    const aborted = ref.ask(get, { signal: controller.signal });
    await turns();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    const late = ref.ask(get, { timeoutMs: 10 });
    await clock.advance(10);
    await expect(late).rejects.toMatchObject({ code: "ask_timeout", actorId: "a" });
    const third = ref.ask(get);
    await turns();
    expect(replies.map(({ isAwaited }) => isAwaited)).toEqual([false, false, true]);
    expect(replies[0]?.resolve(1)).toBe(false);
    expect(replies[2]?.resolve(3)).toBe(true);
    expect(await third).toBe(3);
    expect(clock.pendingMs).toEqual([]);
  });

  test("an asker that has given up before the turn takes no room", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<number>();
    const ref = system.spawn<Protocol>(
      "a",
      async (message, context) => {
        if (message.type === "fail") return gate.promise;
        return context.deferReply<number>();
      },
      { pendingLimit: 1 },
    );
    ref.tryTell({ type: "fail" });
    const controller = new AbortController();
    const abandoned = ref.ask(get, { signal: controller.signal });
    const second = ref.ask(get, { timeoutMs: 5 });
    controller.abort();
    await expect(abandoned).rejects.toMatchObject({ code: "aborted" });
    gate.resolve(0);
    await turns();
    expect(system.stats.error).toBe(0);
    void second;
  });

  test.each(["stop", "shutdown"])(
    "%s fails those that are due, later replies do nothing",
    async (how) => {
      const { system, ref, replies } = deferring();
      const asked = ref.ask(get);
      await turns();
      await (how === "stop" ? system.stop(ref) : system.shutdown());
      await expect(asked).rejects.toMatchObject({ code: "actor_terminated", actorId: "a" });
      expect(replies[0]?.isAwaited).toBe(false);
      expect(replies[0]?.resolve(1)).toBe(false);
    },
  );

  test("more than pendingLimit are refused with pending_full, a failure of the actor", async () => {
    const { ref, all } = deferring({ pendingLimit: 2 });
    void ref.ask(get);
    void ref.ask(get);
    await expect(ref.ask(get)).rejects.toMatchObject({ code: "pending_full", actorId: "a" });
    expect(all("error")).toMatchObject([{ error: { code: "pending_full" }, directive: "stop" }]);
  });

  test("a reply makes room", async () => {
    const { ref, replies } = deferring({ pendingLimit: 1 });
    for (let i = 0; i < 5; i++) {
      const asked = ref.ask(get);
      await turns();
      replies[i]?.resolve(i);
      expect(await asked).toBe(i);
    }
  });

  test("a handler that throws after it fails the ask and takes no room", async () => {
    const { system } = recordedSystem();
    let count = 0;
    const ref = system.spawn<Get>(
      "a",
      (_, context) => {
        const reply = context.deferReply<number>();
        if (count++ < 3) throw boom;
        return reply;
      },
      { supervision: { directive: "resume" }, pendingLimit: 1 },
    );
    for (let i = 0; i < 3; i++) await expect(ref.ask(get)).rejects.toBe(boom);
    const asked = ref.ask(get);
    await turns();
    expect(system.stats.error).toBe(3);
    await system.stop(ref);
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated" });
  });

  test("a failure() that is returned after it is not swallowed: it fails the ask", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Get>("a", (_, context) => {
      context.deferReply<number>();
      return failure(boom);
    });
    const asked = ref.ask(get);
    await turns();
    await system.stop(ref);
    await expect(asked).rejects.toBe(boom);
  });

  test("given before the turn ends, it is the reply; what is returned is not", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Get>("a", (_, context) => {
      const reply = context.deferReply<number>();
      reply.resolve(1);
      return 2;
    });
    expect(await ref.ask(get)).toBe(1);
  });

  test("the signal of the ask still aborts when the asker gives up after the turn", async () => {
    const { system } = recordedSystem();
    const signals: AbortSignal[] = [];
    const ref = system.spawn<Get>("a", (_, context) => {
      signals.push(context.signal);
      return context.deferReply<number>();
    });
    const controller = new AbortController();
    void ref.ask(get, { signal: controller.signal });
    const other = ref.ask(get);
    await turns();
    controller.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await system.stop(ref);
    await expect(other).rejects.toMatchObject({ code: "actor_terminated" });
    expect(signals[1]?.reason).toMatchObject({ code: "actor_terminated" });
  });
});
