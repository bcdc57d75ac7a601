// What is promised about messages, topic by topic, where the tests of lnd's package (lnd-*.test.ts) do not say it yet:
// in lnd the outcome is left to chance, or another one. What is promised about lives is in contract-lives.test.ts.
import {
  failure,
  type Logger,
  logTo,
  randomEarlyDrop,
  serviceKey,
  type SystemOptions,
} from "@satwire/actor";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  deadValues,
  type Echo,
  echo,
  echoing,
  eventsOf,
  gatedActor,
  item,
  newSystem,
  outcomes,
  waitingAt,
} from "./echo-actors.ts";
import { seededRandom } from "./seeded-random.ts";
import { turns } from "./turns.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

test("Capacity: 100 messages unless told otherwise, and the one that is handled does not count", async () => {
  const system = newSystem();
  const { ref } = await gatedActor(system);
  expect(range(101).filter((value) => ref.tryTell(item(value)))).toEqual(range(100));
  const spawnDefaults = { mailbox: { capacity: 2 } };
  const small = await gatedActor(newSystem({ spawnDefaults }));
  expect(range(4).filter((value) => small.ref.tryTell(item(value)))).toEqual([0, 1]);
});

test("Tell, room: is in the mailbox when tell returns; all verbs keep one order", async () => {
  const system = newSystem();
  const { ref, seen, open } = await gatedActor(system);
  void ref.tell(item(0));
  expect(waitingAt(system, "gated")).toBe(1);
  ref.tryTell(item(1));
  void ref.ask(item(2));
  void ref.tell(item(3));
  open();
  await turns();
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("Tell, full: resolves when it is accepted and not before; nobody overtakes who waits", async () => {
  const { ref, seen, open } = await gatedActor(newSystem(), { mailbox: { capacity: 1 } });
  const accepted: number[] = [];
  for (const value of [0, 1, 2]) void ref.tell(item(value)).then(() => accepted.push(value));
  const reply = ref.ask(item(3));
  await turns();
  expect([accepted, ref.tryTell(item(4))]).toEqual([[0], false]);
  open();
  expect(await reply).toBe(3);
  expect([accepted, seen]).toEqual([
    [0, 1, 2],
    [0, 1, 2, 3],
  ]);
});

describe("Tell, ctx already cancelled: never enqueued, though there is room", () => {
  test.each(["tell", "ask"] as const)("%s", async (verb) => {
    const system = newSystem();
    const { ref, seen, open } = await gatedActor(system);
    const signal = AbortSignal.abort("gone");
    for (let i = 0; i < 50; i++) {
      await expect(ref[verb](item(i), { signal })).rejects.toMatchObject({
        code: "aborted",
        cause: "gone",
      });
    }
    open();
    await turns();
    expect([seen, system.deadLetters.total]).toEqual([[], 0]);
  });
});

test.each(["tell", "ask"] as const)(
  "Tell, ctx cancelled while parked: %s is aborted, never handled and no dead letter",
  async (verb) => {
    const system = newSystem();
    const { ref, seen, open } = await gatedActor(system, {
      mailbox: { capacity: 1, waitingLimit: 1 },
    });
    await ref.tell(item(0));
    const controller = new AbortController();
    const parked = ref[verb](item(1), { signal: controller.signal });
    await turns();
    controller.abort("enough");
    const next = ref.tell(item(2)); // its place among those that wait is free
    await expect(parked).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    open();
    await next;
    await turns();
    expect([seen, system.deadLetters.total]).toEqual([[0, 2], 0]);
  },
);

describe("Tell, RED drop", () => {
  test.each([
    ["not a dead letter unless told so", {}, []],
    ["a dead letter with deadLetterDrops", { deadLetterDrops: true }, [1, 2, 3]],
  ] satisfies [string, SystemOptions, number[]][])(
    "message_dropped, counted and told of; %s",
    async (_name, options, letters) => {
      const system = newSystem(options);
      const { ref } = await gatedActor(system, { mailbox: { dropWhen: (waiting) => waiting > 0 } });
      await ref.tell(item(0));
      const events = system.events();
      const dropped = { code: "message_dropped", actorId: "gated", messageType: "item" };
      await expect(ref.tell(item(1))).rejects.toMatchObject(dropped);
      await expect(ref.ask(item(2))).rejects.toMatchObject(dropped);
      expect(ref.tryTell(item(3))).toBe(false);
      expect(system.stats.dropped).toBe(3);
      expect(deadValues(system)).toEqual(letters);
      const types = (await eventsOf(events)).map(({ type }) => type);
      expect(types.filter((type) => type === "dropped")).toHaveLength(3);
      expect(types.filter((type) => type === "deadLetter")).toHaveLength(letters.length);
    },
  );
});

test.each(["tell", "ask"] as const)(
  "Ask, order of the checks, for %s: the actor's end, then the caller's, then the mailbox's word",
  async (verb) => {
    const system = newSystem();
    const { ref, open } = await gatedActor(system, {
      mailbox: { dropWhen: (waiting) => waiting > 0 },
    });
    await ref.tell(item(0));
    const aborted = { signal: AbortSignal.abort() };
    const alive = [ref[verb](item(1), aborted), ref[verb](item(2))];
    const stopped = system.stop(ref);
    const ending = [ref[verb](item(3), aborted), ref[verb](item(4))];
    expect(await outcomes([...alive, ...ending])).toEqual([
      "aborted",
      "message_dropped",
      "actor_terminated",
      "actor_terminated",
    ]);
    open();
    await stopped;
  },
);

test("Ask, failed while parked: by the actor's end or by the caller's, whichever comes first", async () => {
  const system = newSystem();
  const { ref, open } = await gatedActor(system, { mailbox: { capacity: 1 } });
  await ref.tell(item(0));
  const controllers = [new AbortController(), new AbortController()];
  const parked = controllers.map(({ signal }, i) => ref.ask(item(i + 1), { signal }));
  controllers[0]?.abort();
  const stopped = system.stop(ref);
  open();
  await stopped;
  controllers[1]?.abort();
  expect(await outcomes(parked)).toEqual(["aborted", "actor_terminated"]);
  expect(deadValues(system)).toEqual([0, 2]);
});

test("Ask, ctx cancelled after enqueue: the asker is free, and the message is handled all the same", async () => {
  const { ref, seen, open } = await gatedActor(newSystem());
  const controller = new AbortController();
  const reply = ref.ask(item(1), { signal: controller.signal });
  controller.abort();
  await expect(reply).rejects.toMatchObject({ code: "aborted" });
  open();
  await turns();
  expect(seen).toEqual([1]);
});

test("Behavior returns Err on Tell: an event, and no matter of supervision", async () => {
  const system = newSystem();
  const error = new Error("no");
  const directive = vi.fn(() => "stop" as const);
  const ref = system.spawn<Echo>("test", () => failure(error), { supervision: { directive } });
  const events = system.events();
  await ref.tell(echo("told"));
  await expect(ref.ask(echo("asked"))).rejects.toBe(error);
  const said = {
    type: "error",
    actorId: "test",
    error,
    phase: "reply",
    directive: undefined,
    messageType: "echo",
  };
  expect(await eventsOf(events)).toMatchObject([said, said]);
  expect(directive).not.toHaveBeenCalled();
  expect(system.actors).toMatchObject([{ actorId: "test", state: "running" }]);
});

test("DLO is bounded and blocking: not here, where a ring keeps the latest and nobody waits for a reader", async () => {
  const system = newSystem({ deadLetterCapacity: 10 });
  const { ref, open } = await gatedActor(system, { mailbox: { capacity: 500 } });
  const events = system.events({ capacity: 5 }); // and nobody reads
  for (const value of range(500)) await ref.tell(item(value));
  const stopped = system.stop(ref);
  open();
  expect(await stopped).toBe(true);
  expect(system.deadLetters.total).toBe(500);
  expect(deadValues(system)).toEqual(range(10).map((i) => 490 + i));
  expect(events.missed).toBe(501 - 5); // the end is the 501st
  expect((await eventsOf(events)).map(({ type }) => type)).toEqual([
    ...range(4).map(() => "deadLetter"),
    "terminated",
  ]);
});

test("DLO: 1000 letters are kept unless told otherwise", async () => {
  const system = newSystem();
  for (const value of range(1001)) system.deadLetters.tryTell(item(value));
  expect([system.deadLetters.total, deadValues(system).length, deadValues(system)[0]]).toEqual([
    1001, 1000, 1,
  ]);
});

describe("Receptionist", () => {
  test("find gives a list that does not change, in the order of registration", async () => {
    const system = newSystem();
    const key = serviceKey<Echo>("key");
    const spawn = (id: string) => key.spawn(system, id, echoing);
    const [z, a] = [spawn("z"), spawn("a")];
    const before = key.find(system);
    const m = spawn("m");
    system.receptionist.register(key, z); // changes nothing
    await system.stop(a);
    expect([before, key.find(system)]).toEqual([
      [z, a],
      [z, m],
    ]);
    expect(Object.isFrozen(before)).toBe(true);
  });

  test("subscribe gives the list now and after each change, the latest alone to who is slow", async () => {
    const system = newSystem();
    const key = serviceKey<Echo>("key");
    const lists = system.receptionist.subscribe(key)[Symbol.asyncIterator]();
    expect(await lists.next()).toEqual({ done: false, value: [] });
    const waiting = lists.next();
    const a = key.spawn(system, "a", echoing);
    expect(await waiting).toEqual({ done: false, value: [a] });
    const b = key.spawn(system, "b", echoing);
    await system.stop(a);
    expect(await lists.next()).toEqual({ done: false, value: [b] });
    const end = lists.next();
    await system.shutdown();
    expect(await end).toEqual({ done: false, value: [] });
    expect(await lists.next()).toEqual({ done: true, value: undefined });
  });

  test("an actor of another system: foreign_ref", () => {
    const foreign = newSystem().spawn<Echo>("foreign", echoing);
    expect(() => newSystem().receptionist.register(serviceKey<Echo>("key"), foreign)).toThrow(
      expect.objectContaining({ code: "foreign_ref", actorId: "foreign" }),
    );
  });
});

test("Router, empty: a message that its sender took back is no dead letter", async () => {
  const system = newSystem();
  const router = serviceKey<Echo>("key").ref(system);
  const signal = AbortSignal.abort("gone");
  const aborted = { code: "aborted", cause: "gone" };
  await expect(router.tell(echo("x"), { signal })).rejects.toMatchObject(aborted);
  await expect(router.ask(echo("x"), { signal })).rejects.toMatchObject(aborted);
  expect(system.deadLetters.total).toBe(0);
});

test("RED: as lnd's onion messages have it, capacity 50 and min 40, by the numbers drawn", async () => {
  const seed = 7;
  const dropWhen = randomEarlyDrop({ min: 40, max: 50, random: seededRandom(seed) });
  const { ref } = await gatedActor(newSystem(), { mailbox: { capacity: 50, dropWhen } });
  const draw = seededRandom(seed);
  let waiting = 0;
  const expected = range(500).map(() => {
    const isIn = waiting < 40 || (waiting < 50 && draw() >= (waiting - 40) / 10);
    if (isIn) waiting++;
    return isIn;
  });
  expect(
    range(500).map((value) => ref.tryTell(item(value))),
    `seed ${seed}`,
  ).toEqual(expected);
  expect(expected.slice(0, 41)).not.toContain(false);
  expect(waiting).toBe(50);
});

describe("Logging", () => {
  const run = async (logger: Logger | undefined): Promise<void> => {
    const onEvent = logger === undefined ? undefined : logTo(logger);
    const system = newSystem({ instrumentation: { onEvent } });
    const ref = system.spawn<Echo>("test", ({ data }) => {
      throw new Error(data);
    });
    await ref.ask(echo("secret")).catch(() => {});
    await system.whenTerminated(ref);
    ref.tryTell(echo("secret"));
  };

  test("goes to the logger that was given; of messages, the type alone", async () => {
    const lines: string[] = [];
    const write = (level: string) => (text: string) => lines.push(`${level}: ${text}`);
    await run({ debug: write("debug"), warn: write("warn"), error: write("error") });
    expect(lines).toEqual([
      "debug: test was spawned",
      "error: test failed (turn, stop)",
      "debug: test has terminated",
      "debug: test did not get echo: stopped",
    ]);
  });

  test("is silent without one", async () => {
    const verbs = ["debug", "log", "info", "warn", "error"] as const;
    const spies = verbs.map((verb) => vi.spyOn(console, verb));
    onTestFinished(() => void vi.restoreAllMocks());
    await run(undefined);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
