// What a mock remembers, and what a test expects of it.
import {
  AssertionError,
  connectedMock,
  Gate,
  MockConnection,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { reading } from "../support/connection-readers.ts";
import { custom, ping, pong } from "../support/lightning-messages.ts";

describe("a mock remembers", () => {
  test("its calls", async () => {
    const clock = new VirtualClock(5);
    const mock = new MockConnection({ clock });
    await mock.connect();
    await mock.sendMessage(custom(1));
    await mock.ping();
    mock.receiveMessages();
    mock.connectionEvents();
    await clock.advance(1);
    await mock.close();
    expect(mock.calls).toEqual([
      { name: "connect", atMs: 5 },
      { name: "sendMessage", atMs: 5, message: custom(1) },
      { name: "ping", atMs: 5 },
      { name: "receiveMessages", atMs: 5 },
      { name: "connectionEvents", atMs: 5 },
      { name: "close", atMs: 6 },
    ]);
    expect(mock.sent).toEqual([custom(1), ping(1)]);
  });

  test("no more than ten thousand of anything", async () => {
    const mock = connectedMock({ readGate: new Gate() });
    for (let n = 0; n < 10_001; n++) await mock.sendMessage(custom(n % 256));
    expect([mock.calls.length, mock.sent.length]).toEqual([10_000, 10_000]);
    expect(mock.sent[0]).toEqual(custom(1));
    for (let n = 0; n < 10_000; n++) mock.push(custom(1));
    expect(() => mock.push(custom(1))).toThrow(RangeError);
    expect(() => mock.pushFrame(Uint8Array.of(0x80, 1))).toThrow(RangeError);
  });

  test("what was sent, for whoever takes it, now or later", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({ clock });
    const later = mock.nextSent("pong");
    await mock.sendMessage(custom(1));
    mock.push(ping(2), ping(3));
    expect((await later).ignored.length).toBe(2);
    expect(await mock.nextSent((message) => message.type === "pong")).toEqual(pong(3));
    expect(await mock.nextSent()).toEqual(custom(1));
    const late = mock.nextSent("ping", { timeoutMs: 10 }).catch((error: unknown) => error);
    await clock.advance(10);
    expect(await late).toBeInstanceOf(AssertionError);
    expect(await late).toMatchObject({ message: expect.stringContaining("ping to be sent") });
    const never = mock.nextSent("ping").catch((error: unknown) => error);
    mock.end();
    expect(await never).toMatchObject({
      name: "AssertionError",
      message: expect.stringContaining("ended"),
    });
    expect(clock.pending).toEqual([]);
  });

  test("what it should see, and tells what it has not", async () => {
    const mock = connectedMock();
    mock.expectSend("pong", { times: 2 });
    mock.expectSend((message) => message.type === "unknown" && message.payload[0] === 1);
    mock.expectSend();
    mock.expectCall("close");
    mock.push(ping(1));
    let error: unknown;
    try {
      mock.assertExpectations();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({
      message:
        "the mock still expects pong to be sent (1 of 2), a message that matches to be sent (0 of 1), " +
        "any message to be sent (0 of 1), a call of close (0 of 1)",
      actual: expect.arrayContaining([{ what: "pong to be sent", times: 1 }]),
      expected: expect.arrayContaining([{ what: "pong to be sent", times: 2 }]),
    });
    mock.push(ping(1));
    await mock.sendMessage(custom(1)); // meets the second, and the third is still open
    expect(() => mock.assertExpectations()).toThrow("any message");
    await mock.sendMessage(custom(2));
    await mock.close();
    mock.assertExpectations();
    expect(() => mock.expectSend("pong", { times: 0 })).toThrow(RangeError);
  });

  test("however long a talk is that answers make", () => {
    let left = 20_000;
    const mock = connectedMock({ answer: () => (--left > 0 ? [ping(1)] : undefined) });
    mock.push(ping(1));
    expect([left, mock.sent.length]).toEqual([0, 10_000]);
  });

  test("what it should see by its kind, one thing for one expectation", async () => {
    const mock = connectedMock();
    mock.expectCall("ping");
    mock.expectSend("pong");
    mock.expectSend("pong");
    await mock.sendMessage(custom(1));
    expect(() => mock.assertExpectations()).toThrow(
      "a call of ping (0 of 1), pong to be sent (0 of 1), pong to be sent (0 of 1)",
    );
    mock.push(ping(1), ping(1));
    await mock.ping();
    mock.assertExpectations();
  });

  test("answers that it should give", async () => {
    const clock = new VirtualClock();
    const mock = connectedMock({
      clock,
      latencyMs: 5,
      answer: (message) => (message.type === "unknown" ? [message, ping(1)] : undefined),
    });
    const received = reading(mock);
    await mock.sendMessage(custom(1));
    await clock.advance(9);
    expect(received).toEqual([]);
    await clock.advance(1);
    expect(received).toEqual([custom(1)]);
    expect(mock.sent).toEqual([custom(1), pong(1)]);
    await Promise.all([mock.close(), clock.advance(10)]);
  });
});
