import { Deferred, type Message, type Receive } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Item extends Message<string> {
  readonly type: "item";
  readonly n: number;
}
interface Open extends Message {
  readonly type: "open";
}
interface Unlock extends Message<number> {
  readonly type: "open";
}
type Door = Item | Unlock;

const item = (n: number): Item => ({ type: "item", n });
const open = { type: "open" } as const;

describe("become", () => {
  test("counts from the next message on, also after an await", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const second: Receive<Item> = ({ n }) => {
      log.push(`second ${n}`);
      return "";
    };
    const ref = system.spawn<Item>("a", async ({ n }, context) => {
      context.become(second);
      await turns(1);
      log.push(`first ${n}`);
      return "";
    });
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    await ref.ask(item(3));
    expect(log).toEqual(["first 1", "second 2", "second 3"]);
  });

  test("keeps the hooks of the behaviour", async () => {
    const { system } = recordedSystem();
    const log: string[] = [];
    const ref = system.spawn<Open>("a", {
      receive: (_, context) => context.become(() => log.push("second")),
      onStop: () => log.push("stop"),
    });
    ref.tryTell(open);
    await ref.ask(open);
    await system.stop(ref);
    expect(log).toEqual(["second", "stop"]);
  });
});

describe("stash", () => {
  /** Keeps items back until it is opened. */
  const door = (log: number[]): Receive<Door> => {
    const opened: Receive<Door> = (message) => {
      if (message.type === "item") log.push(message.n);
      return message.type;
    };
    return (message, context) => {
      if (message.type === "item") return context.stash();
      context.become(opened);
      return context.unstashAll();
    };
  };

  test("what was put aside comes back in order, before what waits, with its askers", async () => {
    const { system } = recordedSystem();
    const log: number[] = [];
    const ref = system.spawn("door", door(log));
    ref.tryTell(item(1));
    const asked = ref.ask(item(2));
    ref.tryTell(item(3));
    const unstashed = ref.ask(open);
    ref.tryTell(item(4));
    expect(await unstashed).toBe(3);
    expect(await asked).toBe("item");
    await turns();
    expect(log).toEqual([1, 2, 3, 4]);
  });

  test("put aside and taken up again and again, the order stays", async () => {
    const { system } = recordedSystem();
    const handled: number[] = [];
    let opens = 0;
    const ref = system.spawn<Door>("a", (message, context) => {
      if (message.type === "open") {
        opens++;
        return context.unstashAll();
      }
      if (opens < 3) return context.stash();
      handled.push(message.n);
      return "";
    });
    for (let n = 1; n <= 9; n++) {
      ref.tryTell(item(n));
      if (n % 3 === 0) ref.tryTell(open);
    }
    await turns();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("one that is put back in the middle comes before those that are younger", async () => {
    const { system } = recordedSystem();
    const seen: number[] = [];
    let isOpen = false;
    const ref = system.spawn<Door>("a", (message, context) => {
      if (message.type === "open") {
        isOpen = true;
        return context.unstashAll();
      }
      if (!isOpen) return context.stash();
      seen.push(message.n);
      if (seen.length === 1) return context.stash(); // 1 goes back
      if (seen.length === 2) context.unstashAll(); // while 2 is handled, 3 and 4 wait
      return "";
    });
    for (const n of [1, 2, 3, 4]) ref.tryTell(item(n));
    ref.tryTell(open);
    await turns();
    expect(seen).toEqual([1, 2, 1, 3, 4]);
  });

  test("a full one throws stash_full, which the handler may catch", async () => {
    const { system } = recordedSystem();
    const codes: unknown[] = [];
    const ref = system.spawn<Item>(
      "a",
      (_, context) => {
        try {
          return context.stash();
        } catch (error) {
          codes.push(error);
          return "no room";
        }
      },
      { stashCapacity: 2 },
    );
    void ref.ask(item(1));
    ref.tryTell(item(2));
    expect(await ref.ask(item(3))).toBe("no room");
    expect(codes).toMatchObject([{ code: "stash_full", actorId: "a" }]);
  });

  test.each([
    ["100 by default", undefined, 100],
    ["0 is none", 0, 0],
  ])("its limit: %s; not caught, it is a failure", async (_, stashCapacity, limit) => {
    const { system, all } = recordedSystem();
    const ref = system.spawn<Item>("a", (_message, context) => context.stash(), { stashCapacity });
    for (let n = 0; n < limit; n++) ref.tryTell(item(n));
    await turns();
    await expect(ref.ask(item(-1))).rejects.toMatchObject({ code: "stash_full" });
    expect(all("error")).toMatchObject([{ directive: "stop", error: { code: "stash_full" } }]);
  });

  test("those taken up and not handled yet still count", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Door>(
      "a",
      (message, context) => {
        if (message.type === "item") return context.stash();
        context.unstashAll();
        return context.stash(); // the two that were taken up have left no room for it
      },
      { stashCapacity: 2 },
    );
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    await expect(ref.ask(open)).rejects.toMatchObject({ code: "stash_full" });
  });

  test("the end makes dead letters of it, told or asked, oldest first and before the mailbox", async () => {
    const { system } = recordedSystem();
    const gate = new Deferred<number>();
    const ref = system.spawn<Door>("a", (message, context) =>
      message.type === "item" ? context.stash() : gate.promise,
    );
    ref.tryTell(item(1));
    const asked = ref.ask(item(2));
    ref.tryTell(item(3));
    ref.tryTell(open);
    ref.tryTell(item(4));
    await turns();
    const stopped = system.stop(ref);
    gate.resolve(0);
    await stopped;
    await expect(asked).rejects.toMatchObject({ code: "actor_terminated", actorId: "a" });
    const letters = system.deadLetters.recent;
    expect(letters.map(({ message }) => (message as Item).n)).toEqual([1, 2, 3, 4]);
    expect(letters.every(({ reason }) => reason === "stopped")).toBe(true);
  });

  test("put aside twice in one turn, a message is there once", async () => {
    const { system } = recordedSystem();
    let handled = 0;
    const ref = system.spawn<Door>("a", (message, context) => {
      if (message.type === "open") return context.unstashAll();
      if (++handled > 1) return "";
      context.stash();
      return context.stash();
    });
    const asked = ref.ask(item(1));
    await turns();
    expect(await ref.ask(open)).toBe(1);
    expect(await asked).toBe("");
    expect(handled).toBe(2);
  });

  test("taken up outside of a turn, it wakes the actor", async () => {
    const { system, clock } = recordedSystem();
    let isOpen = false;
    const ref = system.spawn<Item>("a", (_, context) => {
      if (isOpen) return "handled";
      clock.setTimer(() => {
        isOpen = true;
        context.unstashAll();
      }, 10);
      return context.stash();
    });
    let reply = "";
    void ref.ask(item(1)).then((text) => (reply = text));
    await clock.advance(10);
    expect(reply).toBe("handled");
  });

  test("a large one is taken up as any other", async () => {
    const { system } = recordedSystem();
    const count = 200_000;
    let handled = 0;
    const ref = system.spawn<Door>(
      "a",
      (message, context) => {
        if (message.type === "item") return context.stash();
        context.become(() => ++handled);
        return context.unstashAll();
      },
      { stashCapacity: count, mailbox: { capacity: count + 1 } },
    );
    for (let n = 0; n < count; n++) ref.tryTell(item(n));
    expect(await ref.ask(open)).toBe(count);
    await ref.ask(open);
    expect(handled).toBe(count + 1);
  });
});
