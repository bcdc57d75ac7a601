import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type Codec,
  type DecodeError,
  decodeMessage,
  encodeMessage,
  EncodeError,
  fromHex,
  type Inspection,
  type KnownMessage,
  lightningMessages,
  type LightningMessage,
  maxMessageLength,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageOf,
  type MessageSet,
  messageSet,
  type PartialMessage,
  ping,
  type Ping,
  pong,
  type Pong,
  prefixedBytes,
  repeated,
  tlvs,
  toHex,
  tu64,
  u16,
  u8,
  type UnknownMessage,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
  readonly words: Uint8Array;
  readonly echo?: bigint;
  readonly tags?: readonly number[];
}
const words: Codec<Uint8Array> = prefixedBytes(u8);
const hello: MessageCodec<Hello> = message(
  32769,
  "hello",
  { volume: u16, words },
  { tags: [3, repeated(u8)], echo: [0x1_0001, tu64] },
);

describe("a set of messages", () => {
  test("reads only what was put in", () => {
    const set = messageSet([ping]);
    expect(set.decode(fromHex("001200080000"))).toEqual({
      type: "ping",
      numPongBytes: 8,
      ignored: fromHex(""),
    });
    expect(set.decode(fromHex("00130000"))).toEqual({
      type: "unknown",
      id: 19,
      payload: fromHex("0000"),
    });
    expect(set.codecs).toEqual([ping]);
  });

  test("has the union of its messages as type", () => {
    const set = messageSet([ping, pong, hello]);
    expectTypeOf(set).toEqualTypeOf<MessageSet<Ping | Pong | Hello>>();
    expectTypeOf<ReturnType<typeof set.decode>>().toEqualTypeOf<
      Ping | Pong | Hello | UnknownMessage
    >();
    expectTypeOf<MessageOf<typeof hello>>().toEqualTypeOf<Hello>();
    expectTypeOf(decodeMessage).returns.toEqualTypeOf<LightningMessage>();
    expectTypeOf<LightningMessage>().toEqualTypeOf<KnownMessage | UnknownMessage>();
    // @ts-expect-error `init` is not in the set
    const encodeInit = () => set.encode({ type: "init", globalfeatures: words, features: words });
    expect(encodeInit).toThrow();
  });

  test("narrows by type, without a rest", () => {
    const lengthOf = (received: Ping | Pong | Hello | UnknownMessage): number => {
      switch (received.type) {
        case "ping":
          return received.numPongBytes;
        case "pong":
          return received.ignored.length;
        case "hello":
          return received.volume;
        case "unknown":
          return received.id;
        default:
          return received satisfies never;
      }
    };
    const set = messageSet([ping, pong, hello]);
    const frames = ["001200080000", "0013000100", "80010007" + "00", "ffff"];
    expect(frames.map((hex) => lengthOf(set.decode(fromHex(hex))))).toEqual([8, 1, 7, 65535]);
  });

  test("does not write what is not in it", () => {
    const set: MessageSet<MessageBase> = messageSet([ping]) as never;
    expect(thrown(() => set.encode({ type: "pong" }))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      message: 'pong: no message "pong" in this set',
    });
  });

  test("is not made of two messages with one number or one name", () => {
    const sameNumber = message<MessageBase<"other">>(18, "other", {});
    const sameName = message<MessageBase<"ping">>(32771, "ping", {});
    expect(() => messageSet([ping, sameNumber])).toThrow(RangeError);
    expect(() => messageSet([ping, sameName])).toThrow(RangeError);
    expect(() => messageSet([ping, ping])).toThrow(RangeError);
  });

  test("may be empty", () => {
    expect(messageSet([]).decode(fromHex("0012aa"))).toEqual({
      type: "unknown",
      id: 18,
      payload: fromHex("aa"),
    });
  });
});

describe("a message of one's own", () => {
  const set = messageSet([ping, hello]);
  const value: Hello = {
    type: "hello",
    volume: 11,
    words: fromHex("6869"),
    echo: 258n,
    tags: [1, 2],
  };
  const hex = "8001" + "000b" + "026869" + "03020102" + "fe00010001020102";

  test("goes both ways, with its TLV records", () => {
    expect(toHex(set.encode(value))).toBe(hex);
    expect(set.decode(fromHex(hex))).toStrictEqual(value);
  });

  test("stays unknown to those who do not have it", () => {
    const unknown = decodeMessage(fromHex(hex));
    expect(unknown).toEqual({ type: "unknown", id: 32769, payload: fromHex(hex.slice(4)) });
    expect(toHex(encodeMessage(unknown))).toBe(hex);
  });

  test("follows the rules of all messages", () => {
    expect(thrown(() => set.decode(fromHex("8001000b00" + "0400")))).toMatchObject({
      code: "unknown_required",
      path: ["hello"],
    });
    expect(thrown(() => set.decode(fromHex("8001000b05")))).toMatchObject({
      code: "short_read",
      offset: 5,
      path: ["hello", "words"],
    });
    expect(thrown(() => set.encode({ ...value, tags: [1, 256] }))).toMatchObject({
      code: "out_of_range",
      path: ["hello", "tags", 1],
    });
    expect(thrown(() => set.encode({ ...value, words: new Uint8Array(256) }))).toMatchObject({
      code: "too_long",
      path: ["hello", "words"],
    });
  });

  test("has a codec for each required field and a record for each optional one", () => {
    const fields = { volume: u16, words };
    const records = { echo: [1, tu64], tags: [3, repeated(u8)] } as const;
    message<Hello>(32769, "hello", fields, records);
    // @ts-expect-error the record of `tags` is missing
    message<Hello>(32769, "hello", fields, { echo: [1, tu64] });
    // @ts-expect-error the codec of `words` is missing
    message<Hello>(32769, "hello", { volume: u16 }, records);
    // @ts-expect-error the records are missing
    message<Hello>(32769, "hello", fields);
    // @ts-expect-error another name
    message<Hello>(32769, "ping", fields, records);
    // @ts-expect-error a codec of another type
    message<Hello>(32769, "hello", { volume: tu64, words }, records);
  });
});

describe("a description that contradicts itself", () => {
  test.each([-1, 65536, 1.5, Number.NaN])("has the type number %s", (id) => {
    expect(() => message<MessageBase<"odd">>(id, "odd", {})).toThrow(RangeError);
  });

  test.each([0, 65535])("is not one with the type number %i", (id) => {
    expect(message<MessageBase<"odd">>(id, "odd", {}).id).toBe(id);
  });

  test("has one TLV type twice", () => {
    const records = { tags: [3, repeated(u8)], echo: [3, tu64] } as const;
    const fields = { volume: u16, words };
    expect(() => message<Hello>(32769, "hello", fields, records)).toThrow(
      new RangeError("TLV type 3 belongs to two fields"),
    );
    expect(() => tlvs<Pick<Hello, "echo" | "tags">>(records)).toThrow(RangeError);
  });
});

describe("a codec that throws what is no DecodeError", () => {
  interface Fragile extends MessageBase<"fragile"> {
    readonly part: number;
    readonly extra?: number;
  }
  const failing = (error: unknown): Codec<number> => ({
    read(reader) {
      reader.u8();
      throw error;
    },
    write: (writer, value) => writer.u8(value),
  });

  test.each([
    ["an error", new TypeError("mine")],
    ["an EncodeError", new EncodeError("too_long", "x")],
    ["no error at all", "text"],
  ])("ends in one all the same: %s", (_what, error) => {
    const inField = message<Fragile>(
      32771,
      "fragile",
      { part: failing(error) },
      { extra: [1, u8] },
    );
    const inRecord = message<Fragile>(
      32771,
      "fragile",
      { part: u8 },
      { extra: [1, failing(error)] },
    );
    for (const [codec, frame, offset] of [
      [inField, "800300", 3],
      [inRecord, "800300" + "010100", 6],
    ] as const) {
      const field = codec === inField ? "part" : "extra";
      expect(thrown(() => messageSet([codec]).decode(fromHex(frame)))).toMatchObject({
        name: "DecodeError",
        code: "invalid_value",
        path: ["fragile", field],
        offset,
        cause: error instanceof EncodeError ? expect.any(EncodeError) : error,
      });
    }
  });
});

describe("frames", () => {
  test.each(["", "00"])("0x%s is too short for a type", (hex) => {
    expect(thrown(() => decodeMessage(fromHex(hex)))).toMatchObject({
      name: "DecodeError",
      code: "short_read",
      path: [],
      offset: 0,
    });
  });

  test.each([
    [0, ""],
    [32766, "0100"],
    [32768, "00"],
    [65535, "ff".repeat(65533)],
  ])("the unknown type %i goes both ways", (id, payload) => {
    const hex = id.toString(16).padStart(4, "0") + payload;
    const unknown = decodeMessage(fromHex(hex));
    expect(unknown).toEqual({ type: "unknown", id, payload: fromHex(payload) });
    expect(toHex(encodeMessage(unknown))).toBe(hex);
  });

  test("a known type can be written with any payload", () => {
    const frame = encodeMessage({ type: "unknown", id: 18, payload: fromHex("00") });
    expect(toHex(frame)).toBe("001200");
    expect(thrown(() => decodeMessage(frame)).path).toEqual(["ping", "numPongBytes"]);
  });

  test.each([
    [
      "a type beyond 16 bits",
      { id: 65536, payload: fromHex("") },
      "out_of_range",
      ["unknown", "id"],
    ],
    ["no payload", { id: 1 }, "missing_field", ["unknown", "payload"]],
    ["a payload of text", { id: 1, payload: "hi" }, "invalid_value", ["unknown", "payload"]],
    ["more than fits", { id: 1, payload: new Uint8Array(65534) }, "too_long", ["unknown"]],
  ])("an unknown message is not written with %s", (_what, fields, code, path) => {
    const error = thrown(() => encodeMessage({ type: "unknown", ...fields } as UnknownMessage));
    expect(error).toMatchObject({ name: "EncodeError", code, path });
  });

  test("above the limit of the transport they are not read either", () => {
    const frame = new Uint8Array(maxMessageLength + 1).fill(255);
    expect(thrown(() => decodeMessage(frame))).toMatchObject({
      name: "DecodeError",
      code: "too_long",
    });
    expect(decodeMessage(frame.subarray(1)).type).toBe("unknown");
  });

  test("an extension that no longer fits is too long", () => {
    const ignored = new Uint8Array(65529);
    const unknown = [{ type: 1n, value: fromHex("") }];
    const error = thrown(() => encodeMessage({ type: "ping", numPongBytes: 0, ignored, unknown }));
    expect(error).toMatchObject({ code: "too_long", path: ["ping"] });
  });

  test("fields of a message are views of its frame, frames are bytes of their own", () => {
    const frame = fromHex("0012" + "0000" + "0002abcd");
    const read = decodeMessage(frame) as Ping;
    expect(read.ignored.buffer).toBe(frame.buffer);
    const written = encodeMessage(read);
    frame.fill(0);
    expect(toHex(written)).toBe("00120000" + "0002abcd");
  });

  test("inside a larger buffer they are read from their place", () => {
    const buffer = fromHex("ffff" + "00120008" + "0000" + "ffff");
    expect(decodeMessage(buffer.subarray(2, 8))).toEqual({
      type: "ping",
      numPongBytes: 8,
      ignored: fromHex(""),
    });
  });
});

test("the set of all messages has the numbers and names of the spec", () => {
  const spec = [
    "1 warning, 2 stfu, 7 peer_storage, 9 peer_storage_retrieval, 16 init, 17 error, 18 ping, 19 pong",
    "32 open_channel, 33 accept_channel, 34 funding_created, 35 funding_signed, 36 channel_ready",
    "38 shutdown, 39 closing_signed, 40 closing_complete, 41 closing_sig",
    "64 open_channel2, 65 accept_channel2, 66 tx_add_input, 67 tx_add_output, 68 tx_remove_input",
    "69 tx_remove_output, 70 tx_complete, 71 tx_signatures, 72 tx_init_rbf, 73 tx_ack_rbf, 74 tx_abort",
    "77 splice_locked, 80 splice_init, 81 splice_ack, 127 start_batch",
    "128 update_add_htlc, 130 update_fulfill_htlc, 131 update_fail_htlc, 132 commitment_signed",
    "133 revoke_and_ack, 134 update_fee, 135 update_fail_malformed_htlc, 136 channel_reestablish",
    "256 channel_announcement, 257 node_announcement, 258 channel_update, 259 announcement_signatures",
    "261 query_short_channel_ids, 262 reply_short_channel_ids_end, 263 query_channel_range",
    "264 reply_channel_range, 265 gossip_timestamp_filter, 513 onion_message",
  ].flatMap((line) => line.split(", "));
  expect(spec.length).toBe(50);
  const ascending = lightningMessages.codecs.toSorted((a, b) => a.id - b.id);
  expect(ascending.map(({ id, name }) => `${id} ${name}`)).toEqual(spec);
});

test("what is found in a frame has a type for what was read", () => {
  const found = lightningMessages.inspect(fromHex("0012"));
  expectTypeOf(found).toEqualTypeOf<Inspection<KnownMessage>>();
  if (found.valid) {
    expectTypeOf(found.message).toEqualTypeOf<LightningMessage>();
  } else {
    expectTypeOf(found.message).toEqualTypeOf<
      PartialMessage<KnownMessage> | UnknownMessage | undefined
    >();
    expectTypeOf(found.problems).toEqualTypeOf<readonly [DecodeError, ...DecodeError[]]>();
    if (found.message?.type === "ping") {
      expectTypeOf(found.message.numPongBytes).toEqualTypeOf<number | undefined>();
    }
  }
  // @ts-expect-error there are problems only if it is not valid
  expect(found.problems.length).toBe(1);
});

describe("encoding again", () => {
  test("inside a codec gives both messages", () => {
    interface Wrapped extends MessageBase<"wrapped"> {
      readonly before: number;
      readonly inner: Ping;
    }
    const inner: Codec<Ping> = {
      read: (reader) => set.decode(reader.rest()) as Ping,
      write: (writer, value) => writer.put(set.encode(value)),
    };
    const wrapped: MessageCodec<Wrapped> = message(32773, "wrapped", { before: u16, inner });
    const set = messageSet([ping, wrapped]);
    const value: Wrapped = {
      type: "wrapped",
      before: 0x0102,
      inner: { type: "ping", numPongBytes: 3, ignored: fromHex("aabb") },
    };
    expect(toHex(set.encode(value))).toBe("8005" + "0102" + "0012" + "0003" + "0002aabb");
    expect(set.decode(set.encode(value))).toEqual(value);
  });

  test("after an error starts afresh", () => {
    const set = messageSet([ping]);
    const bad = { type: "ping", numPongBytes: 7, ignored: undefined as never } as const;
    expect(thrown(() => set.encode(bad)).code).toBe("missing_field");
    const good = { type: "ping", numPongBytes: 1, ignored: fromHex("") } as const;
    expect(toHex(set.encode(good))).toBe("001200010000");
  });
});
