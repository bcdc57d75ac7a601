// What a test can do with a mock: latency, gates, faults.
import {
  connectedMock,
  Gate,
  MessageFaults,
  MockConnection,
  type MockConnectionConfig,
  settle,
  VirtualClock,
} from "@satwire/testkit";
import type { LightningMessage } from "@satwire/lnwire";
import { describe, expect, test } from "vitest";
import { collect, connectionFailure, reading } from "../support/connection-readers.ts";
import { custom, ping, pong } from "../support/lightning-messages.ts";

describe("latency", () => {
  test("delays each phase by a way there and back, and messages and the end by one way", async () => {
    const clock = new VirtualClock(0);
    const mock = new MockConnection({ clock, latencyMs: 10, messages: [custom(1)] });
    const received = reading(mock);
    void mock.connect();
    await clock.advance(59);
    expect(mock.state).toBe("initializing");
    await clock.advance(1);
    expect(mock.state).toBe("connected");
    expect(received).toEqual([custom(1)]); // it was on its way meanwhile
    mock.push(custom(2));
    await clock.advance(9);
    mock.push(custom(3));
    mock.end();
    await clock.advance(0);
    expect(received).toEqual([custom(1)]);
    await clock.advance(1);
    expect(received).toEqual([custom(1), custom(2)]);
    expect(mock.state).toBe("connected");
    await clock.advance(9);
    expect(received).toEqual([custom(1), custom(2), custom(3)]);
    expect(mock.state).toBe("disconnected");
    const times = (await collect(mock.connectionEvents())).map(({ timestamp }) => timestamp);
    expect(times).toEqual([0, 20, 40, 60, 79]);
  });

  test("delays the end alone, too", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, latencyMs: 10 });
    mock.end();
    await clock.advance(9);
    expect(mock.state).toBe("connected");
    await clock.advance(1);
    expect(mock.state).toBe("disconnected");
  });

  test("of what never arrives leaves no timer", () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, latencyMs: 10, messages: [custom(1)] });
    expect(clock.pending).toHaveLength(1);
    mock.setState("disconnected");
    expect(clock.pending).toEqual([]);
  });
});

describe("a gate", () => {
  test("lets one message be read for each token", async () => {
    const readGate = new Gate();
    const mock = connectedMock({ readGate, messages: [custom(1), custom(2), custom(3)] });
    const received = reading(mock);
    mock.end();
    await settle();
    expect(received).toEqual([]);
    readGate.release();
    await settle();
    expect(received).toEqual([custom(1)]);
    expect(mock.state).toBe("connected"); // the end is behind what was not read
    readGate.release(2);
    await settle();
    expect(received).toEqual([custom(1), custom(2), custom(3)]);
    expect(mock.state).toBe("disconnected");
  });

  test("holds back senders in their order, pongs first", async () => {
    const sendGate = new Gate();
    const mock = connectedMock({ sendGate });
    const sends = [mock.sendMessage(custom(1)), mock.sendMessage(custom(2))];
    mock.push(ping(1));
    await settle();
    expect(mock.sent).toEqual([]);
    sendGate.release(2);
    await sends[0];
    expect(mock.sent).toEqual([pong(1), custom(1)]);
    sendGate.open();
    await sends[1];
    await mock.sendMessage(custom(3));
    expect(mock.sent).toEqual([pong(1), custom(1), custom(2), custom(3)]);
  });

  test("lets no sender overtake those who wait, though there are tokens", async () => {
    const sendGate = new Gate();
    const sends: Promise<void>[] = [];
    const mock = connectedMock({
      sendGate,
      answer: () => {
        if (sends.length === 2) sends.push(mock.sendMessage(custom(3)));
        return undefined;
      },
    });
    for (const n of [1, 2]) sends.push(mock.sendMessage(custom(n)));
    sendGate.release(3);
    await Promise.all(sends);
    expect(mock.sent).toEqual([custom(1), custom(2), custom(3)]);
  });

  test("refuses the sender that is one too many, and lets one give up", async () => {
    const mock = connectedMock({ sendGate: new Gate(), sendCapacity: 1 });
    const controller = new AbortController();
    const aborted = connectionFailure(mock.sendMessage(custom(1), { signal: controller.signal }));
    await settle();
    expect((await connectionFailure(mock.sendMessage(custom(2)))).code).toBe("send_queue_full");
    controller.abort();
    expect((await aborted).code).toBe("aborted");
  });

  test("drops the pongs of a peer that does not read, but for 64", () => {
    const sendGate = new Gate();
    const mock = connectedMock({ sendGate });
    for (let n = 0; n < 70; n++) mock.push(ping(n));
    sendGate.open();
    expect(mock.sent).toEqual(Array.from({ length: 64 }, (_, n) => pong(n)));
  });

  test("is waited for by close until all is sent", async () => {
    const sendGate = new Gate();
    const mock = connectedMock({ sendGate });
    const sends = [mock.sendMessage(custom(1)), mock.sendMessage(custom(2))];
    await settle();
    const closed = mock.close();
    sendGate.release();
    await settle();
    expect(mock.state).toBe("closing");
    sendGate.release();
    await Promise.all([...sends, closed]);
    expect(mock.sent).toEqual([custom(1), custom(2)]);
  });

  test("is waited for by close, for so long", async () => {
    const clock = new VirtualClock();
    const sendGate = new Gate();
    const patient = connectedMock({ clock, sendGate });
    const sent = patient.sendMessage(custom(1));
    await settle();
    const closed = patient.close();
    await settle();
    expect(patient.state).toBe("closing");
    sendGate.release();
    await sent;
    await closed;
    expect(patient.sent).toEqual([custom(1)]);

    const mock = connectedMock({ clock, sendGate, closeMs: 500 });
    const refused = connectionFailure(mock.sendMessage(custom(2)));
    await settle();
    void mock.close();
    await clock.advance(499);
    expect(mock.state).toBe("closing");
    await clock.advance(1);
    expect(mock.state).toBe("disconnected");
    expect((await refused).code).toBe("closed");
    expect(clock.pending).toEqual([]);
  });

  test("keeps its tokens while the inbox is full", () => {
    const readGate = new Gate();
    readGate.release(5);
    connectedMock({ readGate, receiveCapacity: 1, messages: [custom(1), custom(2)] });
    expect(readGate.tokens).toBe(4);
  });

  test("counts tokens, which connections share, and takes them back", async () => {
    const readGate = new Gate();
    readGate.release(3);
    expect(readGate.tokens).toBe(3);
    const one = connectedMock({ readGate, messages: [custom(1)] });
    const other = connectedMock({ readGate, messages: [custom(2)] });
    expect(readGate.tokens).toBe(1);
    readGate.shut();
    one.push(ping(1));
    other.push(ping(1));
    readGate.release();
    expect([one.sent.length, other.sent.length, readGate.tokens]).toEqual([1, 0, 0]);
    for (const count of [0, -1, 1.5, Number.NaN]) {
      expect(() => readGate.release(count)).toThrow(RangeError);
    }
    readGate.open();
    expect([other.sent.length, readGate.tokens]).toEqual([1, Infinity]);
    await Promise.all([one.close(), other.close()]);

    let releases = 0;
    const count = (): void => void releases++;
    const [first, second] = [readGate.onRelease(count), readGate.onRelease(count)];
    readGate.release();
    first[Symbol.dispose]();
    readGate.release();
    second[Symbol.dispose]();
    readGate.release();
    expect(releases).toBe(3);
  });
});

describe("faults", () => {
  test("happen to what is sent", async () => {
    const faults = new MessageFaults<LightningMessage>([
      { on: "ping", do: "drop" },
      { on: "unknown", do: { replace: pong(1) }, skip: 1, times: 1 },
      { on: "warning", do: { replace: Uint8Array.of(0x80, 3, 7) } },
      { on: "error", do: { replace: Uint8Array.of(1, 2) } },
    ]);
    const mock = connectedMock({ faults });
    await mock.sendMessage(custom(1));
    await mock.sendMessage(custom(2));
    await mock.sendMessage(ping(1));
    const failed = { channelId: new Uint8Array(32), data: new Uint8Array(0) };
    await mock.sendMessage({ type: "warning", ...failed });
    await mock.sendMessage({ type: "error", ...failed });
    expect(mock.sent).toEqual([
      custom(1),
      pong(1),
      { type: "unknown", id: 0x8003, payload: Uint8Array.of(7) },
      { type: "unknown", id: 258, payload: new Uint8Array(0) }, // no more of a channel_update
    ]);
  });

  test("that delay what is sent leave no timer", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock, faults: [{ on: "unknown", do: { delayMs: 9 } }] });
    await mock.sendMessage(custom(1));
    await mock.sendMessage(pong(1)); // behind it
    await clock.advance(8);
    expect(mock.sent).toEqual([]);
    await clock.advance(1);
    expect(mock.sent).toEqual([custom(1), pong(1)]);
    await mock.sendMessage(custom(2));
    mock.end();
    expect(clock.pending).toEqual([]);
  });

  test("happen to what is received, in order", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({
      clock,
      faults: [
        {
          on: (message) => message.type === "unknown" && message.payload[0] === 1,
          direction: "received",
          do: { delayMs: 100 },
        },
        { on: "ping", direction: "received", do: { duplicate: 1 } },
      ],
    });
    const received = reading(mock);
    mock.push(custom(1), custom(2), ping(3));
    mock.end();
    await clock.advance(99);
    expect([received, mock.sent, mock.state]).toEqual([[], [], "connected"]);
    await clock.advance(1);
    expect(received).toEqual([custom(1), custom(2)]);
    expect([mock.sent, mock.state]).toEqual([[pong(3), pong(3)], "disconnected"]);
  });

  test("that are dropped hold nothing back but for their delay", async () => {
    const mock = connectedMock({ faults: [{ on: "ping", direction: "received", do: "drop" }] });
    mock.push(ping(3), custom(1));
    expect(mock.sent).toEqual([]);
    expect((await mock.receiveMessages().next()).value).toEqual(custom(1));
  });

  test.each([
    ["closeBefore", []],
    ["closeAfter", [custom(1)]],
  ] as const)("end the connection: %s", async (action, expected) => {
    const sending = connectedMock({ faults: [{ on: "unknown", do: action }] });
    await sending.sendMessage(custom(1));
    expect([sending.state, sending.sent]).toEqual(["disconnected", expected]);

    const faults = [{ on: "unknown", direction: "received", do: action }] as const;
    const receiving = connectedMock({ faults, messages: [custom(1), custom(2)] });
    expect(receiving.state).toBe("disconnected");
    expect(await collect(receiving.receiveMessages())).toEqual(expected);
  });
});

test.each<[string, MockConnectionConfig]>([
  ["receiveCapacity of 0", { receiveCapacity: 0 }],
  ["sendCapacity of 1.5", { sendCapacity: 1.5 }],
  ["closeMs of -1", { closeMs: -1 }],
  ["latencyMs of NaN", { latencyMs: Number.NaN }],
  ["remotePublicKey has 3 bytes", { remotePublicKey: new Uint8Array(3) }],
  ["localPublicKey has 0 bytes", { localPublicKey: new Uint8Array(0) }],
  ["connectError", { isConnected: true, connectError: "closed" }],
])("a config that makes no sense is refused: %s", (text, config) => {
  expect(() => new MockConnection(config)).toThrow(RangeError);
  expect(() => new MockConnection(config)).toThrow(text);
});
