import {
  type ActorContext,
  Deferred,
  type DeferredReply,
  failure,
  handlers,
  type Message,
  type Stashed,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Item extends Message<string> {
  readonly type: "item";
  readonly n: number;
}

const item = (n: number): Item => ({ type: "item", n });
const boom = new Error("boom");

describe("what a handler returns", () => {
  /** Something that looks like a promise and need not keep to the rules of one. */
  const thenableOf = (then: (settle: (value: string) => void) => unknown): PromiseLike<string> =>
    // oxlint-disable-next-line unicorn/no-thenable -- bad ones are what is tested
    ({ then }) as unknown as PromiseLike<string>;

  test("failure() fails the ask with the very error and is no matter of supervision", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn<Item>("a", async ({ n }) => (n > 0 ? `${n}` : failure(boom)));
    const plain = system.spawn<Item>("b", () => failure(boom));
    await expect(ref.ask(item(0))).rejects.toBe(boom);
    await expect(plain.ask(item(0))).rejects.toBe(boom);
    expect(await ref.ask(item(1))).toBe("1");
    // The asker may not look.
    const told = { error: boom, phase: "reply", directive: undefined, messageType: "item" };
    expect(all("error")).toMatchObject([
      { actorId: "a", ...told },
      { actorId: "b", ...told },
    ]);
  });

  test("failure() after a tell becomes an event", async () => {
    const { system, all } = recordedSystem();
    const ref = system.spawn<Item>("a", () => failure(boom));
    await ref.tell(item(0));
    await turns();
    expect(all("error")).toMatchObject([
      { actorId: "a", phase: "reply", error: boom, directive: undefined, messageType: "item" },
    ]);
    expect(system.actors).toHaveLength(1);
  });

  test.each(["nothing", "constructor", "__proto__", "toString", "hasOwnProperty"])(
    "a type that no handler is named after is unhandled: %s",
    async (type) => {
      const { system, all } = recordedSystem();
      const ref = system.spawn<Item>("a", handlers<Item>({ item: () => "item" }));
      const message = { type } as unknown as Item;
      await expect(ref.ask(message)).rejects.toMatchObject({
        code: "unhandled_message",
        actorId: "a",
        messageType: type,
      });
      ref.tryTell(message);
      expect(await ref.ask(item(1))).toBe("item");
      expect(system.deadLetters.recent.map(({ reason }) => reason)).toEqual([
        "unhandled",
        "unhandled",
      ]);
      expect(all("error")).toEqual([]);
    },
  );

  test("a thenable whose then throws fails the ask, and the actor's supervision decides", async () => {
    const { system } = recordedSystem();
    const thenable = thenableOf(() => {
      throw boom;
    });
    const supervision = { directive: "resume" } as const;
    const ref = system.spawn<Item>("a", ({ n }) => (n === 0 ? thenable : "next"), { supervision });
    await expect(ref.ask(item(0))).rejects.toBe(boom);
    expect(await ref.ask(item(1))).toBe("next");
  });

  test("a thenable that settles twice settles one turn", async () => {
    const { system } = recordedSystem();
    const settlers: ((value: string) => void)[] = [];
    const gate = new Deferred<string>();
    const thenable = thenableOf((settle) => settlers.push(settle));
    const ref = system.spawn<Item>("a", ({ n }) => (n === 0 ? thenable : gate.promise));
    const first = ref.ask(item(0));
    const second = ref.ask(item(1));
    await turns();
    settlers[0]?.("first");
    await turns();
    settlers[0]?.("twice");
    await turns();
    gate.resolve("second");
    expect([await first, await second]).toEqual(["first", "second"]);
  });

  test.each<[string, (context: ActorContext<Item>) => DeferredReply<string> | Stashed]>([
    ["a DeferredReply", (context) => context.deferReply<string>()],
    ["a Stashed", (context) => context.stash()],
  ])("%s of another turn is no reply: not_in_turn, and the actor goes on", async (_, take) => {
    const { system } = recordedSystem();
    let kept: DeferredReply<string> | Stashed | undefined;
    const ref = system.spawn<Item>("a", ({ n }, context) => {
      if (n === 2) return "next";
      if (n === 3) return Promise.resolve(kept ?? "none");
      return (kept ??= take(context));
    });
    void ref.ask(item(0));
    const mistaken = { code: "not_in_turn", actorId: "a", messageType: "item" };
    await expect(ref.ask(item(1))).rejects.toMatchObject(mistaken);
    await expect(ref.ask(item(3))).rejects.toMatchObject(mistaken);
    expect(await ref.ask(item(2))).toBe("next");
  });
});
