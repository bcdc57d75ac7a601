/** What a loopback node does to its peers, run over each kind of network. */
import {
  answerGossipQuery,
  GossipStore,
  type LoopbackAddress,
  type LoopbackLightningConnection,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  settle,
} from "@satwire/testkit";
import {
  chainHashOf,
  encodeMessage,
  equalBytes,
  featureVector,
  type GossipTimestampFilter,
  type LightningMessage,
  type QueryChannelRange,
  toHex,
} from "@satwire/lnwire";
import type { ByteStream, Dialer, Listen } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { describe, expect, test } from "vitest";
import { CountingStream } from "../support/counting-stream.ts";
import { plainInit, RawClient } from "../support/raw-client.ts";
import { announcement, idIn, regtest, update } from "../support/unsigned-gossip.ts";

export interface Network {
  readonly listen: Listen;
  readonly dialer: Dialer;
  /** Bytes that may be under way to a peer that does not read. */
  readonly mostUnderWay: number;
}

const everything: GossipTimestampFilter = {
  type: "gossip_timestamp_filter",
  chainHash: regtest,
  firstTimestamp: 0,
  timestampRange: 0xffffffff,
};
const allBlocks: QueryChannelRange = {
  type: "query_channel_range",
  chainHash: regtest,
  firstBlocknum: 0,
  numberOfBlocks: 0xffffffff,
};

const longPing: LightningMessage = {
  type: "ping",
  numPongBytes: 65_531,
  ignored: new Uint8Array(0),
};

/** What the node sends at most beyond what its peer takes: 17 frames of replies, and a batch. */
const mostQueued = 18 * 65_600 + 2 * 65_536;

/** A store whose dump is longer than this, in few messages: each channel has 30 kB of features. */
function storeOfBytes(length: number): GossipStore {
  const store = new GossipStore(regtest);
  for (let i = 0, bytes = 0; bytes <= length; i++) {
    const id = idIn(1 + Math.floor(i / 100), i % 100);
    const features = new Uint8Array(30_000).fill(i);
    const messages = [{ ...announcement(id), features }, update(id, 0, 1), update(id, 1, 1)];
    for (const message of messages) {
      store.add(message);
      bytes += encodeMessage(message).length;
    }
  }
  return store;
}

const dumpOf = (store: GossipStore): Uint8Array[] =>
  [...answerGossipQuery(store, everything)].map(encodeMessage);

/** `toEqual` takes seconds on megabytes. */
const sameFrames = (some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  some.length === others.length &&
  some.every((frame, i) => equalBytes(frame, others[i] as Uint8Array));

/** Megabytes through a cipher in JavaScript, perhaps on a busy machine. */
const timeout = 30_000;

/** A node, what it accepted, and clients to it. */
class Setting implements AsyncDisposable {
  readonly node: LoopbackLightningNode;
  readonly network: Network;
  readonly streams: CountingStream[] = [];
  target: LoopbackAddress | undefined;
  #accepted: () => void = () => {};

  constructor(network: Network, options: LoopbackLightningNodeOptions = {}) {
    this.network = network;
    this.node = new LoopbackLightningNode(options);
  }

  async listen(maxConnections?: number): Promise<LoopbackAddress> {
    const listen: Listen = (target, onStream, options) => {
      const counted = (stream: ByteStream): void => {
        const counting = new CountingStream(stream);
        this.streams.push(counting);
        onStream(counting);
        this.#accepted();
      };
      return this.network.listen(target, counted, options);
    };
    this.target = await this.node.listen({
      listen,
      ...(maxConnections === undefined ? {} : { maxConnections }),
    });
    return this.target;
  }

  /** Dials and waits until the node has its side. */
  async dial(): Promise<[ByteStream, LoopbackLightningConnection]> {
    const accepted = new Promise<void>((resolve) => {
      this.#accepted = resolve;
    });
    const { address } = this.target ?? (await this.listen());
    const stream = await this.network.dialer(address);
    await accepted;
    return [stream, this.node.connections.at(-1) as LoopbackLightningConnection];
  }

  /** A client after the handshake. */
  async handshake(localKey?: Uint8Array): Promise<[RawClient, LoopbackLightningConnection]> {
    const [stream, connection] = await this.dial();
    const client = new RawClient(stream, this.node.publicKey, localKey);
    await client.established();
    return [client, connection];
  }

  /** A client after both `init`s. */
  async connect(): Promise<[RawClient, LoopbackLightningConnection]> {
    const [client, connection] = await this.handshake();
    client.send(plainInit);
    expect((await client.take()).type).toBe("init");
    return [client, connection];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.close();
  }
}

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
      expect(await client.take()).toEqual({
        type: "init",
        globalfeatures: new Uint8Array(0),
        features: featureVector([1, 7, 9, 11, 13, 15, 45]),
        networks: [chainHashOf("regtest")],
      });
      client.send(plainInit);
      expect((await client.ping()).type).toBe("pong");
      expect(connection.remotePublicKey).toEqual(publicKeyOf(clientKey));
      expect(connection.received.counts).toEqual({ init: 1, ping: 1 });
      expect(on.node.connections).toEqual([connection]);
    });

    test("sends the features, networks or init that it was given", async () => {
      const features = featureVector([9, 15]);
      const networks = [chainHashOf("mainnet"), chainHashOf("signet")];
      await using one = setting({ features, networks });
      const [first] = await one.handshake();
      expect(await first.take()).toMatchObject({ features, networks });
      const init = { type: "init", globalfeatures: Uint8Array.of(2), features } as const;
      await using two = setting({ init });
      const [second] = await two.handshake();
      expect(await second.take()).toEqual(init);
      await using mute = setting({ init: undefined });
      const [third] = await mute.handshake();
      third.send(plainInit);
      expect((await third.ping()).type).toBe("pong");
    });

    test("keeps init ahead of what is sent before the handshake is done", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      connection.send({ type: "unknown", id: 32769, payload: Uint8Array.of(1) });
      const client = new RawClient(stream, on.node.publicKey);
      expect((await client.take()).type).toBe("init");
      expect(await client.take()).toMatchObject({ id: 32769 });
    });

    test("with another key fails in act one, on both sides", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      const client = new RawClient(stream, publicKeyOf(generatePrivateKey()));
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_tag" },
      });
      expect(await client.closed).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(on.node.connections).toEqual([]);
    });
  });

  describe(`${name}: pings`, () => {
    test("get as many bytes as they ask for, all of them zero", async () => {
      await using on = setting();
      const [client] = await on.connect();
      for (const length of [0, 1, 65_531]) {
        expect(await client.ping(length)).toEqual({
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
      expect(await client.ping(7)).toMatchObject({ ignored: { length: 7 } });
      expect(connection.received.counts["ping"]).toBe(3);
    });

    test("get no answer from a node that does not answer pings", async () => {
      await using on = setting({ answersPings: false });
      const [client] = await on.connect();
      client.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) }, allBlocks);
      expect((await client.take()).type).toBe("reply_channel_range");
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
      expect((await client.takeFrames(expected.length)).map(toHex)).toEqual(expected.map(toHex));
      expect((await client.ping()).type).toBe("pong");
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
        [one, two].map((client) => client.takeFrames(expected.length)),
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
      while (types.at(-1) !== "reply_short_channel_ids_end") types.push((await client.take()).type);
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
      expect(await client.take()).toMatchObject({ shortChannelIds: [], syncComplete: true });
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
      client.framed.pause();
      client.send(everything);
      const [stream] = on.streams;
      await stream?.full;
      // Somebody else is served meanwhile.
      for (let i = 0; i < 20; i++) expect((await other.ping()).type).toBe("pong");
      expect(stream?.written).toBeLessThan(limit);
      client.framed.resume();
      const expected = dumpOf(store);
      expect(sameFrames(await client.takeFrames(expected.length), expected)).toBe(true);
      expect((await client.ping()).type).toBe("pong");
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
      client.framed.pause();
      for (let i = 0; i < count; i++) client.send(longPing);
      const [stream] = on.streams;
      await stream?.full;
      for (let i = 0; i < 20; i++) expect((await other.ping()).type).toBe("pong");
      expect(stream?.written).toBeLessThan(limit);
      client.framed.resume();
      const frames = await client.takeFrames(count);
      expect(frames.every(({ length }) => length === 65_535)).toBe(true);
      expect(connection.received.counts["ping"]).toBe(count);
    });
  });

  describe(`${name}: what ends a connection`, () => {
    const truncatedPing = Uint8Array.of(0, 18, 0);
    const badFlags: LightningMessage = {
      type: "query_short_channel_ids",
      chainHash: regtest,
      shortChannelIds: [1n, 2n],
      queryFlags: [1n],
    };
    const initWith = (bits: number[]): LightningMessage => ({
      type: "init",
      globalfeatures: new Uint8Array(0),
      features: featureVector(bits),
    });

    test.each<[string, (LightningMessage | Uint8Array)[]]>([
      ["a message before init", [{ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) }]],
      ["an init with an unknown required feature", [initWith([100_000])]],
      ["an init whose features lack what they need", [initWith([17])]],
      ["a message without a type", [plainInit, Uint8Array.of(0)]],
      ["an empty message", [plainInit, new Uint8Array(0)]],
      ["a message that is too short", [plainInit, truncatedPing]],
      [
        "an unknown message of an even type",
        [plainInit, { type: "unknown", id: 32768, payload: new Uint8Array(4) }],
      ],
      ["a query whose flags do not match its ids", [plainInit, badFlags]],
    ])("%s", async (_, messages) => {
      const seen: string[] = [];
      await using on = setting({ onMessage: ({ type }) => seen.push(type) });
      const [client, connection] = await on.handshake();
      client.send(...messages);
      expect(await client.closed).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(await connection.closed).toEqual({ by: "us" });
      expect(seen).toEqual(messages.length === 1 ? [] : ["init"]);
      expect(on.node.connections).toEqual([]);
    });

    test("bytes that are no act one", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      const ended = new Promise<string | undefined>((resolve) => {
        stream.start({
          onData: () => {},
          onEnd: () => {},
          onDrain: () => {},
          onClose: (error) => resolve(error?.code),
        });
      });
      stream.write(
        new TextEncoder().encode("GET / HTTP/1.1\r\nHost: node.example\r\nAccept: */*\r\n\r\n"),
      );
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_version" },
      });
      expect(await ended).toBe("reset");
    });

    test("bytes between the frames", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      client.stream.write(new Uint8Array(18));
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "header_tag" },
      });
      expect((await client.closed).by).toBe("network");
    });

    test("the peer's end, in order, and inside the handshake not", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      client.framed.end();
      expect(await connection.closed).toEqual({ by: "peer" });
      expect(await client.closed).toEqual({ by: "us" });
      const [stream, early] = await on.dial();
      stream.end();
      expect(await early.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_length" },
      });
    });

    test("the node's own end, after what was sent before", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      connection.send({ type: "unknown", id: 32769, payload: Uint8Array.of(5) });
      connection.end();
      expect(await client.take()).toMatchObject({ id: 32769 });
      expect(await client.closed).toEqual({ by: "peer" });
      expect(await connection.closed).toEqual({ by: "us" });
      expect(connection.send(plainInit)).toBe(false);
    });

    test("the node's own end while its peer does not read, once it has read", {
      timeout,
    }, async () => {
      const network = createNetwork();
      const count = 20 + Math.ceil(network.mostUnderWay / 65_531);
      await using on = new Setting(network);
      const [client, connection] = await on.connect();
      client.framed.pause();
      client.send(...Array.from({ length: count }, () => longPing));
      await on.streams[0]?.full;
      // The node has stopped to read: this stays in the socket, and the peer's end behind it.
      await settle();
      client.send(longPing);
      await settle();
      connection.end();
      client.framed.resume();
      expect(await client.closed).toEqual({ by: "peer" });
      expect(await connection.closed).toEqual({ by: "us" });
    });

    test("the seventeenth query while sixteen wait", { timeout }, async () => {
      const network = createNetwork();
      await using on = new Setting(network, {
        gossip: storeOfBytes(network.mostUnderWay + mostQueued),
      });
      const [client, connection] = await on.connect();
      client.framed.pause();
      client.send(everything);
      await on.streams[0]?.full;
      client.send(...Array.from({ length: 16 }, () => allBlocks));
      expect(await connection.closed).toEqual({ by: "us" });
      expect(connection.received.counts["query_channel_range"]).toBe(16);
    });
  });

  describe(`${name}: what does not`, () => {
    test("unknown messages of an odd type, and even ones that were allowed", async () => {
      const seen: LightningMessage[] = [];
      await using on = setting({
        alsoKnownTypes: [32768],
        onMessage: (message) => seen.push(message),
      });
      const [client] = await on.connect();
      const odd: LightningMessage = { type: "unknown", id: 32769, payload: Uint8Array.of(1) };
      const even: LightningMessage = { type: "unknown", id: 32768, payload: Uint8Array.of(2) };
      client.send(odd, even);
      expect((await client.ping()).type).toBe("pong");
      expect(seen.slice(1, 3)).toEqual([odd, even]);
    });

    test("unknown optional features", async () => {
      await using on = setting();
      const [client] = await on.handshake();
      client.send({
        type: "init",
        globalfeatures: Uint8Array.of(2),
        features: featureVector([100_001]),
      });
      await client.take();
      expect((await client.ping()).type).toBe("pong");
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
      expect((await client.ping()).type).toBe("pong");
      expect(await client.take()).toEqual({
        type: "unknown",
        id: 32769,
        payload: Uint8Array.of(9),
      });
    });

    test("can drop a connection", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      connection.destroy();
      expect(await client.closed).toMatchObject({ by: "network", error: { code: "reset" } });
    });
  });

  describe(`${name}: closing`, () => {
    test("drops connections in every stage and frees the address", async () => {
      const on = setting();
      const [client] = await on.connect();
      const [early] = await on.dial();
      const ended = new Promise<string | undefined>((resolve) => {
        early.start({
          onData: () => {},
          onEnd: () => {},
          onDrain: () => {},
          onClose: (error) => resolve(error?.code),
        });
      });
      const closing = on.node.close();
      expect(on.node.close()).toBe(closing);
      await closing;
      expect(on.node.connections).toEqual([]);
      expect(await client.closed).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(await ended).toBe("reset");
      const { address } = on.target as LoopbackAddress;
      await expect(on.network.dialer(address)).rejects.toMatchObject({ code: "refused" });
      const again = await on.network.listen(address, (stream) => stream.destroy());
      expect(again.address).toEqual(address);
      await again.close();
    });

    test("holds for those who come later", async () => {
      const on = setting();
      const pending = on.node.listen({ listen: on.network.listen });
      await on.node.close();
      await expect(pending).rejects.toMatchObject({ name: "NetError", code: "closed" });
      await expect(on.node.listen({ listen: on.network.listen })).rejects.toMatchObject({
        code: "closed",
      });
    });

    test("is possible from inside a callback", async () => {
      let closing: Promise<void> | undefined;
      const on = setting({
        onMessage: ({ type }) => {
          if (type === "ping") closing = on.node.close();
        },
      });
      const [client] = await on.connect();
      client.send({ type: "ping", numPongBytes: 70, ignored: new Uint8Array(0) });
      await client.closed;
      await closing;
      expect(on.node.connections).toEqual([]);
    });
  });

  test(`${name}: drops a connection above the maximum`, async () => {
    await using on = setting();
    const { address, publicKey } = await on.listen(1);
    const [client] = await on.connect();
    const refused = new RawClient(await on.network.dialer(address), publicKey);
    // A listener may end it or reset it.
    expect(["framing", "network"]).toContain((await refused.closed).by);
    expect((await client.ping()).type).toBe("pong");
  });
}
