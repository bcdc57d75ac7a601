// A probe: an actor that a test stands behind.
import { type ActorRef, type Message, serviceKey, sleep } from "@satwire/actor";
import { type ActorTestkit, AssertionError, createActorTestkit, TestProbe } from "@satwire/testkit";
import { ActorSystem } from "@satwire/actor";
import { describe, expect, test } from "vitest";

interface Block extends Message {
  readonly type: "block";
  readonly height: number;
}
interface Reorg extends Message {
  readonly type: "reorg";
}
interface GetTip extends Message<number> {
  readonly type: "getTip";
}
type ChainMessage = Block | Reorg | GetTip;

const block = (height: number): Block => ({ type: "block", height });

/** What a promise is rejected with, when the time that it takes has passed. */
async function failureOf(kit: ActorTestkit, promise: Promise<unknown>): Promise<Error> {
  return kit.clock.runUntil(
    promise.then(
      () => Promise.reject(new Error("it did not fail")),
      (error: Error) => error,
    ),
  );
}

describe("expect", () => {
  test("takes the next message", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    expect(probe.ref.id).toBe("probe-1");
    const later = probe.expect("block");
    for (const height of [1, 2, 3]) probe.ref.tryTell(block(height));
    expect((await later).height).toBe(1);
    await kit.runUntilIdle();
    expect(probe.waiting).toEqual([block(2), block(3)]);
    expect(
      await probe.expect((message) => message.type === "block" && message.height === 2),
    ).toEqual(block(2));
    expect(await probe.expect()).toEqual(block(3));
  });

  test("fails for another message, with both, and has taken it", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    probe.ref.tryTell(block(1));
    probe.ref.tryTell(block(2));
    const error = await failureOf(kit, probe.expect("reorg"));
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({
      message: "expected reorg, but block came",
      actual: block(1),
      expected: { type: "reorg" },
    });
    expect(probe.waiting).toEqual([block(2)]);
  });

  test("waits for the time of the system, and not beyond the end of the probe", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>("chain");
    const started = kit.clock.now();
    const late = await failureOf(kit, probe.expect("reorg", { timeoutMs: 700 }));
    expect(late).toMatchObject({
      name: "AssertionError",
      message: expect.stringContaining("reorg"),
    });
    expect(kit.clock.now() - started).toBe(700);
    const controller = new AbortController();
    const aborted = failureOf(kit, probe.expect("reorg", { signal: controller.signal }));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    const ended = failureOf(kit, probe.expect("reorg"));
    await kit.system.stop(probe.ref);
    expect((await ended).message).toContain("chain was stopped");
    expect(kit.clock.pending).toEqual([]);
  });

  test("gets what comes when time is moved", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    kit.clock.setTimer(() => probe.ref.tryTell(block(5)), 3000);
    expect(await kit.clock.runUntil(probe.expect("block"))).toEqual(block(5));
  });
});

describe("several messages", () => {
  test("are received together", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const both = probe.receive(2);
    for (const height of [1, 2, 3]) probe.ref.tryTell(block(height));
    expect(await both).toEqual([block(1), block(2)]);
    const error = await failureOf(kit, probe.receive(2));
    expect(error.message).toContain("2 messages");
    expect(probe.waiting).toEqual([block(3)]);
    for (const count of [0, 1.5, 10_001]) expect(() => probe.receive(count)).toThrow(RangeError);
  });

  test("are fished through", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const fished = probe.fish("reorg");
    probe.ref.tryTell(block(1));
    probe.ref.tryTell({ type: "reorg" });
    probe.ref.tryTell(block(2));
    expect(await fished).toEqual({ type: "reorg" });
    await kit.runUntilIdle();
    expect(probe.waiting).toEqual([block(2)]);
    const error = await failureOf(kit, probe.fish("reorg"));
    expect(error).toBeInstanceOf(AssertionError);
    expect(probe.waiting).toEqual([]);
  });

  test("beyond ten thousand make room", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    for (let height = 0; height < 10_000; height++) probe.ref.tryTell(block(height));
    await kit.runUntilIdle();
    probe.ref.tryTell(block(10_000));
    await kit.runUntilIdle();
    expect([probe.missed, probe.waiting.length, probe.waiting[0]]).toEqual([1, 10_000, block(1)]);
  });
});

describe("no message", () => {
  test("is expected for a time, which is moved", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const started = kit.clock.now();
    kit.clock.setTimer(() => probe.ref.tryTell(block(1)), 101);
    await probe.expectNone();
    await probe.expectNone(100);
    expect(kit.clock.now() - started).toBe(100);
    const error = await probe.expectNone(1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "AssertionError",
      message: "expected no message, but block came",
      actual: [block(1)],
    });
    expect(probe.waiting).toEqual([block(1)]);
    await expect(probe.expectNone(100)).rejects.toThrow(AssertionError);
    expect(kit.clock.now() - started).toBe(101); // what is there already needs no time
  });

  test("is expected of a message that is on its way in this moment", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    probe.ref.tryTell(block(1));
    await expect(probe.expectNone()).rejects.toThrow(AssertionError);
  });

  test("takes real time where time is real", async () => {
    await using system = new ActorSystem();
    const probe = new TestProbe<ChainMessage>(system, "real");
    await probe.expectNone(5);
    void sleep(system.clock, 1).then(() => probe.ref.tryTell(block(1)));
    await expect(probe.expectNone(50)).rejects.toThrow(AssertionError);
  });

  test("counts that is ignored", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const ignoring = probe.ignore("block");
    probe.ref.tryTell(block(1));
    await probe.expectNone();
    ignoring[Symbol.dispose]();
    probe.ref.tryTell(block(2));
    expect(await probe.expect("block")).toEqual(block(2));
  });
});

describe("replies", () => {
  test("are given by the test", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const height = probe.ref.ask({ type: "getTip" });
    await probe.expect("getTip");
    probe.reply(800_000);
    expect(await height).toBe(800_000);

    const refused = probe.ref.ask({ type: "getTip" });
    await probe.expect("getTip");
    const error = new Error("no tip");
    probe.refuse(error);
    await expect(refused).rejects.toBe(error);
  });

  test("may be owed to more than a thousand", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const asked = Array.from({ length: 1001 }, () => probe.ref.ask({ type: "getTip" }));
    for (let n = 0; n < asked.length; n++) {
      await probe.expect("getTip");
      probe.reply(n);
    }
    expect((await Promise.all(asked)).at(-1)).toBe(1000);
  });

  test("need somebody who waits", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    expect(() => probe.reply(1)).toThrow(new AssertionError("there is no message to reply to yet"));
    probe.ref.tryTell(block(1));
    await probe.expect();
    expect(() => probe.reply(1)).toThrow("nobody waits for the test to reply to block");
    expect(() => probe.refuse(1)).toThrow("nobody waits for the test to refuse block");
    const givenUp = failureOf(kit, probe.ref.ask({ type: "getTip" }, { timeoutMs: 10 }));
    await givenUp;
    await probe.expect("getTip");
    expect(() => probe.reply(1)).toThrow(AssertionError);
  });

  test("are given by an autopilot, which leaves some to the test", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    let calls = 0;
    probe.autopilot(({ type }) => (type === "getTip" && ++calls === 1 ? 7 : undefined));
    probe.ignore("block");
    probe.ref.tryTell(block(1));
    expect(await probe.ref.ask({ type: "getTip" })).toBe(7);
    const second = probe.ref.ask({ type: "getTip" });
    await probe.receive(2);
    probe.reply(8);
    expect(await second).toBe(8);
    probe.autopilot();
    const third = probe.ref.ask({ type: "getTip" });
    await probe.expect("getTip");
    probe.reply(9);
    expect([await third, calls]).toEqual([9, 2]);
  });
});

describe("the end of an actor", () => {
  test("is waited for", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const other = kit.system.spawn<Reorg>("other", (_message, context) => context.stop());
    const ended = probe.expectTerminated(other);
    other.tryTell({ type: "reorg" });
    await ended;
    await probe.expectTerminated(other); // past is as good
  });

  test("is missed in time, or of an actor that is none", async () => {
    await using kit = createActorTestkit();
    const probe = kit.probe<ChainMessage>();
    const other = kit.system.spawn<Reorg>("other", () => {});
    const error = await failureOf(kit, probe.expectTerminated(other, { timeoutMs: 20 }));
    expect(error).toMatchObject({
      name: "AssertionError",
      message: expect.stringContaining("the end of other"),
    });
    const foreign = kit.deadLetters as ActorRef<never>;
    expect(await failureOf(kit, probe.expectTerminated(foreign))).toMatchObject({
      code: "foreign_ref",
    });
    expect(kit.clock.pending).toEqual([]);
  });

  test("is not waited for any longer once the test is not", async () => {
    await using kit = createActorTestkit();
    const { system } = kit;
    const signals: (AbortSignal | undefined)[] = [];
    const whenTerminated = system.whenTerminated.bind(system);
    system.whenTerminated = (ref, options) => {
      signals.push(options?.signal);
      return whenTerminated(ref, options);
    };
    const other = system.spawn<Reorg>("other", () => {});
    await failureOf(kit, kit.probe<ChainMessage>().expectTerminated(other, { timeoutMs: 20 }));
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });
});

test("a probe is found under its key and can be watched", async () => {
  await using kit = createActorTestkit();
  const key = serviceKey<ChainMessage>("chain");
  const probe = kit.probe<ChainMessage>("sink", { key });
  expect(await key.broadcast(kit.system, block(3))).toBe(1);
  expect(await probe.expect("block")).toEqual(block(3));
  const watcher = kit.probe<Reorg>();
  await kit.system.stop(probe.ref);
  await watcher.expectTerminated(probe.ref);
  expect(key.find(kit.system)).toEqual([]);
});
