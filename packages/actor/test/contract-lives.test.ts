// What is promised about actors' lives, topic by topic: see contract.test.ts.
import { type ActorEvent, serviceKey, setup } from "@satwire/actor";
import { describe, expect, test, vi } from "vitest";
import {
  deadValues,
  type Echo,
  echo,
  echoing,
  eventsOf,
  gatedActor,
  type Item,
  item,
  newSystem,
  outcomes,
} from "./echo-actors.ts";
import { turns } from "./turns.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("Behavior panics: the asker gets the cause, the actor stops, and what waits is drained", () => {
  const cause = new Error("cause");
  test.each([
    [
      "a throw",
      () => {
        throw cause;
      },
    ],
    ["a rejection", () => Promise.reject(cause)],
  ])("%s", async (_name, fail: () => Promise<number>) => {
    const system = newSystem();
    const events = system.events();
    const ref = system.spawn<Item>("test", ({ value }) => (value === 0 ? fail() : value));
    const asked = [ref.ask(item(0)), ref.ask(item(1))];
    const told = ref.tell(item(2));
    expect(await outcomes([...asked, told])).toEqual([cause, "actor_terminated", "ok"]);
    await system.whenTerminated(ref);
    expect(deadValues(system)).toEqual([1, 2]);
    expect(await eventsOf(events)).toMatchObject([
      { type: "spawned" },
      { type: "error", error: cause, phase: "turn", directive: "stop", messageType: "item" },
      { type: "deadLetter", message: item(1) },
      { type: "deadLetter", message: item(2) },
      { type: "terminated", error: cause },
    ]);
  });
});

test("Behavior panics, and is stopped while it cleans up: what it died of stays", async () => {
  const system = newSystem();
  const cause = new Error("cause");
  const ref = system.spawn<Item>("test", {
    receive: () => Promise.reject(cause),
    onStop: ({ self }) => void system.stop(self),
  });
  const events = system.events();
  await expect(ref.ask(item(0))).rejects.toBe(cause);
  await system.whenTerminated(ref);
  expect((await eventsOf(events)).at(-1)).toMatchObject({ type: "terminated", error: cause });
});

test("Stop: the turn that is under way ends and answers, no other begins, then stop resolves", async () => {
  const system = newSystem();
  let finish = (): void => {};
  const handled: number[] = [];
  const ref = system.spawn<Item>("test", async ({ value }) => {
    await new Promise<void>((resolve) => (finish = resolve));
    handled.push(value);
    return value;
  });
  const [first, second] = [ref.ask(item(1)), ref.ask(item(2))];
  await turns();
  let isStopped = false;
  const stopped = system.stop(ref).then((result) => (isStopped = result));
  await turns();
  expect([isStopped, system.actors]).toMatchObject([false, [{ state: "stopping", isBusy: true }]]);
  finish();
  expect(await first).toBe(1);
  expect(await stopped).toBe(true);
  await expect(second).rejects.toMatchObject({ code: "actor_terminated" });
  expect(handled).toEqual([1]);
});

test("Stop: who waits in the mailbox or for room learns of it at once, though the turn goes on", async () => {
  const system = newSystem();
  const { ref } = await gatedActor(system, { mailbox: { capacity: 1 } });
  const waiting = [ref.ask(item(0)), ref.ask(item(1)), ref.tell(item(2))];
  void system.stop(ref);
  expect(await outcomes(waiting)).toEqual(waiting.map(() => "actor_terminated"));
  expect(system.actors).toMatchObject([{ state: "stopping", isBusy: true }]);
  expect(deadValues(system)).toEqual([0, 1, 2]);
});

test("Drain: mailbox, then those that wait for room; then the children's end, onStop, terminated", async () => {
  const log: string[] = [];
  const onEvent = (event: ActorEvent): void => {
    if (event.type === "deadLetter") log.push(`letter ${(event.message as Item).value}`);
    if (event.type === "terminated" && event.actorId === "parent") log.push("terminated parent");
  };
  const system = newSystem({ instrumentation: { onEvent } });
  let open = (): void => {};
  const gate = new Promise<number>((resolve) => (open = () => resolve(0)));
  const parent = system.spawn<Item>(
    "parent",
    setup((context) => {
      for (const id of ["elder", "younger"]) {
        const onStop = async (): Promise<void> => {
          await turns(1);
          log.push(`onStop ${id}`);
        };
        context.spawn<Item>(id, { receive: () => 0, onStop });
      }
      return {
        receive: () => gate,
        onStop: ({ children }) => log.push(`onStop parent, ${children.length} children`),
      };
    }),
    { mailbox: { capacity: 2 } },
  );
  void parent.tell(item(0));
  await turns();
  const sent = [1, 2, 3, 4].map((value) => parent.tell(item(value)));
  const stopped = system.stop(parent);
  open();
  await stopped;
  expect(await outcomes(sent)).toEqual(["ok", "ok", "actor_terminated", "actor_terminated"]);
  expect(log).toEqual([
    ...[1, 2, 3, 4].map((value) => `letter ${value}`),
    "onStop younger",
    "onStop elder",
    "onStop parent, 0 children",
    "terminated parent",
  ]);
});

test("Stop before Start: no ask hangs, and the behavior is not even made", async () => {
  const system = newSystem();
  const create = vi.fn(() => ({ receive: echoing, onStop: vi.fn() }));
  const ref = system.spawn<Echo>("test", setup(create));
  const reply = ref.ask(echo("early"));
  const stopped = system.stop(ref);
  await expect(reply).rejects.toMatchObject({ code: "actor_terminated" });
  expect(await stopped).toBe(true);
  expect(create).not.toHaveBeenCalled();
  expect(system.actors).toEqual([]);
});

describe("System shutdown: all end together, children before their parents, no letter lost", () => {
  test.each([0, 1])("with %i messages waiting at each", async (messages) => {
    const system = newSystem();
    const events = system.events();
    const withChildren = setup<Item>((context) => {
      for (const id of ["1", "2"]) context.spawn<Echo>(id, echoing);
      return ({ value }) => value;
    });
    const refs = ["a", "b", "c"].map((id) => system.spawn<Item>(id, withChildren));
    for (const ref of refs) await ref.ask(item(0));
    for (const ref of refs) for (const value of range(messages)) void ref.tell(item(value));
    await system.shutdown();
    expect(system.deadLetters.total).toBe(3 * messages);
    const ended = (await eventsOf(events)).filter(({ type }) => type === "terminated");
    const order = ended.map(({ actorId }) => actorId);
    expect(order).toHaveLength(9);
    for (const id of ["a", "b", "c"]) {
      expect(order.filter((other) => other.startsWith(id))).toEqual([`${id}/2`, `${id}/1`, id]);
    }
    const roots = order.filter((id) => id.length === 1);
    // They are told in this order; a turn that is still to come may end one later.
    if (messages === 0) expect(roots).toEqual(["c", "b", "a"]);
    else expect(roots.toSorted()).toEqual(["a", "b", "c"]);
  });
});

test("Register after Shutdown: system_terminated, from its beginning on", async () => {
  const system = newSystem();
  const key = serviceKey<Item>("key");
  const { ref, open } = await gatedActor(system);
  const attempts = [
    () => system.spawn<Echo>("late", echoing),
    () => key.spawn(system, "late", ({ value }) => value),
    () => system.receptionist.register(key, ref),
  ];
  const refused = expect.objectContaining({ name: "ActorError", code: "system_terminated" });
  const down = system.shutdown();
  for (const attempt of attempts) expect(attempt).toThrow(refused);
  open();
  await down;
  for (const attempt of attempts) expect(attempt).toThrow(refused);
  expect(key.find(system)).toEqual([]);
  expect(system.stats.spawned).toBe(1);
});

test("Duplicate id: refused while the first one lives, its last turn included; then it is free", async () => {
  const system = newSystem();
  const { ref, open } = await gatedActor(system, undefined, "test");
  const again = () => system.spawn<Echo>("test", echoing);
  const duplicate = expect.objectContaining({ code: "duplicate_actor_id", actorId: "test" });
  expect(again).toThrow(duplicate);
  const stopped = system.stop(ref);
  expect(again).toThrow(duplicate);
  open();
  await stopped;
  expect(await again().ask(echo("x"))).toBe("echo: x");
  await expect(ref.ask(item(1))).rejects.toMatchObject({ code: "actor_terminated" });
});

test("Empty id: empty_actor_id", () => {
  expect(() => newSystem().spawn<Echo>("", echoing)).toThrow(
    expect.objectContaining({ code: "empty_actor_id" }),
  );
});

test("StopAndRemoveActor: leaves the receptionist at once, though its turn goes on, and routers skip it", async () => {
  const system = newSystem();
  const key = serviceKey<Item>("key");
  const { ref, open } = await gatedActor(system);
  system.receptionist.register(key, ref);
  const other = key.spawn(system, "other", ({ value }) => value);
  const router = key.ref(system);
  const stopped = system.stop(ref);
  expect(key.find(system)).toEqual([other]);
  expect(await Promise.all([1, 2, 3].map((value) => router.ask(item(value))))).toEqual([1, 2, 3]);
  expect(() => system.receptionist.register(key, ref)).toThrow(
    expect.objectContaining({ code: "actor_terminated", actorId: "gated" }),
  );
  open();
  await stopped;
});
