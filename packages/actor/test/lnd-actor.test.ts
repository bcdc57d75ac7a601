// Ports lnd's actor/actor_test.go.
import { type ActorRef, failure, type TellRef } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { type Echo, echo, echoing, newSystem } from "./echo-actors.ts";
import { turns } from "./turns.ts";

test("TestActorNewActorIDAndRefs: the id is the actor's, for the full ref and for one that only tells", () => {
  const system = newSystem();
  const full: ActorRef<Echo> = system.spawn<Echo>("test-actor-1", echoing);
  const tellOnly: TellRef<Echo> = full;
  expect([full.id, tellOnly.id]).toEqual(["test-actor-1", "test-actor-1"]);
});

test("TestActorStartStop: handles what comes before the stop; what comes after it is a dead letter", async () => {
  const system = newSystem();
  const seen: string[] = [];
  const ref = system.spawn<Echo>("test-actor-lifecycle", ({ data }) => {
    seen.push(data);
    return data;
  });
  await ref.ask(echo("hello"));
  expect(await system.stop(ref)).toBe(true);
  const late = echo("message-after-stop");
  await expect(ref.tell(late)).rejects.toMatchObject({
    code: "actor_terminated",
    actorId: "test-actor-lifecycle",
    messageType: "echo",
  });
  expect(seen).toEqual(["hello"]);
  expect(system.deadLetters.recent).toMatchObject([
    { reason: "stopped", actorId: "test-actor-lifecycle", message: late },
  ]);
});

test("TestActorTellBasic: a message that is told is handled, and nothing is a dead letter", async () => {
  const system = newSystem();
  const seen: string[] = [];
  const ref = system.spawn<Echo>("test-actor-tell", ({ data }) => {
    seen.push(data);
    return data;
  });
  await ref.tell(echo("tell-message"));
  await turns();
  expect(seen).toEqual(["tell-message"]);
  expect(system.deadLetters.total).toBe(0);
});

test("TestActorAskSuccess: the reply is what the behavior returns", async () => {
  const system = newSystem();
  const seen: string[] = [];
  const ref = system.spawn<Echo>("test-actor-ask-success", (message) => {
    seen.push(message.data);
    return echoing(message);
  });
  expect(await ref.ask(echo("ask-message"))).toBe("echo: ask-message");
  expect(seen).toEqual(["ask-message"]);
  expect(system.deadLetters.total).toBe(0);
});

test("TestActorAskErrorBehavior: the asker gets the very error, and the actor lives on", async () => {
  const system = newSystem();
  const error = new Error("behavior error");
  const ref = system.spawn<Echo>("test-actor-ask-error", () => failure(error));
  await expect(ref.ask(echo("ask-error-test"))).rejects.toBe(error);
  await expect(ref.ask(echo("once more"))).rejects.toBe(error);
  expect(system.deadLetters.total).toBe(0);
});

describe("TestFunctionBehaviorFromSimple", () => {
  test("success: a plain function is a behavior", async () => {
    const ref = newSystem().spawn<Echo>("test-simple-success", ({ data }) => `simple: ${data}`);
    expect(await ref.ask(echo("hello"))).toBe("simple: hello");
  });

  test("error: what it throws is the asker's (differs: and then supervision's)", async () => {
    const system = newSystem();
    const error = new Error("simple behavior error");
    const ref = system.spawn<Echo>("test-simple-error", () => {
      throw error;
    });
    await expect(ref.ask(echo("hello"))).rejects.toBe(error);
    await system.whenTerminated(ref);
    expect(system.stats).toMatchObject({ actors: 0, error: 1 });
  });
});
