// Frames of v1, written by hand. What holds for every transport is in transport.test.ts.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesOfText } from "../src/fields.ts";
import { concatBytes, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import type { KnownMessage } from "../src/bitcoin.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";
import { byteByByte, changedAt } from "./support/chunks.ts";
import { magic, options, unknown } from "./support/transport-pairs.ts";

const transport = (): V1Transport<KnownMessage> => new V1Transport(options);

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** A header, with a command of raw bytes. */
function header(command: string, length: number, checksum = fromHex("5df6e0e2")): Uint8Array {
  return concatBytes(magic, bytesOfText(command.padEnd(12, "\0")), u32(length), checksum);
}

function frame(command: string, payload: Uint8Array): Uint8Array {
  const checksum = sha256(sha256(payload)).slice(0, 4);
  return concatBytes(header(command, payload.length, checksum), payload);
}

const empty = new Uint8Array(0);
const verack = fromHex("f9beb4d976657261636b000000000000000000005df6e0e2");
const ready = { type: "ready", protocol: "v1" };

describe("frames", () => {
  test("of a message without a payload", () => {
    expect(toHex(transport().encode({ type: "verack" }))).toBe(toHex(verack));
    expect(transport().push(verack).events).toEqual([
      ready,
      { type: "message", message: { type: "verack" }, wireLength: 24 },
    ]);
  });

  test("of a message with one", () => {
    const ping = frame("ping", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(transport().encode({ type: "ping", nonce: 0x0807060504030201n })).toEqual(ping);
    expect(transport().push(ping).events[1]).toEqual({
      type: "message",
      message: { type: "ping", nonce: 0x0807060504030201n },
      wireLength: 32,
    });
  });

  test("of more than 65,535 bytes have all four bytes of the length", () => {
    const bytes = transport().encode(unknown(0x012345));
    expect(bytes.subarray(16, 20)).toEqual(Uint8Array.of(0x45, 0x23, 0x01, 0));
    expect(transport().push(bytes).events[1]).toMatchObject({ message: unknown(0x012345) });
  });

  test("of a command that the set does not know are messages, too", () => {
    const payload = Uint8Array.of(1, 2);
    expect(transport().push(frame("wtf is this?", payload)).events[1]).toEqual({
      type: "message",
      message: { type: "unknown", command: "wtf is this?", payload },
      wireLength: 26,
    });
  });
});

describe("a peer that is met", () => {
  test("is an event, once, with the fourth byte", () => {
    const receiver = transport();
    const counts = byteByByte(concatBytes(verack, verack)).map((chunk) => {
      const { events } = receiver.push(chunk);
      return events.filter(({ type }) => type === "ready").length;
    });
    expect(counts.findIndex((count) => count > 0)).toBe(3);
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  });
});

test("nothing is sent first, nothing is answered, and there is no session id", () => {
  const sender = transport();
  expect([sender.protocol, sender.established]).toEqual(["v1", true]);
  expect(sender.open()).toBeUndefined();
  expect(sender.push(verack)).not.toHaveProperty("reply");
  expect(sender.sessionId).toBeUndefined();
  expect(sender.shouldRetryV1).toBe(false);
  expect(sender.end()).toBeUndefined();
});

describe("another network", () => {
  test.each([0, 1, 2, 3])("is known by byte %i, as soon as it comes", (index) => {
    const wrong = changedAt(verack, index);
    const receiver = transport();
    const before = receiver.push(wrong.subarray(0, index));
    expect(before).toEqual({ events: [] });
    const { events, failure } = receiver.push(wrong.subarray(index, index + 1));
    expect(events).toEqual([]);
    expect(failure).toMatchObject({ name: "TransportError", code: "wrong_network" });
    expect(receiver.bytesBuffered).toBe(0);
  });

  test("is known in the second frame, too, and the first is not lost", () => {
    for (let index = 0; index < 4; index++) {
      const chunk = concatBytes(verack, changedAt(verack, index).subarray(0, index + 1));
      const { events, failure } = transport().push(chunk);
      expect(events).toMatchObject([ready, { message: { type: "verack" } }]);
      expect(failure).toMatchObject({ code: "wrong_network" });
    }
  });
});

describe("a length", () => {
  test("of 4,000,000 is waited for without memory for it", () => {
    const receiver = transport();
    expect(receiver.push(header("block", 4_000_000))).toEqual({ events: [ready] });
    expect(receiver.bytesBuffered).toBe(24);
    expect(receiver.end()).toMatchObject({
      code: "truncated",
      message: "the peer stopped sending in the middle of a payload of 4000000 bytes",
    });
  });

  test.each([4_000_001, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])(
    "of %i is refused with the last byte of the header",
    (length) => {
      const receiver = transport();
      const bytes = header("block", length);
      expect(receiver.push(bytes.subarray(0, 23)).failure).toBeUndefined();
      const { events, failure } = receiver.push(bytes.subarray(23));
      expect(events).toEqual([]);
      expect(failure).toMatchObject({
        name: "TransportError",
        code: "payload_too_long",
        command: "block",
        length,
      });
      expect(receiver.bytesBuffered).toBe(0);
    },
  );
});

describe("a wrong checksum", () => {
  test("is ignored with what it is about, whichever byte is wrong, and the link is kept", () => {
    const payload = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const good = frame("ping", payload);
    for (let index = 20; index < good.length; index++) {
      const bad = changedAt(good, index, 0x80);
      const { events, failure } = transport().push(concatBytes(good, bad, verack));
      expect(failure).toBeUndefined();
      expect(events.slice(2)).toEqual([
        {
          type: "ignored",
          reason: "checksum",
          header: bytesOfText("ping\0\0\0\0\0\0\0\0"),
          payload: bad.subarray(24),
          wireLength: 32,
        },
        { type: "message", message: { type: "verack" }, wireLength: 24 },
      ]);
    }
  });

  test("counts before the command and before what the payload says", () => {
    const bad = changedAt(frame("ping\x01", empty), 20);
    expect(transport().push(bad).events[1]).toMatchObject({ reason: "checksum" });
    const malformed = changedAt(frame("ping", new Uint8Array(3)), 20);
    expect(transport().push(malformed)).toMatchObject({
      events: [ready, { type: "ignored", reason: "checksum" }],
    });
  });
});

describe("a command", () => {
  test.each(["a", "twelve bytes", " ~ ", "tx"])("%j is taken", (command) => {
    const { events, failure } = transport().push(frame(command, unknownPayload(command)));
    expect(failure).toBeUndefined();
    expect(events[1]).toMatchObject({ type: "message" });
  });

  test.each([
    ["is empty", ""],
    ["has a control character", "pi\x1fng"],
    ["has a byte above 0x7e", "ping\x7f"],
    ["has a byte above 0x7f", "ping\x80"],
    ["has a high byte at the end", "twelve byte\xff"],
    ["goes on behind a zero", "ping\0a"],
    ["goes on in the last byte", "ping\0\0\0\0\0\0\0a"],
    ["begins with a zero", "\0ping"],
  ])("that %s is ignored and the link is kept", (_, command) => {
    const payload = Uint8Array.of(9, 9);
    const { events, failure } = transport().push(concatBytes(frame(command, payload), verack));
    expect(failure).toBeUndefined();
    expect(events).toEqual([
      ready,
      {
        type: "ignored",
        reason: "command",
        header: bytesOfText(command.padEnd(12, "\0")),
        payload,
        wireLength: 26,
      },
      { type: "message", message: { type: "verack" }, wireLength: 24 },
    ]);
  });
});

/** A payload that the command has: nearly none. */
function unknownPayload(command: string): Uint8Array {
  return command === "tx" ? fromHex("01000000000000000000") : empty;
}

test("whatever a set throws ends the connection with a typed error", () => {
  const receiver = new V1Transport({
    ...options,
    messages: {
      ...options.messages,
      decode() {
        throw new Error("gone");
      },
    },
  });
  const { failure } = receiver.push(verack);
  expect(failure).toMatchObject({ code: "malformed_message", cause: new Error("gone") });
});
