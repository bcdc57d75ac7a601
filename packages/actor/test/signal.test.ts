import { type ActorContext, Deferred, type Message } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Open extends Message {
  readonly type: "open";
}
interface Fail extends Message {
  readonly type: "fail";
}
const open = { type: "open" } as const;
const fail = { type: "fail" } as const;

describe("the signal", () => {
  const watchSignal =
    (log: unknown[]): ((context: ActorContext<Open>) => Promise<void>) =>
    async ({ signal }) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          log.push((signal.reason as { code: unknown }).code);
          resolve();
        });
      });
    };

  test("aborts during an ask when the asker gives up", async () => {
    const { system, clock } = recordedSystem();
    const log: unknown[] = [];
    const wait = watchSignal(log);
    const ref = system.spawn<Open>("a", (_, context) => wait(context));
    const controller = new AbortController();
    const aborted = ref.ask(open, { signal: controller.signal });
    await turns();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    const late = ref.ask(open, { timeoutMs: 50 });
    await clock.advance(50);
    await expect(late).rejects.toMatchObject({ code: "ask_timeout" });
    await turns();
    expect(log).toEqual(["aborted", "ask_timeout"]);
  });

  test("aborts with the actor: during a tell, an ask and outside of turns", async () => {
    const { system } = recordedSystem();
    const log: unknown[] = [];
    const wait = watchSignal(log);
    const asked = system.spawn<Open>("asked", (_, context) => wait(context));
    const told = system.spawn<Open>("told", (_, context) => wait(context));
    const idle = system.spawn<Open>("idle", {
      receive: () => {},
      onStart: (context) => void wait(context),
    });
    const reply = asked.ask(open);
    told.tryTell(open);
    await turns();
    await Promise.all([system.stop(asked), system.stop(told), system.stop(idle)]);
    expect(log).toEqual(["actor_terminated", "actor_terminated", "actor_terminated"]);
    expect(await reply).toBe(undefined); // the turn it was at has its say
  });

  test("a tell is not tied to its sender's signal, once accepted", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<void>();
    const signals: AbortSignal[] = [];
    const ref = system.spawn<Open>("a", (_, context) => {
      signals.push(context.signal);
      return gate.promise;
    });
    const controller = new AbortController();
    await ref.tell(open, { signal: controller.signal });
    await ref.tell(open, { signal: controller.signal });
    await turns();
    controller.abort();
    gate.resolve();
    await ref.ask(open);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  });

  test("is aborted already when it is looked at after the asker gave up", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<void>();
    const seen: boolean[] = [];
    const ref = system.spawn<Open>("a", async (_, context) => {
      await gate.promise;
      seen.push(context.signal.aborted);
    });
    const controller = new AbortController();
    const during = ref.ask(open, { signal: controller.signal });
    const waiting = ref.ask(open, { signal: controller.signal });
    await turns();
    controller.abort();
    await expect(during).rejects.toMatchObject({ code: "aborted" });
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    gate.resolve();
    await turns();
    expect(seen).toEqual([true, true]);
  });

  test("one ask that was given up does not abort the next", async () => {
    const { system } = recordedSystem();
    const seen: AbortSignal[] = [];
    const ref = system.spawn<Open>("a", async (_, context) => {
      seen.push(context.signal);
      await turns(2);
    });
    const controller = new AbortController();
    const first = ref.ask(open, { signal: controller.signal });
    const second = ref.ask(open);
    await turns(1);
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: "aborted" });
    await second;
    expect(seen.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test.each<[string, (context: ActorContext<Open>) => unknown]>([
    ["answered", () => "replied"],
    ["stashed", (context) => context.stash()],
    ["owed a reply", (context) => context.deferReply()],
  ])("outlives the turn of an ask that was %s: a stop aborts it", async (_, outcome) => {
    const { system } = recordedSystem();
    const signals: AbortSignal[] = [];
    const ref = system.spawn<Open>("a", (_message, context) => {
      signals.push(context.signal);
      return outcome(context);
    });
    void ref.ask(open);
    await turns();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await system.stop(ref);
    expect(signals).toMatchObject([{ aborted: true, reason: { code: "actor_terminated" } }]);
  });

  test.each(["tell", "ask"] as const)(
    "taken in the turn of a %s aborts on a restart; the next life has a fresh one",
    async (verb) => {
      const { system } = recordedSystem();
      const signals: AbortSignal[] = [];
      const ref = system.spawn<Open | Fail>(
        "a",
        ({ type }, context) => {
          if (type === "fail") throw new Error("boom");
          signals.push(context.signal);
        },
        { supervision: { directive: "restart" } },
      );
      await ref[verb](open);
      ref.tryTell(fail);
      await turns();
      await ref[verb](open);
      await turns();
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      await system.stop(ref);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    },
  );
});
