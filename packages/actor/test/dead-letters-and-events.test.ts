import {
  type ActorEvent,
  ActorSystem,
  handlers,
  type Logger,
  logTo,
  type Message,
  type Subscription,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { ManualClock } from "./manual-clock.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Item extends Message<string> {
  readonly type: "item";
  readonly n: number;
}

const item = (n: number): Item => ({ type: "item", n });
const boom = new Error("boom");

async function collect(events: Subscription<ActorEvent>): Promise<ActorEvent[]> {
  const collected: ActorEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

describe("dead letters", () => {
  test("a ring keeps the latest, oldest first; total counts all", async () => {
    const { system } = recordedSystem({ deadLetterCapacity: 3 });
    const { deadLetters } = system;
    expect([deadLetters.total, deadLetters.recent]).toEqual([0, []]);
    for (let n = 1; n <= 3; n++) deadLetters.tryTell(item(n));
    const numbers = (): number[] => deadLetters.recent.map(({ message }) => (message as Item).n);
    expect(numbers()).toEqual([1, 2, 3]);
    for (let n = 4; n <= 8; n++) deadLetters.tryTell(item(n));
    expect(numbers()).toEqual([6, 7, 8]);
    expect(deadLetters.total).toBe(8);
    expect(system.stats.deadLetter).toBe(8);
  });

  test("1000 are kept by default, none with 0; each is an event", async () => {
    for (const [deadLetterCapacity, kept] of [
      [undefined, 1000],
      [0, 0],
      [1, 1],
    ] as const) {
      const { system, all } = recordedSystem({ deadLetterCapacity });
      for (let n = 0; n < 1200; n++) system.deadLetters.tryTell(item(n));
      expect(system.deadLetters.recent).toHaveLength(kept);
      expect(system.deadLetters.recent.at(-1)?.message).toEqual(
        kept === 0 ? undefined : item(1199),
      );
      expect(all("deadLetter")).toHaveLength(1200);
    }
  });

  test("is a ref: takes anything, answers nothing", async () => {
    const { system, clock } = recordedSystem();
    const { deadLetters } = system;
    await clock.advance(5);
    expect(deadLetters.id).toBe("dead-letters");
    await deadLetters.tell(item(1));
    expect(deadLetters.tryTell(item(2))).toBe(true);
    await expect(deadLetters.ask(item(3))).rejects.toMatchObject({
      code: "message_undeliverable",
      actorId: "dead-letters",
      messageType: "item",
      message: "message undeliverable: item",
    });
    expect(deadLetters.recent).toEqual(
      [1, 2, 3].map((n) => ({
        type: "deadLetter",
        reason: "sent",
        actorId: "dead-letters",
        message: item(n),
        timestamp: 1_000_005,
      })),
    );
  });

  test("still take what comes after the end of the system", async () => {
    const { system } = recordedSystem();
    const ref = system.spawn<Item>("a", () => "");
    await system.shutdown();
    await expect(ref.tell(item(1))).rejects.toMatchObject({ code: "actor_terminated" });
    expect(ref.tryTell(item(2))).toBe(false);
    expect(system.deadLetters.recent.map(({ reason }) => reason)).toEqual(["stopped", "stopped"]);
  });

  test("those of the shutdown itself are in the stream before it ends", async () => {
    const { system } = recordedSystem();
    const events = system.events();
    const ref = system.spawn<Item>("b", () => "", { mailbox: { capacity: 500 } });
    for (let n = 0; n < 500; n++) ref.tryTell(item(n));
    await system.shutdown();
    const letters = (await collect(events)).filter(({ type }) => type === "deadLetter");
    expect(letters).toHaveLength(500);
  });
});

describe("events", () => {
  test("tell of everything that happens, in order, with actor and time", async () => {
    const { system, clock } = recordedSystem();
    const events = system.events();
    const supervision = { directive: "restart" } as const;
    const ref = system.spawn<Item>(
      "a",
      handlers<Item>({
        item: ({ n }) => {
          if (n < 0) throw boom;
          return "";
        },
      }),
      { supervision, mailbox: { capacity: 1, overflow: "dropNewest" } },
    );
    await clock.advance(7);
    ref.tryTell(item(-1));
    ref.tryTell(item(0)); // dropped
    await turns();
    await ref.tell({ type: "unknown" } as unknown as Item);
    void ref.ask(item(1), { timeoutMs: -1 });
    await turns();
    await system.shutdown();
    const seen = await collect(events);
    expect(seen.map(({ type }) => type)).toEqual([
      "spawned",
      "dropped",
      "error",
      "restarted",
      "deadLetter",
      "refused",
      "terminated",
    ]);
    expect(seen.every(({ actorId }) => actorId === "a")).toBe(true);
    expect(seen.map(({ timestamp }) => timestamp - 1_000_000)).toEqual([0, 7, 7, 7, 7, 7, 7]);
    expect(seen[5]).toMatchObject({ code: "invalid_option", messageType: "item" });
  });

  test("an event that a hook caused comes after the one that caused it", async () => {
    const onEvent = ({ type, actorId }: ActorEvent): void => {
      if (type === "spawned" && actorId === "a") system.spawn<Item>("b", () => "");
    };
    const system: ActorSystem = new ActorSystem({ instrumentation: { onEvent } });
    const events = system.events();
    system.spawn<Item>("a", () => "");
    events.close();
    expect((await collect(events)).map(({ actorId }) => actorId)).toEqual(["a", "b"]);
  });

  test("a subscription sees what happens after it was made, whether anyone reads or not", async () => {
    const { system } = recordedSystem();
    system.spawn<Item>("before", () => "");
    const events = system.events();
    system.spawn<Item>("after", () => "");
    await turns();
    await system.shutdown();
    expect((await collect(events)).map(({ type, actorId }) => `${type} ${actorId}`)).toEqual([
      "spawned after",
      "terminated after",
      "terminated before",
    ]);
  });

  test("bounded: the oldest make room, and missed counts them", async () => {
    const { system } = recordedSystem();
    const events = system.events({ capacity: 3 });
    for (let n = 0; n < 10; n++) system.deadLetters.tryTell(item(n));
    expect(events.missed).toBe(7);
    await system.shutdown();
    const seen = await collect(events);
    expect(seen.map((event) => event.type === "deadLetter" && event.message)).toEqual([
      item(7),
      item(8),
      item(9),
    ]);
    expect(events.missed).toBe(7);
  });

  test("1000 wait by default", () => {
    const { system } = recordedSystem();
    const events = system.events();
    for (let n = 0; n < 1001; n++) system.deadLetters.tryTell(item(n));
    expect(events.missed).toBe(1);
  });

  test("a slow subscriber takes nothing from a fast one, nor from the actors", async () => {
    const { system } = recordedSystem();
    const slow = system.events({ capacity: 1 });
    const fast = system.events({ capacity: 100 });
    for (let n = 0; n < 50; n++) system.deadLetters.tryTell(item(n));
    await system.shutdown();
    expect([await collect(slow), await collect(fast)].map(({ length }) => length)).toEqual([1, 50]);
    expect([slow.missed, fast.missed]).toEqual([49, 0]);
  });

  test("leaving the loop ends the subscription, and nothing is counted for it any more", async () => {
    const { system } = recordedSystem();
    const events = system.events({ capacity: 1 });
    system.deadLetters.tryTell(item(1));
    for await (const { type } of events) {
      expect(type).toBe("deadLetter");
      break;
    }
    for (let n = 0; n < 5; n++) system.deadLetters.tryTell(item(n));
    expect(events.missed).toBe(0);
    expect(await collect(events)).toEqual([]);
  });

  test("return ends a waiting next, may come twice, and nothing comes after it", async () => {
    const { system } = recordedSystem();
    const waiting = system.events()[Symbol.asyncIterator]();
    const nexts = [waiting.next(), waiting.next()];
    const end = { done: true, value: undefined };
    expect(await waiting.return?.()).toEqual(end);
    expect(await waiting.return?.()).toEqual(end);
    expect(await Promise.all(nexts)).toEqual([end, end]);
    const buffered = system.events()[Symbol.asyncIterator]();
    system.deadLetters.tryTell(item(1));
    await buffered.return?.();
    expect(await buffered.next()).toEqual(end);
  });

  test("next called ahead gets the events in order", async () => {
    const { system } = recordedSystem();
    const events = system.events()[Symbol.asyncIterator]();
    const nexts = [events.next(), events.next()];
    system.deadLetters.tryTell(item(1));
    system.deadLetters.tryTell(item(2));
    const seen = await Promise.all(nexts);
    expect(seen).toMatchObject([{ value: { message: item(1) } }, { value: { message: item(2) } }]);
  });

  test("one that is made after the end is over at once", async () => {
    const { system } = recordedSystem();
    await system.shutdown();
    expect(await collect(system.events())).toEqual([]);
  });

  test("close is idempotent, also within the loop", async () => {
    const { system } = recordedSystem();
    const events = system.events();
    system.deadLetters.tryTell(item(1));
    for await (const _ of events) {
      events.close();
      events.close();
    }
    system.deadLetters.tryTell(item(2));
    expect(await collect(events)).toEqual([]);
  });

  test("stats count without anyone observing", async () => {
    const system = new ActorSystem({ clock: new ManualClock() });
    const ref = system.spawn<Item>("a", () => {
      throw boom;
    });
    system.spawn<Item>("b", () => "");
    ref.tryTell(item(1));
    ref.tryTell(item(2));
    await turns();
    expect(system.stats).toEqual({
      actors: 1,
      spawned: 2,
      terminated: 1,
      restarted: 0,
      error: 1,
      deadLetter: 1,
      dropped: 0,
      refused: 0,
    });
  });
});

describe("a logger", () => {
  function logging() {
    const lines: [level: string, text: string, details?: unknown][] = [];
    const logger: Logger = {
      debug: (...line) => void lines.push(["debug", ...line]),
      warn: (...line) => void lines.push(["warn", ...line]),
      error: (...line) => void lines.push(["error", ...line]),
    };
    return { logger, lines };
  }

  test("gets one line for each event, and of messages the type alone", async () => {
    const { logger, lines } = logging();
    const { system } = recordedSystem({ instrumentation: { onEvent: logTo(logger) } });
    const ref = system.spawn<Item & { readonly secret: string }>(
      "a",
      ({ n }) => {
        if (n < 0) throw boom;
        return "";
      },
      {
        supervision: { directive: "restart" },
        mailbox: { capacity: 1, overflow: "dropNewest" },
      },
    );
    const secret = { ...item(-1), secret: "xprv" };
    ref.tryTell(secret);
    ref.tryTell(secret);
    void ref.ask(secret, { timeoutMs: Number.NaN });
    await turns();
    await system.stop(ref);
    ref.tryTell(secret);
    expect(lines).toEqual([
      ["debug", "a was spawned"],
      ["debug", "a dropped item"],
      ["warn", "a refused item: invalid_option"],
      ["error", "a failed (turn, restart)", boom],
      ["warn", "a was restarted", boom],
      ["debug", "a has terminated"],
      ["debug", "a did not get item: stopped"],
    ]);
    expect(JSON.stringify(lines)).not.toContain("xprv");
  });

  test("hears of the last actor's end, and console would do", async () => {
    const { logger, lines } = logging();
    const { system } = recordedSystem({ instrumentation: { onEvent: logTo(logger) } });
    const fits: Logger = console;
    expect(fits).toBe(console);
    system.spawn<Item>("a", () => "");
    await system.shutdown();
    expect(lines.at(-1)).toEqual(["debug", "a has terminated"]);
  });
});
