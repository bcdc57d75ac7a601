import { SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { type Connected, connected, pattern, rejection } from "../support/sim-streams.ts";

const some = (length = 5): Uint8Array => pattern(length);

describe("a partition", () => {
  test("is silence for both; what was sent arrives some time after the repair", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    const cut = network.partition("alice", "bob");
    near.stream.write(some());
    far.stream.write(some(3));
    await network.clock.advance(1000);
    expect([near.events, far.events]).toEqual([[], []]);
    cut[Symbol.dispose]();
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect([near.events, far.events]).toEqual([["data 3"], ["data 5"]]);
    // Sent at 0, 200, 600 and 1400 ms.
    expect([near.times, far.times]).toEqual([[1410], [1410]]);
  });

  test("also loses what is under way", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    near.stream.write(some());
    await network.clock.advance(5);
    const cut = network.partition("alice", "bob");
    await network.clock.advance(10);
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(far.times).toEqual([220]); // lost at 10, tried again 200 ms later
  });

  test("loses what was sent during it, though it is over when that would arrive", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 100 } });
    {
      using _ = network.partition("alice", "bob");
      near.stream.write(some());
    }
    await network.clock.runUntilIdle();
    expect(far.times).toEqual([300]);
  });

  test("that lasts too long ends the connection of who has something to say, and of no one else", async () => {
    const { network, near, far } = await connected({ retransmitMs: 10_000 });
    network.partition("alice", "bob");
    near.stream.write(some());
    await network.clock.advance(9999);
    expect(near.events).toEqual([]);
    await network.clock.advance(1);
    expect(near.events).toEqual(["close timed_out ETIMEDOUT"]);
    await network.clock.runUntilIdle();
    expect(far.events).toEqual([]);
    expect(network.connections.length).toBe(1); // bob's
    far.stream.write(some());
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["close timed_out ETIMEDOUT"]);
    expect(network.connections).toEqual([]);
  });

  test("ends a connection after 924.6 s by default", async () => {
    const { network, near } = await connected();
    network.partition("alice", "bob");
    near.stream.write(some());
    await network.clock.runUntilIdle();
    expect(near.times).toEqual([924_600]);
    expect(network.trace.filter(({ kind }) => kind === "resend").length).toBe(15);
  });

  test("one way lets the other one's data through, which is never acknowledged", async () => {
    const { network, near, far } = await connected({ retransmitMs: 10_000 });
    network.partition("bob", "alice", { oneWay: true });
    near.stream.write(some());
    await network.clock.advance(1000);
    expect(far.events).toEqual(["data 5"]); // once, however often it is sent
    expect(near.events).toEqual([]);
    await network.clock.runUntilIdle();
    expect(near.events).toEqual(["close timed_out ETIMEDOUT"]);
  });

  test("one way lets no more through than the window", async () => {
    const { network, near, far } = await connected({ capacityBytes: 100 });
    const cut = network.partition("bob", "alice", { oneWay: true });
    expect(near.stream.write(some(250))).toBe(false);
    await network.clock.advance(1000);
    expect(far.bytes.length).toBe(100);
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(far.bytes).toEqual(some(250));
  });

  test("stands until all that overlap are repaired", async () => {
    const { network, near, far } = await connected();
    const first = network.partition("alice", "bob");
    const second = network.partition(["bob"], ["alice"]);
    near.stream.write(some());
    first[Symbol.dispose]();
    await network.clock.advance(300);
    expect(far.events).toEqual([]);
    second[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["data 5"]);
  });

  test("of groups leaves those within one together", async () => {
    const network = new SimNetwork();
    const hosts = ["a", "b", "c", "d"].map((name) => network.host(name));
    for (const host of hosts) await host.listen(host.address(1), () => {});
    network.partition(["a", "b"], [network.host("c"), "d"]);
    const reached = async (from: string, to: string): Promise<boolean> => {
      const dial = network.host(from).dialer(network.host(to).address(1));
      const isOpen = dial.then(
        () => true,
        () => false,
      );
      await network.clock.runUntilIdle();
      return isOpen;
    };
    expect(await reached("a", "b")).toBe(true);
    expect(await reached("c", "d")).toBe(true);
    expect(await reached("a", "c")).toBe(false);
    expect(await reached("d", "b")).toBe(false);
    expect(await reached("a", "a")).toBe(true);
  });

  test("of a host with itself is none", async () => {
    const { network, alice } = await connected();
    network.partition("alice", ["alice", "bob"]);
    network.hold("alice", "alice");
    await alice.listen(alice.address(1), () => {});
    await alice.dialer(alice.address(1));
  });
});

describe("what waits", () => {
  test.each<[string, (connected: Connected) => Disposable]>([
    ["a hold", ({ network }) => network.hold("alice", "bob")],
    ["a hold the other way round", ({ network }) => network.hold("bob", "alice")],
    ["a clog of the receiver", ({ network }) => network.clog("bob")],
    ["a clog of the sender", ({ network }) => network.clog("alice")],
    ["a clog of what comes in", ({ network }) => network.clog("bob", { in: true })],
    ["a clog of what goes out", ({ network }) => network.clog("alice", { out: true })],
    ["a clog of all but what goes out", ({ network }) => network.clog("bob", { out: false })],
  ])("for %s arrives at once and in order when it is over", async (_, obstacle) => {
    const pair = await connected({ defaults: { latencyMs: 10, segmentBytes: 4 } });
    const { network, near, far } = pair;
    near.stream.write(some(10));
    await network.clock.advance(5);
    const hold = obstacle(pair); // the data is under way
    await network.clock.advance(5000);
    near.stream.end();
    await network.clock.advance(5000);
    expect(far.events).toEqual([]);
    hold[Symbol.dispose]();
    await network.clock.advance(0);
    expect(far.bytes).toEqual(some(10));
    expect(far.milestones).toEqual(["end"]);
    expect(network.trace.filter(({ kind }) => kind === "resend")).toEqual([]);
  });

  test.each([
    [{ in: true }, [], ["data 5"]],
    [{ out: true }, ["data 5"], []],
  ])("at a clog of %o lets the other direction pass", async (options, nearEvents, farEvents) => {
    const { network, near, far } = await connected();
    network.clog("alice", options);
    near.stream.write(some());
    far.stream.write(some());
    await network.clock.advance(1);
    expect([near.events, far.events]).toEqual([nearEvents, farEvents]);
  });

  test("may be an acknowledgement", async () => {
    const { network, near, far } = await connected({ retransmitMs: 1000 });
    network.clog("alice", { in: true });
    near.stream.write(some());
    await network.clock.runUntilIdle();
    expect([near.events, far.events]).toEqual([["close timed_out ETIMEDOUT"], ["data 5"]]);
  });

  test("too long fails with timed_out", async () => {
    const { network, near } = await connected({ retransmitMs: 1000 });
    network.hold("alice", "bob");
    near.stream.write(some());
    await network.clock.runUntilIdle();
    expect([near.events, near.times]).toEqual([["close timed_out ETIMEDOUT"], [1000]]);
  });

  test("for two reasons waits for both", async () => {
    const { network, near, far } = await connected();
    const [hold, clog] = [network.hold("alice", "bob"), network.clog(["bob"])];
    near.stream.write(some());
    hold[Symbol.dispose]();
    await network.clock.advance(1);
    expect(far.events).toEqual([]);
    clog[Symbol.dispose]();
    await network.clock.advance(0);
    expect(far.events).toEqual(["data 5"]);
    expect(network.trace.filter(({ kind }) => kind === "held").length).toBe(1);
  });

  test("is lost when a partition comes before it is released", async () => {
    const { network, near, far } = await connected();
    const hold = network.hold("alice", "bob");
    near.stream.write(some());
    const cut = network.partition("alice", "bob");
    hold[Symbol.dispose]();
    await network.clock.advance(100);
    expect(far.events).toEqual([]);
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["data 5"]);
  });
});

describe("swizzle", () => {
  test("clogs every host in the first half and frees every one in the second", async () => {
    const network = new SimNetwork({ seed: 3 });
    const hosts = ["a", "b", "c", "d", "e"].map((name) => network.host(name));
    const { clock } = network;
    const startedAt = clock.now();
    const done = network.swizzle(hosts, { overMs: 1000 }).then(() => clock.now() - startedAt);
    await clock.runUntilIdle();
    expect(await done).toBeLessThanOrEqual(1000);
    const kinds = network.trace.map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(5).fill("clog"), ...Array(5).fill("unclog")]);
    const [clogged, freed] = [network.trace.slice(0, 5), network.trace.slice(5)];
    expect(clogged.every(({ atMs }) => atMs <= 500)).toBe(true);
    expect(freed.every(({ atMs }) => atMs >= 500)).toBe(true);
    const order = (events: typeof clogged): string[] => events.map(({ from }) => from);
    expect(order(clogged).toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    expect(order(freed).toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    expect(order(freed)).not.toEqual(order(clogged));
  });

  test("frees all hosts when it is aborted", async () => {
    const network = new SimNetwork();
    network.host("a");
    const controller = new AbortController();
    const done = rejection(network.swizzle(["a"], { overMs: 1000, signal: controller.signal }));
    await network.clock.advance(500);
    controller.abort(new Error("enough"));
    expect(await done).toEqual(new Error("enough"));
    expect(network.trace.map(({ kind }) => kind)).toEqual(["clog", "unclog"]);
    expect(network.clock.pending).toEqual([]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s ms", async (overMs) => {
    const network = new SimNetwork();
    const error = await rejection(network.swizzle([network.host("a")], { overMs }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(`overMs of ${overMs} is not above 0`);
  });
});

describe("links", () => {
  test("have a latency of their own each way", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    network.link("alice", "bob", { latencyMs: 300 }, { oneWay: true });
    near.stream.write(some());
    far.stream.write(some());
    await network.clock.runUntilIdle();
    expect([near.times, far.times]).toEqual([[10], [300]]);
    network.link("alice", "bob", { latencyMs: 40 });
    near.stream.write(some());
    far.stream.write(some());
    await network.clock.runUntilIdle();
    expect([near.times, far.times]).toEqual([
      [10, 340],
      [300, 340],
    ]);
  });

  test("share their bandwidth among all connections of two hosts", async () => {
    const { network, alice, bob, near, far } = await connected({
      defaults: { bytesPerSecond: 1000, segmentBytes: 100 },
    });
    const dial = alice.dialer(bob.address(9735));
    await network.clock.runUntilIdle();
    const startedAt = network.clock.now();
    near.stream.write(some(500));
    (await dial).write(some(500));
    near.stream.write(some(500));
    await network.clock.runUntilIdle();
    expect(network.clock.now() - startedAt).toBe(1500);
    expect(far.bytes.length).toBe(1000);
  });

  test("that get faster reorder nothing", async () => {
    const { network, near, far } = await connected({
      defaults: { latencyMs: 1000, segmentBytes: 10 },
    });
    near.stream.write(some(50));
    network.link("alice", "bob", { latencyMs: 1 });
    near.stream.write(some(20));
    await network.clock.runUntilIdle();
    const expected = Uint8Array.from([...some(50), ...some(20)]);
    expect(far.bytes).toEqual(expected);
  });

  test("round arrivals up to whole ticks", async () => {
    const { network, near, far } = await connected({ tickMs: 5, defaults: { latencyMs: 0.5 } });
    near.stream.write(some());
    await network.clock.runUntilIdle();
    expect(far.times).toEqual([5]);
  });

  test("that take time only now and then cut into segments, too", async () => {
    const { network, near } = await connected({ defaults: { jitterMs: 1 } });
    near.stream.write(some(2000));
    const sizes = network.trace.filter(({ kind }) => kind === "send").map(({ bytes }) => bytes);
    expect(sizes.filter((size) => size > 0)).toEqual([1460, 540]);
  });

  test.each([-0.1, 1, Number.NaN])("cannot lose %s of all packets", (lossRate) => {
    expect(() => new SimNetwork({ defaults: { lossRate } })).toThrow(RangeError);
    const network = new SimNetwork();
    const hosts = ["a", "b"].map((name) => network.host(name));
    expect(() => network.link(hosts, hosts, { lossRate })).toThrow(
      `lossRate of ${lossRate} is not from 0 to below 1`,
    );
  });
});

test.each<[string, (network: SimNetwork) => unknown]>([
  ["partition", (network) => network.partition("alice", "carol")],
  ["hold", (network) => network.hold(["alice", "carol"], "alice")],
  ["clog", (network) => network.clog("carol")],
  ["link", (network) => network.link("carol", "alice", {})],
  ["crash", (network) => network.crash("carol")],
  ["restart", (network) => network.restart("carol")],
])("%s names a host that it does not know", (_, call) => {
  const network = new SimNetwork();
  network.host("alice");
  expect(() => call(network)).toThrow(new RangeError('no host of this network is called "carol"'));
});

test.each([
  [{ capacityBytes: 0 }, "capacityBytes is 0"],
  [{ retransmitMs: 0 }, "retransmitMs of 0"],
  [{ tickMs: 0 }, "tickMs of 0"],
  [{ maxTraceEvents: -1 }, "maxTraceEvents is -1"],
  [{ defaults: { latencyMs: -1 } }, "latencyMs of -1"],
])("options %o are refused", (options, text) => {
  expect(() => new SimNetwork(options)).toThrow(RangeError);
  expect(() => new SimNetwork(options)).toThrow(text);
});
