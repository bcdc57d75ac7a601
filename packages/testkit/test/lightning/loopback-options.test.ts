import {
  bytes,
  bytes16,
  chainHashOf,
  encodeMessage,
  message,
  type MessageBase,
  type MessageCodec,
  type Ping,
  type Pong,
  u16,
  u8,
} from "@satwire/lnwire";
import { memoryPair, MemoryNetwork, parseHostPort } from "@satwire/net";
import { nobleCrypto } from "@satwire/noise";
import { LoopbackLightningNode, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { arrived, clientOf, link } from "../support/memory-peers.ts";
import { next, nextFrames, pingOnce, plainInit, rawClient } from "../support/raw-client.ts";

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
}
const hello: MessageCodec<Hello> = message(32_770, "hello", { volume: u8 });

describe("messages of one's own", () => {
  test("go both ways, also of an even type, and have their type", async () => {
    const node = new LoopbackLightningNode({ messages: [hello] });
    using _ = node.on("hello", ({ volume }, connection) => {
      connection.send({ type: "hello", volume: volume + 1 });
    });
    const [client, connection] = await clientOf(node);
    client.sendFrame(Uint8Array.of(0x80, 0x02, 7));
    const { volume } = await connection.received.take("hello");
    expect(volume).toBe(7);
    expect(await nextFrames(client, 1)).toEqual([Uint8Array.of(0x80, 0x02, 8)]);
    expect(connection.sent.counts["hello"]).toBe(1);
  });

  test("take the place of one of the same name or number", async () => {
    interface ShortPing extends MessageBase<"ping"> {
      readonly numPongBytes: number;
      readonly ignored: Uint8Array;
    }
    const empty: MessageCodec<ShortPing> = message(18, "ping", {
      numPongBytes: u16,
      ignored: bytes(0),
    });
    const node = new LoopbackLightningNode({ messages: [empty] });
    const [client] = await clientOf(node);
    client.sendFrame(Uint8Array.of(0, 18, 0, 3));
    expect(await arrived(client)).toEqual([{ type: "pong", ignored: new Uint8Array(3) }]);
    // The original form is malformed now.
    client.send({ type: "ping", numPongBytes: 3, ignored: new Uint8Array(0) });
    expect((await client.ended()).by).toBe("network");
  });

  test("take the place of one of the same name and another number", async () => {
    const pong: MessageCodec<Pong> = message(32_771, "pong", { ignored: bytes16 });
    const [client] = await clientOf(new LoopbackLightningNode({ messages: [pong] }));
    client.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
    expect(await nextFrames(client, 1)).toEqual([Uint8Array.of(0x80, 3, 0, 1, 0)]);
  });

  test("can go wrong by type, too", async () => {
    const node = new LoopbackLightningNode({
      messages: [hello],
      faults: [{ on: "hello", do: { replace: { type: "hello", volume: 0 } } }],
    });
    const [client, connection] = await clientOf(node);
    connection.send({ type: "hello", volume: 9 });
    expect(await nextFrames(client, 1)).toEqual([Uint8Array.of(0x80, 0x02, 0)]);
  });

  test("that share a number are refused", () => {
    const other: MessageCodec<MessageBase<"other">> = message(32_770, "other", {});
    expect(() => new LoopbackLightningNode<MessageBase>({ messages: [hello, other] })).toThrow(
      RangeError,
    );
  });
});

describe("handlers", () => {
  test("get the messages of their type after the node's own answer, until they are taken back", async () => {
    const seen: string[] = [];
    const node = new LoopbackLightningNode({
      onMessage: ({ type }) => seen.push(`any ${type}`),
    });
    const [client, connection] = await clientOf(node);
    const first = node.on("ping", (ping: Ping, from) => {
      seen.push(
        `first ${ping.numPongBytes} ${from === connection} ${connection.sent.counts["pong"]}`,
      );
    });
    node.on("ping", () => seen.push("second"));
    seen.length = 0;
    await pingOnce(client, 3);
    expect(seen).toEqual(["any ping", "first 3 true 1", "second"]);
    first[Symbol.dispose]();
    seen.length = 0;
    await pingOnce(client, 4);
    expect(seen).toEqual(["any ping", "second"]);
  });
});

describe("what is sent first", () => {
  test("may be several messages and bytes", async () => {
    const warning = {
      type: "warning",
      channelId: new Uint8Array(32),
      data: new Uint8Array(0),
    } as const;
    const init = { ...plainInit, networks: [chainHashOf("mainnet")] } as typeof plainInit;
    const node = new LoopbackLightningNode({ init: [warning, Uint8Array.of(0x80, 1), init] });
    const [theirs, ours] = memoryPair();
    node.attach(theirs);
    const client = rawClient(ours, node.publicKey);
    const frames = await nextFrames(client, 3);
    expect(frames).toEqual([encodeMessage(warning), Uint8Array.of(0x80, 1), encodeMessage(init)]);
  });

  test.each([
    ["192.0.2.7:9735", { type: "ipv4", address: Uint8Array.of(192, 0, 2, 7), port: 9735 }],
    [
      "[2001:db8::1]:9736",
      {
        type: "ipv6",
        address: Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
        port: 9736,
      },
    ],
    ["node.example:9735", undefined],
  ])("says that the peer is at %s, if it is asked to", async (text, remoteAddr) => {
    const here = parseHostPort("127.0.0.1:1");
    for (const tellsRemoteAddress of [true, false]) {
      const node = new LoopbackLightningNode({ tellsRemoteAddress });
      const [theirs, ours] = memoryPair({ addresses: [here, parseHostPort(text)] });
      const connection = node.attach(theirs);
      const client = rawClient(ours, node.publicKey);
      const init = (await next(client)) as { remoteAddr?: unknown };
      expect(init.remoteAddr).toEqual(tellsRemoteAddress ? remoteAddr : undefined);
      expect(connection.remoteAddress).toEqual(parseHostPort(text));
      expect(connection.localAddress).toEqual(here);
    }
  });
});

describe("connections", () => {
  test("are given out once each, in the order in which they became ready", async () => {
    const node = new LoopbackLightningNode();
    const next = node.nextConnection();
    const [, first] = await clientOf(node);
    const [, second] = await clientOf(node);
    expect(await next).toBe(first);
    expect(await node.nextConnection()).toBe(second);
    const [, third] = await clientOf(node);
    third.destroy();
    await third.closed;
    const none = node.nextConnection();
    await node.close();
    await expect(none).rejects.toMatchObject({
      name: "AssertionError",
      message: "the node was closed before a connection",
    });
  });

  test("are not ready before the peer's init", async () => {
    const clock = new VirtualClock();
    const node = new LoopbackLightningNode({ clock });
    const [theirs, ours] = memoryPair();
    const connection = node.attach(theirs);
    const client = rawClient(ours, node.publicKey);
    await client.established();
    await settle();
    expect([connection.isReady, connection.remoteInit]).toEqual([false, undefined]);
    const ready = expect(connection.ready({ timeoutMs: 5 })).rejects.toThrow("the peer's init");
    await clock.advance(5);
    await ready;
    client.send(plainInit);
    await connection.ready();
    expect(connection.isReady).toBe(true);
  });

  test("with bytes below the encryption end at the peer", async () => {
    const [client, connection] = await clientOf(new LoopbackLightningNode());
    connection.send({ type: "ping", numPongBytes: 0, ignored: new Uint8Array(0) });
    connection.sendBytes(new Uint8Array(18));
    expect(await client.ended()).toMatchObject({ by: "framing", error: { code: "header_tag" } });
    expect(client.frames.length).toBe(1); // what was sent before had come
  });

  test("use the crypto they are given, on both sides", async () => {
    let keys = 0;
    const crypto = {
      ...nobleCrypto,
      randomPrivateKey() {
        keys++;
        return nobleCrypto.randomPrivateKey();
      },
    };
    const [one, two] = [
      new LoopbackLightningNode({ crypto }),
      new LoopbackLightningNode({ crypto }),
    ];
    await link(one, two);
    expect(keys).toBe(4); // two of the nodes, two of the handshake
  });
});

describe("dialing", () => {
  const { publicKey } = new LoopbackLightningNode();
  const target = { publicKey, address: parseHostPort("127.0.0.1:9") };

  test("fails as the dialer does", async () => {
    const { dialer } = new MemoryNetwork();
    const node = new LoopbackLightningNode();
    await expect(node.dial(target, { dialer })).rejects.toMatchObject({
      code: "refused",
    });
  });

  test("is given up with its signal, and when the node is closed", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const dialer = (_: unknown, options?: { signal?: AbortSignal | undefined }) => {
      signals.push(options?.signal);
      return new Promise<never>((_resolve, reject) => {
        options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    };
    const node = new LoopbackLightningNode();
    const gone = new AbortController();
    const aborted = node.dial(target, { dialer, signal: gone.signal });
    gone.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    const closed = node.dial(target, { dialer });
    const rejected = expect(closed).rejects.toMatchObject({ name: "NetError", code: "closed" });
    await node.close();
    await rejected;
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    await expect(node.dial(target, { dialer })).rejects.toMatchObject({
      code: "closed",
    });
    expect(signals.length).toBe(2);
  });

  test("another key than the node's fails in act one", async () => {
    const network = new MemoryNetwork();
    const [one, two] = [new LoopbackLightningNode(), new LoopbackLightningNode()];
    const { address } = await two.listen({ listen: network.listen });
    const connection = await one.dial({ address, publicKey }, { dialer: network.dialer });
    await expect(connection.ready()).rejects.toMatchObject({ name: "AssertionError" });
    expect(await connection.closed).toMatchObject({ by: "network", error: { code: "reset" } });
  });

  test("a key that is none is refused, and the stream is dropped", async () => {
    const [theirs, ours] = memoryPair();
    const node = new LoopbackLightningNode();
    expect(() => node.attach(theirs, { remoteKey: new Uint8Array(33) })).toThrow(
      expect.objectContaining({ name: "KeyError" }),
    );
    const ended = new Promise((resolve) => {
      ours.start({
        onData() {},
        onEnd() {},
        onDrain() {},
        onClose: (error) => resolve(error?.code),
      });
    });
    expect(await ended).toBe("reset");
    expect(node.connections).toEqual([]);
  });
});

test.each<[string, object]>([
  ["relayEveryMs", { relayEveryMs: -1 }],
  ["relayEveryMs", { relayEveryMs: Number.NaN }],
  ["pingEveryMs", { pingEveryMs: Infinity }],
  ["pongTimeoutMs", { pongTimeoutMs: -5 }],
  ["verifies", { verifies: "hashes" }],
  ["idsPerReply", { idsPerReply: 8001 }],
  ["on", { faults: [{ on: "", do: "drop" }] }],
])("an option that cannot be used is refused: %s", (name, options) => {
  expect(() => new LoopbackLightningNode(options)).toThrow(RangeError);
  expect(() => new LoopbackLightningNode(options)).toThrow(name);
});
