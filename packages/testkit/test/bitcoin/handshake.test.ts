import { type BitcoinMessage, networks, serviceNamesOf } from "@satwire/btcwire";
import { memoryPair } from "@satwire/net";
import { describe, expect, test } from "vitest";
import {
  AssertionError,
  createRng,
  FakeChain,
  LoopbackBitcoinNode,
  type LoopbackBitcoinNodeOptions,
  settle,
  VirtualClock,
} from "../../src/index.ts";
import { BitcoinClient, clientVersion } from "../support/bitcoin-client.ts";

const rng = createRng("handshake");
const types = (client: BitcoinClient): string[] => client.messages.map(({ type }) => type);
const verack: BitcoinMessage = { type: "verack" };

describe.each(["v1", "v2"] as const)("over %s", (protocol) => {
  test("a client that dials is greeted in the order of Bitcoin Core", async () => {
    const chain = FakeChain.generate({ blocks: 3, seed: 1 });
    await using node = new LoopbackBitcoinNode({ chain, rng, feerate: 1000n });
    const { client, connection } = BitcoinClient.dial(node, { protocol });
    await settle();
    expect(client.messages).toEqual([]);
    expect([connection.isReady, connection.isOutgoing]).toEqual([false, false]);
    client.send(clientVersion({ startHeight: 7 }));
    const version = await client.take("version");
    await settle();
    expect(types(client)).toEqual(["wtxidrelay", "sendaddrv2", "verack"]);
    client.send(verack);
    await connection.ready();
    await client.take("feefilter");
    expect(types(client)).toEqual(["wtxidrelay", "sendaddrv2", "verack", "sendcmpct"]);
    expect(version).toMatchObject({
      version: 70016,
      startHeight: 3,
      relay: true,
      userAgent: "/satwire-testkit/",
    });
    expect(serviceNamesOf(version.services)).toEqual([
      "network",
      "bloom",
      "witness",
      "compactFilters",
      "networkLimited",
      "p2pV2",
    ]);
    expect(connection.remoteVersion).toMatchObject({ startHeight: 7, userAgent: "/client/" });
    expect(connection.protocol).toBe(protocol);
    expect(connection.sessionId).toEqual(client.transport.sessionId);
    expect(await node.nextConnection()).toBe(connection);
    expect(connection.sent.counts).toMatchObject({ version: 1, verack: 1, feefilter: 1 });
  });

  test("a node that dials says version first, and answers the one it gets", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const [ours, theirs] = memoryPair();
    const client = new BitcoinClient(ours, { protocol }, false);
    const connection = node.attach(theirs, { isOutgoing: true, transport: protocol });
    expect(connection.isOutgoing).toBe(true);
    await client.take("version");
    expect(client.messages).toEqual([]);
    client.send(clientVersion(), verack);
    await connection.ready();
    await client.take("sendcmpct");
    expect(types(client)).toEqual(["wtxidrelay", "sendaddrv2", "verack"]);
  });
});

describe("what was agreed on", () => {
  test.each([
    [70015, ["version", "verack", "sendcmpct"]],
    [70013, ["version", "verack", "feefilter"]],
    [70012, ["version", "verack"]],
    [31800, ["version", "verack"]],
  ])("is what version %i has", async (version, expected) => {
    await using node = new LoopbackBitcoinNode({
      rng,
      feerate: version === 70013 ? 1n : undefined,
    });
    const { client, connection } = BitcoinClient.dial(node);
    client.send(clientVersion({ version }), verack);
    await connection.ready();
    await settle();
    expect(types(client)).toEqual(expected);
  });

  test("is what the node is told to say", async () => {
    const options = { version: 70012, services: 9n, userAgent: "/x:1/", relay: false } as const;
    const clock = new VirtualClock();
    await using node = new LoopbackBitcoinNode({ rng, clock, ...options });
    const { client } = BitcoinClient.dial(node);
    client.send(clientVersion());
    const version = await client.take("version");
    expect(version).toMatchObject({
      ...options,
      timestamp: BigInt(Math.floor(clock.now() / 1000)),
    });
    await client.take("verack");
    expect(types(client)).toEqual([]);
  });

  test("is repeatable with a seed", async () => {
    const nonces: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      await using node = new LoopbackBitcoinNode({ rng: createRng(5) });
      const { client } = BitcoinClient.dial(node);
      client.send(clientVersion());
      nonces.push((await client.take("version")).nonce);
    }
    expect(nonces[0]).toBe(nonces[1]);
  });
});

describe("a peer is not talked to any more", () => {
  const early = (count: number): BitcoinMessage[] =>
    Array.from({ length: count }, () => ({ type: "getaddr" }));
  test.each<[string, readonly BitcoinMessage[]]>([
    ["version_expected", [{ type: "ping", nonce: 1n }]],
    ["version_expected", [verack]],
    ["version_expected", [{ type: "wtxidrelay" }]],
    ["obsolete_version", [clientVersion({ version: 31799 })]],
    ["early_messages", [clientVersion(), ...early(101)]],
    ["late_negotiation", [clientVersion(), verack, { type: "sendaddrv2" }]],
    ["late_negotiation", [clientVersion(), verack, { type: "wtxidrelay" }]],
    [
      "late_negotiation",
      [
        clientVersion(),
        verack,
        { type: "feature", featureid: "TEST", featuredata: new Uint8Array(0) },
      ],
    ],
    [
      "malformed_message",
      [clientVersion(), verack, { type: "unknown", command: "ping", payload: new Uint8Array(3) }],
    ],
    [
      "malformed_message",
      [clientVersion(), { type: "unknown", command: "inv", payload: Uint8Array.of(1) }],
    ],
  ])("%s", async (violation, messages) => {
    // To BIP 324 what does not begin with a v1 `version` is a key.
    await using node = new LoopbackBitcoinNode({ rng, transport: "v1" });
    const { client, connection } = BitcoinClient.dial(node);
    client.send(...messages);
    expect(await connection.closed).toEqual({ by: "us" });
    expect(connection.violation).toBe(violation);
    expect(await client.closed).toMatchObject({ by: "network", error: { code: "reset" } });
    expect(node.connections).toEqual([]);
  });

  test("when it is the node itself", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const [one, two] = memoryPair();
    const inbound = node.attach(one);
    const outbound = node.attach(two, { isOutgoing: true });
    await Promise.all([inbound.closed, outbound.closed]);
    expect([inbound.violation, outbound.violation]).toEqual(["self_connection", undefined]);
    // The nonce of a connection that is gone means nothing.
    const { nonce } = (outbound.sent.messages[0] ?? {}) as { nonce?: bigint };
    await BitcoinClient.join(node, { version: { nonce: nonce! } });
  });

  test("after a minute without verack, or what the node was told", async () => {
    for (const [handshakeTimeoutMs, waitMs] of [
      [undefined, 60_000],
      [500, 500],
    ] as const) {
      const clock = new VirtualClock();
      await using node = new LoopbackBitcoinNode({ rng, clock, handshakeTimeoutMs });
      const { client, connection } = BitcoinClient.dial(node);
      client.send(clientVersion());
      await clock.advance(waitMs - 1);
      expect(node.connections).toHaveLength(1);
      await clock.advance(1);
      await connection.closed;
      expect(connection.violation).toBe("handshake_timeout");
    }
  });

  test("which nobody can wait for then", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client, connection } = BitcoinClient.dial(node);
    const ready = connection.ready();
    client.raw.destroy();
    await expect(ready).rejects.toThrow(AssertionError);
    await expect(ready).rejects.toThrow(
      "the connection was ended by network before the peer's verack",
    );
  });
});

describe("what comes at the wrong time", () => {
  test("before verack is ignored and counted, but for sendheaders and sendcmpct", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client, connection } = BitcoinClient.dial(node);
    client.send(
      clientVersion(),
      { type: "getaddr" },
      { type: "ping", nonce: 3n },
      { type: "sendheaders" },
      { type: "sendcmpct", announce: false, version: 2n },
      clientVersion({ version: 209 }),
      verack,
      verack,
      clientVersion(),
    );
    await client.sync();
    expect(connection.ignored).toEqual({ handshake: 5 });
    expect(connection.remoteVersion?.version).toBe(70016);
    expect(connection.violation).toBe(undefined);
    expect(types(client)).not.toContain("pong");
    const [locator, hashStop] = [node.chain.locator(), new Uint8Array(32)];
    client.send({ type: "getheaders", version: 70016, locator, hashStop });
    expect((await client.take("headers")).headers).toEqual([]);
    node.chain.mine();
    expect((await client.take("headers")).headers).toHaveLength(1);
  });

  test("an unknown command is seen and has no effect", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client, connection } = await BitcoinClient.join(node);
    const message = { type: "unknown", command: "hello", payload: Uint8Array.of(1) } as const;
    expect(await client.ask(message)).toEqual([]);
    expect(await connection.received.waitFor("unknown")).toEqual(message);
  });

  test("a frame with a wrong checksum or a command that is none is ignored", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client, connection } = await BitcoinClient.join(node);
    const frame = (at: number): Uint8Array => {
      const bytes = client.transport.encode({ type: "getaddr" }).slice();
      bytes[at] = 0x80;
      return bytes;
    };
    client.raw.sendBytes(frame(20));
    client.raw.sendBytes(frame(4));
    await client.sync();
    expect(connection.ignored).toEqual({ checksum: 1, command: 1 });
  });

  test("a malformed payload is ignored by a node that is told to", async () => {
    await using node = new LoopbackBitcoinNode({ rng, malformed: "ignore" });
    const { client, connection } = await BitcoinClient.join(node);
    const malformed = { type: "unknown", command: "inv", payload: Uint8Array.of(9) } as const;
    expect(await client.ask(malformed)).toEqual([]);
    expect([connection.ignored, connection.violation]).toEqual([{ malformed: 1 }, undefined]);
  });

  test("bytes of another network, and too many, end the connection", async () => {
    await using node = new LoopbackBitcoinNode({ rng, transport: "v1" });
    for (const bytes of [
      networks.mainnet.magic,
      Uint8Array.of(...networks.regtest.magic, ...new Uint8Array(12), 1, 9, 61, 0, 0, 0, 0, 0),
    ]) {
      const { client, connection } = BitcoinClient.dial(node);
      client.raw.sendBytes(bytes);
      expect(await connection.closed).toMatchObject({ by: "framing" });
      expect(await client.closed).toMatchObject({ by: "network" });
    }
  });
});

describe("a node of one transport", () => {
  test("v2 refuses v1", async () => {
    await using node = new LoopbackBitcoinNode({ rng, transport: "v2" });
    const { client, connection } = BitcoinClient.dial(node);
    client.send(clientVersion());
    await connection.closed;
    expect(connection.violation).toBe("v1_refused");
    await BitcoinClient.join(node, { protocol: "v2" });
  });

  test("v1 does not understand v2, and does not offer it", async () => {
    await using node = new LoopbackBitcoinNode({ rng, transport: "v1" });
    const { client } = BitcoinClient.dial(node, { protocol: "v2" });
    await client.closed;
    expect(client.transport.shouldRetryV1).toBe(true);
    const { connection } = await BitcoinClient.join(node);
    const version = await connection.sent.waitFor("version");
    expect(serviceNamesOf(version.services)).not.toContain("p2pV2");
  });
});

test.each<[LoopbackBitcoinNodeOptions, string]>([
  [{ misbehaves: ["noSense" as "neverPongs"] }, "no node misbehaves as noSense"],
  [{ transport: "v3" as "v2" }, "transport is v3"],
  [{ handshakeTimeoutMs: 0 }, "handshakeTimeoutMs is 0"],
  [{ userAgent: "x".repeat(257) }, "at most 256 bytes"],
  [{ faults: [{ on: "ping", do: "explode" as "drop" }] }, '"explode"'],
])("an option that is none is refused: %#", (options, text) => {
  expect(() => new LoopbackBitcoinNode(options)).toThrow(RangeError);
  expect(() => new LoopbackBitcoinNode(options)).toThrow(text);
});
