// With an AsyncLocalStorage, a system knows whose turn it is after an `await`, too.
import { type ActorContext, ActorSystem, Deferred, type Message } from "@satwire/actor";
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { turns } from "./turns.ts";

interface Go extends Message<unknown> {
  readonly type: "go";
}
const go: Go = { type: "go" };

const newSystem = (): ActorSystem => new ActorSystem({ asyncContext: new AsyncLocalStorage() });
const codeOf = (error: unknown): unknown => (error as { code: unknown }).code;
const throwing = (): never => {
  throw new Error("boom");
};

test("an actor that asks itself after an await is told", async () => {
  const system = newSystem();
  const ref = system.spawn<Go>("a", async (_, { self }) => {
    await turns(1);
    return self.ask(go).catch(codeOf);
  });
  expect(await ref.ask(go)).toBe("self_ask");
  await system.shutdown();
});

test("one that tells itself after an await, on a full mailbox, is told", async () => {
  const system = newSystem();
  const codes: unknown[] = [];
  const receive = async (_: Go, { self }: ActorContext<Go>): Promise<void> => {
    await turns(1);
    if (codes.length > 0) return;
    self.tryTell(go);
    codes.push(await self.tell(go).catch(codeOf));
  };
  await system.spawn<Go>("a", receive, { mailbox: { capacity: 1 } }).ask(go);
  expect(codes).toEqual(["mailbox_full"]);
  await system.shutdown();
});

const ends: [string, (context: ActorContext<Go>) => Promise<unknown>][] = [
  ["its own end", ({ system, self }) => system.stop(self)],
  ["the end of the system", ({ system }) => system.shutdown()],
];

test.each(ends)(
  "an actor that waits for %s after an await does not wait for itself",
  async (_, end) => {
    const system = newSystem();
    const ref = system.spawn<Go>("a", async (_message, context) => {
      await turns(1);
      await end(context);
      return "done";
    });
    expect(await ref.ask(go)).toBe("done");
    await system.shutdown();
    expect(system.actors).toEqual([]);
  },
);

test.each(ends)("nor in onStart", async (_, end) => {
  const system = newSystem();
  const onStart = async (context: ActorContext<Go>): Promise<void> => {
    await turns(1);
    await end(context);
  };
  system.spawn<Go>("a", { receive: () => {}, onStart });
  await turns(8);
  expect(system.actors).toEqual([]);
});

test("others may ask an actor that is in a turn, from a turn of theirs or from none", async () => {
  const system = newSystem();
  let asked = 0;
  const slow = system.spawn<Go>("slow", async () => {
    await turns(3);
    return ++asked;
  });
  const other = system.spawn<Go>("other", async () => {
    await turns(1);
    return slow.ask(go);
  });
  expect(await Promise.all([slow.ask(go), other.ask(go), slow.ask(go)])).toEqual([1, 3, 2]);
  await system.shutdown();
});

test("what a turn leaves behind is not its turn", async () => {
  const system = newSystem();
  let left: Promise<unknown> | undefined;
  const ref = system.spawn<Go>("a", (_, { self }) => {
    left ??= turns(2).then(() => self.ask(go));
    return "replied";
  });
  expect(await ref.ask(go)).toBe("replied");
  expect(await left).toBe("replied");
  await system.shutdown();
});

test("a loop that was begun in onStart may ask its own actor when that is idle", async () => {
  const system = newSystem();
  const reply = new Deferred<unknown>();
  system.spawn<Go>("a", {
    receive: () => "replied",
    onStart: ({ self }) =>
      void turns(2)
        .then(() => self.ask(go))
        .then(
          (text) => reply.resolve(text),
          (error: unknown) => reply.reject(error),
        ),
  });
  expect(await reply.promise).toBe("replied");
  await system.shutdown();
});

test.each<[string, () => unknown]>([
  ["throws", throwing],
  ["rejects", () => Promise.reject(new Error("boom"))],
])("nor is it its turn when that %s", async (_, fail) => {
  const system = newSystem();
  let left: Promise<unknown> | undefined;
  const ref = system.spawn<Go>(
    "a",
    (_message, { self }) => {
      if (left !== undefined) return "replied";
      left = turns(4).then(() => self.ask(go));
      left.catch(() => {});
      return fail();
    },
    { supervision: { directive: "resume" } },
  );
  await expect(ref.ask(go)).rejects.toThrow("boom");
  expect(await left).toBe("replied");
  await system.shutdown();
});
