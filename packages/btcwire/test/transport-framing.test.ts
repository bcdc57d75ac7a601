import { describe, expect, test } from "vitest";
import { bitcoinMessages } from "../src/bitcoin.ts";
import { framingOf } from "../src/transport/transport-framing.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";
import { thrown } from "./support/thrown.ts";
import {
  messagesOf,
  options,
  pairKinds,
  someMessages,
  unknown,
  v2Initiator,
  v2Responder,
  versionMessage,
} from "./support/transport-pairs.ts";

const tooLong = unknown(4_000_001);
const noPing = { type: "ping", nonce: -1n } as const;

describe.each(pairKinds)("$name", ({ connect, protocol }) => {
  test("messages go in and events come out, several at once or one by one", () => {
    const [sender, receiver] = connect();
    const [from, to] = [sender, receiver].map((side) => framingOf(side, bitcoinMessages));
    const bytes = from!.encode(someMessages);
    expect(messagesOf(to!.push(bytes).messages)).toEqual(someMessages);
    for (const message of someMessages) {
      expect(messagesOf(to!.push(from!.encode([message])).messages)).toEqual([message]);
    }
    expect(from!.encode([])).toEqual(new Uint8Array(0));
  });

  test("what cannot be sent is refused, and leaves no gap", () => {
    const [sender, receiver] = connect();
    const [from, to] = [sender, receiver].map((side) => framingOf(side, bitcoinMessages));
    const ping = { type: "ping", nonce: 7n } as const;
    expect(thrown(() => from!.check(tooLong))).toMatchObject({ code: "too_long", path: ["big"] });
    expect(thrown(() => from!.check(noPing))).toMatchObject({ name: "EncodeError" });
    from!.check(ping);
    expect(thrown(() => from!.encode([ping, noPing]))).toMatchObject({ name: "EncodeError" });
    expect(thrown(() => from!.encode([tooLong]))).toMatchObject({ code: "too_long" });
    expect(messagesOf(to!.push(from!.encode([ping])).messages)).toEqual([ping]);
  });

  test("an end in the middle of something, a failure and a destroyed transport are told", () => {
    const [sender, receiver] = connect();
    const [from, to] = [sender, receiver].map((side) => framingOf(side, bitcoinMessages));
    expect(to!.end()).toBe(undefined);
    to!.push(from!.encode([{ type: "verack" }]).subarray(0, 10));
    expect(to!.end()).toMatchObject({ code: "truncated" });
    const { failure, messages } = to!.push(new Uint8Array(100_000).fill(0xff));
    expect(failure).toMatchObject({ name: "TransportError" });
    expect(messages.every(({ type }) => type === "ignored")).toBe(true);
    expect(protocol === "v1" || failure?.code === "packet_tag").toBe(true);
    from!.destroy();
    expect(from!.established).toBe(false);
    expect(() => from!.encode([{ type: "verack" }])).toThrow("the transport is destroyed");
  });
});

test("v1 can send at once and opens with nothing", () => {
  const framing = framingOf(new V1Transport(options), bitcoinMessages);
  expect([framing.established, framing.open()]).toEqual([true, undefined]);
});

test("v2 opens, replies, and can check before it can send", () => {
  const dialling = framingOf(v2Initiator(), bitcoinMessages);
  const answering = framingOf(v2Responder(), bitcoinMessages);
  expect([dialling.established, answering.open()]).toEqual([false, undefined]);
  dialling.check(versionMessage);
  expect(thrown(() => dialling.check(noPing))).toMatchObject({ name: "EncodeError" });
  expect(() => dialling.encode([versionMessage])).toThrow("the peer's key has not come yet");
  const { reply } = answering.push(dialling.open()!);
  expect(answering.established).toBe(true);
  const last = dialling.push(reply!);
  expect([dialling.established, last.reply !== undefined]).toEqual([true, true]);
  const { messages } = answering.push(last.reply!);
  expect(messages).toMatchObject([{ type: "ready", protocol: "v2" }]);
});
