import { type Codec, decode, encode, Reader, Writer } from "@satwire/codec";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  fromHex,
  rest,
  struct,
  type TlvFields,
  type TlvRecord,
  tlvs,
  tlvStream,
  toHex,
  tu16,
  tu32,
  tu64,
  u8,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Extra {
  readonly high?: bigint;
  readonly low?: number;
  readonly text?: Uint8Array;
  readonly unknown?: readonly TlvRecord[];
}
// On purpose not in ascending order.
const extra: Codec<Extra> = tlvs<Extra>({ text: [6, rest], low: [2, u8], high: [0x1_0000, tu64] });

describe("a stream", () => {
  test("is written in ascending order, whatever the order of the description and of the value", () => {
    const value: Extra = {
      unknown: [
        { type: 0x1_0001n, value: fromHex("ff") },
        { type: 1n, value: fromHex("") },
        { type: 3n, value: fromHex("03") },
      ],
      high: 256n,
      text: fromHex("6869"),
      low: 9,
    };
    const hex = "0100" + "020109" + "030103" + "06026869" + "fe00010000020100" + "fe0001000101ff";
    expect(toHex(encode(extra, value))).toBe(hex);
    const unknown = [...(value.unknown as TlvRecord[])].sort((a, b) => (a.type < b.type ? -1 : 1));
    expect(decode(extra, fromHex(hex))).toStrictEqual({ ...value, unknown });
  });

  test("of known records alone is written in ascending order, too", () => {
    const hex = "020109" + "0600" + "fe000100000101";
    expect(toHex(encode(extra, { high: 1n, text: fromHex(""), low: 9 }))).toBe(hex);
  });

  test("has no field for what is absent", () => {
    expect(Object.keys(decode(extra, fromHex("020109")))).toEqual(["low"]);
    expect(Object.keys(decode(extra, fromHex("")))).toEqual([]);
  });

  test("leaves out fields that are undefined and knows empty ones", () => {
    expect(toHex(encode(extra, { text: fromHex(""), unknown: [] }))).toBe("0600");
    expect(toHex(encode(extra, { low: undefined } as unknown as Extra))).toBe("");
  });

  test("takes the highest type there is and none after it", () => {
    const last = "ffffffffffffffffff" + "0101";
    expect(decode(extra, fromHex(last))).toStrictEqual({
      unknown: [{ type: 2n ** 64n - 1n, value: fromHex("01") }],
    });
    expect(thrown(() => decode(extra, fromHex(`${last}0100`))).code).toBe("out_of_order");
    expect(thrown(() => decode(extra, fromHex(last + last))).code).toBe("out_of_order");
  });

  test("is refused at once when a length exceeds all memory", () => {
    const error = thrown(() => decode(extra, fromHex("01" + "ffffffffffffffffff" + "00")));
    expect(error).toMatchObject({ code: "short_read", offset: 10 });
  });

  test("gives views of what was read", () => {
    const input = fromHex("01012a" + "06026869");
    const { text, unknown } = decode(extra, input);
    expect(text?.buffer).toBe(input.buffer);
    expect(unknown?.[0]?.value.buffer).toBe(input.buffer);
  });

  test("ends with the window it stands in", () => {
    const reader = new Reader(fromHex("ff" + "0201" + "09" + "0601"));
    reader.u8();
    expect(reader.within(3, extra)).toStrictEqual({ low: 9 });
    expect(toHex(reader.rest())).toBe("0601");
  });

  test("can follow the fields of a record and stand inside another stream", () => {
    interface Inner {
      readonly first: number;
      readonly extra: Extra;
    }
    interface Outer {
      readonly inner?: Inner;
      readonly unknown?: readonly TlvRecord[];
    }
    const outer = tlvs<Outer>({ inner: [0, struct<Inner>({ first: u8, extra })] });
    const hex = "0004" + "07" + "020109";
    expect(decode(outer, fromHex(hex))).toStrictEqual({ inner: { first: 7, extra: { low: 9 } } });
    const error = thrown(() => decode(outer, fromHex("0004" + "07" + "020209")));
    expect(error).toMatchObject({ code: "short_read", path: ["inner", "extra"] });
  });
});

describe("errors say where", () => {
  test.each([
    ["a value too short", "0200", "short_read", ["low"], 2],
    ["a value too long", "02020000", "trailing_bytes", ["low"], 3],
    ["a number with a leading zero", "fe000100000100", "non_canonical", ["high"], 6],
    ["an unknown even type", "020109" + "0400", "unknown_required", [], 3],
    ["a type out of order", "0600" + "020109", "out_of_order", [], 2],
  ] as const)("reading %s", (_what, hex, code, path, offset) => {
    const error = thrown(() => decode(extra, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
  });

  const record = (type: bigint) => ({ type, value: fromHex("") });
  test.each([
    ["a value out of range", { low: 256 }, "out_of_range", ["low"]],
    ["a text that is no bytes", { text: "hi" }, "invalid_value", ["text"]],
    [
      "an unknown even type",
      { unknown: [record(1n), record(4n)] },
      "invalid_value",
      ["unknown", 1],
    ],
    ["a known type as unknown", { unknown: [record(0x1_0000n)] }, "invalid_value", ["unknown", 0]],
    ["a type twice", { unknown: [record(3n), record(3n)] }, "out_of_order", []],
    ["a type beyond 64 bits", { unknown: [record(2n ** 64n + 1n)] }, "out_of_range", []],
    ["a negative type", { unknown: [record(-1n)] }, "out_of_range", []],
  ] as const)("writing %s", (_what, value, code, path) => {
    const error = thrown(() => encode(extra, value as unknown as Extra));
    expect(error).toMatchObject({ name: "EncodeError", code, path });
  });
});

test("a stream reads into and writes from an object that has other fields too", () => {
  const stream = tlvStream<Extra>({ text: [6, rest], low: [2, u8], high: [8, tu64] });
  const target: Record<string, unknown> = { mine: true };
  stream.read(new Reader(fromHex("020109")), target);
  expect(target).toStrictEqual({ mine: true, low: 9 });
  const writer = new Writer();
  stream.write(writer, target);
  expect(toHex(writer.finish())).toBe("020109");
});

test("every optional field needs a record, and no other one has one", () => {
  interface Mixed {
    readonly required: number;
    readonly optional?: bigint;
    readonly unknown?: readonly TlvRecord[];
  }
  expectTypeOf<keyof TlvFields<Mixed>>().toEqualTypeOf<"optional">();
  // @ts-expect-error a record is missing
  tlvs<Extra>({ text: [6, rest], low: [2, u8] });
  // @ts-expect-error a record of another type
  tlvs<Extra>({ text: [6, rest], low: [2, u8], high: [8, u8] });
});

describe("truncated integers", () => {
  const of = (codec: Codec<number> | Codec<bigint>) => codec as Codec<unknown>;
  test.each([
    ["tu16", 0, "", of(tu16)],
    ["tu16", 255, "ff", of(tu16)],
    ["tu16", 65535, "ffff", of(tu16)],
    ["tu32", 0, "", of(tu32)],
    ["tu32", 0x010203, "010203", of(tu32)],
    ["tu32", 0xffffffff, "ffffffff", of(tu32)],
    ["tu64", 0n, "", of(tu64)],
    ["tu64", 2n ** 32n, "0100000000", of(tu64)],
    ["tu64", 2n ** 64n - 1n, "ffffffffffffffff", of(tu64)],
  ])("%s %s is 0x%s", (_name, value, hex, codec) => {
    expect(toHex(encode(codec, value))).toBe(hex);
    expect(decode(codec, fromHex(hex))).toBe(value);
  });

  test.each([
    ["tu16", "00", "non_canonical", of(tu16)],
    ["tu16", "00ff", "non_canonical", of(tu16)],
    ["tu16", "010000", "trailing_bytes", of(tu16)],
    ["tu32", "0100000000", "trailing_bytes", of(tu32)],
    ["tu64", "010000000000000000", "trailing_bytes", of(tu64)],
    ["tu64", "0000000000000001", "non_canonical", of(tu64)],
  ])("%s does not read 0x%s", (_name, hex, code, codec) => {
    expect(thrown(() => decode(codec, fromHex(hex))).code).toBe(code);
  });

  test.each([
    ["tu16", 65536, of(tu16)],
    ["tu16", -1, of(tu16)],
    ["tu16", 0.5, of(tu16)],
    ["tu32", 2 ** 32, of(tu32)],
    ["tu32", 2 ** 60, of(tu32)],
    ["tu32", 1n, of(tu32)],
    ["tu64", 2n ** 64n, of(tu64)],
    ["tu64", -1n, of(tu64)],
    ["tu64", 1, of(tu64)],
  ])("%s does not write %s", (_name, value, codec) => {
    expect(thrown(() => encode(codec, value)).code).toBe("out_of_range");
  });
});
