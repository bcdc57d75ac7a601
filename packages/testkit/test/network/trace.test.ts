import {
  formatTraceEvent,
  SimNetwork,
  type SimNetworkOptions,
  type TraceEvent,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { connected, pattern } from "../support/sim-streams.ts";

/** The same story each time; what it says can differ. */
async function story(options: SimNetworkOptions = {}, text = "hello"): Promise<SimNetwork> {
  const { network, near } = await connected({ defaults: { latencyMs: [1, 50] }, ...options });
  const cut = network.partition("alice", "bob", { oneWay: true });
  near.stream.write(new TextEncoder().encode(text));
  await network.clock.advance(50);
  cut[Symbol.dispose]();
  await network.clock.runUntilIdle();
  network.note("done");
  return network;
}

describe("the trace", () => {
  test("says what happened, in order", async () => {
    const network = await story({ defaults: { latencyMs: 10 } });
    expect(network.trace.map((event) => formatTraceEvent(event))).toEqual([
      "#0 at 0 ms: listen 9735 bob",
      "#1 at 0 ms: send syn alice > bob connection 1",
      "#2 at 10 ms: arrive syn alice > bob connection 1",
      "#3 at 10 ms: send syn-ack bob > alice connection 1",
      "#4 at 20 ms: arrive syn-ack bob > alice connection 1",
      "#5 at 20 ms: send ack alice > bob connection 1",
      "#6 at 30 ms: arrive ack alice > bob connection 1",
      "#7 at 30 ms: partition one way alice > bob",
      expect.stringMatching(
        /^#8 at 30 ms: send data alice > bob connection 1 5 bytes [0-9a-f]{16}$/,
      ),
      "#9 at 30 ms: lose data alice > bob connection 1 5 bytes",
      "#10 at 80 ms: heal one way alice > bob",
      expect.stringMatching(
        /^#11 at 230 ms: resend data alice > bob connection 1 5 bytes [0-9a-f]{16}$/,
      ),
      "#12 at 240 ms: arrive data alice > bob connection 1 5 bytes",
      "#13 at 240 ms: note done",
    ]);
  });

  test("is told as it happens, and kept up to its limit", async () => {
    const told: TraceEvent[] = [];
    const network = await story({ maxTraceEvents: 3, onTraceEvent: (event) => told.push(event) });
    expect(network.traceCount).toBe(told.length);
    expect(network.trace).toEqual(told.slice(-3));
    expect(told.map(({ index }) => index)).toEqual(told.map((_, i) => i));
    expect((await story({ maxTraceEvents: 0 })).trace).toEqual([]);
  });

  test("has the same hash for the same seed, however much of it is kept", async () => {
    const hash = (await story({ seed: 5 })).traceHash();
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect((await story({ seed: 5, maxTraceEvents: 2 })).traceHash()).toBe(hash);
    expect((await story({ seed: 6 })).traceHash()).not.toBe(hash);
  });

  test("has another hash for other bytes of the same length, for a note, and for a name", async () => {
    const hash = (await story({ maxTraceEvents: 1 })).traceHash();
    expect((await story({ maxTraceEvents: 1 }, "hellu")).traceHash()).not.toBe(hash);
    const network = await story({ maxTraceEvents: 1 });
    network.note("x");
    expect(network.traceHash()).not.toBe(hash);
  });

  test("does not shift when another pair of hosts talks", async () => {
    const times = async (isBusy: boolean): Promise<number[]> => {
      const { network, alice, near, far } = await connected({ defaults: { latencyMs: [1, 500] } });
      const carol = network.host("carol");
      await carol.listen(carol.address(1), () => {});
      if (isBusy) void alice.dialer(carol.address(1));
      near.stream.write(pattern(20_000));
      await network.clock.runUntilIdle();
      return far.times;
    };
    expect(await times(true)).toEqual(await times(false));
  });
});

test("connections are those that somebody takes for open", async () => {
  const { network, alice, bob, near, far } = await connected();
  const from = { host: "alice", address: alice.address(49_152) };
  const to = { host: "bob", address: bob.address(9735) };
  expect(network.connections).toEqual([{ id: 1, from, to }]);
  near.stream.end();
  await network.clock.runUntilIdle();
  expect(network.connections.length).toBe(1); // half-closed
  far.stream.end();
  await network.clock.runUntilIdle();
  expect(network.connections).toEqual([]);
});
