// The verbs of the original harness, on a small peer actor.
import { type Message, serviceKey } from "@satwire/actor";
import {
  AssertionError,
  createHarness,
  type Harness,
  type HarnessOptions,
  type MessageReceived,
  newTestHarness,
  newTestKeyPair,
  newTestPublicKey,
  type PeerActorConfig,
  SeededScheduler,
  VirtualClock,
} from "@satwire/testkit";
import { publicKeyOf } from "@satwire/noise";
import { describe, expect, test } from "vitest";
import { collect, connectionFailure } from "../support/connection-readers.ts";
import { custom, ping, pong, warning } from "../support/lightning-messages.ts";
import { SmallPeerActor } from "../support/small-peer-actor.ts";

type SmallHarness = Harness<MessageReceived, SmallPeerActor>;

function smallHarness(
  options: Omit<HarnessOptions<MessageReceived, SmallPeerActor>, "virtualTime"> = {},
): SmallHarness {
  return createHarness({
    peerActor: (config: PeerActorConfig) => new SmallPeerActor(config),
    ...options,
  });
}

describe("messages of the peer", () => {
  test("reach all sinks, also those that come and go", async () => {
    await using harness = smallHarness();
    const [one, two] = [harness.createMessageCounter(), harness.createMessageCounter()];
    const first = harness.createServiceKey("first", one.handle);
    const second = serviceKey<MessageReceived>("second");
    const actor = harness.createPeerActor(first);
    expect(await harness.startPeerActor(actor)).toMatchObject({ success: true });
    harness.setupMessageIterator(warning("a"));
    await harness.until(one.waitFor(1));

    await harness.requireServiceKeyCount(actor, 1);
    await harness.addServiceKey(actor, second);
    await harness.requireServiceKeyCount(actor, 2);
    harness.registerServiceKey(second, two.handle); // late
    harness.setupMessageIterator(custom(1), custom(3));
    await harness.until(Promise.all([one.waitFor(3), two.waitFor(2)]));
    expect(two.messages).toMatchObject([{ message: custom(1) }, { message: custom(3) }]);
    expect(two.messages[0]?.from).toEqual(harness.connection.remotePublicKey);

    await harness.removeServiceKey(actor, first);
    harness.setupMessageIterator(custom(5));
    await harness.until(two.waitFor(3));
    expect([one.count, two.count]).toEqual([3, 3]);
    await expect(harness.addServiceKey(actor, second)).rejects.toThrow(
      "has the service key second",
    );
    await expect(harness.removeServiceKey(actor, first)).rejects.toThrow("no service key first");
    await expect(harness.requireServiceKeyCount(actor, 2)).rejects.toMatchObject({
      name: "AssertionError",
      actual: 1,
      expected: 2,
    });
  });

  test("are counted in the time of the harness", async () => {
    await using harness = smallHarness();
    const counter = harness.createMessageCounter<number>();
    const waited = harness.until(counter.waitFor(2, { timeoutMs: 50 })).catch((e: unknown) => e);
    counter.handle(1);
    expect(await waited).toMatchObject({ message: "waited 50 ms for 2 messages" });
    for (let n = 0; n < 10_001; n++) counter.handle(n);
    expect([counter.count, counter.messages.length]).toEqual([10_002, 10_000]);
  });
});

describe("what is expected of the code under test", () => {
  test("connects, reads, answers pings, sends and closes", async () => {
    const harness = smallHarness();
    harness.setupBasicExpectations();
    harness.expectConnect();
    harness.expectPongResponse(3);
    harness.expectSendMessage("unknown", { times: 2 });
    const actor = harness.createPeerActor();
    await harness.startPeerActor(actor);
    harness.setupMessageIterator(ping(2));
    await harness.sendMessage(actor, custom(1));
    expect(() => harness.assertExpectations()).toThrow(
      "a call of connectionEvents (0 of 1), a call of close (0 of 1), " +
        "a message that is a pong of 3 bytes to be sent (0 of 1), unknown to be sent (1 of 2)",
    );
    harness.setupMessageIterator(ping(3));
    await harness.sendMessage(actor, custom(3));
    expect(harness.getMock().sent).toEqual([pong(2), custom(1), pong(3), custom(3)]);
    harness.connection.connectionEvents();
    await harness.stopPeerActor(actor);
    await harness.requireActorDisconnected(actor);
    harness.assertExpectations();
    await harness.cleanupAll();
  });

  test("is refused a connection", async () => {
    await using harness = smallHarness();
    harness.expectConnectWithError("dial_timeout");
    expect(() => harness.assertExpectations()).toThrow("a call of connect (0 of 1)");
    const actor = harness.createPeerActor();
    const response = await harness.requireConnectRequestAccepted(actor);
    const error = await harness.requireConnectionFailed(response, "dial_timeout");
    expect(error).toMatchObject({ name: "PeerError", code: "dial_timeout" });
    await harness.requireActorDisconnected(actor);
    harness.assertExpectations();
    await expect(harness.requireConnectionFailed(response, "dial_failed")).rejects.toMatchObject({
      actual: "dial_timeout",
      expected: "dial_failed",
    });
  });

  test("is said to be connected when it should not be", async () => {
    await using harness = smallHarness({ connection: { isConnected: true } });
    const actor = harness.createPeerActor();
    await expect(harness.requireActorDisconnected(actor)).rejects.toThrow(AssertionError);
    const response = await harness.requireConnectRequestAccepted(actor);
    await expect(harness.requireConnectionFailed(response)).rejects.toThrow(AssertionError);
  });
});

test("a peer actor that refuses to connect, or is stopped by the test, is told from others", async () => {
  await using harness = smallHarness();
  const actor = harness.createPeerActor();
  let stops = 0;
  const refusing = Object.create(actor, {
    ref: { value: { ask: () => Promise.resolve({ success: false }) } },
  }) as SmallPeerActor;
  await expect(harness.requireConnectRequestAccepted(refusing)).rejects.toMatchObject({
    name: "AssertionError",
    actual: false,
  });
  const stop = actor.stop.bind(actor);
  actor.stop = () => {
    stops++;
    return stop();
  };
  await harness.stopPeerActor(actor);
  await harness.cleanupAll();
  expect(stops).toBe(1);
});

test("the state of the connection changes now or later, but not after its end", async () => {
  await using harness = smallHarness();
  const start = harness.clock.now();
  harness.simulateConnectionStateChange("connected");
  harness.setupEventIterator({ details: "hello" });
  expect(harness.connection.isConnected).toBe(true);
  harness.simulateConnectionStateChange("disconnected", 70);
  harness.simulateConnectionStateChange("closing", 80);
  await harness.clock.advance(100);
  const events = await collect(harness.connection.connectionEvents());
  expect(events.slice(-2)).toMatchObject([
    { type: "note", details: "hello", timestamp: start },
    { state: "disconnected", timestamp: start + 70 },
  ]);
  expect(() => harness.simulateConnectionStateChange("connected")).toThrow(RangeError);
});

describe("a harness", () => {
  test("makes everything from its seed", async () => {
    const drawn = async (seed: number): Promise<unknown[]> => {
      await using harness = createHarness({ seed, schedule: "random" });
      const [alice, bob] = [harness.network.host("alice"), harness.network.host("bob")];
      harness.network.link("alice", "bob", { latencyMs: [5, 50] });
      await bob.listen(bob.address(9735), () => {});
      await harness.until(alice.dialer(bob.address(9735)));
      return [harness.rng.u32(), harness.actors.rng.u32(), harness.network.traceHash()];
    };
    const [first, again, other] = [await drawn(7), await drawn(7), await drawn(8)];
    expect(again).toEqual(first);
    for (const [i, value] of other.entries()) expect(value).not.toEqual(first[i]);
  });

  test("gives actors their turns in the order of its schedule", async () => {
    await using harness = createHarness({ schedule: "lifo" });
    const names: string[] = [];
    const probes = ["a", "b", "c"].map((name) => harness.actors.probe<Message>(name));
    for (const { ref } of probes) ref.tryTell({ type: "turn" });
    await harness.actors.runUntilIdle();
    const { scheduler } = harness.actors;
    if (scheduler instanceof SeededScheduler) names.push(...scheduler.history);
    expect(names.slice(0, 3)).toEqual(["c", "c", "b"]); // its start, then its message
  });

  test("ends all that it made, once, and nothing is left", async () => {
    const harness = smallHarness({ connection: { latencyMs: 100, closeError: "closed" } });
    const actor = harness.createPeerActor(harness.createServiceKey("sink", () => {}));
    await harness.startPeerActor(actor);
    harness.simulateConnectionStateChange("disconnected", 1_000_000);
    const { system, network } = harness;
    const alice = network.host("alice");
    await expect(harness.leakCheck().assertClean({ timeoutMs: 0 })).rejects.toThrow("a live actor");
    const cleaned = harness.cleanupAll();
    expect(harness.cleanupAll()).toBe(cleaned);
    await cleaned;
    expect(harness.connection.state).toBe("disconnected");
    expect([system.actors, alice.isUp]).toEqual([[], false]);
    expect(harness.clock.pending).toEqual([]);
    await harness.leakCheck().assertClean();
    const timer = harness.clock.setTimer(() => {}, 5);
    await expect(harness.leakCheck().assertClean({ timeoutMs: 0 })).rejects.toThrow("due in 5 ms");
    timer.cancel();
  });

  test("tells what it could not end, and ends the rest", async () => {
    const [one, two] = [new Error("one"), new Error("two")];
    const failing = (errors: Error[]): SmallHarness =>
      smallHarness({
        peerActor: (config) => {
          const actor = new SmallPeerActor(config);
          const error = errors.shift() as Error;
          actor.stop = () => Promise.reject(error);
          return actor;
        },
      });
    const harness = failing([one]);
    harness.createPeerActor();
    await expect(harness.cleanupAll()).rejects.toBe(one);
    expect(harness.connection.state).toBe("disconnected");
    const other = failing([one, two]);
    other.createPeerActor();
    other.createPeerActor();
    await expect(other.cleanupAll()).rejects.toMatchObject({ errors: [one, two] });
    expect(other.system.actors).toEqual([]);
  });

  test("says what is missing", async () => {
    const harness = newTestHarness();
    expect(() => harness.createPeerActor()).toThrow("does not know how peer actors are made");
    await harness.cleanupAll();
    expect(() => harness.withActorSystem()).toThrow("cleaned up");
    expect(() => harness.network).toThrow("cleaned up");
  });

  test("chains as the original does", async () => {
    await using harness = newTestHarness({ isConnected: true }).withActorSystem();
    expect(harness.getMock()).toBe(harness.connection);
    expect(harness.connection.isConnected).toBe(true);
    expect(harness.clock).toBeInstanceOf(VirtualClock);
    expect(harness.system.clock).toBe(harness.clock);
    interface Greeting extends Message {
      readonly type: "greeting";
    }
    const probe = harness.actors.probe<Greeting>();
    const key = harness.createServiceKey<Greeting>("hello", (m) => void probe.ref.tryTell(m));
    await key.broadcast(harness.system, { type: "greeting" });
    await probe.expect("greeting");
  });

  test("takes a way to make peer actors behind the config of the mock", async () => {
    const peerActor = (config: PeerActorConfig): SmallPeerActor => new SmallPeerActor(config);
    const harness = newTestHarness({ messages: [warning("low")] }, peerActor).withActorSystem();
    const counter = harness.createMessageCounter();
    const actor = harness.createPeerActor(harness.createServiceKey("sink", counter.handle));
    await harness.startPeerActor(actor);
    await harness.until(counter.waitFor(1));
    await harness.cleanupAll();
    await harness.leakCheck().assertClean();
  });

  test("works in real time, too", async () => {
    await using harness = createHarness({
      virtualTime: false,
      peerActor: (config: PeerActorConfig) => new SmallPeerActor(config),
      connection: { latencyMs: 1 },
    });
    const before = Date.now();
    const actor = harness.createPeerActor();
    await harness.startPeerActor(actor);
    expect(harness.connection.isConnected).toBe(true);
    expect(harness.clock.now()).toBeGreaterThanOrEqual(before);
    expect(() => harness.actors).toThrow("real time");
    const failed = connectionFailure(harness.connection.connect());
    expect((await failed).code).toBe("already_connected");
    expect(harness.network.clock).toBe(harness.clock);
  });
});

describe("test keys", () => {
  test("are pairs, and those of the seed", () => {
    const { privateKey, publicKey } = newTestKeyPair();
    expect(publicKeyOf(privateKey)).toEqual(publicKey);
    expect(newTestKeyPair(1)).toEqual({ privateKey, publicKey });
    expect(newTestPublicKey()).toEqual(publicKey);
    expect(newTestPublicKey("alice")).not.toEqual(publicKey);
    expect(newTestPublicKey("alice")).toHaveLength(33);
  });
});
