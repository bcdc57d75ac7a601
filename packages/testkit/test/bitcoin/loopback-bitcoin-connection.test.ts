import { type BitcoinMessage, checkProofOfWork, networks } from "@satwire/btcwire";
import { type Dialer, MemoryNetwork, memoryPair, parseHostPort } from "@satwire/net";
import { describe, expect, test } from "vitest";
import {
  AssertionError,
  type BitcoinMisbehaviour,
  bitcoinMisbehaviours,
  createRng,
  FakeChain,
  LoopbackBitcoinNode,
  type LoopbackBitcoinNodeOptions,
  settle,
  VirtualClock,
} from "../../src/index.ts";
import { BitcoinClient, clientVersion } from "../support/bitcoin-client.ts";

const rng = createRng("connection");
const ping = (nonce: bigint): BitcoinMessage => ({ type: "ping", nonce });
const zeros = new Uint8Array(32);

async function join(
  options: LoopbackBitcoinNodeOptions = {},
  protocol: "v1" | "v2" = "v1",
): Promise<
  { node: LoopbackBitcoinNode } & AsyncDisposable & Awaited<ReturnType<typeof BitcoinClient.join>>
> {
  const node = new LoopbackBitcoinNode({ rng, ...options });
  const joined = await BitcoinClient.join(node, { protocol });
  return { ...joined, node, [Symbol.asyncDispose]: () => node.close() };
}

describe("what a test does with a connection", () => {
  test("it waits for messages, and looks at what came and went", async () => {
    await using peer = await join();
    const { client, connection } = peer;
    const waiting = connection.received.waitFor("ping", ({ nonce }) => nonce === 7n);
    client.send(ping(6n), ping(7n));
    expect(await waiting).toEqual(ping(7n));
    expect(connection.received.counts).toMatchObject({ version: 1, verack: 1, ping: 3 });
    await connection.sent.waitFor("pong", ({ nonce }) => nonce === 7n);
    const late = connection.received.waitFor("getaddr", undefined, { timeoutMs: 1 });
    await expect(late).rejects.toThrow(AssertionError);
  });

  test("it is told of each message", async () => {
    const told: string[] = [];
    const node = new LoopbackBitcoinNode({ rng, onMessage: ({ type }) => told.push(type) });
    await using _node = node;
    await BitcoinClient.join(node);
    expect(told).toEqual(["version", "verack", "ping"]);
  });

  test("it sends messages, and bytes as they are", async () => {
    await using peer = await join();
    const { client, connection } = peer;
    expect(connection.send({ type: "unknown", command: "hi", payload: zeros })).toBe(true);
    expect(await client.take("unknown")).toMatchObject({ command: "hi" });
    expect(() => connection.send(ping(-1n))).toThrow("ping.nonce");
    connection.sendBytes(networks.mainnet.magic);
    expect(await client.closed).toMatchObject({ error: { code: "wrong_network" } });
  });

  test("it syncs: the peer has handled what was sent", async () => {
    await using peer = await join();
    const { client, connection, node } = peer;
    let synced = false;
    const done = node.sync().then(() => (synced = true));
    const { nonce } = await client.take("ping");
    client.send({ type: "pong", nonce: nonce! ^ 1n }, { type: "pong" });
    await client.sync();
    expect(synced).toBe(false);
    client.send({ type: "pong", nonce: nonce! });
    await done;
    await expect(connection.sync({ timeoutMs: 1 })).rejects.toThrow("waited 1 ms for the pong");
  });

  test("it stops reading, and goes on", async () => {
    await using peer = await join();
    const { client, connection } = peer;
    connection.pauseReading();
    client.send(ping(5n));
    await settle();
    expect(client.messages).toEqual([]);
    connection.resumeReading();
    expect(await client.take("pong")).toEqual({ type: "pong", nonce: 5n });
  });

  test("it ends it, in order or not", async () => {
    await using peer = await join();
    peer.connection.send(ping(1n));
    const ended = peer.connection.disconnect();
    expect(await peer.client.take("ping")).toEqual(ping(1n));
    expect([await ended, await peer.client.closed]).toEqual([{ by: "us" }, { by: "peer" }]);
    expect(peer.connection.send(ping(2n))).toBe(false);
    expect([peer.connection.isReady, peer.node.connections]).toEqual([false, []]);
    const { client, connection } = await BitcoinClient.join(peer.node);
    connection.destroy();
    expect(await client.closed).toMatchObject({ error: { code: "reset" } });
  });

  test("it sees how the peer ended it", async () => {
    await using peer = await join();
    peer.client.raw.end();
    expect(await peer.connection.closed).toEqual({ by: "peer" });
  });
});

describe("faults", () => {
  test("of a node happen on its connections, those of a connection first", async () => {
    const faults = [{ on: "pong", do: "drop", times: 1, skip: 1 }] as const;
    await using peer = await join({ faults });
    const { client, connection } = peer;
    using _double = connection.faults.add({ on: "pong", do: { duplicate: 1 }, times: 1 });
    client.send(ping(1n), ping(2n), ping(3n));
    await client.sync();
    const nonces = client.messages.map((message) => message.type === "pong" && message.nonce);
    expect(nonces).toEqual([1n, 1n, 2n, 3n].filter((nonce) => nonces.includes(nonce)));
    expect(nonces.filter((nonce) => nonce === 1n)).toHaveLength(2);
  });

  test("delay, replace and close what is sent", async () => {
    const clock = new VirtualClock();
    await using peer = await join({ clock });
    const { client, connection } = peer;
    const delay = connection.faults.add({ on: "pong", do: { delayMs: 1000 }, times: 1 });
    client.send(ping(1n));
    await settle();
    expect(client.messages).toEqual([]);
    await clock.advance(1000);
    expect(await client.take("pong")).toEqual({ type: "pong", nonce: 1n });
    delay[Symbol.dispose]();
    connection.faults.add({ on: "headers", do: { replace: { type: "headers", headers: [] } } });
    connection.faults.add({ on: "inv", do: "closeAfter" });
    peer.node.chain.mine();
    expect(await client.take("inv")).toBeTruthy();
    expect(await client.closed).toMatchObject({ by: "peer" });
  });

  test("drop what comes", async () => {
    const faults = [{ on: "verack", direction: "received", do: "drop" }] as const;
    await using node = new LoopbackBitcoinNode({ rng, faults });
    const { client, connection } = BitcoinClient.dial(node);
    await client.greet();
    await settle();
    expect([connection.isReady, connection.received.counts["verack"]]).toEqual([false, undefined]);
  });

  test("of bytes in place of a message are put on the wire", async () => {
    await using peer = await join();
    peer.connection.faults.add({ on: "pong", do: { replace: networks.mainnet.magic } });
    peer.client.send(ping(1n));
    expect(await peer.client.closed).toMatchObject({ error: { code: "wrong_network" } });
  });
});

describe("misbehaviour", () => {
  /** What each does, seen from the client; there is one for each name. */
  const cases: Record<
    BitcoinMisbehaviour,
    (node: LoopbackBitcoinNode, protocol: "v1" | "v2") => Promise<void>
  > = {
    async noVersion(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      client.send(clientVersion());
      await client.take("verack");
      expect(client.messages.map(({ type }) => type)).toEqual(["wtxidrelay", "sendaddrv2"]);
    },
    async noVerack(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      client.send(clientVersion());
      await client.take("sendaddrv2");
      await settle();
      expect(client.messages.map(({ type }) => type)).toEqual(["version", "wtxidrelay"]);
    },
    async neverPongs(node, protocol) {
      const { client, connection } = await greeted(node, protocol);
      client.send(ping(1n));
      await connection.received.waitFor("ping");
      await settle();
      expect(client.messages).toEqual([]);
    },
    async wrongPongs(node, protocol) {
      const { client } = await greeted(node, protocol);
      client.send(ping(4n));
      expect(await client.take("pong")).toEqual({ type: "pong", nonce: 5n });
    },
    async shortPongs(node, protocol) {
      const { client } = await greeted(node, protocol);
      client.send(ping(4n));
      expect(await client.take("pong")).toEqual({ type: "pong" });
    },
    async selfNonce(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      client.send(clientVersion({ nonce: 99n }));
      expect((await client.take("version")).nonce).toBe(99n);
    },
    async lateNegotiation(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      await client.greet();
      await client.take("sendaddrv2");
      await client.take("sendaddrv2");
    },
    async wrongMagic(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      client.send(clientVersion());
      const code = protocol === "v1" ? "wrong_network" : "packet_tag";
      expect(await client.closed).toMatchObject({ error: { code } });
    },
    async badChecksum(node, protocol) {
      const { client } = BitcoinClient.dial(node, { protocol });
      client.send(clientVersion());
      if (protocol === "v1") {
        await settle();
        expect(client.raw.events.flatMap((each) => ("reason" in each ? each.reason : []))).toEqual(
          Array.from({ length: 4 }, () => "checksum"),
        );
      } else expect(await client.closed).toMatchObject({ error: { code: "packet_tag" } });
    },
    async neverReads(node, protocol) {
      const { client, connection } = await greeted(node, protocol);
      client.send(ping(4n));
      await settle();
      expect(connection.received.counts["ping"]).toBe(undefined);
    },
    async neverAnswers(node, protocol) {
      const { client } = await greeted(node, protocol);
      const request = { version: 70016, locator: [], hashStop: node.chain.tip.hash };
      expect(await client.ask({ type: "getheaders", ...request })).toEqual([]);
    },
    async badProofOfWork(node, protocol) {
      const { client } = await greeted(node, protocol);
      const request = { version: 70016, locator: [zeros], hashStop: zeros };
      const [answer] = await client.ask({ type: "getheaders", ...request });
      const works =
        answer?.type === "headers" && answer.headers.map((each) => checkProofOfWork(each));
      expect(works).toEqual([false, false, false]);
    },
    async repeatsAnnouncements(node, protocol) {
      const { client } = await greeted(node, protocol);
      node.chain.mine();
      expect(await client.take("inv")).toEqual(await client.take("inv"));
    },
  };

  const greeted = async (
    node: LoopbackBitcoinNode,
    protocol: "v1" | "v2",
  ): Promise<ReturnType<typeof BitcoinClient.dial>> => {
    const joined = BitcoinClient.dial(node, { protocol });
    await joined.client.greet();
    await joined.connection.ready();
    await joined.client.take("sendcmpct");
    joined.client.raw.takeEvents();
    return joined;
  };

  test("has a test for each name", () => {
    expect(Object.keys(cases)).toEqual(bitcoinMisbehaviours);
  });

  test.each(bitcoinMisbehaviours.flatMap((name) => [[name, "v1"] as const, [name, "v2"] as const]))(
    "%s over %s",
    async (name, protocol) => {
      const chain = FakeChain.generate({ blocks: 3, seed: 41 });
      await using node = new LoopbackBitcoinNode({ chain, rng, misbehaves: [name] });
      await cases[name](node, protocol);
    },
  );
});

describe("a node", () => {
  const address = parseHostPort("10.0.0.1:18444");

  test("listens, and dials another one", async () => {
    const network = new MemoryNetwork();
    await using one = new LoopbackBitcoinNode({ rng: createRng(1) });
    await using two = new LoopbackBitcoinNode({ rng: createRng(2), transport: "v2" });
    expect(await one.listen({ listen: network.listen, address })).toEqual(address);
    const outgoing = await two.dial(address, { dialer: network.dialer });
    const incoming = await one.nextConnection();
    await outgoing.sync();
    await incoming.sync();
    expect([outgoing.protocol, incoming.protocol]).toEqual(["v2", "v2"]);
    expect(outgoing.sessionId).toEqual(incoming.sessionId);
    expect(outgoing.remoteAddress).toEqual(address);
    await expect(
      two.dial(parseHostPort("10.0.0.2:1"), { dialer: network.dialer }),
    ).rejects.toMatchObject({ code: "refused" });
  });

  test("takes as many connections as it is told to", async () => {
    const network = new MemoryNetwork();
    await using node = new LoopbackBitcoinNode({ rng });
    await node.listen({ listen: network.listen, address, maxConnections: 1 });
    new BitcoinClient(await network.dialer(address));
    const second = new BitcoinClient(await network.dialer(address));
    expect(await second.closed).toMatchObject({ by: "network" });
    expect(node.connections).toHaveLength(1);
  });

  test("drops all connections when it is closed, and takes none any more", async () => {
    const network = new MemoryNetwork();
    const node = new LoopbackBitcoinNode({ rng });
    await node.listen({ listen: network.listen, address });
    const { client } = await BitcoinClient.join(node);
    await node.nextConnection();
    const waiting = node.nextConnection();
    const closing = node.close();
    expect(node.close()).toBe(closing);
    await closing;
    expect(await client.closed).toMatchObject({ by: "network" });
    await expect(waiting).rejects.toThrow("the node was closed before a connection");
    await expect(node.listen({ listen: network.listen, address })).rejects.toMatchObject({
      code: "closed",
    });
    const [ours, theirs] = memoryPair();
    node.attach(theirs);
    expect(await new BitcoinClient(ours).closed).toMatchObject({ by: "network" });
    await expect(network.dialer(address)).rejects.toMatchObject({ code: "refused" });
    const [, open] = memoryPair();
    await expect(node.dial(address, { dialer: async () => open })).rejects.toMatchObject({
      code: "closed",
    });
  });

  test("gives up dialing when it is closed", async () => {
    const node = new LoopbackBitcoinNode({ rng });
    const signals: AbortSignal[] = [];
    const dialer: Dialer = (_, { signal } = {}) =>
      new Promise((_resolve, reject) => {
        signals.push(signal!);
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    const dialing = node.dial(address, { dialer });
    const closing = node.close();
    await expect(dialing).rejects.toMatchObject({ code: "closed" });
    await closing;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("gives out each connection once, oldest first", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const first = await BitcoinClient.join(node);
    const second = await BitcoinClient.join(node);
    const gone = await BitcoinClient.join(node);
    gone.client.raw.destroy();
    await gone.connection.closed;
    expect(await node.nextConnection()).toBe(first.connection);
    expect(await node.nextConnection()).toBe(second.connection);
    await expect(node.nextConnection({ timeoutMs: 1 })).rejects.toThrow("a connection");
  });

  test("leaves no timer behind", async () => {
    const clock = new VirtualClock();
    await using peer = await join({ clock });
    await settle();
    expect(clock.pending).toHaveLength(0);
    BitcoinClient.dial(peer.node);
    expect(clock.pending).toHaveLength(1);
    await peer.node.close();
    expect(clock.pending).toHaveLength(0);
  });
});
