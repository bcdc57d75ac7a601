import { EncodeError, fromHex, networks, V1Transport, V2Transport } from "@satwire/btcwire";
import { MemoryNetwork, memoryPair, parseHostPort } from "@satwire/net";
import { type PlainMessage, RawBitcoinConnection, RawListener } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { bitcoinOptions, bitcoinTransports, rawBitcoinPair } from "../support/raw-pairs.ts";

const ping = (nonce: bigint) => ({ type: "ping", nonce }) as const;

describe.each(["v1", "v2"] as const)("a raw Bitcoin connection over %s", (protocol) => {
  test("carries messages both ways, also those that are sent before it is established", async () => {
    await using pair = rawBitcoinPair(protocol);
    const { dialed, called } = pair;
    expect(dialed.isEstablished).toBe(protocol === "v1");
    dialed.send(ping(1n), { type: "verack" });
    expect(await called.take("verack")).toEqual({ type: "verack" });
    called.send({ type: "unknown", command: "mine", payload: Uint8Array.of(1) });
    expect(await dialed.take("unknown", ({ command }) => command === "mine")).toEqual({
      type: "unknown",
      command: "mine",
      payload: Uint8Array.of(1),
    });
    expect(called.messages).toEqual([ping(1n)]);
    expect([called.count("ping"), called.count("verack")]).toEqual([1, 0]);
    expect(called.events.map(({ type }) => type)).toEqual(["ready", "message"]);
    expect(dialed.transport.protocol).toBe(protocol);
    expect(dialed.transport.sessionId).toEqual(called.transport.sessionId);
    expect(dialed.transport.sessionId?.length).toBe(protocol === "v2" ? 32 : undefined);
  });

  test("takeEvents takes all that fit", async () => {
    await using pair = rawBitcoinPair(protocol);
    const { dialed, called } = pair;
    dialed.send(ping(1n), { type: "verack" }, ping(2n));
    await called.until(() => called.count("ping") === 2, "two pings");
    const isPing = (event: (typeof called.events)[number]): boolean =>
      event.type === "message" && event.message.type === "ping";
    expect(called.takeEvents(isPing)).toMatchObject([{ message: ping(1n) }, { message: ping(2n) }]);
    expect(called.messages).toEqual([{ type: "verack" }]);
    expect(await called.takeEvent()).toMatchObject({ type: "ready", protocol });
  });

  test("sync waits for the answer to its own ping", async () => {
    await using pair = rawBitcoinPair(protocol);
    const { dialed, called } = pair;
    const synced = dialed.sync();
    const { nonce } = await called.take("ping");
    called.send({ type: "pong", nonce: 9n }, { type: "pong", nonce: nonce as bigint });
    await synced;
    expect(dialed.messages).toEqual([{ type: "pong", nonce: 9n }]);
    const again = dialed.sync();
    expect((await called.take("ping")).nonce).not.toBe(nonce);
    called.destroy();
    await expect(again).rejects.toThrow(/before the pong; not taken: ready, pong$/);
  });

  test("bytes keep their place between messages", async () => {
    const [near, far] = memoryPair();
    const [dialing, answering] = bitcoinTransports[protocol]();
    await using dialed = RawBitcoinConnection.start(near, { transport: dialing });
    await using called = RawBitcoinConnection.start(far, { transport: answering });
    await dialed.established();
    dialed.send(ping(1n));
    dialed.sendBytes(dialing.encode(ping(2n)));
    dialed.send(ping(3n), ping(4n));
    await called.until(() => called.count("ping") === 4, "four pings");
    expect(called.messages).toEqual([ping(1n), ping(2n), ping(3n), ping(4n)]);
  });

  test("an observer and plain messages", async () => {
    await using pair = rawBitcoinPair(protocol);
    const { dialed, called } = pair;
    const seen: [string, PlainMessage][] = [];
    using _observation = called.observe((direction, message) => seen.push([direction, message]));
    dialed.sendPlain({ type: "ping", bytes: fromHex("0100000000000000") });
    expect(await called.take("ping")).toEqual(ping(1n));
    called.sendPlain({ type: "mine", bytes: Uint8Array.of(5) });
    const mine = { type: "mine", bytes: Uint8Array.of(5) };
    expect(await dialed.nextPlain()).toEqual(mine);
    expect(seen).toEqual([
      ["received", { type: "ping", bytes: fromHex("0100000000000000") }],
      ["sent", mine],
    ]);
    expect(() => dialed.sendPlain({ type: "more than twelve", bytes: mine.bytes })).toThrow(
      EncodeError,
    );
  });

  test("nextMessage gives all messages, then the end", async () => {
    await using pair = rawBitcoinPair(protocol);
    pair.dialed.send(ping(1n), ping(2n));
    expect(await pair.called.nextMessage()).toEqual(ping(1n));
    expect(await pair.called.nextMessage()).toEqual(ping(2n));
    pair.dialed.end();
    expect(await pair.called.nextMessage()).toBeUndefined();
    expect(await pair.called.ended()).toEqual({ by: "peer" });
  });

  test("malformed payloads are events where the transport reports them", async () => {
    const [near, far] = memoryPair();
    const [dialing] = bitcoinTransports[protocol]();
    const options = { ...bitcoinOptions, malformed: "report" } as const;
    const transport = protocol === "v1" ? new V1Transport(options) : V2Transport.responder(options);
    await using dialed = RawBitcoinConnection.start(near, { transport: dialing });
    await using called = RawBitcoinConnection.start(far, { transport });
    dialed.sendPlain({ type: "ping", bytes: Uint8Array.of(1) });
    expect(await called.takeEvent(({ type }) => type === "malformed")).toMatchObject({
      command: "ping",
      payload: Uint8Array.of(1),
    });
    dialed.sendPlain({ type: "ping", bytes: Uint8Array.of(2) });
    expect(await called.nextPlain()).toEqual({ type: "ping", bytes: Uint8Array.of(2) });
    expect(called.events.map(({ type }) => type)).toEqual(["ready"]);
  });

  test("dials, accepts, and says why a dial failed", async () => {
    const network = new MemoryNetwork();
    const address = parseHostPort("[fd00::1]:8333");
    await using listener = await RawListener.open({ listen: network.listen, address });
    const [dialing, answering] = bitcoinTransports[protocol]();
    const dialer = network.dialer;
    const dial = RawBitcoinConnection.dial({ address, dialer, transport: dialing });
    const options = { transport: answering };
    await using called = RawBitcoinConnection.start(await listener.accept(), options);
    await using dialed = await dial;
    dialed.send(ping(3n));
    expect(await called.take("ping")).toEqual(ping(3n));
  });
});

test("decoys are counted and not in the log", async () => {
  const [near, far] = memoryPair();
  const transport = V2Transport.initiator(bitcoinOptions);
  await using dialed = RawBitcoinConnection.start(near, { transport });
  const options = { maxMessages: 3, transport: V2Transport.responder(bitcoinOptions) };
  await using called = RawBitcoinConnection.start(far, options);
  await dialed.established();
  for (const length of [9, 0, 70_000, 5]) dialed.sendBytes(transport.encodeDecoy(length));
  dialed.send(ping(1n));
  await called.take("ping");
  expect(called.decoys).toEqual([0, 70_000, 5]);
  expect(called.events.map(({ type }) => type)).toEqual(["ready"]);
});

test("a v2 dial to a node of v1 fails, and its transport says that v1 is worth a try", async () => {
  const network = new MemoryNetwork();
  const address = parseHostPort("[fd00::1]:8333");
  await using listener = await RawListener.open({ listen: network.listen, address });
  const transport = V2Transport.initiator(bitcoinOptions);
  const dial = RawBitcoinConnection.dial({ address, dialer: network.dialer, transport });
  const v1 = new V1Transport(bitcoinOptions);
  await using called = RawBitcoinConnection.start(await listener.accept(), { transport: v1 });
  await expect(dial).rejects.toThrow(/before the end of the handshake/);
  expect(transport.shouldRetryV1).toBe(true);
  await called.ended();
});

test("changed bytes: a frame whose checksum is wrong is ignored", async () => {
  const sent = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));
  await using pair = rawBitcoinPair("v1", { rewrite: { sent } });
  pair.dialed.send(ping(1n));
  const event = await pair.called.takeEvent(({ type }) => type === "ignored");
  expect(event).toMatchObject({ reason: "checksum" });
  expect(networks.regtest.magic.length).toBe(4);
});
