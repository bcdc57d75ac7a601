import { type ConnectionEvent, defaultFeatures, PeerError, SimplePeer } from "@satwire/lnp2p";
import {
  chainHashOf,
  error,
  featureVector,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  toHex,
  u8,
  type UnknownMessage,
} from "@satwire/lnwire";
import { type ByteStream, type Dialer, MemoryNetwork, NetError, parseHostPort } from "@satwire/net";
import { createLocalKey, generatePrivateKey, nobleCrypto, publicKeyOf } from "@satwire/noise";
import {
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { collect, failure, states } from "./collect.ts";

const address = parseHostPort("node.example:9735");

/** A loopback node in memory and the options to reach it. */
async function loopback(options: LoopbackLightningNodeOptions = {}): Promise<{
  node: LoopbackLightningNode;
  to: { target: Awaited<ReturnType<LoopbackLightningNode["listen"]>>; dialer: Dialer };
}> {
  const network = new MemoryNetwork();
  const node = new LoopbackLightningNode(options);
  const target = await node.listen({ listen: network.listen, address });
  return { node, to: { target, dialer: network.dialer } };
}

const custom = (payload: number[]): UnknownMessage => ({
  type: "unknown",
  id: 32769,
  payload: Uint8Array.from(payload),
});

describe("connecting", () => {
  test("goes through all phases and tells both sides who the other is", async () => {
    const features = featureVector([1, 7, 9, 13, 15, 45]);
    const { node, to } = await loopback({ features });
    const localKey = generatePrivateKey();
    const peer = new SimplePeer({ ...to, localKey, networks: [chainHashOf("regtest")] });
    expect(peer.isConnected).toBe(false);
    expect(toHex(peer.localPublicKey)).toBe(toHex(publicKeyOf(localKey)));
    await peer.connect();
    expect(peer.isConnected).toBe(true);
    expect(peer.remotePublicKey).toEqual(node.publicKey);
    expect(peer.remoteAddress).toEqual(address);
    expect(peer.remoteFeatures).toEqual(features);
    expect(peer.remoteInit?.networks).toEqual([chainHashOf("regtest")]);
    expect(node.connections[0]?.remotePublicKey).toEqual(peer.localPublicKey);
    await peer.close();
    expect(await states(peer.connectionEvents())).toEqual([
      "connecting",
      "handshaking",
      "initializing",
      "connected",
      "closing",
      "disconnected",
    ]);
  });

  test("stamps events with the time of its clock", async () => {
    const { to } = await loopback();
    const clock = new VirtualClock(1000);
    const peer = new SimplePeer({ ...to, clock });
    await peer.connect();
    await clock.advance(500);
    await peer.close();
    const events = await collect(peer.connectionEvents());
    expect(events[0]?.timestamp).toBe(1000);
    expect(events.at(-1)?.timestamp).toBe(1500);
  });

  test("takes a key that only offers ECDH, and leaves it usable", async () => {
    const { node, to } = await loopback();
    const localKey = createLocalKey(generatePrivateKey());
    for (let i = 0; i < 2; i++) {
      await using peer = new SimplePeer({ ...to, localKey });
      await peer.connect();
      expect(node.connections.at(-1)?.remotePublicKey).toEqual(localKey.publicKey);
    }
  });

  test("leaves the caller's key bytes as they are", async () => {
    const { to } = await loopback();
    const localKey = generatePrivateKey();
    const copy = Uint8Array.from(localKey);
    await using peer = new SimplePeer({ ...to, localKey });
    await peer.connect();
    await peer.close();
    expect(localKey).toEqual(copy);
  });

  test("reports what the dialer reports", async () => {
    const { to } = await loopback();
    const nowhere = { ...to.target, address: { ...address, port: 1 } };
    const peer = new SimplePeer({ ...to, target: nowhere });
    const refused = await failure(peer.connect());
    expect(refused).toMatchObject({ code: "dial_failed", phase: "connecting" });
    expect(refused.cause).toBeInstanceOf(NetError);
    expect(refused.cause).toMatchObject({ code: "refused" });
  });

  test("a second time is refused, during and after", async () => {
    const { to } = await loopback();
    const peer = new SimplePeer(to);
    const first = peer.connect();
    expect((await failure(peer.connect())).code).toBe("already_connected");
    await first;
    expect((await failure(peer.connect())).code).toBe("already_connected");
    await peer.close();
    expect((await failure(peer.connect())).code).toBe("closed");
  });

  test("a public key that is no point is an invalid option", async () => {
    const { to } = await loopback();
    const publicKey = new Uint8Array(33).fill(0xff);
    publicKey[0] = 2;
    expect(() => new SimplePeer({ ...to, target: { ...to.target, publicKey } })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });

  test.each(["hkdf", "ecdh", "open", "publicKey"] as const)(
    "a crypto backend whose %s throws ends the attempt and closes the socket",
    async (broken) => {
      const { node, to } = await loopback();
      const cause = new Error("backend broke");
      const fail = (): never => {
        throw cause;
      };
      const localKey = createLocalKey(generatePrivateKey());
      const crypto = { ...nobleCrypto, [broken]: fail };
      const peer = new SimplePeer({ ...to, localKey, crypto });
      expect((await failure(peer.connect())).code).toBe("handshake_failed");
      await Promise.all(node.connections.map(({ closed }) => closed));
      expect(node.connections).toEqual([]);
    },
  );

  test.each([
    ["closing", (peer: SimplePeer): void => void peer.close()],
    ["aborting", (_: SimplePeer, controller: AbortController): void => controller.abort("no")],
  ])("%s inside the hook is not undone", async (_name, stop) => {
    const { to } = await loopback();
    const controller = new AbortController();
    const peer: SimplePeer = new SimplePeer({
      ...to,
      onInit: () => {
        stop(peer, controller);
      },
    });
    const error = await failure(peer.connect({ signal: controller.signal }));
    expect(["closed", "aborted"]).toContain(error.code);
    const seen = await states(peer.connectionEvents());
    expect(seen).not.toContain("connected");
    expect(seen.at(-1)).toBe("disconnected");
  });

  test("the hook sees the init and may refuse it", async () => {
    const { to } = await loopback();
    const cause = new Error("not this one");
    const onInit = vi.fn(() => {
      throw cause;
    });
    const peer = new SimplePeer({ ...to, onInit });
    expect(await failure(peer.connect())).toMatchObject({ code: "init_refused", cause });
    expect(onInit).toHaveBeenCalledWith(expect.objectContaining({ type: "init" }));
  });

  test("features beyond BOLT 9 can be declared known", async () => {
    const { to } = await loopback({ features: featureVector([1, 260]) });
    await using peer = new SimplePeer({ ...to, knownFeatures: [260] });
    await peer.connect();
    expect(peer.isConnected).toBe(true);
  });

  test.each([
    ["localKey", { localKey: new Uint8Array(32) }],
    ["localKey", { localKey: new Uint8Array(5).fill(1) }],
    ["receiveCapacity", { receiveCapacity: 0 }],
    ["sendCapacity", { sendCapacity: 1.5 }],
  ])("a wrong %s is refused", async (name, options) => {
    const { to } = await loopback();
    const make = (): unknown => new SimplePeer({ ...to, ...options });
    expect(make).toThrow(PeerError);
    expect(make).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(make).toThrow(name);
  });
});

describe("accepting", () => {
  test("a peer over an accepted stream answers the handshake and learns who called", async () => {
    const network = new MemoryNetwork();
    const localKey = generatePrivateKey();
    const accepted: ByteStream[] = [];
    const listener = await network.listen(address, (stream) => accepted.push(stream));
    const target = { publicKey: publicKeyOf(localKey), address };
    await using dialing = new SimplePeer({ target, dialer: network.dialer });
    const connected = dialing.connect();
    await vi.waitUntil(() => accepted.length > 0, { interval: 1 });
    await using answering = new SimplePeer({ stream: accepted[0] as ByteStream, localKey });
    expect(answering.remotePublicKey).toBeUndefined();
    await Promise.all([connected, answering.connect()]);
    expect(answering.remotePublicKey).toEqual(dialing.localPublicKey);

    await dialing.sendMessage(custom([1, 2, 3]));
    const { value } = await answering.receiveMessages().next();
    expect(value).toEqual(custom([1, 2, 3]));
    expect(await answering.ping({ numPongBytes: 7 })).toBeGreaterThanOrEqual(0);
    await listener.close();
  });

  test("closing before connecting closes the stream", async () => {
    const network = new MemoryNetwork();
    const accepted: ByteStream[] = [];
    await network.listen(address, (stream) => accepted.push(stream));
    const near = await network.dialer(address);
    const ended = new Promise((resolve) => {
      near.start({ onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose: resolve });
    });
    const peer = new SimplePeer({ stream: accepted[0] as ByteStream });
    await peer.close();
    expect(await ended).toMatchObject({ code: "reset" });
  });
});

describe("messages", () => {
  test("received before anybody reads are there when somebody does", async () => {
    const { node, to } = await loopback();
    await using peer = new SimplePeer(to);
    await peer.connect();
    for (let i = 0; i < 5; i++) node.connections[0]?.send(custom([i]));
    await peer.ping(); // everything sent before the pong has arrived
    const seen: unknown[] = [];
    for await (const received of peer.receiveMessages()) {
      seen.push(received);
      if (seen.length === 3) break;
    }
    for await (const received of peer.receiveMessages()) {
      seen.push(received);
      if (seen.length === 5) break;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((i) => custom([i])));
  });

  test("go to one loop at a time", async () => {
    const { to } = await loopback();
    await using peer = new SimplePeer(to);
    await peer.connect();
    const reading = peer.receiveMessages();
    expect(() => peer.receiveMessages()).toThrow(
      expect.objectContaining({ code: "already_receiving" }),
    );
    await reading.return?.();
    await peer.receiveMessages().return?.();
  });

  test("end with the connection when the peer ends it in order", async () => {
    const { node, to } = await loopback();
    const peer = new SimplePeer(to);
    await peer.connect();
    node.connections[0]?.send(custom([1]));
    node.connections[0]?.end();
    expect(await collect(peer.receiveMessages())).toEqual([custom([1])]);
    const last = (await collect(peer.connectionEvents())).at(-1) as ConnectionEvent;
    expect(last).toMatchObject({ state: "disconnected", details: "the peer ended the connection" });
    expect(last.error).toBeUndefined();
    await peer.close();
  });

  test("cannot be sent before and after the connection", async () => {
    const { to } = await loopback();
    const peer = new SimplePeer(to);
    expect((await failure(peer.sendMessage(custom([])))).code).toBe("not_connected");
    await peer.connect();
    await peer.close();
    expect((await failure(peer.sendMessage(custom([])))).code).toBe("closed");
    expect((await failure(peer.ping())).code).toBe("closed");
  });

  test("that cannot be written are refused and the connection goes on", async () => {
    const { node, to } = await loopback();
    await using peer = new SimplePeer(to);
    await peer.connect();
    const tooLong = { type: "unknown", id: 32769, payload: new Uint8Array(65534) } as const;
    expect(await failure(peer.sendMessage(tooLong))).toMatchObject({
      code: "invalid_message",
      cause: { code: "too_long" },
    });
    await peer.sendMessage({ ...tooLong, payload: new Uint8Array(65533) });
    await peer.ping();
    expect(node.connections[0]?.received.counts["unknown"]).toBe(1);
  });

  test("of errors and warnings are delivered and noted, and end nothing by themselves", async () => {
    const { node, to } = await loopback();
    await using peer = new SimplePeer(to);
    await peer.connect();
    const data = new TextEncoder().encode("no such channel");
    node.connections[0]?.send({ type: "error", channelId: new Uint8Array(32).fill(1), data });
    await peer.ping();
    expect(peer.isConnected).toBe(true);
    const { value } = await peer.receiveMessages().next();
    expect(value).toMatchObject({ type: "error", data });
    await peer.close();
    const events = await collect(peer.connectionEvents());
    expect(events.filter(({ type }) => type === "note")).toEqual([
      {
        type: "note",
        state: "connected",
        timestamp: expect.any(Number),
        details: "error from the peer: no such channel",
      },
    ]);
  });

  test("of a set of one's own are decoded, the rest stays unknown", async () => {
    interface Hello extends MessageBase<"hello"> {
      readonly volume: number;
    }
    const hello: MessageCodec<Hello> = message(32771, "hello", { volume: u8 });
    const { node, to } = await loopback();
    await using peer = new SimplePeer({ ...to, messages: messageSet([hello]) });
    await peer.connect();
    node.connections[0]?.send({ type: "unknown", id: 32771, payload: Uint8Array.of(11) });
    node.connections[0]?.send({ type: "unknown", id: 32773, payload: Uint8Array.of(1) });
    const messages = peer.receiveMessages();
    const first = (await messages.next()).value;
    expect(first).toEqual({ type: "hello", volume: 11 });
    if (first?.type === "hello") expectTypeOf(first.volume).toEqualTypeOf<number>();
    expect((await messages.next()).value).toMatchObject({ type: "unknown", id: 32773 });
    await peer.sendMessage({ type: "hello", volume: 3 });
    // @ts-expect-error -- not in the set
    const other = peer.sendMessage({ type: "gossip_timestamp_filter" });
    expect((await failure(other)).code).toBe("invalid_message");
    await peer.ping();
    expect(node.connections[0]?.received.counts["unknown"]).toBe(1);
  });

  test("the set may name control messages too", async () => {
    const { to } = await loopback();
    await using peer = new SimplePeer({ ...to, messages: messageSet([error]) });
    await peer.connect();
    expect(await peer.ping()).toBeGreaterThanOrEqual(0);
  });
});

describe("pings", () => {
  test.each([0, 1, 65531])("of the peer for %d bytes are answered", async (numPongBytes) => {
    const pongs: number[] = [];
    const { node, to } = await loopback({
      onMessage: (received) => {
        if (received.type === "pong") pongs.push(received.ignored.length);
      },
    });
    await using peer = new SimplePeer(to);
    await peer.connect();
    node.connections[0]?.send({ type: "ping", numPongBytes, ignored: new Uint8Array(3) });
    await peer.ping();
    expect(pongs).toEqual([numPongBytes]);
  });

  test.each([65532, 65535])("of the peer for %d bytes are not", async (numPongBytes) => {
    const { node, to } = await loopback();
    await using peer = new SimplePeer(to);
    await peer.connect();
    node.connections[0]?.send({ type: "ping", numPongBytes, ignored: new Uint8Array(0) });
    await peer.ping();
    expect(node.connections[0]?.received.counts["pong"]).toBeUndefined();
  });

  test("measure the time to the pong of their length", async () => {
    const clock = new VirtualClock();
    const { node, to } = await loopback({ answersPings: false });
    await using peer = new SimplePeer({ ...to, clock });
    await peer.connect();
    const [small, large] = [peer.ping({ numPongBytes: 3 }), peer.ping({ numPongBytes: 5 })];
    await clock.advance(40);
    const connection = node.connections[0];
    connection?.send({ type: "pong", ignored: new Uint8Array(9) }); // asked for by nobody
    connection?.send({ type: "pong", ignored: new Uint8Array(5) });
    expect(await large).toBe(40);
    await clock.advance(2);
    connection?.send({ type: "pong", ignored: new Uint8Array(3) });
    expect(await small).toBe(42);
  });

  test("without an answer time out, and the connection stays", async () => {
    const clock = new VirtualClock();
    const { to } = await loopback({ answersPings: false });
    await using peer = new SimplePeer({ ...to, clock });
    await peer.connect();
    const late = failure(peer.ping({ timeoutMs: 1000 }));
    await clock.advance(1000);
    expect((await late).code).toBe("ping_timeout");
    expect(peer.isConnected).toBe(true);
    expect(clock.pending).toEqual([]);
  });

  test("fail with the connection", async () => {
    const { node, to } = await loopback({ answersPings: false });
    const peer = new SimplePeer(to);
    await peer.connect();
    const waiting = failure(peer.ping());
    await vi.waitUntil(() => node.connections[0]?.received.counts["ping"] === 1, { interval: 1 });
    node.connections[0]?.destroy();
    expect(await waiting).toMatchObject({ code: "closed", cause: { code: "connection_lost" } });
  });

  test("can be aborted", async () => {
    const { to } = await loopback({ answersPings: false });
    await using peer = new SimplePeer(to);
    await peer.connect();
    const controller = new AbortController();
    const waiting = failure(peer.ping({ signal: controller.signal }));
    await Promise.resolve();
    controller.abort("enough");
    expect(await waiting).toMatchObject({ code: "aborted", cause: "enough" });
  });

  test.each([{ numPongBytes: 65532 }, { ignoredBytes: 65530 }, { numPongBytes: -1 }])(
    "of impossible sizes are refused: %o",
    async (options) => {
      const { to } = await loopback();
      await using peer = new SimplePeer(to);
      await peer.connect();
      expect((await failure(peer.ping(options))).code).toBe("invalid_option");
    },
  );
});

test("default features are bytes of their own each time", () => {
  expect(defaultFeatures()).toEqual(featureVector([1, 9, 13, 15, 45]));
  expect(defaultFeatures()).not.toBe(defaultFeatures());
});
