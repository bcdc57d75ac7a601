/** Two loopback nodes on both ends of a connection, run over each kind of network. */
import { equalBytes, type LightningMessage, toHex } from "@satwire/lnwire";
import { GossipStore, LoopbackLightningNode, settle } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { loopbackPair, type PairNetwork } from "../support/loopback-pair.ts";

const note = (n: number): LightningMessage => ({
  type: "unknown",
  id: 32_769,
  payload: Uint8Array.of(n),
});

export function describeLoopbackPair(name: string, createNetwork: () => PairNetwork): void {
  describe(`${name}: two nodes`, () => {
    test("know each other's key and role, and see each other's init", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { near, nearSide, far, farSide } = pair;
      expect([nearSide.isOutgoing, farSide.isOutgoing]).toEqual([true, false]);
      expect(equalBytes(nearSide.remotePublicKey ?? new Uint8Array(0), far.publicKey)).toBe(true);
      expect(equalBytes(farSide.remotePublicKey ?? new Uint8Array(0), near.publicKey)).toBe(true);
      expect(nearSide.remoteInit).toEqual(farSide.sent.messages[0]);
      expect(farSide.remoteInit).toEqual(nearSide.sent.messages[0]);
      expect(near.connections).toEqual([nearSide]);
    });

    test("send and receive in order, and sync says that all is there", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide, far } = pair;
      for (let n = 0; n < 100; n++) nearSide.send(note(n));
      await nearSide.sync();
      expect(farSide.received.counts).toEqual({ init: 1, unknown: 100, ping: 1 });
      expect(nearSide.sent.counts).toEqual({ init: 1, unknown: 100, ping: 1 });
      expect(nearSide.received.counts).toEqual({ init: 1, pong: 1 });
      farSide.send(note(7));
      await far.sync();
      expect(await nearSide.received.take("unknown")).toEqual(note(7));
    });

    test("exchange their gossip when they relay it, byte for byte", async () => {
      const gossip = GossipStore.generate({ nodes: 4, channels: 6, seed: 5 });
      const network = createNetwork();
      await using pair = await loopbackPair(
        network,
        { relaysGossip: true, verifies: "signatures" },
        { relaysGossip: true, gossip },
      );
      const { near, nearSide, far } = pair;
      await nearSide.received.waitFor("node_announcement", () => near.gossip.nodeCount === 4);
      expect([...near.gossip.frames()].map(toHex)).toEqual([...gossip.frames()].map(toHex));
      // Another one learns it from the first, and news go both ways.
      await using last = new LoopbackLightningNode({ relaysGossip: true });
      const { listen, dialer } = network;
      const connection = await last.dial(await near.listen({ listen }), { dialer });
      await connection.received.waitFor("node_announcement", () => last.gossip.nodeCount === 4);
      const [id] = gossip.channelIds;
      const update = gossip.channel(id as bigint)?.updates[0];
      if (update === undefined) throw new Error("no update");
      last.gossip.add({ ...update, timestamp: update.timestamp + 1 });
      await nearSide.sync();
      const isNew = ({ timestamp }: { timestamp: number }): boolean =>
        timestamp === update.timestamp + 1;
      // It is unsigned now: the one in the middle verifies, and hangs up.
      await connection.received.waitFor("warning");
      expect(far.gossip.channel(id as bigint)?.updates[0]).toSatisfy((known) => !isNew(known));
    });

    test("part in order, or not", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide } = pair;
      nearSide.send(note(1));
      expect(await nearSide.disconnect()).toEqual({ by: "us" });
      expect(await farSide.closed).toEqual({ by: "peer" });
      expect(farSide.received.counts["unknown"]).toBe(1);
      expect([nearSide.isReady, nearSide.send(note(2))]).toEqual([false, false]);
      await using other = await loopbackPair(createNetwork());
      other.nearSide.destroy();
      expect(await other.farSide.closed).toMatchObject({ by: "network", error: { code: "reset" } });
    });

    test("wait for what comes no more with the reason", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide } = pair;
      const waiting = nearSide.received.take("pong");
      farSide.destroy();
      await expect(waiting).rejects.toMatchObject({
        name: "AssertionError",
        message: expect.stringMatching(/^the connection was ended \(by network\) before .*pong/),
      });
      await expect(nearSide.sync()).rejects.toMatchObject({ name: "AssertionError" });
    });

    test("read again what they did not read for a while", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide } = pair;
      farSide.pauseReading();
      for (let n = 0; n < 20; n++) nearSide.send(note(n));
      // More than fits under way: that there is room again is no reason to read.
      const long = { type: "unknown", id: 32_769, payload: new Uint8Array(60_000) } as const;
      for (let n = 0; n < 5; n++) farSide.send(long);
      farSide.send(note(30));
      await nearSide.received.take("unknown", ({ payload }) => payload.length === 1);
      await settle();
      expect(farSide.received.counts["unknown"]).toBeUndefined();
      farSide.resumeReading();
      await nearSide.sync();
      expect(farSide.received.counts["unknown"]).toBe(20);
    });
  });

  describe(`${name}: faults by type`, () => {
    test("drop, replace and duplicate what is sent", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide } = pair;
      const is = (n: number) => (message: LightningMessage) =>
        message.type === "unknown" && message.payload[0] === n;
      nearSide.faults.add({ on: is(1), do: "drop" });
      nearSide.faults.add({ on: is(2), do: { duplicate: 1 } });
      nearSide.faults.add({ on: is(3), do: { replace: note(30) } });
      nearSide.faults.add({ on: is(4), do: { replace: Uint8Array.of(0x80, 0x01, 40) } });
      for (let n = 0; n < 6; n++) nearSide.send(note(n));
      await nearSide.sync();
      const payloads = farSide.received.messages.flatMap((message) =>
        message.type === "unknown" ? [message.payload[0]] : [],
      );
      expect(payloads).toEqual([0, 2, 2, 30, 40, 5]);
    });

    test("of what is received: dropped, and nothing after a blackhole", async () => {
      await using pair = await loopbackPair(createNetwork());
      const { nearSide, farSide } = pair;
      using hole = farSide.faults.add({ on: "unknown", direction: "received", do: "blackhole" });
      nearSide.send(note(1));
      nearSide.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
      farSide.send(note(9)); // the other direction goes on
      await nearSide.received.take("unknown");
      await nearSide.disconnect();
      await farSide.closed;
      expect(farSide.received.counts).toEqual({ init: 1 });
      expect(nearSide.received.counts["pong"]).toBeUndefined();
      expect(hole.hits).toBe(1);
    });

    test.each(["closeBefore", "closeAfter"] as const)("%s a pong", async (action) => {
      await using pair = await loopbackPair(
        createNetwork(),
        {},
        { faults: [{ on: "pong", do: action, skip: 1 }] },
      );
      const { nearSide, farSide } = pair;
      await nearSide.sync();
      const second = nearSide.sync();
      nearSide.send(note(1)); // comes when the node has hung up
      if (action === "closeAfter") await second;
      else await expect(second).rejects.toMatchObject({ name: "AssertionError" });
      expect(await nearSide.closed).toEqual({ by: "peer" });
      expect(await farSide.closed).toEqual({ by: "us" });
      expect(nearSide.received.counts["pong"]).toBe(action === "closeAfter" ? 2 : 1);
      expect(farSide.received.counts["unknown"]).toBeUndefined();
    });

    test("hang up on a query instead of answering it", async () => {
      await using pair = await loopbackPair(
        createNetwork(),
        {},
        { faults: [{ on: "query_channel_range", direction: "received", do: "closeBefore" }] },
      );
      const { near, nearSide, farSide } = pair;
      const { chainHash } = near.gossip;
      nearSide.send({
        type: "query_channel_range",
        chainHash,
        firstBlocknum: 0,
        numberOfBlocks: 9,
      });
      expect(await nearSide.closed).toEqual({ by: "peer" });
      expect(farSide.received.counts).toEqual({ init: 1 });
    });

    test("are counted over all connections of a node", async () => {
      const network = createNetwork();
      await using pair = await loopbackPair(
        network,
        {},
        { faults: [{ on: "init", do: "closeBefore", skip: 1, times: 1 }] },
      );
      const { near, far } = pair;
      const { listen, dialer } = network;
      const target = await far.listen({ listen });
      const second = await near.dial(target, { dialer });
      expect(await second.closed).toEqual({ by: "peer" });
      const third = await near.dial(target, { dialer });
      await third.ready();
      expect([...far.faults.hits.values()]).toEqual([1]);
    });
  });
}
