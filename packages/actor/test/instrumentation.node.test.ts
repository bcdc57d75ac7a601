import { type Logger, logTo, type Message, type SystemOptions } from "@satwire/actor";
import { expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";
import { uncaughtDuring } from "./uncaught.ts";

interface Item extends Message<number> {
  readonly type: "item";
  readonly n: number;
}

const item = (n: number): Item => ({ type: "item", n });
const thrower = (name: string) => (): never => {
  throw new Error(name);
};
const logger: Logger = {
  debug: thrower("log"),
  warn: thrower("log"),
  error: thrower("log"),
};

test.each<[string, SystemOptions, string]>([
  ["onEnqueue", { instrumentation: { onEnqueue: thrower("hook") } }, "hook"],
  ["onTurn", { instrumentation: { onTurn: thrower("hook") } }, "hook"],
  ["the end of a turn", { instrumentation: { onTurn: () => thrower("hook") } }, "hook"],
  ["onEvent", { instrumentation: { onEvent: thrower("hook") } }, "hook"],
  ["a logger", { instrumentation: { onEvent: logTo(logger) } }, "log"],
])(
  "%s that throws surfaces as an uncaught exception and disturbs nothing",
  async (_, options, text) => {
    const replies: unknown[] = [];
    const { exceptions, rejections } = await uncaughtDuring(async () => {
      const { system } = recordedSystem(options);
      const ref = system.spawn<Item>(
        "a",
        ({ n }) => {
          if (n < 0) throw new Error("boom");
          return n;
        },
        { supervision: { directive: "resume" } },
      );
      replies.push(await ref.ask(item(1)));
      replies.push(await ref.ask(item(-1)).catch((error: unknown) => (error as Error).message));
      await ref.tell(item(3));
      replies.push(ref.tryTell(item(4)), await ref.ask(item(5)));
      await system.shutdown();
      replies.push(ref.tryTell(item(6)));
      await turns();
    });
    expect(replies).toEqual([1, "boom", true, 5, false]);
    expect(exceptions.length).toBeGreaterThan(0);
    expect(new Set(exceptions.map((error) => (error as Error).message))).toEqual(new Set([text]));
    expect(rejections).toEqual([]);
  },
);
