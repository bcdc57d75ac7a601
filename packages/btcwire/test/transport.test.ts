// What holds for every transport once the two sides talk.
import { concatBytes, EncodeError, equalBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { maxPayloadLength } from "../src/message-set.ts";
import { byteByByte, changedAt, cut, pushAll } from "./support/chunks.ts";
import {
  magic,
  messagesOf,
  options,
  pairKinds,
  someMessages,
  unknown,
  v2Responder,
} from "./support/transport-pairs.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe.each(pairKinds)("$name", ({ connect, protocol }) => {
  const overhead = protocol === "v1" ? 24 : 20;
  const streamOf = (messages = someMessages): Uint8Array[] => {
    const [sender] = connect();
    return messages.map((message) => sender.encode(message));
  };

  test("both sides know how they talk", () => {
    const [sender, receiver] = connect();
    expect([sender.protocol, receiver.protocol]).toEqual([protocol, protocol]);
    expect([sender.established, receiver.established]).toEqual([true, true]);
    expect(receiver.sessionId).toEqual(sender.sessionId);
    expect(receiver.sessionId?.length).toBe(protocol === "v1" ? undefined : 32);
    expect(receiver.bytesBuffered).toBe(0);
    expect(receiver.end()).toBeUndefined();
  });

  describe("push returns the same messages", () => {
    const stream = concatBytes(...streamOf());

    test("for the whole stream at once", () => {
      const [, receiver] = connect();
      const { events, reply, failure } = receiver.push(stream);
      expect(messagesOf(events)).toEqual(someMessages);
      expect([reply, failure]).toEqual([undefined, undefined]);
      expect(receiver.bytesBuffered).toBe(0);
    });

    test("for a stream split in two at every byte", () => {
      for (let at = 0; at <= stream.length; at++) {
        const [, receiver] = connect();
        const { events } = pushAll(receiver, [stream.subarray(0, at), stream.subarray(at)]);
        expect(messagesOf(events)).toEqual(someMessages);
        expect(receiver.bytesBuffered).toBe(0);
      }
    });

    test("byte by byte, each message with its last byte", () => {
      const [, receiver] = connect();
      const ends: number[] = [];
      byteByByte(stream).forEach((chunk, i) => {
        const { events } = receiver.push(chunk);
        for (const _ of events) ends.push(i + 1);
      });
      let end = 0;
      expect(ends).toEqual(streamOf().map((bytes) => (end += bytes.length)));
    });

    test("with empty chunks in between", () => {
      const [, receiver] = connect();
      const { events } = pushAll(receiver, cut(stream, [0, 25, 0, 1]));
      expect(messagesOf(events)).toEqual(someMessages);
    });

    test("from a view into a larger array", () => {
      const larger = new Uint8Array(stream.length + 13).fill(0xee);
      larger.set(stream, 5);
      const [, receiver] = connect();
      const { events } = receiver.push(larger.subarray(5, 5 + stream.length));
      expect(messagesOf(events)).toEqual(someMessages);
    });

    test("from a chunk that is overwritten after each push", () => {
      const [, receiver] = connect();
      const chunk = new Uint8Array(11);
      const found = [];
      for (const piece of cut(stream, [11])) {
        chunk.set(piece);
        found.push(...receiver.push(chunk.subarray(0, piece.length)).events);
        chunk.fill(0xff);
      }
      expect(messagesOf(found)).toEqual(someMessages);
    });

    test("from a chunk of another class, whose slice is a view as that of Node's Buffer", () => {
      class Shared extends Uint8Array {
        override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
          return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
        }
      }
      const [, receiver] = connect();
      const chunk = new Shared(stream);
      const { events } = receiver.push(chunk);
      chunk.fill(0);
      expect(messagesOf(events)).toEqual(someMessages);
    });
  });

  test("wireLength adds up to the length of the stream", () => {
    const stream = concatBytes(...streamOf());
    const [, receiver] = connect();
    let total = 0;
    for (const event of receiver.push(stream).events) {
      if (event.type === "message") total += event.wireLength;
    }
    expect(total).toBe(stream.length);
  });

  test("a payload belongs to the receiver of the event and to nobody else", () => {
    const frames = streamOf([unknown(300, 1), unknown(300, 2), unknown(300, 3)]);
    const stream = concatBytes(...frames);
    const [, receiver] = connect();
    const { events } = pushAll(receiver, [stream.subarray(0, 700), stream.subarray(700)]);
    stream.fill(0);
    const buffers = events.map((event) => {
      const payload = event.type === "message" && "payload" in event.message && event.message;
      return payload ? payload.payload.buffer : undefined;
    });
    expect(new Set(buffers).size).toBe(3);
    for (const buffer of buffers) expect(buffer?.byteLength).toBeLessThanOrEqual(300 + 14);
    expect(messagesOf(events)).toEqual([unknown(300, 1), unknown(300, 2), unknown(300, 3)]);
  });

  test("both sides send and receive at once", () => {
    const [left, right] = connect();
    for (const message of someMessages) {
      const [there, back] = [left.encode(message), right.encode(message)];
      expect(messagesOf(right.push(there).events)).toEqual([message]);
      expect(messagesOf(left.push(back).events).at(-1)).toEqual(message);
    }
  });

  describe("the longest payload", () => {
    test("arrives, in one chunk or in many", { timeout: 20_000 }, () => {
      const longest = unknown(maxPayloadLength);
      const [sender, receiver] = connect();
      const sizes = [[5_000_000], [65_536, 1]];
      for (const chunkSizes of sizes) {
        const frame = sender.encode(longest);
        const { events, failure } = pushAll(receiver, cut(frame, chunkSizes));
        expect(failure).toBeUndefined();
        expect(events.length).toBe(1);
        const [event] = events;
        if (event?.type !== "message" || event.message.type !== "unknown") throw new Error("no");
        expect(event.message.payload.length).toBe(maxPayloadLength);
        expect(event.wireLength).toBe(frame.length);
        const wanted = longest.type === "unknown" ? longest.payload : new Uint8Array(0);
        expect(equalBytes(event.message.payload, wanted)).toBe(true);
      }
      expect(messagesOf(receiver.push(sender.encode({ type: "verack" })).events)).toEqual([
        { type: "verack" },
      ]);
    });

    test("is the longest that can be sent; what is longer leaves the transport usable", () => {
      const [sender, receiver] = connect();
      const error = errorOf(() => sender.encode(unknown(maxPayloadLength + 1)));
      expect(error).toBeInstanceOf(EncodeError);
      expect(error).toMatchObject({ code: "too_long" });
      expect(sender.failure).toBeUndefined();
      expect(messagesOf(receiver.push(sender.encode({ type: "verack" })).events)).toEqual([
        { type: "verack" },
      ]);
    });
  });

  test("a message that cannot be written leaves the transport usable", () => {
    const [sender, receiver] = connect();
    const bad = { type: "unknown", command: "no\ncommand", payload: new Uint8Array(0) } as const;
    expect(errorOf(() => sender.encode(bad))).toMatchObject({ code: "invalid_value" });
    expect(messagesOf(receiver.push(sender.encode({ type: "verack" })).events)).toEqual([
      { type: "verack" },
    ]);
  });

  describe("a malformed payload", () => {
    // 5 bytes are no nonce.
    const bad = {
      type: "unknown",
      command: "ping",
      payload: Uint8Array.of(1, 2, 3, 4, 5),
    } as const;

    test("ends the connection, after the messages before it", () => {
      const [sender, receiver] = connect();
      const stream = concatBytes(
        ...[someMessages[1], bad, someMessages[1]].map((message) => sender.encode(message ?? bad)),
      );
      const { events, failure, reply } = receiver.push(stream);
      expect(messagesOf(events)).toEqual([someMessages[1]]);
      expect(reply).toBeUndefined();
      expect(failure).toMatchObject({
        name: "TransportError",
        code: "malformed_message",
        command: "ping",
        cause: { name: "DecodeError", code: "short_read", path: ["ping", "nonce"] },
      });
      expect(receiver.failure).toBe(failure);
    });

    test("becomes an event with `report`, and the connection goes on", () => {
      const [sender, receiver] = connect({ malformed: "report" });
      const { events, failure } = receiver.push(
        concatBytes(sender.encode(bad), sender.encode({ type: "verack" })),
      );
      expect(failure).toBeUndefined();
      expect(events).toMatchObject([
        {
          type: "malformed",
          command: "ping",
          payload: Uint8Array.of(1, 2, 3, 4, 5),
          message: { type: "ping" },
          problem: { name: "DecodeError", code: "short_read" },
          wireLength: overhead + 5 + (protocol === "v2" ? 1 : 0),
        },
        { type: "message", message: { type: "verack" } },
      ]);
    });

    test("with too much behind it shows what was understood", () => {
      const payload = new Uint8Array(9);
      const [sender, receiver] = connect({ malformed: "report" });
      const { events } = receiver.push(sender.encode({ ...bad, payload }));
      expect(events).toMatchObject([
        { message: { type: "ping", nonce: 0n }, problem: { code: "trailing_bytes" } },
      ]);
    });
  });

  describe("after a failure", () => {
    const fail = (): ReturnType<typeof connect>[1] => {
      const [sender, receiver] = connect();
      receiver.push(changedAt(sender.encode(unknown(5)), 3)); // the magic, or the header
      receiver.push(new Uint8Array(maxPayloadLength)); // in case that another length came out
      return receiver;
    };

    test("every push returns it, encode throws `failed`", () => {
      const receiver = fail();
      const { failure } = receiver;
      expect(failure).toMatchObject({ code: protocol === "v1" ? "wrong_network" : "packet_tag" });
      for (const chunk of [new Uint8Array(0), new Uint8Array(100)]) {
        expect(receiver.push(chunk)).toEqual({ events: [], failure });
        expect(receiver.push(chunk).failure).toBe(failure);
      }
      expect(errorOf(() => receiver.encode({ type: "verack" }))).toMatchObject({
        name: "TransportError",
        code: "failed",
        cause: failure,
      });
      expect(receiver.established).toBe(false);
      expect(receiver.end()).toBe(failure);
      expect(receiver.bytesBuffered).toBe(0);
    });

    test("destroy keeps the failure readable", () => {
      const receiver = fail();
      const { failure } = receiver;
      receiver.destroy();
      expect(receiver.failure).toBe(failure);
      expect(receiver.push(new Uint8Array(1)).failure).toMatchObject({ code: "destroyed" });
    });
  });

  test("end is right between two messages and `truncated` anywhere else", () => {
    const frames = streamOf([unknown(3), { type: "verack" }, unknown(30)]);
    let end = 0;
    const ends = [0, ...frames.map(({ length }) => (end += length))];
    const stream = concatBytes(...frames);
    const [, receiver] = connect();
    byteByByte(stream).forEach((chunk, i) => {
      receiver.push(chunk);
      const started = ends.findLast((at) => at <= i + 1) ?? 0;
      expect(receiver.bytesBuffered).toBe(i + 1 - started);
      if (ends.includes(i + 1)) expect(receiver.end()).toBeUndefined();
      else expect(receiver.end()).toMatchObject({ name: "TransportError", code: "truncated" });
      expect(receiver.failure).toBeUndefined();
    });
  });

  test("destroy refuses every later use, is idempotent and lets go of what was held", () => {
    const [sender, receiver] = connect();
    receiver.push(sender.encode(unknown(100)).subarray(0, 50));
    expect(receiver.bytesBuffered).toBe(50);
    for (let i = 0; i < 2; i++) {
      receiver.destroy();
      expect(receiver.bytesBuffered).toBe(0);
      expect(receiver.established).toBe(false);
      expect(receiver.failure).toBeUndefined();
      expect(receiver.end()).toBeUndefined();
      const { events, failure } = receiver.push(new Uint8Array(10));
      expect(events).toEqual([]);
      expect(failure).toMatchObject({ name: "TransportError", code: "destroyed" });
      expect(errorOf(() => receiver.encode({ type: "verack" }))).toMatchObject({
        code: "destroyed",
      });
    }
  });
});

test("a magic that is not 4 bytes is refused, and later changes of it have no effect", () => {
  const bad = { ...options, network: { magic: new Uint8Array(5) } };
  expect(() => new V1Transport(bad)).toThrow(RangeError);
  expect(() => v2Responder(bad)).toThrow("a magic has 4 bytes, not 5");
  const mine = magic.slice();
  const transport = new V1Transport({ ...options, network: { magic: mine } });
  mine.fill(0);
  expect(transport.encode({ type: "verack" }).subarray(0, 4)).toEqual(magic);
});
