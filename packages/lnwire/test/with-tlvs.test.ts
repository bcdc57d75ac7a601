import { bytes } from "@satwire/codec";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type Codec,
  encodeMessage,
  fromHex,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  type Ping,
  ping,
  pong,
  startBatch,
  type StartBatch,
  toHex,
  tu64,
  u16,
  u8,
  type UnknownMessage,
  withTlvs,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Batch extends StartBatch {
  readonly low?: number;
  readonly high?: bigint;
  readonly highest?: Uint8Array;
}
const batch: MessageCodec<Batch> = withTlvs(startBatch, {
  highest: [2n ** 64n - 1n, bytes(2)],
  low: [0, u8],
  high: [0x1_0001, tu64],
});
const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const fields = { type: "start_batch", channelId: fromHex(channel), batchSize: 2 } as const;
const hex = `007f${channel}0002`;

describe("a message with more TLV records", () => {
  const set = messageSet([batch, pong]);

  test.each<readonly [what: string, value: Batch, hex: string]>([
    ["none", fields, hex],
    ["those it had", { ...fields, messageType: 132 }, `${hex}01020084`],
    ["those it was given", { ...fields, low: 7, high: 258n }, `${hex}000107${"fe00010001020102"}`],
    [
      "all of them and an unknown one",
      {
        ...fields,
        messageType: 132,
        low: 7,
        high: 258n,
        highest: fromHex("abcd"),
        unknown: [{ type: 3n, value: fromHex("33") }],
      },
      `${hex}00010701020084${"030133"}fe00010001020102${"ff".repeat(9)}02abcd`,
    ],
  ])("goes both ways with %s, in ascending order", (_what, value, bytes) => {
    expect(toHex(set.encode(value))).toBe(bytes);
    expect(set.decode(fromHex(bytes))).toStrictEqual(value);
    expect(set.inspect(fromHex(bytes))).toMatchObject({ valid: true, message: value });
  });

  test("keeps its number, its name and the rules of all messages", () => {
    expect([batch.id, batch.name]).toEqual([127, "start_batch"]);
    expect(thrown(() => set.decode(fromHex(`${hex}00020107`)))).toMatchObject({
      code: "trailing_bytes",
      path: ["start_batch", "low"],
      offset: 39,
    });
    expect(thrown(() => set.decode(fromHex(`${hex}010100`)))).toMatchObject({
      code: "short_read",
      path: ["start_batch", "messageType"],
      offset: 38,
    });
    expect(thrown(() => set.decode(fromHex(hex.slice(0, -2))))).toMatchObject({
      code: "short_read",
      path: ["start_batch", "batchSize"],
      offset: 34,
    });
    expect(thrown(() => set.decode(fromHex(`${hex}0200`))).code).toBe("unknown_required");
    expect(thrown(() => set.encode({ ...fields, low: 256 }))).toMatchObject({
      code: "out_of_range",
      path: ["start_batch", "low"],
    });
    const asUnknown = { ...fields, unknown: [{ type: 0x1_0001n, value: fromHex("01") }] };
    expect(thrown(() => set.encode(asUnknown)).code).toBe("invalid_value");
  });

  test("leaves the original as it was", () => {
    expect(Object.keys(startBatch.tlvs)).toEqual(["messageType"]);
    const set1 = messageSet([startBatch]);
    expect(thrown(() => set1.decode(fromHex(`${hex}000107`))).code).toBe("unknown_required");
    expect(set1.decode(fromHex(`${hex}fe00010001020102`))).toStrictEqual({
      ...fields,
      unknown: [{ type: 0x1_0001n, value: fromHex("0102") }],
    });
    expect(toHex(encodeMessage({ ...fields, low: 7 } as StartBatch))).toBe(hex);
  });

  test("takes the original's place in a set and does not stand beside it", () => {
    expect(() => messageSet([startBatch, batch])).toThrow(RangeError);
  });

  test("can be given more again", () => {
    interface Wider extends Batch {
      readonly wider?: number;
    }
    const wider: MessageCodec<Wider> = withTlvs(batch, { wider: [2, u8] });
    const value: Wider = { ...fields, low: 1, messageType: 132, wider: 9 };
    const extended = `${hex}00010101020084${"020109"}`;
    expect(toHex(messageSet([wider]).encode(value))).toBe(extended);
    expect(messageSet([wider]).decode(fromHex(extended))).toStrictEqual(value);
  });

  test("may have had none before", () => {
    interface Loud extends Ping {
      readonly volume?: number;
    }
    const withVolume: MessageCodec<Loud> = withTlvs(ping, { volume: [11, u8] });
    const loud = messageSet([withVolume]);
    const value: Loud = { type: "ping", numPongBytes: 1, ignored: fromHex(""), volume: 11 };
    expect(toHex(loud.encode(value))).toBe("0012" + "0001" + "0000" + "0b010b");
    expect(loud.decode(fromHex("0012000100000b010b"))).toStrictEqual(value);
  });

  test("has the type of both", () => {
    expectTypeOf<ReturnType<typeof set.decode>["type"]>().toEqualTypeOf<
      "start_batch" | "pong" | "unknown"
    >();
    const received = set.decode(fromHex(`${hex}000107`));
    if (received.type === "start_batch") {
      expectTypeOf(received).toEqualTypeOf<Batch>();
      expectTypeOf(received.low).toEqualTypeOf<number | undefined>();
    }
    expectTypeOf<
      Exclude<typeof received, { type: "start_batch" | "pong" }>
    >().toEqualTypeOf<UnknownMessage>();
    // @ts-expect-error the record of `highest` is missing
    const lacking: MessageCodec<Batch> = withTlvs(startBatch, { low: [0, u8], high: [3, tu64] });
    const mistyped: MessageCodec<Batch> = withTlvs(startBatch, {
      // @ts-expect-error a codec of another type
      low: [0, tu64],
      high: [3, tu64],
      highest: [5, bytes(2)],
    });
    // @ts-expect-error the extended message has another name
    const renamed: MessageCodec<Ping> = withTlvs(startBatch, {});
    interface Must extends StartBatch {
      readonly must: number;
    }
    // @ts-expect-error what is added must be optional
    const required: MessageCodec<Must> = withTlvs(startBatch, {});
    // @ts-expect-error nothing says what is added
    const unannotated = withTlvs(startBatch, { low: [0, u8] });
    expect([lacking, mistyped, renamed, required, unannotated]).toHaveLength(5);
  });
});

describe("a contradiction is a RangeError", () => {
  interface One extends StartBatch {
    readonly one?: number;
  }
  const one = (type: number | bigint): MessageCodec<One> =>
    withTlvs(startBatch, { one: [type, u8] });

  test.each([1, 1n])("a TLV type that is taken, as %o", (type) => {
    expect(() => one(type)).toThrow(new RangeError("TLV type 1 belongs to two fields"));
  });

  test("a TLV type that is given twice", () => {
    expect(() =>
      withTlvs<Batch, StartBatch>(startBatch, {
        low: [7, u8],
        high: [7n, tu64],
        highest: [9, bytes(2)],
      }),
    ).toThrow(new RangeError("TLV type 7 belongs to two fields"));
  });

  test("the name of a field that it has", () => {
    for (const name of ["batchSize", "messageType", "type", "unknown"]) {
      expect(() => withTlvs<Batch, StartBatch>(startBatch, { [name]: [7, u8] } as never)).toThrow(
        RangeError,
      );
    }
  });

  test.each([-1, -1n, 2n ** 64n, 2 ** 64, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "%s as TLV type",
    (type) => {
      expect(() => one(type)).toThrow(RangeError);
      interface Draft extends MessageBase<"draft"> {
        readonly one?: number;
      }
      expect(() => message<Draft>(32769, "draft", {}, { one: [type, u8] })).toThrow(RangeError);
    },
  );

  test.each([0, 2n ** 53n + 1n, 2n ** 64n - 1n])("%s as TLV type is none", (type) => {
    const set = messageSet([one(type)]);
    const value: One = { ...fields, one: 5 };
    expect(set.decode(set.encode(value))).toStrictEqual(value);
  });
});

test("a codec shows what it is made of", () => {
  const own: Codec<number> = u16;
  interface Draft extends MessageBase<"draft"> {
    readonly part: number;
    readonly extra?: number;
  }
  const draft = message<Draft>(32769, "draft", { part: own }, { extra: [1, own] });
  expect(draft.fields).toEqual({ part: own });
  expect(draft.tlvs).toEqual({ extra: [1, own] });
  expect(Object.keys(batch.tlvs).sort()).toEqual(["high", "highest", "low", "messageType"]);
  expect(batch.fields).toBe(startBatch.fields);
});
