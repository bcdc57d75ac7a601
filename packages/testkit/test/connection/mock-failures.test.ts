// How a test makes a mock fail, and puts it into a state.
import {
  connectedMock,
  MockConnection,
  MockPeerError,
  settle,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, connectionFailure, statesOf } from "../support/connection-readers.ts";
import { custom } from "../support/lightning-messages.ts";

describe("failures", () => {
  test("of the config happen always", async () => {
    const error = new MockPeerError("dial_failed", "no way", { phase: "connecting" });
    const mock = new MockConnection({ connectError: error });
    expect(await connectionFailure(mock.connect())).toBe(error);
    expect((await collect(mock.connectionEvents())).at(-1)).toMatchObject({
      error,
      details: "no way",
    });

    const stuck = connectedMock({ sendMessageError: "send_queue_full" });
    for (let n = 0; n < 2; n++) {
      const failed = await connectionFailure(stuck.sendMessage(custom(n)));
      expect(failed).toMatchObject({ code: "send_queue_full", phase: "connected" });
    }
    expect((await connectionFailure(stuck.ping())).code).toBe("send_queue_full");
    expect([stuck.state, stuck.sent]).toEqual(["connected", []]);

    const unruly = connectedMock({ closeError: "connection_lost" });
    const closed = unruly.close();
    expect((await connectionFailure(closed)).code).toBe("connection_lost");
    expect(unruly.close()).toBe(closed);
    expect(unruly.state).toBe("disconnected");
    void connectedMock({ closeError: "closed" }).close(); // nobody looks: no unhandled rejection
    await settle();
  });

  test("that are planned happen once each, in order", async () => {
    const mock = new MockConnection();
    mock.failNext("send", "send_queue_full");
    mock.failNext("send", "connection_lost");
    mock.failNext("ping", "ping_timeout");
    mock.failNext("close", "closed");
    // Without a connection it fails for that reason, and the plan stays.
    expect((await connectionFailure(mock.sendMessage(custom(0)))).code).toBe("not_connected");
    await mock.connect();
    const codes = [];
    for (let n = 0; n < 2; n++)
      codes.push((await connectionFailure(mock.sendMessage(custom(n)))).code);
    await mock.sendMessage(custom(2));
    codes.push((await connectionFailure(mock.ping())).code);
    await mock.ping();
    codes.push((await connectionFailure(mock.close())).code);
    expect(codes).toEqual(["send_queue_full", "connection_lost", "ping_timeout", "closed"]);

    const refused = new MockConnection();
    refused.failNext("connect", "handshake_failed");
    expect((await connectionFailure(refused.connect())).code).toBe("handshake_failed");
    for (let n = 0; n < 1000; n++) refused.failNext("send", "closed");
    expect(() => refused.failNext("send", "closed")).toThrow(RangeError);
  });
});

describe("states", () => {
  test("are gone through by hand if connect does not do so", async () => {
    const mock = new MockConnection({ advancesItself: false });
    let isConnected = false;
    const connecting = mock.connect().then(() => {
      isConnected = true;
    });
    await settle();
    expect(mock.state).toBe("connecting");
    mock.setState("initializing");
    mock.setState("initializing");
    await settle();
    expect([mock.state, isConnected]).toEqual(["initializing", false]);
    mock.setState("connected");
    await connecting;
    mock.setState("closing");
    expect(mock.push(custom(1))).toBe(false);
    mock.setState("disconnected");
    mock.setState("disconnected");
    expect(await statesOf(mock.connectionEvents())).toEqual([
      "connecting",
      "handshaking",
      "initializing",
      "connected",
      "closing",
      "disconnected",
    ]);
    expect(() => mock.setState("connected")).toThrow("at its end");
  });

  test("are reached without connect, too, and connect goes on from where it is put", async () => {
    const mock = new MockConnection();
    mock.setState("handshaking");
    await settle();
    expect(mock.state).toBe("handshaking");
    expect(() => mock.setState("connecting")).toThrow(
      new RangeError("a connection does not go from handshaking to connecting"),
    );
    expect((await connectionFailure(mock.connect())).code).toBe("already_connected");

    const hurried = new MockConnection();
    const connecting = hurried.connect();
    hurried.setState("initializing");
    await connecting;
    hurried.setState("disconnected");
    expect((await collect(hurried.connectionEvents())).map(({ state }) => state)).toEqual([
      "connecting",
      "handshaking",
      "initializing",
      "connected",
      "disconnected",
    ]);
  });

  test("that a test puts to closing end with close", async () => {
    const mock = connectedMock();
    mock.setState("closing");
    await mock.close();
    expect((await statesOf(mock.connectionEvents())).slice(-3)).toEqual([
      "connected",
      "closing",
      "disconnected",
    ]);
  });

  test("are not waited for by a dial that fails", async () => {
    const mock = new MockConnection({ advancesItself: false, connectError: "dial_timeout" });
    expect((await connectionFailure(mock.connect())).code).toBe("dial_timeout");
  });

  test("before connected have no end in order, but any error", async () => {
    const mock = new MockConnection({ advancesItself: false });
    const failed = connectionFailure(mock.connect());
    mock.setState("handshaking");
    mock.end("handshake_failed");
    expect(await failed).toMatchObject({ code: "handshake_failed", phase: "handshaking" });
    const unused = new MockConnection();
    unused.end();
    expect((await connectionFailure(unused.connect())).cause).toMatchObject({
      code: "closed_by_peer",
    });
  });

  test("are told by events that a test makes up", async () => {
    const clock = new VirtualClock(7);
    const mock = new MockConnection({
      clock,
      isConnected: true,
      events: [{ type: "state", state: "connected", timestamp: 1 }],
    });
    mock.pushEvent({ details: "hello" });
    mock.end();
    expect(await collect(mock.connectionEvents())).toEqual([
      { type: "state", state: "connected", timestamp: 1 },
      { type: "note", state: "connected", timestamp: 7, details: "hello" },
      { type: "state", state: "disconnected", timestamp: 7, details: expect.any(String) },
    ]);
  });
});
