// Our peer and LDK, each dialing the other. LDK prints its version when it is loaded.
import { gossipFeatures, SimplePeer, type SimplePeerOptions } from "@satwire/lnp2p";
import {
  chainHashOf,
  encodeMessage,
  featureBits,
  toHex,
  type UnknownMessage,
} from "@satwire/lnwire";
import { type ByteStream, listenTcp, parseHostPort } from "@satwire/net";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { LdkNode, type LdkNodeOptions } from "./ldk-node.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });
const customType = 32_769;
/** Keys rotate every 500 messages, so each direction rotates twice. */
const messageCount = 1_200;

/** A payload that differs from message to message in bytes and length. */
const payloadOf = (sender: number, i: number): Uint8Array => {
  const payload = new Uint8Array(4 + (i % 300)).fill(sender);
  new DataView(payload.buffer).setUint32(0, i);
  return payload;
};

/** LDK's log, and a promise for the next line with a text in it. */
class Log {
  readonly lines: string[] = [];
  readonly #waiting: { text: string; resolve: (line: string) => void }[] = [];

  readonly add = (line: string): void => {
    this.lines.push(line);
    for (const waiting of this.#waiting) if (line.includes(waiting.text)) waiting.resolve(line);
  };

  next(text: string): Promise<string> {
    return new Promise((resolve) => this.#waiting.push({ text, resolve }));
  }
}

/** We dial LDK. */
async function dialLdk(
  ldk: LdkNode,
  options: Partial<SimplePeerOptions> = {},
): Promise<SimplePeer> {
  const { host, port } = await ldk.listen();
  const target = { publicKey: ldk.nodeId, address: parseHostPort(`${host}:${port}`) };
  return new SimplePeer({ ...options, target });
}

/** LDK dials us. */
async function dialedByLdk(
  ldk: LdkNode,
  options: Partial<SimplePeerOptions> = {},
): Promise<SimplePeer> {
  const localKey = new Uint8Array(32).fill(0x42);
  const streams: ((stream: ByteStream) => void)[] = [];
  const accepted = new Promise<ByteStream>((resolve) => streams.push(resolve));
  const listener = await listenTcp(anyPort, (stream) => streams[0]?.(stream));
  const { publicKey } = new LoopbackLightningNode({ privateKey: localKey });
  await ldk.connect(publicKey, listener.address.host, listener.address.port);
  const peer = new SimplePeer({ ...options, stream: await accepted, localKey });
  await listener.close();
  return peer;
}

const directions = [
  { who: "we dial LDK", open: dialLdk },
  { who: "LDK dials us", open: dialedByLdk },
];

const start = async (options: LdkNodeOptions = {}): Promise<{ ldk: LdkNode; log: Log }> => {
  const log = new Log();
  return { ldk: await LdkNode.start({ ...options, log: log.add }), log };
};

describe.each(directions)("$who", ({ open }) => {
  test("handshake and init, both with what they offer and require", async () => {
    const { ldk } = await start({ channels: true });
    await using node = ldk;
    await using peer = await open(node, { networks: [chainHashOf("mainnet")] });
    await peer.connect();
    const seen = await node.waitForPeer(peer.localPublicKey);
    expect(featureBits(seen.features)).toEqual([1, 9, 13, 15, 45]);
    expect(seen.networks?.map(toHex)).toEqual([toHex(chainHashOf("mainnet"))]);
    expect(peer.remotePublicKey).toEqual(node.nodeId);
    expect(peer.remoteInit?.networks?.map(toHex)).toEqual([toHex(chainHashOf("mainnet"))]);
    // LDK requires these four, and we let it.
    const required = featureBits(peer.remoteFeatures ?? new Uint8Array(0)).filter(
      (n) => n % 2 === 0,
    );
    expect(required).toEqual([0, 8, 12, 14]);
    await peer.close();
    await node.waitForDisconnect(peer.localPublicKey);
  });

  test("pings both ways", async () => {
    const { ldk, log } = await start();
    await using node = ldk;
    await using peer = await open(node);
    await peer.connect();
    await node.waitForPeer(peer.localPublicKey);
    for (const numPongBytes of [0, 1, 65_531]) {
      expect(await peer.ping({ numPongBytes, ignoredBytes: 100 })).toBeGreaterThanOrEqual(0);
    }
    const pong = log.next("Received message Pong");
    node.tick();
    await pong;
  });

  test(`${messageCount} messages each way, so that keys rotate`, async () => {
    const { ldk } = await start();
    await using node = ldk;
    await using peer = await open(node);
    await peer.connect();
    await node.waitForPeer(peer.localPublicKey);
    const received: UnknownMessage[] = [];
    const reading = (async () => {
      for await (const message of peer.receiveMessages()) {
        if (message.type === "unknown") received.push(message);
        if (received.length === messageCount) break;
      }
    })();
    for (let i = 0; i < messageCount; i++) {
      const payload = payloadOf(1, i);
      await peer.sendMessage({ type: "unknown", id: customType, payload });
      node.sendCustom(peer.localPublicKey, 65_535, payloadOf(2, i));
    }
    await Promise.all([reading, node.waitForCustom(messageCount)]);
    for (let i = 0; i < messageCount; i++) {
      expect(received[i]).toEqual({ type: "unknown", id: 65_535, payload: payloadOf(2, i) });
      expect(node.customMessages[i]).toEqual({
        from: peer.localPublicKey,
        type: customType,
        payload: payloadOf(1, i),
      });
    }
    expect(await peer.ping()).toBeGreaterThanOrEqual(0);
  });

  test("LDK hangs up when we break the rules, and we say how it ended", async () => {
    const { ldk } = await start();
    await using node = ldk;
    await using peer = await open(node);
    await peer.connect();
    await node.waitForPeer(peer.localPublicKey);
    await peer.sendMessage({ type: "unknown", id: 32_770, payload: new Uint8Array(1) });
    for await (const event of peer.connectionEvents()) expect(event.error).toBeUndefined();
    expect(peer.state).toBe("disconnected");
  });

  test("we hang up when LDK breaks the rules", async () => {
    const { ldk } = await start();
    await using node = ldk;
    await using peer = await open(node);
    await peer.connect();
    await node.waitForPeer(peer.localPublicKey);
    node.sendCustom(peer.localPublicKey, 32_770, new Uint8Array(1));
    const reading = (async () => {
      for await (const _message of peer.receiveMessages());
    })();
    await expect(reading).rejects.toMatchObject({ code: "unknown_required_message" });
    await node.waitForDisconnect(peer.localPublicKey);
  });
});

test("LDK refuses a peer of another chain without a word", async () => {
  const { ldk, log } = await start({ channels: true, network: "signet" });
  await using node = ldk;
  // Our init goes out in one write with act three. LDK reads both before it writes, and hangs up before
  // its own init is sent: we, who would refuse as well, do not get to know its chain.
  await using peer = await dialLdk(node, { networks: [chainHashOf("regtest")] });
  await expect(peer.connect()).rejects.toMatchObject({
    code: "closed_by_peer",
    phase: "initializing",
  });
  expect(peer.remoteInit).toBeUndefined();
  expect(log.lines).toContain("Peer does not support any of our supported chains");
  expect(node.peers()).toEqual([]);
});

test("we refuse LDK on another chain when it is the one to dial", async () => {
  const { ldk } = await start({ channels: true, network: "signet" });
  await using node = ldk;
  // LDK's init comes with its act three, before it can have read ours.
  await using peer = await dialedByLdk(node, { networks: [chainHashOf("regtest")] });
  await expect(peer.connect()).rejects.toMatchObject({
    code: "no_common_chain",
    phase: "initializing",
  });
  expect(node.peers()).toEqual([]);
});

test("LDK takes a loopback node's gossip, finds every signature valid, relays it byte for byte", async () => {
  const gossip = GossipStore.generate({ nodes: 8, channels: 30, seed: "ldk", chain: "mainnet" });
  const { ldk } = await start();
  await using node = ldk;
  let pongs = 0;
  let hearPong = (): void => {};
  const pong = new Promise<void>((resolve) => (hearPong = resolve));
  await using loopback = new LoopbackLightningNode({
    gossip,
    onMessage: (message, connection) => {
      // LDK reads in order: its pong says that it has read the gossip before.
      if (message.type === "gossip_timestamp_filter") {
        connection.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
      } else if (message.type === "pong" && ++pongs === 1) hearPong();
    },
  });
  const { publicKey, address } = await loopback.listen();
  await node.connect(publicKey, address.host, address.port);
  await pong;
  expect(node.graphCounts()).toEqual({ channels: 30, nodes: 8 });

  // What LDK found invalid it does not relay. It relays to those who offer gossip_queries.
  await using peer = await dialLdk(node, { features: gossipFeatures() });
  await peer.connect();
  await peer.sendMessage({
    type: "gossip_timestamp_filter",
    chainHash: chainHashOf("mainnet"),
    firstTimestamp: 0,
    timestampRange: 0xffff_ffff,
  });
  const expected = gossip.channelIds.flatMap((id) => {
    const { announcement, updates } = gossip.channel(id) ?? { updates: [] };
    return [announcement, ...updates].flatMap((m) => (m === undefined ? [] : [encodeMessage(m)]));
  });
  expected.push(...gossip.nodes.map((m) => encodeMessage(m)));
  const received: string[] = [];
  for await (const message of peer.receiveMessages()) {
    if (message.type === "gossip_timestamp_filter") continue;
    received.push(toHex(encodeMessage(message)));
    if (received.length === expected.length) break;
    // LDK goes on with its graph when it has something to write.
    if (received.length % 30 === 0) await peer.ping();
  }
  expect(received.sort()).toEqual(expected.map(toHex).sort());
});
