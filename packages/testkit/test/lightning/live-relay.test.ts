import { type GossipTimestampFilter, type LightningMessage, toHex } from "@satwire/lnwire";
import {
  createRng,
  GossipStore,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  type RawLightningConnection,
  settle,
  simulationCrypto,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { arrived, clientOf, link } from "../support/memory-peers.ts";
import { pingOnce } from "../support/raw-client.ts";
import { announcement, idIn, node, regtest, update } from "../support/unsigned-gossip.ts";

const filter = (
  firstTimestamp: number,
  timestampRange: number,
  chainHash: Uint8Array = regtest,
): GossipTimestampFilter => ({
  type: "gossip_timestamp_filter",
  chainHash,
  firstTimestamp,
  timestampRange,
});
const everything = filter(0, 0xffffffff);
const nothing = filter(0xffffffff, 0);
const [p, q, r] = [idIn(1), idIn(2), idIn(3)];

/** `channel 1`, `update 1/0 at 5`, `node 1 at 5`: by block, and by the number in the node's id. */
const name = (message: LightningMessage): string => {
  switch (message.type) {
    case "channel_announcement":
      return `channel ${message.shortChannelId >> 40n}`;
    case "channel_update":
      return `update ${message.shortChannelId >> 40n}/${message.channelFlags} at ${message.timestamp}`;
    case "node_announcement":
      return `node ${message.nodeId[4]} at ${message.timestamp}`;
    default:
      return message.type;
  }
};
const names = async (client: RawLightningConnection): Promise<string[]> =>
  (await arrived(client)).map(name);

/** A node and a client of it that has sent a filter and got what was there. */
async function listening(
  query: GossipTimestampFilter,
  options: LoopbackLightningNodeOptions = {},
): Promise<{ store: GossipStore; client: RawLightningConnection }> {
  const loopback = new LoopbackLightningNode(options);
  const [client] = await clientOf(loopback);
  client.send(query);
  await arrived(client);
  return { store: loopback.gossip, client };
}

describe("gossip that is added later", () => {
  test("is not sent before a filter asks for it", async () => {
    const loopback = new LoopbackLightningNode();
    const [client] = await clientOf(loopback);
    loopback.gossip.addAll([announcement(p), update(p, 0, 5)]);
    expect(await names(client)).toEqual([]);
    client.send(everything);
    expect(await names(client)).toEqual(["channel 1", "update 1/0 at 5"]);
    loopback.gossip.add(update(p, 1, 6));
    expect(await names(client)).toEqual(["update 1/1 at 6"]);
  });

  test("comes once each: a channel with its first update, a node once a channel of it is public", async () => {
    const { store, client } = await listening(everything);
    store.add(announcement(p, { one: 1, two: 2 }));
    store.add(node(2, 5));
    expect(await names(client)).toEqual([]);
    store.add(update(p, 1, 5));
    expect(await names(client)).toEqual(["channel 1", "update 1/1 at 5", "node 2 at 5"]);
    store.add(update(p, 0, 6));
    store.add(node(1, 6));
    expect(await names(client)).toEqual(["update 1/0 at 6", "node 1 at 6"]);
  });

  test("does not come if it is older, of another chain or about nothing known", async () => {
    const { store, client } = await listening(everything);
    store.addAll([announcement(p), update(p, 0, 5)]);
    await arrived(client);
    for (const message of [update(p, 0, 5), update(p, 0, 4), update(q, 0, 9), node(7, 1)]) {
      store.add(message);
    }
    expect(await names(client)).toEqual([]);
  });

  test("does not come if it says not to forward it", async () => {
    const { store, client } = await listening(everything);
    store.add(announcement(p));
    store.add({ ...update(p, 0, 5), messageFlags: 3 });
    expect(await names(client)).toEqual([]);
    store.add(update(p, 1, 5));
    expect(await names(client)).toEqual(["channel 1", "update 1/1 at 5"]);
  });

  test.each<[string, GossipTimestampFilter, string[]]>([
    ["all", everything, ["channel 1", "update 1/0 at 100", "update 1/1 at 200", "node 1 at 100"]],
    ["a part", filter(100, 100), ["channel 1", "update 1/0 at 100", "node 1 at 100"]],
    ["the other part", filter(101, 100), ["channel 1", "update 1/1 at 200"]],
    ["nothing", nothing, []],
    ["another chain", filter(0, 0xffffffff, new Uint8Array(32)), []],
  ])("comes as the filter says: %s", async (_, query, expected) => {
    const { store, client } = await listening(query);
    store.add(announcement(p));
    for (const message of [update(p, 0, 100), update(p, 1, 200), node(1, 100)]) store.add(message);
    expect(await names(client)).toEqual(expected);
  });

  test("stops when another filter stops it, and goes on with a third one", async () => {
    const { store, client } = await listening(everything);
    client.send(nothing);
    await settle();
    store.addAll([announcement(p), update(p, 0, 5)]);
    expect(await names(client)).toEqual([]);
    client.send(filter(6, 100));
    expect(await names(client)).toEqual([]);
    store.add(update(p, 0, 7));
    expect(await names(client)).toEqual(["channel 1", "update 1/0 at 7"]);
  });

  test("has an announcement again only if the peer has not got it", async () => {
    const gossip = new GossipStore(regtest);
    gossip.addAll([announcement(p), update(p, 0, 5), announcement(q), update(q, 0, 5)]);
    const { client } = await listening(filter(6, 100), { gossip });
    client.send({ type: "query_short_channel_ids", chainHash: regtest, shortChannelIds: [p] });
    expect(await names(client)).toContain("channel 1");
    gossip.addAll([update(p, 0, 7), update(q, 0, 7)]);
    expect(await names(client)).toEqual(["update 1/0 at 7", "channel 2", "update 2/0 at 7"]);
  });

  test("is sent in its latest form to a peer that had no room", async () => {
    const gossip = new GossipStore(regtest);
    const { client } = await listening(everything, { gossip });
    client.pause();
    // More than is under way to a peer that does not read.
    for (let n = 0; n < 40; n++) {
      const features = new Uint8Array(10_000).fill(n);
      gossip.addAll([{ ...announcement(idIn(100 + n)), features }, update(idIn(100 + n), 0, 1)]);
    }
    await settle();
    gossip.addAll([announcement(p), update(p, 0, 1)]);
    for (let timestamp = 2; timestamp <= 9; timestamp++) gossip.add(update(p, 0, timestamp));
    client.resume();
    const all = await names(client);
    expect(all.length).toBe(82);
    expect(all.slice(-2)).toEqual(["channel 1", "update 1/0 at 9"]);
  });

  test("is collected for a while if that is asked for", async () => {
    const clock = new VirtualClock();
    const { store, client } = await listening(everything, { relayEveryMs: 60_000, clock });
    store.addAll([announcement(p), update(p, 0, 1)]);
    await clock.advance(30_000);
    store.add(update(p, 0, 2));
    await clock.advance(29_999);
    expect(await names(client)).toEqual([]);
    await clock.advance(1);
    expect(await names(client)).toEqual(["channel 1", "update 1/0 at 2"]);
    store.add(update(p, 0, 3));
    await clock.advance(59_999);
    // Nor does it come along with an answer.
    client.send({ type: "query_short_channel_ids", chainHash: regtest, shortChannelIds: [] });
    expect(await names(client)).toEqual(["reply_short_channel_ids_end"]);
    await clock.advance(1);
    expect(await names(client)).toEqual(["update 1/0 at 3"]);
  });

  test("goes to every peer that asked, by its own filter", async () => {
    const loopback = new LoopbackLightningNode();
    const [[one], [two]] = [await clientOf(loopback), await clientOf(loopback)];
    one.send(everything);
    two.send(filter(6, 100));
    await settle();
    loopback.gossip.addAll([announcement(p), update(p, 0, 5), update(p, 1, 6)]);
    expect(await names(one)).toEqual(["channel 1", "update 1/0 at 5", "update 1/1 at 6"]);
    expect(await names(two)).toEqual(["channel 1", "update 1/1 at 6"]);
  });

  test("goes nowhere after the connection has ended", async () => {
    const loopback = new LoopbackLightningNode();
    const [client, connection] = await clientOf(loopback);
    client.send(everything);
    await settle();
    connection.destroy();
    await connection.closed;
    loopback.gossip.addAll([announcement(p), update(p, 0, 5)]);
    expect(connection.sent.counts["channel_announcement"]).toBeUndefined();
  });
});

test("gossip is not made while a fault holds what comes before it", async () => {
  const clock = new VirtualClock();
  const gossip = new GossipStore(regtest);
  for (let n = 0; n < 200; n++) gossip.addAll([announcement(idIn(n)), update(idIn(n), 0, 5)]);
  const loopback = new LoopbackLightningNode({
    clock,
    gossip,
    faults: [{ on: "channel_announcement", do: { delayMs: 1000 }, times: 1 }],
  });
  const [client] = await clientOf(loopback);
  client.send(everything);
  await settle();
  gossip.add(update(idIn(199), 0, 6));
  await clock.advance(999);
  expect(await names(client)).toEqual([]);
  await clock.advance(1);
  const all = await names(client);
  expect(all.length).toBe(400);
  expect(all.at(-1)).toBe("update 199/0 at 6");
});

describe("gossip of peers", () => {
  const frames = [announcement(p, { one: 1, two: 2 }), update(p, 0, 5), node(1, 5)];

  test("is not taken unless the node relays", async () => {
    const loopback = new LoopbackLightningNode();
    const [client, connection] = await clientOf(loopback);
    client.send(...frames);
    await pingOnce(client);
    expect(loopback.gossip.channelCount).toBe(0);
    expect(connection.received.counts["channel_update"]).toBe(1);
  });

  test("is asked for, taken in, and passed on to others but not back", async () => {
    const loopback = new LoopbackLightningNode({ relaysGossip: true });
    const [from, connection] = await clientOf(loopback);
    const [to] = await clientOf(loopback);
    expect(connection.sent.messages.map(({ type }) => type)).toEqual([
      "init",
      "gossip_timestamp_filter",
    ]);
    from.send(everything);
    to.send(everything);
    await settle();
    from.send(...frames);
    expect(await names(to)).toEqual(["channel 1", "update 1/0 at 5", "node 1 at 5"]);
    expect(await names(from)).toEqual([]);
    expect(loopback.gossip.nodeCount).toBe(1);
    // Nor with a new filter.
    from.send(everything);
    expect(await names(from)).toEqual([]);
  });

  test("does not go to a peer that has sent the same meanwhile", async () => {
    const clock = new VirtualClock();
    const loopback = new LoopbackLightningNode({ relaysGossip: true, relayEveryMs: 1000, clock });
    const [[one], [two]] = [await clientOf(loopback), await clientOf(loopback)];
    one.send(everything);
    two.send(everything);
    await settle();
    one.send(...frames);
    await settle();
    two.send(...frames.slice(0, 2));
    await settle();
    await clock.advance(1000);
    expect(await names(one)).toEqual([]);
    expect(await names(two)).toEqual(["node 1 at 5"]);
  });

  test("brings its sender nothing, not even the channel that it is about", async () => {
    const gossip = new GossipStore(regtest);
    gossip.addAll([announcement(p), update(p, 1, 5)]);
    const loopback = new LoopbackLightningNode({ relaysGossip: true, gossip });
    const [client] = await clientOf(loopback);
    client.send(filter(6, 100));
    await settle();
    client.send(update(p, 0, 7));
    expect(await names(client)).toEqual([]);
    expect(gossip.channel(p)?.updates[0]).toEqual(update(p, 0, 7));
  });

  test("about what is not known is ignored", async () => {
    const loopback = new LoopbackLightningNode({ relaysGossip: true });
    const [client] = await clientOf(loopback);
    client.send(update(q, 0, 5), node(9, 5), announcement(r, { chainHash: new Uint8Array(32) }));
    await pingOnce(client);
    expect([loopback.gossip.channelCount, loopback.gossip.nodeCount]).toEqual([0, 0]);
  });

  describe("with signatures to verify", () => {
    const good = GossipStore.generate({ nodes: 2, channels: 1, seed: 1 });
    const [channel, one, two] = [...good];
    const spoiled = (message: LightningMessage, field: string): LightningMessage => {
      const signature = (message as unknown as Record<string, Uint8Array>)[field]?.slice();
      if (signature === undefined) throw new Error(`no ${field}`);
      signature[10] = (signature[10] as number) ^ 1;
      return { ...message, [field]: signature } as LightningMessage;
    };

    test("is taken if they hold", async () => {
      const loopback = new LoopbackLightningNode({ relaysGossip: true, verifies: "signatures" });
      const [client] = await clientOf(loopback);
      client.send(...good);
      await pingOnce(client);
      expect([...loopback.gossip.frames()]).toEqual([...good.frames()]);
    });

    test.each<[string, () => LightningMessage[]]>([
      [
        "bitcoinSignature2 of a channel",
        () => [spoiled(channel as LightningMessage, "bitcoinSignature2")],
      ],
      [
        "signature of an update",
        () => [channel as LightningMessage, spoiled(one as LightningMessage, "signature")],
      ],
      [
        "signature of an update of the other end",
        () => [channel as LightningMessage, spoiled(two as LightningMessage, "signature")],
      ],
      [
        "signature of a node",
        () => [
          channel as LightningMessage,
          spoiled([...good].at(-1) as LightningMessage, "signature"),
        ],
      ],
    ])("ends the connection with a warning for a wrong %s", async (_, messages) => {
      const loopback = new LoopbackLightningNode({ relaysGossip: true, verifies: "signatures" });
      const [client, connection] = await clientOf(loopback);
      client.send(...messages());
      expect((await client.ended()).by).toBe("peer");
      expect(connection.sent.counts["warning"]).toBe(1);
      expect([...loopback.gossip].length).toBe(messages().length - 1);
    });

    test("is taken unchecked if nothing is to be verified", async () => {
      const loopback = new LoopbackLightningNode({ relaysGossip: true });
      const [client] = await clientOf(loopback);
      client.send(spoiled(channel as LightningMessage, "nodeSignature1"));
      await pingOnce(client);
      expect(loopback.gossip.channelCount).toBe(1);
    });
  });
});

test("gossip spreads through a network of nodes, and nobody gets a message twice", async () => {
  const rng = createRng("spreading");
  const crypto = simulationCrypto(rng.fork("crypto"));
  const all = GossipStore.generate({ nodes: 12, channels: 20, seed: 3, signatures: false });
  const nodes = Array.from(
    { length: 8 },
    () => new LoopbackLightningNode({ relaysGossip: true, crypto }),
  );
  const at = (i: number): LoopbackLightningNode => nodes[i] as LoopbackLightningNode;
  for (let i = 0; i < 8; i++) {
    await link(at(i), at((i + 1) % 8));
    await link(at(i), at((i + 3) % 8));
  }
  await settle();
  for (const id of all.channelIds) {
    const channel = all.channel(id);
    const store = rng.pick(nodes).gossip;
    if (channel === undefined) continue;
    store.addAll([channel.announcement, ...channel.updates.filter((one) => one !== undefined)]);
  }
  await settle();
  for (const message of all.nodes) rng.pick(nodes).gossip.add(message);
  await settle();
  const expected = [...all.frames()];
  for (const { gossip, connections } of nodes) {
    expect([...gossip.frames()]).toEqual(expected);
    for (const { received } of connections) {
      // `init` and the filter.
      const others = received.messages.slice(2).map((message) => gossip.frameOf(message as never));
      expect(new Set(others.map(toHex)).size).toBe(others.length);
    }
  }
  await Promise.all(nodes.map((one) => one.close()));
});
