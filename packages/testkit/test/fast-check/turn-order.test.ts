import { ActorSystem, type Message } from "@satwire/actor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createActorTestkit } from "../../src/actors/actor-testkit.ts";
import { type ActorTurns, scheduledActors, turnOrder } from "../../src/fast-check/index.ts";

interface Note extends Message {
  readonly type: "note";
  readonly text: string;
}
interface Write extends Message<void> {
  readonly type: "write";
  readonly text: string;
}

const words = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 });

/** What two writers leave in a book when both are told to write each word: the second one after the first, or not. */
async function booked(
  turns: ActorTurns,
  texts: readonly string[],
  waits: boolean,
): Promise<string> {
  await using kit = createActorTestkit({ schedule: turns.scheduler });
  const book: string[] = [];
  const second = kit.system.spawn<Write>(
    "second",
    ({ text }) => void book.push(text.toUpperCase()),
  );
  const first = kit.system.spawn<Note>("first", async ({ text }) => {
    if (waits) {
      book.push(text);
      await second.ask({ type: "write", text });
    } else {
      second.tryTell({ type: "write", text }); // the planted bug: nobody says who is first
      await Promise.resolve();
      book.push(text);
    }
  });
  for (const text of texts) first.tryTell({ type: "note", text });
  await turns.waitIdle();
  await turns.waitFor(kit.close());
  return book.join("");
}

const inOrder = (texts: readonly string[]): string =>
  texts.map((text) => text + text.toUpperCase()).join("");

const property = (waits: boolean): fc.IAsyncProperty<[ActorTurns, string[]]> =>
  fc.asyncProperty(turnOrder(), words, async (turns, texts) => {
    expect(await booked(turns, texts, waits)).toBe(inOrder(texts));
  });

describe("a planted bug of order", () => {
  test("is not found where actors wait for each other", async () => {
    await fc.assert(property(true), { numRuns: 100 });
  });

  test("is found where they do not, and shrinks to two messages", async () => {
    const { failed, counterexample } = await fc.check(property(false), { numRuns: 200 });
    expect(failed).toBe(true);
    expect(counterexample?.[1]).toHaveLength(2);
    expect(fc.stringify(counterexample?.[0])).toMatch(/promise::second resolved/);
  });
});

test("a seed repeats the order, another one does not", async () => {
  const ordersOf = async (seed: number): Promise<string[]> => {
    const seen: string[] = [];
    const recorded = fc.asyncProperty(turnOrder(), async (turns) => {
      await using kit = createActorTestkit({ schedule: turns.scheduler });
      const book: string[] = [];
      const writers = ["a", "b", "c", "d"].map((name) =>
        kit.system.spawn<Note>(name, () => void book.push(name)),
      );
      for (const writer of writers) writer.tryTell({ type: "note", text: "" });
      await turns.waitIdle();
      seen.push(book.join(""));
      await turns.waitFor(kit.close());
    });
    await fc.assert(recorded, { numRuns: 20, seed });
    return seen;
  };
  const first = await ordersOf(5);
  expect(await ordersOf(5)).toEqual(first);
  expect(await ordersOf(6)).not.toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(8);
});

test("turns wait, are counted, labelled, and run one message each", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (s) => {
      const system = new ActorSystem({ scheduler: scheduledActors(s) });
      const book: string[] = [];
      const ref = system.spawn<Note>("writer", ({ text }) => void book.push(text));
      for (const text of "xyz") ref.tryTell({ type: "note", text });
      await Promise.resolve();
      expect([s.count(), book]).toEqual([1, []]);
      while (book.length === 0) await s.waitNext(1);
      expect(book).toEqual(["x"]);
      await s.waitIdle();
      expect(book).toEqual(["x", "y", "z"]);
      expect(s.report().every(({ label }) => label === "writer")).toBe(true);
      await s.waitFor(system.shutdown());
    }),
    { numRuns: 5 },
  );
});

test("turns of turnOrder can be counted and run one by one", async () => {
  await fc.assert(
    fc.asyncProperty(turnOrder(), async (turns) => {
      const system = new ActorSystem({ scheduler: turns.scheduler });
      let notes = 0;
      const ref = system.spawn<Note>("writer", () => void notes++);
      ref.tryTell({ type: "note", text: "" });
      ref.tryTell({ type: "note", text: "" });
      while (notes === 0) await turns.waitNext(1);
      expect([notes, turns.count()]).toEqual([1, 1]);
      await turns.waitFor(system.shutdown());
    }),
    { numRuns: 5 },
  );
});
