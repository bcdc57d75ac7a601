// lnd's actor/future_test.go is ported on Deferred, in deferred.test.ts and deferred.property.test.ts. Here are the
// same rules for the futures that `ask` gives.
import { failure } from "@satwire/actor";
import { expect, test } from "vitest";
import { type Echo, echo, echoing, gatedActor, item, newSystem } from "./echo-actors.ts";
import { ManualClock } from "./manual-clock.ts";
import { turns } from "./turns.ts";

test("Await: cancelled, the asker gets aborted with the reason", async () => {
  const { ref } = await gatedActor(newSystem());
  const controller = new AbortController();
  const reply = ref.ask(item(1), { signal: controller.signal });
  controller.abort("enough");
  await expect(reply).rejects.toMatchObject({ code: "aborted", cause: "enough" });
});

test("Await: at the deadline and not before, ask_timeout", async () => {
  const clock = new ManualClock();
  const { ref } = await gatedActor(newSystem({ clock }));
  const settled: unknown[] = [];
  void ref.ask(item(1), { timeoutMs: 50 }).catch((error: unknown) => settled.push(error));
  await clock.advance(49);
  expect([settled, clock.pendingMs]).toEqual([[], [1]]);
  await clock.advance(1);
  expect(settled).toMatchObject([{ code: "ask_timeout", actorId: "gated", messageType: "item" }]);
});

test("Await: a reply wins over an abort and a deadline that come later, and leaves no timer", async () => {
  const clock = new ManualClock();
  const ref = newSystem({ clock }).spawn<Echo>("test", echoing);
  const controller = new AbortController();
  const reply = ref.ask(echo("x"), { signal: controller.signal, timeoutMs: 50 });
  await turns();
  controller.abort();
  expect(clock.pendingMs).toEqual([]);
  expect(await reply).toBe("echo: x");
});

test.each(["value", "error"])(
  "ThenApply, OnComplete: plain then, with the %s, once",
  async (kind) => {
    const error = new Error("no");
    const ref = newSystem().spawn<Echo>("test", (m) =>
      kind === "value" ? m.data : failure(error),
    );
    const calls: unknown[] = [];
    const reply = ref.ask(echo("x"));
    await reply.then(
      (value) => calls.push(`${value}${value}`),
      (thrown: unknown) => calls.push(thrown),
    );
    expect(calls).toEqual([kind === "value" ? "xx" : error]);
  },
);

test("Complete: the first one counts, here of deferred replies", async () => {
  const results: boolean[] = [];
  const ref = newSystem().spawn<Echo>("test", ({ data }, context) => {
    const reply = context.deferReply<string>();
    results.push(reply.isAwaited, reply.resolve(data), reply.isAwaited);
    results.push(reply.resolve("second"), reply.reject(new Error("third")));
    return reply;
  });
  expect(await ref.ask(echo("first"))).toBe("first");
  expect(results).toEqual([true, true, false, false, false]);
});
