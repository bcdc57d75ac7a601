// What a set writes, and whose the bytes are.
import { describe, expect, test } from "vitest";
import {
  bitcoinMessages,
  fromHex,
  maxPayloadLength,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  ping,
  type Ping,
  toHex,
  u16le,
  u8,
  type UnknownMessage,
} from "../src/index.ts";
import { encodeWithRoom } from "../src/message-set.ts";
import { type Hello, hello } from "./support/hello.ts";
import { thrown } from "./support/thrown.ts";

const nonce = "0102030405060708";

describe("bytes", () => {
  test("of a message are views of its payload, payloads are bytes of their own", () => {
    const set = messageSet([hello]);
    const payload = fromHex("0000" + "abcd");
    const read = set.decode("hello", payload) as Hello;
    expect(read.words?.buffer).toBe(payload.buffer);
    const written = set.encode(read);
    payload.fill(0);
    expect(toHex(written)).toBe("0000" + "abcd");
  });

  test("of an unknown message are the payload itself", () => {
    const payload = fromHex("01");
    const read = messageSet([]).decode("x", payload) as UnknownMessage;
    expect(read.payload).toBe(payload);
  });

  test("inside a larger buffer are read from their place", () => {
    const buffer = fromHex("ffff" + nonce + "ffff");
    expect(bitcoinMessages.decode("ping", buffer.subarray(2, 10))).toStrictEqual({
      type: "ping",
      nonce: 0x0807_0605_0403_0201n,
    });
  });

  test("of earlier messages stay as they are while others are written", () => {
    const set = messageSet([ping, hello]);
    const written = Array.from({ length: 3000 }, (_, i) =>
      i % 7 === 0
        ? set.encode({ type: "hello", volume: i, words: new Uint8Array(i).fill(i) })
        : set.encode({ type: "ping", nonce: BigInt(i) }),
    );
    // Refused messages lie between them.
    for (let i = 0; i < 10; i++) {
      const bad = { type: "hello", volume: 1, words: "no" as never } as const;
      expect(() => set.encode(bad)).toThrow();
      written.push(set.encode({ type: "ping", nonce: 1n }));
    }
    written.forEach((payload, i) => {
      if (i >= 3000) expect(toHex(payload)).toBe("0100000000000000");
      else if (i % 7 === 0) {
        expect(payload.length).toBe(i + 2);
        expect(payload.subarray(2).every((byte) => byte === (i & 0xff))).toBe(true);
      } else expect(set.decode("ping", payload)).toStrictEqual({ type: "ping", nonce: BigInt(i) });
    });
  });

  test("of short messages share a buffer, as is said; those of long ones do not", () => {
    const set = messageSet([ping, hello]);
    const ping1 = (): Uint8Array => set.encode({ type: "ping", nonce: 1n });
    const [first, second] = [ping1(), ping1()];
    expect(second.buffer).toBe(first.buffer);
    const long = set.encode({ type: "hello", volume: 1, words: new Uint8Array(20_000) });
    expect(long.buffer).not.toBe(ping1().buffer);
    expect(long.buffer.byteLength).toBeLessThanOrEqual(2 * long.length);
  });
});

describe("encoding again", () => {
  interface Wrapped extends MessageBase<"wrapped"> {
    readonly before: number;
    readonly inner: Ping;
    readonly after: number;
  }

  test("inside a codec gives both messages", () => {
    const wrapped: MessageCodec<Wrapped> = message("wrapped", {
      before: u16le,
      inner: {
        read: (reader) => set.decode("ping", reader.take(8)) as Ping,
        write: (writer, value) => writer.put(set.encode(value)),
      },
      after: u8,
    });
    const set = messageSet([ping, wrapped]);
    const value: Wrapped = {
      type: "wrapped",
      before: 0x0102,
      inner: { type: "ping", nonce: 5n },
      after: 9,
    };
    const payloads = [
      set.encode(value),
      set.encode({ type: "ping", nonce: 6n }),
      set.encode(value),
    ];
    expect(payloads.map(toHex)).toEqual([
      "0201" + "0500000000000000" + "09",
      "0600000000000000",
      "0201" + "0500000000000000" + "09",
    ]);
    expect(set.decode("wrapped", payloads[0] as Uint8Array)).toStrictEqual(value);
  });

  test("after an error starts afresh", () => {
    const set = messageSet([ping, hello]);
    const bad = { type: "hello", volume: 7, words: "no" as never } as const;
    expect(thrown(() => set.encode(bad)).code).toBe("invalid_value");
    expect(toHex(set.encode({ type: "hello", volume: 1 }))).toBe("0100");
  });

  test("after an error keeps nothing of what was written", () => {
    const set = messageSet([hello]);
    const first = set.encode({ type: "hello", volume: 1 });
    const huge = { type: "hello", volume: 1, words: new Uint8Array(5_000_000) } as const;
    expect(thrown(() => set.encode(huge))).toMatchObject({ code: "too_long", path: ["hello"] });
    const next = set.encode({ type: "hello", volume: 2 });
    expect(next.buffer.byteLength).toBeLessThanOrEqual(16_384);
    expect([toHex(first), toHex(next)]).toEqual(["0100", "0200"]);
  });
});

describe("room around a payload", () => {
  const message = { type: "ping", nonce: 0x0102n } as const;
  const payload = toHex(bitcoinMessages.encode(message));

  test("is zeros in front, and as many bytes behind as were asked for", () => {
    const framed = encodeWithRoom(bitcoinMessages, message, { before: 5, after: 3 });
    expect(framed.length).toBe(5 + 8 + 3);
    expect(toHex(framed.subarray(0, 13))).toBe("00".repeat(5) + payload);
  });

  test("is for transports: encode takes a message only, so that lists can be mapped", () => {
    expect([message].map(bitcoinMessages.encode).map(toHex)).toEqual([payload]);
  });

  test("does not count for the longest payload", () => {
    const longest = { type: "unknown", command: "x", payload: new Uint8Array(maxPayloadLength) };
    const room = { before: 24, after: 16 };
    const framed = encodeWithRoom(bitcoinMessages, longest as UnknownMessage, room);
    expect(framed.length).toBe(24 + maxPayloadLength + 16);
    const tooLong = { ...longest, payload: new Uint8Array(maxPayloadLength + 1) };
    const error = thrown(() =>
      encodeWithRoom(bitcoinMessages, tooLong as UnknownMessage, { before: 1 }),
    );
    expect(error).toMatchObject({ code: "too_long", path: ["x"] });
  });
});
