import { type Packet, SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { connected, pattern, StreamLog } from "../support/sim-streams.ts";

describe("a rule", () => {
  test("that passes changes nothing and sees every packet with its addresses", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 1 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const seen: string[] = [];
    const packets: Packet[] = [];
    network.rule((packet) => {
      seen.push(`${packet.from} ${packet.kind} ${packet.bytes.length}`);
      packets.push(packet);
      return "pass";
    });
    await bob.listen(bob.address(9735), (stream) => new StreamLog(stream));
    const dial = alice.dialer(bob.address(9735));
    await network.clock.runUntilIdle();
    const near = await dial;
    near.write(pattern(3));
    near.end();
    await network.clock.runUntilIdle();
    expect(seen).toEqual([
      "alice syn 0",
      "bob syn-ack 0",
      "alice ack 0",
      "bob ack 0",
      "alice data 3",
      "alice fin 0",
      "bob ack 0",
      "bob ack 0",
    ]);
    const [client, server] = [alice.address(49_152), bob.address(9735)];
    expect(packets[4]).toEqual({
      kind: "data",
      from: "alice",
      to: "bob",
      fromAddress: client,
      toAddress: server,
      connection: 1,
      bytes: pattern(3),
      attempt: 1,
    });
    expect(packets[6]).toMatchObject({
      from: "bob",
      to: "alice",
      fromAddress: server,
      toAddress: client,
    });
  });

  test("that drops a packet costs time and no bytes; what came meanwhile waits", async () => {
    const { network, near, far } = await connected({
      defaults: { latencyMs: 10, segmentBytes: 10 },
    });
    network.rule(({ bytes, attempt }) =>
      bytes[0] === pattern(40)[10] && attempt < 3 ? "drop" : "pass",
    );
    near.stream.write(pattern(40));
    await network.clock.runUntilIdle();
    expect(far.bytes).toEqual(pattern(40));
    // The second segment was sent at 0, at 10 ms, when the first one was acknowledged, and 200 ms later.
    expect(far.times).toEqual([10, 220, 220, 220]);
  });

  test("that delays a packet delays all behind it", async () => {
    const { network, near, far } = await connected({
      defaults: { latencyMs: 10, segmentBytes: 10 },
    });
    network.rule(({ bytes }) => (bytes.length === 5 ? { deliverAfterMs: 100.5 } : "pass"));
    near.stream.write(pattern(10));
    near.stream.write(pattern(5));
    near.stream.write(pattern(10));
    await network.clock.runUntilIdle();
    expect(far.times).toEqual([10, 101, 101]);
  });

  test("can be faster than the link", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 1000 } });
    network.rule(() => ({ deliverAfterMs: 0 }));
    near.stream.write(pattern(5));
    await network.clock.runUntilIdle();
    expect(far.times).toEqual([0]);
  });

  test("is asked after those before it, and no more when it is disposed", async () => {
    const { network, near, far } = await connected({ retransmitMs: 1000 });
    const log: string[] = [];
    const add = (name: string, verdict: "pass" | "drop"): Disposable =>
      network.rule(({ kind }) => {
        log.push(`${name} ${kind}`);
        return verdict;
      });
    const rules = [add("first", "pass"), add("second", "drop"), add("third", "pass")];
    near.stream.write(pattern(5));
    expect(log).toEqual(["first data", "second data"]);
    for (const rule of rules) rule[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(log.length).toBe(2);
    expect(far.bytes).toEqual(pattern(5));
  });

  test("that drops acknowledgements lets the sender repeat itself in vain", async () => {
    const { network, near, far } = await connected({ retransmitMs: 1000 });
    network.rule(({ kind }) => (kind === "ack" ? "drop" : "pass"));
    near.stream.write(pattern(5));
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["data 5"]);
    expect([near.events, near.times]).toEqual([["close timed_out ETIMEDOUT"], [1000]]);
  });

  test("that throws throws where the packet is sent", async () => {
    const { network, near } = await connected();
    network.rule(() => {
      throw new Error("no");
    });
    expect(() => near.stream.write(pattern(5))).toThrow("no");
  });

  test.each([
    [undefined, "a rule answered undefined"],
    ["reject", "a rule answered reject"],
    [{ deliverAfterMs: -1 }, "delivered after -1 ms"],
    [{ deliverAfterMs: Number.POSITIVE_INFINITY }, "delivered after Infinity ms"],
  ])("cannot answer %o", async (verdict, text) => {
    const { network, near } = await connected();
    network.rule(() => verdict as "pass");
    expect(() => near.stream.write(pattern(5))).toThrow(RangeError);
    expect(() => near.stream.write(pattern(5))).toThrow(text);
  });
});

describe("a link that loses packets", () => {
  test.each([0.05, 0.3])(
    "delivers all bytes of both directions in order (%s)",
    async (lossRate) => {
      const { network, near, far } = await connected({
        seed: `loss ${lossRate}`,
        defaults: { latencyMs: [5, 50], lossRate },
      });
      const bytes = pattern(60_000);
      near.stream.write(bytes);
      near.stream.end();
      far.stream.write(bytes.toReversed());
      far.stream.end();
      await network.clock.runUntilIdle();
      expect(network.trace.filter(({ kind }) => kind === "lose").length).toBeGreaterThan(0);
      expect(far.bytes).toEqual(bytes);
      expect(near.bytes).toEqual(bytes.toReversed());
      expect([near.milestones, far.milestones]).toEqual([
        ["end", "close in order"],
        ["end", "close in order"],
      ]);
      expect(network.connections).toEqual([]);
      expect(network.clock.pending).toEqual([]);
    },
  );

  test("loses the share that it should", async () => {
    const { network, near } = await connected({
      defaults: { latencyMs: 1, segmentBytes: 10 },
      capacityBytes: 1_000_000,
      maxTraceEvents: 100_000,
    });
    network.link(
      "alice",
      "bob",
      { latencyMs: 1, segmentBytes: 10, lossRate: 0.2 },
      { oneWay: true },
    );
    near.stream.write(pattern(50_000));
    await network.clock.runUntilIdle();
    const count = (kind: string): number =>
      network.trace.filter((event) => event.kind === kind && event.what === "data").length;
    const rate = count("lose") / (count("send") + count("resend"));
    expect(rate).toBeGreaterThan(0.18);
    expect(rate).toBeLessThan(0.22);
  });
});

describe("a sender", () => {
  test("stays within its window, and goes on as it is acknowledged", async () => {
    const { network, near, far } = await connected({
      capacityBytes: 5000,
      defaults: { latencyMs: 100, segmentBytes: 1000 },
    });
    expect(near.stream.write(pattern(12_000))).toBe(false);
    await network.clock.runUntilIdle();
    expect(far.bytes).toEqual(pattern(12_000));
    expect(far.times).toEqual([...Array(5).fill(100), ...Array(5).fill(200), 300, 300]);
    expect(near.events).toEqual(["drain"]);
  });

  test("sends nothing new while it repeats, then catches up", async () => {
    const { network, near } = await connected();
    const cut = network.partition("alice", "bob");
    near.stream.write(pattern(5));
    await network.clock.advance(300);
    near.stream.write(pattern(7));
    const sent = (): string[] =>
      network.trace
        .filter(({ what, kind }) => what === "data" && kind !== "lose")
        .map(({ kind, bytes }) => `${kind} ${bytes}`);
    expect(sent()).toEqual(["send 5", "resend 5"]);
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(sent()).toEqual(["send 5", "resend 5", "resend 5", "arrive 5", "send 7", "arrive 7"]);
  });

  test("has its full time again after each success", async () => {
    const { network, near, far } = await connected({
      retransmitMs: 2000,
      defaults: { segmentBytes: 10 },
    });
    const startedAt = network.clock.now();
    const second = pattern(20)[10];
    network.rule(({ kind, bytes }) => {
      const lostUntilMs = bytes[0] === second ? 2500 : 1000;
      return kind === "data" && network.clock.now() - startedAt < lostUntilMs ? "drop" : "pass";
    });
    near.stream.write(pattern(20));
    await network.clock.runUntilIdle();
    // The first was sent at 0.2, 0.6 and 1.4 s; the second at 1.4, 1.6, 2 and 2.8 s.
    expect([far.times, near.events]).toEqual([[1400, 2800], []]);
  });

  test("waits twice as long each time, at most two minutes, and 200 ms again after success", async () => {
    const { network, near } = await connected();
    const base = network.trace.at(-1)?.atMs ?? 0;
    const times = (): number[] =>
      network.trace.filter(({ kind }) => kind === "resend").map(({ atMs }) => atMs - base);
    const cut = network.partition("alice", "bob");
    near.stream.write(pattern(5));
    await network.clock.advance(600_000);
    const expected: number[] = [];
    for (let at = 200, wait = 200; at <= 600_000; ) {
      expected.push(at);
      wait = Math.min(wait * 2, 120_000);
      at += wait;
    }
    expect(times()).toEqual(expected);
    cut[Symbol.dispose]();
    const healedAt = network.clock.now();
    await network.clock.runUntilIdle();
    const again = network.partition("alice", "bob");
    const startsAtMs = 600_000 + base + network.clock.now() - healedAt;
    near.stream.write(pattern(5));
    await network.clock.advance(250);
    again[Symbol.dispose]();
    expect(network.trace.at(-2)).toMatchObject({ kind: "lose", atMs: startsAtMs + 200 });
  });
});
