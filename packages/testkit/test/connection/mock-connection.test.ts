// A mock keeps the promises of a real connection; what a test can do with it beyond is in the files beside this one.
import { encodeMessage, messageSet, peerStorage } from "@satwire/lnwire";
import { connectedMock, Gate, MockConnection, MockPeerError, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, connectionFailure, statesOf } from "../support/connection-readers.ts";
import { custom, errorMessage, ping, pong, warning } from "../support/lightning-messages.ts";

const allStates = ["connecting", "handshaking", "initializing", "connected", "disconnected"];

describe("connect", () => {
  test("goes through all states, and what is known of the peer comes with them", async () => {
    const remotePublicKey = new Uint8Array(33).fill(2);
    const mock = new MockConnection({ remotePublicKey });
    remotePublicKey.fill(3);
    expect(mock.remotePublicKey).toEqual(new Uint8Array(33).fill(2));
    expect([mock.state, mock.isConnected]).toEqual(["disconnected", false]);
    expect([mock.remoteAddress, mock.localAddress, mock.remoteInit]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const connecting = mock.connect();
    expect([mock.state, mock.remoteAddress]).toEqual(["connecting", undefined]);
    await connecting;
    expect([mock.state, mock.isConnected]).toEqual(["connected", true]);
    expect(mock.remoteAddress).toMatchObject({ host: "127.0.0.1", port: 9735 });
    expect(mock.localAddress).toMatchObject({ host: "127.0.0.1", port: 49152 });
    expect(mock.remoteInit?.type).toBe("init");
    expect(mock.remoteFeatures).toEqual(mock.remoteInit?.features);
    mock.end();
    expect(await statesOf(mock.connectionEvents())).toEqual(allStates);
    expect(mock.remoteAddress).toBeDefined();
  });

  test("happens once, and not after the end", async () => {
    const mock = new MockConnection();
    await mock.connect();
    expect((await connectionFailure(mock.connect())).code).toBe("already_connected");
    await mock.close();
    const error = await connectionFailure(mock.connect());
    expect(error).toMatchObject({ code: "closed", phase: "disconnected" });

    const unused = new MockConnection();
    await unused.close();
    expect((await connectionFailure(unused.connect())).code).toBe("closed");
    expect(await statesOf(unused.connectionEvents())).toEqual(["disconnected"]);
  });

  test("ends with the signal, before and while it dials", async () => {
    const reason = new Error("enough");
    const early = new MockConnection();
    const refused = await connectionFailure(early.connect({ signal: AbortSignal.abort(reason) }));
    expect(refused).toMatchObject({ code: "aborted", phase: "connecting", cause: reason });
    expect(await statesOf(early.connectionEvents())).toEqual(["connecting", "disconnected"]);

    const controller = new AbortController();
    const mock = new MockConnection();
    const failed = connectionFailure(mock.connect({ signal: controller.signal }));
    controller.abort(reason);
    const error = await failed;
    expect(error).toMatchObject({ code: "aborted", cause: reason });
    const last = (await collect(mock.connectionEvents())).at(-1);
    expect(last).toMatchObject({ error, details: error.message });
  });

  test("is over for a signal that aborts afterwards", async () => {
    const controller = new AbortController();
    const mock = new MockConnection();
    await mock.connect({ signal: controller.signal });
    controller.abort();
    expect(mock.isConnected).toBe(true);
  });

  test("fails when the connection is closed meanwhile", async () => {
    const mock = new MockConnection();
    const failed = connectionFailure(mock.connect());
    await mock.close();
    expect((await failed).code).toBe("closed");
    expect(await statesOf(mock.connectionEvents())).toEqual([
      "connecting",
      "closing",
      "disconnected",
    ]);
  });

  test("fails when the peer ends the connection meanwhile", async () => {
    const mock = new MockConnection();
    const failed = connectionFailure(mock.connect());
    mock.end();
    expect(await failed).toMatchObject({ code: "closed_by_peer", phase: "connecting" });
  });
});

describe("messages", () => {
  test("come from the first one on, then the end", async () => {
    const mock = connectedMock({ messages: [custom(1)] });
    mock.push(custom(2), custom(3));
    mock.end();
    expect(mock.state).toBe("disconnected");
    expect(mock.push(custom(4))).toBe(false);
    expect(await collect(mock.receiveMessages())).toEqual([custom(1), custom(2), custom(3)]);
  });

  test("wait until the connection is there", async () => {
    const mock = new MockConnection({ messages: [custom(1)] });
    mock.push(custom(2), ping(1));
    expect(mock.sent).toEqual([]);
    const reader = mock.receiveMessages();
    const first = reader.next();
    await mock.connect();
    expect(mock.sent).toEqual([pong(1)]);
    expect((await first).value).toEqual(custom(1));
    expect((await reader.next()).value).toEqual(custom(2));
  });

  test("go to one reader at a time, and the next one goes on where it stopped", async () => {
    const mock = connectedMock({ messages: [custom(1), custom(2)] });
    for await (const message of mock.receiveMessages()) {
      expect(message).toEqual(custom(1));
      expect(() => mock.receiveMessages()).toThrow(
        expect.objectContaining({ code: "already_receiving" }),
      );
      break;
    }
    mock.end();
    expect(await collect(mock.receiveMessages())).toEqual([custom(2)]);
  });

  test("are no more for a reader that has left, whatever it still asks for", async () => {
    const mock = connectedMock({ messages: [custom(1)] });
    const left = mock.receiveMessages();
    await left.return?.();
    const reader = mock.receiveMessages();
    await left.return?.();
    expect(() => mock.receiveMessages()).toThrow("another loop");
    expect(await left.next()).toEqual({ done: true, value: undefined });
    mock.end("connection_lost");
    expect(await left.next()).toEqual({ done: true, value: undefined });
    expect((await reader.next()).value).toEqual(custom(1));
  });

  test("are given up by a reader that leaves while it waits for one", async () => {
    const mock = connectedMock();
    const reader = mock.receiveMessages();
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    mock.push(custom(1));
    expect((await mock.receiveMessages().next()).value).toEqual(custom(1));
  });

  test("end with the failure of the connection, for each reader", async () => {
    const mock = connectedMock({ messages: [custom(1)] });
    mock.end("connection_lost");
    const received: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const message of mock.receiveMessages()) received.push(message);
    };
    const error = await connectionFailure(read());
    expect(error.code).toBe("connection_lost");
    expect(received).toEqual([custom(1)]);
    expect(await connectionFailure(read())).toBe(error);
    const last = (await collect(mock.connectionEvents())).at(-1);
    expect(last).toMatchObject({ state: "disconnected", error });
  });

  test("wait on the wire when the inbox is full", async () => {
    const mock = connectedMock({ receiveCapacity: 2 });
    mock.push(custom(1), custom(2), ping(7));
    expect(mock.sent).toEqual([]); // as with a socket that is not read from
    const reader = mock.receiveMessages();
    await reader.next();
    expect(mock.sent).toEqual([pong(7)]);
    mock.push(custom(3));
    mock.end();
    expect(await collect(reader)).toEqual([custom(2), custom(3)]);
  });

  test("of warning and error are noted and handed on, with nothing unprintable", async () => {
    const mock = connectedMock();
    mock.push(warning("slow\u0007 down"), errorMessage("x".repeat(301)));
    mock.end();
    const messages = await collect(mock.receiveMessages());
    expect(messages.map(({ type }) => type)).toEqual(["warning", "error"]);
    const notes = (await collect(mock.connectionEvents())).filter(({ type }) => type === "note");
    expect(notes.map(({ details }) => details)).toEqual([
      "warning from the peer: 0x736c6f770720646f776e",
      `error from the peer: ${"x".repeat(300)}…`,
    ]);
  });

  test.each([
    [
      "init_repeated",
      { type: "init", globalfeatures: new Uint8Array(0), features: new Uint8Array(0) },
    ],
    ["unknown_required_message", { type: "unknown", id: 32_770, payload: new Uint8Array(0) }],
  ] as const)("that a connection must not accept end it: %s", async (code, message) => {
    const mock = connectedMock();
    mock.push(message, custom(1));
    const error = await connectionFailure(collect(mock.receiveMessages()));
    expect(error).toMatchObject({ code, phase: "connected" });
  });

  test("that come as bytes are read, and end the connection if they cannot be", async () => {
    const mock = connectedMock();
    mock.pushFrame(Uint8Array.of(0x80, 1, 9));
    mock.pushFrame(Uint8Array.of(0, 18, 0, 5, 0, 0)); // ping
    expect(mock.sent).toEqual([pong(5)]);
    mock.pushFrame(Uint8Array.of(0, 18, 0));
    expect(mock.pushFrame(Uint8Array.of(0x80, 1, 9))).toBe(false);
    const reader = mock.receiveMessages();
    expect((await reader.next()).value).toEqual(custom(9));
    expect((await connectionFailure(reader.next())).code).toBe("malformed_message");
  });
});

describe("sendMessage", () => {
  test("hands messages to the peer", async () => {
    const mock = connectedMock();
    await mock.sendMessage(custom(1));
    expect(mock.sent).toEqual([custom(1)]);
  });

  test("is refused before and after the connection", async () => {
    const mock = new MockConnection();
    const early = await connectionFailure(mock.sendMessage(custom(1)));
    expect(early).toMatchObject({ code: "not_connected", phase: "disconnected" });
    await mock.connect();
    const closed = mock.close();
    const late = await connectionFailure(mock.sendMessage(custom(1)));
    expect(late).toMatchObject({ code: "closed", phase: "closing" });
    await closed;
    expect((await connectionFailure(mock.sendMessage(custom(1)))).code).toBe("closed");
    expect(mock.sent).toEqual([]);
  });

  test("refuses what cannot be written, or with an aborted signal", async () => {
    const mock = connectedMock();
    const long = { ...custom(1), payload: new Uint8Array(65_534) };
    const error = await connectionFailure(mock.sendMessage(long));
    expect(error).toMatchObject({ code: "invalid_message", phase: "connected" });
    expect(error.cause).toMatchObject({ name: "EncodeError" });
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const aborted = await connectionFailure(mock.sendMessage(custom(1), { signal }));
    expect(aborted).toMatchObject({ code: "aborted", cause: reason });
    expect(mock.sent).toEqual([]);
  });

  test("goes by the messages of its set, and by those of BOLT 1 always", async () => {
    const mock = connectedMock({ messageSet: messageSet([peerStorage]) });
    const stored = { type: "peer_storage", blob: Uint8Array.of(5) } as const;
    await mock.sendMessage(stored);
    mock.pushFrame(encodeMessage(stored));
    mock.pushFrame(encodeMessage(ping(2)));
    expect((await mock.receiveMessages().next()).value).toEqual(stored);
    expect(mock.sent).toEqual([stored, pong(2)]);
    const long = connectionFailure(mock.sendMessage(pong(65_532)));
    expect((await long).code).toBe("invalid_message");

    const without = connectedMock({ messageSet: false });
    without.pushFrame(Uint8Array.of(0x80, 1, 4));
    expect((await without.receiveMessages().next()).value).toEqual(custom(4));
  });

  test("takes any message without a set", async () => {
    interface Greeting {
      readonly type: "greeting";
    }
    const mock = connectedMock<Greeting>({ messageSet: false });
    await mock.sendMessage({ type: "greeting" });
    mock.push({ type: "greeting" });
    expect(mock.sent).toEqual([{ type: "greeting" }]);
    expect((await mock.receiveMessages().next()).value).toEqual({ type: "greeting" });
  });
});

describe("pings", () => {
  test("of the peer are answered, but for those that want no answer", () => {
    const mock = connectedMock();
    mock.push(ping(0), ping(65_531), ping(65_532));
    expect(mock.sent).toEqual([pong(0), pong(65_531)]);
  });

  test("of ours are answered with the bytes that they ask for", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, latencyMs: 20 });
    const answer = mock.ping({ numPongBytes: 9, ignoredBytes: 2 });
    expect(mock.sent).toEqual([{ ...ping(9), ignored: new Uint8Array(2) }]);
    await clock.advance(40);
    expect(await answer).toBe(40);
    expect(clock.pending).toEqual([]);
  });

  test("are measured from when they were sent, however long that took", async () => {
    const clock = new VirtualClock();
    const sendGate = new Gate();
    const mock = connectedMock({ clock, sendGate, latencyMs: 20 });
    const answer = mock.ping();
    await clock.advance(50);
    sendGate.release();
    await clock.advance(40);
    expect(await answer).toBe(40);
  });

  test("with a signal that has aborted are not sent, nor waited for", async () => {
    const mock = connectedMock({ answersPings: false });
    const reason = new Error("not now");
    const error = await connectionFailure(mock.ping({ signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ code: "aborted", message: "the ping was aborted" });
    expect(error.cause).toBe(reason);
    expect(mock.sent).toEqual([]);
    const answer = mock.ping();
    mock.push(pong(1));
    expect(await answer).toBeGreaterThanOrEqual(0);
  });

  test("time out, abort, and end with the connection", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, answersPings: false });
    const controller = new AbortController();
    const timedOut = connectionFailure(mock.ping({ timeoutMs: 50, numPongBytes: 3 }));
    const aborted = connectionFailure(mock.ping({ signal: controller.signal, numPongBytes: 4 }));
    const closed = connectionFailure(mock.ping({ numPongBytes: 5 }));
    await clock.advance(50);
    expect(await timedOut).toMatchObject({ code: "ping_timeout", phase: "connected" });
    controller.abort();
    expect((await aborted).code).toBe("aborted");
    mock.end();
    expect((await closed).code).toBe("closed");
    expect(clock.pending).toEqual([]);
  });

  test("are answered by a pong of their length, and not by that of one that was given up", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, answersPings: false });
    const givenUp = connectionFailure(mock.ping({ timeoutMs: 10 }));
    await clock.advance(10);
    await givenUp;
    let isAnswered = false;
    const answer = mock.ping().then(() => {
      isAnswered = true;
    });
    mock.push(pong(2), pong(1));
    await clock.advance(0);
    expect(isAnswered).toBe(false);
    mock.push(pong(1));
    await answer;
  });

  test("that were given up are remembered for 64 pongs", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, answersPings: false });
    const givenUp = Array.from({ length: 65 }, () =>
      connectionFailure(mock.ping({ timeoutMs: 1 })),
    );
    await clock.advance(1);
    await Promise.all(givenUp);
    let isAnswered = false;
    const answer = mock.ping().then(() => {
      isAnswered = true;
    });
    for (let n = 0; n < 64; n++) mock.push(pong(1));
    await clock.advance(0);
    expect(isAnswered).toBe(false);
    mock.push(pong(1));
    await answer;
  });

  test("are refused without a connection, or of a size that there is none of", async () => {
    const mock = new MockConnection();
    expect((await connectionFailure(mock.ping())).code).toBe("not_connected");
    await mock.connect();
    for (const options of [
      { numPongBytes: 65_532 },
      { ignoredBytes: 65_530 },
      { numPongBytes: -1 },
    ]) {
      expect((await connectionFailure(mock.ping(options))).code).toBe("invalid_option");
    }
  });
});

test("its error has the shape of lnp2p's", () => {
  const cause = new Error("why");
  const error = new MockPeerError("closed", "text", { phase: "closing", cause });
  expect(error).toMatchObject({ name: "PeerError", code: "closed", phase: "closing", cause });
  expect(new MockPeerError("closed", "text")).toMatchObject({ phase: "disconnected" });
  expect("cause" in new MockPeerError("closed", "text")).toBe(false);
});
