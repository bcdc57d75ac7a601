/** What a loopback node does to its peers, run over each kind of network. */
import { GossipStore, type LoopbackLightningNodeOptions } from "@satwire/testkit";
import { chainHashOf, featureVector, toHex } from "@satwire/lnwire";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { describe, expect, test } from "vitest";
import { next, nextFrames, pingOnce, plainInit, rawClient } from "../support/raw-client.ts";
import { regtest } from "../support/unsigned-gossip.ts";
import {
  type Network,
  everything,
  allBlocks,
  longPing,
  mostQueued,
  storeOfBytes,
  dumpOf,
  sameFrames,
  timeout,
  Setting,
} from "../support/loopback-setting.ts";

export function describeLoopbackNode(name: string, createNetwork: () => Network): void {
  const setting = (options?: LoopbackLightningNodeOptions): Setting =>
    new Setting(createNetwork(), options);

  describe(`${name}: the start`, () => {
    test("proves the node's key, learns the peer's, and sends init first", async () => {
      const privateKey = generatePrivateKey();
      const given = privateKey.slice();
      await using on = setting({ privateKey });
      const clientKey = generatePrivateKey();
      const [client, connection] = await on.handshake(clientKey);
      expect(on.target?.publicKey).toEqual(publicKeyOf(privateKey));
      expect(privateKey).toEqual(given);
      expect(await next(client)).toEqual({
        type: "init",
        globalfeatures: new Uint8Array(0),
        features: featureVector([1, 7, 9, 11, 13, 15, 45]),
        networks: [chainHashOf("regtest")],
      });
      client.send(plainInit);
      expect((await pingOnce(client)).type).toBe("pong");
      expect(connection.remotePublicKey).toEqual(publicKeyOf(clientKey));
      expect(connection.received.counts).toEqual({ init: 1, ping: 1 });
      expect(on.node.connections).toEqual([connection]);
    });

    test("sends the features, networks or init that it was given", async () => {
      const features = featureVector([9, 15]);
      const networks = [chainHashOf("mainnet"), chainHashOf("signet")];
      await using one = setting({ features, networks });
      const [first] = await one.handshake();
      expect(await next(first)).toMatchObject({ features, networks });
      const init = { type: "init", globalfeatures: Uint8Array.of(2), features } as const;
      await using two = setting({ init });
      const [second] = await two.handshake();
      expect(await next(second)).toEqual(init);
      await using mute = setting({ init: undefined });
      const [third] = await mute.handshake();
      third.send(plainInit);
      expect((await pingOnce(third)).type).toBe("pong");
    });

    test("keeps init ahead of what is sent before the handshake is done", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      connection.send({ type: "unknown", id: 32769, payload: Uint8Array.of(1) });
      const client = rawClient(stream, on.node.publicKey);
      expect((await next(client)).type).toBe("init");
      expect(await next(client)).toMatchObject({ id: 32769 });
    });

    test("with another key fails in act one, on both sides", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      const client = rawClient(stream, publicKeyOf(generatePrivateKey()));
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_tag" },
      });
      expect(await client.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(on.node.connections).toEqual([]);
    });
  });

  describe(`${name}: pings`, () => {
    test("get as many bytes as they ask for, all of them zero", async () => {
      await using on = setting();
      const [client] = await on.connect();
      for (const length of [0, 1, 65_531]) {
        expect(await pingOnce(client, length)).toEqual({
          type: "pong",
          ignored: new Uint8Array(length),
        });
      }
    });

    test("from 65532 on get no answer", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      const ignored = new Uint8Array(3);
      client.send({ type: "ping", numPongBytes: 65_532, ignored });
      client.send({ type: "ping", numPongBytes: 65_535, ignored });
      expect(await pingOnce(client, 7)).toMatchObject({ ignored: { length: 7 } });
      expect(connection.received.counts["ping"]).toBe(3);
    });

    test("get no answer from a node that does not answer pings", async () => {
      await using on = setting({ answersPings: false });
      const [client] = await on.connect();
      client.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) }, allBlocks);
      expect((await next(client)).type).toBe("reply_channel_range");
    });
  });

  describe(`${name}: gossip`, () => {
    const gossip = GossipStore.generate({ nodes: 4, channels: 6, seed: 1 });

    test("comes out as it is in the store, byte for byte", async () => {
      await using on = setting({ gossip });
      const [client] = await on.connect();
      client.send(everything);
      const expected = dumpOf(gossip);
      expect(expected.length).toBe(6 * 3 + 4);
      expect((await nextFrames(client, expected.length)).map(toHex)).toEqual(expected.map(toHex));
      expect((await pingOnce(client)).type).toBe("pong");
    });

    test("goes to two clients at once, to each in full", async () => {
      const store = storeOfBytes(300_000);
      await using on = setting({ gossip: store });
      const [[one], [two]] = [await on.connect(), await on.connect()];
      expect(on.node.connections.length).toBe(2);
      one.send(everything);
      two.send(everything);
      const expected = dumpOf(store);
      const dumps = await Promise.all(
        [one, two].map((client) => nextFrames(client, expected.length)),
      );
      expect(dumps.map((dump) => sameFrames(dump, expected))).toEqual([true, true]);
    });

    test("answers queries in their order, in replies of the size given", async () => {
      await using on = setting({ gossip, idsPerReply: 4 });
      const [client] = await on.connect();
      client.send(allBlocks, {
        type: "query_short_channel_ids",
        chainHash: regtest,
        shortChannelIds: gossip.channelIds.slice(0, 1),
        queryFlags: [1n],
      });
      const types: string[] = [];
      while (types.at(-1) !== "reply_short_channel_ids_end") types.push((await next(client)).type);
      expect(types).toEqual([
        "reply_channel_range",
        "reply_channel_range",
        "channel_announcement",
        "reply_short_channel_ids_end",
      ]);
    });

    test("without a store is empty", async () => {
      await using on = setting();
      const [client] = await on.connect();
      client.send(everything, allBlocks);
      expect(await next(client)).toMatchObject({ shortChannelIds: [], syncComplete: true });
    });
  });

  describe(`${name}: a peer that does not read`, () => {
    test("gets no more gossip made than fits under way, and all of it later", {
      timeout,
    }, async () => {
      const network = createNetwork();
      const limit = network.mostUnderWay + mostQueued;
      const store = storeOfBytes(limit + 500_000);
      await using on = new Setting(network, { gossip: store });
      const [client] = await on.connect();
      const [other] = await on.connect();
      client.pause();
      client.send(everything);
      const [stream] = on.streams;
      await stream?.full;
      // Somebody else is served meanwhile.
      for (let i = 0; i < 20; i++) expect((await pingOnce(other)).type).toBe("pong");
      expect(stream?.written).toBeLessThan(limit);
      client.resume();
      const expected = dumpOf(store);
      expect(sameFrames(await nextFrames(client, expected.length), expected)).toBe(true);
      expect((await pingOnce(client)).type).toBe("pong");
    });

    test("gets no more pongs made than fit under way, and all of them later", {
      timeout,
    }, async () => {
      const network = createNetwork();
      const limit = network.mostUnderWay + mostQueued;
      const count = Math.ceil((limit * 1.3) / 65_531);
      await using on = new Setting(network);
      const [client, connection] = await on.connect();
      const [other] = await on.connect();
      client.pause();
      for (let i = 0; i < count; i++) client.send(longPing);
      const [stream] = on.streams;
      await stream?.full;
      for (let i = 0; i < 20; i++) expect((await pingOnce(other)).type).toBe("pong");
      expect(stream?.written).toBeLessThan(limit);
      client.resume();
      const frames = await nextFrames(client, count);
      expect(frames.every(({ length }) => length === 65_535)).toBe(true);
      expect(connection.received.counts["ping"]).toBe(count);
    });
  });

  describe(`${name}: the test's own hand`, () => {
    test("gets every message after the node's answer to it, and can answer more", async () => {
      await using on = setting({
        onMessage: (message, connection) => {
          if (message.type === "ping") connection.sendFrame(Uint8Array.of(0x80, 0x01, 9));
        },
      });
      const [client] = await on.connect();
      expect((await pingOnce(client)).type).toBe("pong");
      expect(await next(client)).toEqual({
        type: "unknown",
        id: 32769,
        payload: Uint8Array.of(9),
      });
    });

    test("can drop a connection", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      connection.destroy();
      expect(await client.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
    });
  });
}
