// What a mock tells of its life, and how it ends.
import { connectedMock, Gate, leakCheck, MockConnection, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, connectionFailure, statesOf } from "../support/connection-readers.ts";
import { custom, warning } from "../support/lightning-messages.ts";

const allStates = ["connecting", "handshaking", "initializing", "connected", "disconnected"];
const inOrder = ["connecting", "handshaking", "initializing", "connected", "closing"];

describe("events", () => {
  test("reach readers early and late, from the first one on", async () => {
    const clock = new VirtualClock(1000);
    const mock = new MockConnection({ clock });
    const early = collect(mock.connectionEvents());
    await mock.connect();
    await clock.advance(5);
    mock.end();
    const events = await early;
    expect(events.map(({ state }) => state)).toEqual(allStates);
    expect(events.map(({ timestamp }) => timestamp)).toEqual([1000, 1000, 1000, 1000, 1005]);
    expect(events.at(-1)?.details).toBe("the peer ended the connection");
    expect(events.at(-1)).not.toHaveProperty("error");
    mock.pushEvent({ details: "too late" });
    expect(await collect(mock.connectionEvents())).toEqual(events);
  });

  test("that a reader leaves behind are no matter for others", async () => {
    const mock = connectedMock();
    for await (const event of mock.connectionEvents()) {
      expect(event.state).toBe("connecting");
      break;
    }
    mock.end();
    expect(await statesOf(mock.connectionEvents())).toEqual(allStates);
  });

  test("of state are kept when notes are too many, for slow readers, too", async () => {
    const mock = connectedMock();
    const slow = mock.connectionEvents();
    for (let n = 0; n < 100; n++) mock.push(warning(`${n}`));
    mock.end();
    for (const events of [await collect(slow), await collect(mock.connectionEvents())]) {
      expect(events).toHaveLength(64);
      const states = events.filter(({ type }) => type === "state").map(({ state }) => state);
      expect(states).toEqual(allStates);
      expect(events.at(-2)?.details).toBe("warning from the peer: 99");
    }
  });
});

describe("close", () => {
  test("is one promise for all, also from within loops, and ends in order", async () => {
    const mock = connectedMock({ messages: [custom(1)] });
    let closed: Promise<void> | undefined;
    for await (const message of mock.receiveMessages()) {
      expect(message).toEqual(custom(1));
      closed = mock.close();
      expect(mock.close()).toBe(closed);
      expect(mock.state).toBe("closing");
      await closed;
    }
    expect(mock.close()).toBe(closed);
    expect(await statesOf(mock.connectionEvents())).toEqual([...inOrder, "disconnected"]);
  });

  test("drops what comes from then on, and keeps what had come", async () => {
    const mock = connectedMock({ messages: [custom(1)] });
    const closed = mock.close();
    expect(mock.push(custom(2))).toBe(false);
    await closed;
    expect(await collect(mock.receiveMessages())).toEqual([custom(1)]);
  });

  test("comes with await using, and once the peer has ended there is nothing to do", async () => {
    let used: MockConnection;
    {
      await using mock = connectedMock();
      used = mock;
    }
    expect(used.state).toBe("disconnected");
    const ended = connectedMock();
    ended.end();
    await ended.close();
    expect(await statesOf(ended.connectionEvents())).toEqual(allStates);
  });

  test("leaves no timer", async () => {
    const clock = new VirtualClock();
    const mock = new MockConnection({ clock, latencyMs: 10 });
    const failed = connectionFailure(mock.connect());
    expect(clock.pending).toHaveLength(1);
    await mock.close();
    await failed;
    expect(clock.pending).toEqual([]);

    const connected = connectedMock({ clock, latencyMs: 10 });
    connected.push(custom(1));
    const closed = connected.close();
    await clock.advance(20);
    await closed;
    expect(clock.pending).toEqual([]);
  });
});

test("nobody listens to a signal any more that was passed to a call", async () => {
  const { signal } = new AbortController();
  const check = leakCheck({ signals: [signal], processResources: false });
  const sendGate = new Gate();
  sendGate.release(2);
  const mock = new MockConnection({ sendGate });
  await mock.connect({ signal });
  await mock.ping({ signal });
  await mock.sendMessage(custom(1), { signal });
  const waited = mock.sendMessage(custom(2), { signal });
  const refused = connectionFailure(mock.sendMessage(custom(3), { signal }));
  await Promise.resolve();
  sendGate.release();
  await waited;
  mock.end();
  await refused;
  await check.assertClean();
});
