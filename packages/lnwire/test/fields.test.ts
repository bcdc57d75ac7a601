import { bytes, type Codec, decode, encode, repeated, rest, struct, u16, u8 } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { fromHex, point, prefixed16, presence, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Framed {
  readonly before: number;
  readonly inner: readonly number[];
  readonly after: Uint8Array;
}
const framed: Codec<Framed> = struct({
  before: u8,
  inner: prefixed16(repeated(u16)),
  after: rest,
});

describe("prefixed16", () => {
  test.each([
    ["nothing", { before: 1, inner: [], after: fromHex("") }, "01" + "0000"],
    [
      "two items",
      { before: 1, inner: [0x0203, 0x0405], after: fromHex("06") },
      "01" + "0004" + "02030405" + "06",
    ],
    [
      "256 bytes, more than a writer has at first",
      { before: 1, inner: Array.from({ length: 128 }, () => 0x0203), after: fromHex("04") },
      `01${"0100"}${"0203".repeat(128)}04`,
    ],
  ])("is the length in bytes, then the value: %s", (_what, value, hex) => {
    expect(toHex(encode(framed, value))).toBe(hex);
    expect(decode(framed, fromHex(hex))).toStrictEqual(value);
  });

  test("stands inside itself", () => {
    const nested = prefixed16(
      struct<{ readonly a: Uint8Array; readonly b: Uint8Array }>({
        a: prefixed16(rest),
        b: prefixed16(rest),
      }),
    );
    const value = { a: fromHex("010203"), b: fromHex("04") };
    const hex = "0008" + "0003010203" + "000104";
    expect(toHex(encode(nested, value))).toBe(hex);
    expect(decode(nested, fromHex(hex))).toStrictEqual(value);
  });

  test("says up to 65535", () => {
    const longest = new Uint8Array(65535).fill(7);
    const written = encode(prefixed16(rest), longest);
    expect(toHex(written.subarray(0, 3))).toBe("ffff07");
    expect(decode(prefixed16(rest), written)).toStrictEqual(longest);
    const error = thrown(() => encode(prefixed16(rest), new Uint8Array(65536)));
    expect(error).toMatchObject({ name: "EncodeError", code: "too_long" });
  });

  test.each([
    ["half a length", "0100", "short_read", ["inner"], 1],
    ["a length beyond the end", "01" + "0003" + "0203", "short_read", ["inner"], 3],
    ["a value longer than its length", "01" + "0003" + "02030405", "short_read", ["inner", 1], 5],
  ])("is not read with %s", (_what, hex, code, path, offset) => {
    const error = thrown(() => decode(framed, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
  });

  test("is not read with a byte behind the value", () => {
    const error = thrown(() => decode(prefixed16(bytes(2)), fromHex("0003" + "010203")));
    expect(error).toMatchObject({ name: "DecodeError", code: "trailing_bytes", offset: 4 });
  });

  test("passes on what the value says", () => {
    const error = thrown(() =>
      encode(framed, { before: 1, inner: [1, 65536], after: fromHex("") }),
    );
    expect(error).toMatchObject({ code: "out_of_range", path: ["inner", 1] });
  });
});

describe("presence", () => {
  test("has no bytes", () => {
    expect(toHex(encode(presence, true))).toBe("");
    expect(decode(presence, fromHex(""))).toBe(true);
    const error = thrown(() => decode(presence, fromHex("00")));
    expect(error).toMatchObject({ name: "DecodeError", code: "trailing_bytes", offset: 0 });
  });

  test.each([[false], [undefined], [null], [1], ["true"]])("is not written for %s", (value) => {
    const error = thrown(() => encode(presence, value as never));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
    expect(error.message).toContain(`${String(value)} is not true`);
  });
});

describe("point", () => {
  const tail = "5c".repeat(31) + "5d";

  test.each(["02", "03"])("starts with %s", (start) => {
    const value = fromHex(start + tail);
    expect(toHex(encode(point, value))).toBe(start + tail);
    expect(decode(point, value)).toStrictEqual(value);
  });

  test("is read as a view and not looked up on the curve", () => {
    const input = fromHex(`02${"ff".repeat(32)}`);
    expect(decode(point, input).buffer).toBe(input.buffer);
  });

  test.each(["00", "01", "04", "06", "07", "ff"])("does not start with %s", (start) => {
    const behind = struct<{ readonly a: number; readonly b: Uint8Array }>({ a: u16, b: point });
    const text = `a point cannot start with ${Number.parseInt(start, 16)}`;
    const read = thrown(() => decode(behind, fromHex(`0203${start}${tail}`)));
    expect(read).toMatchObject({ code: "invalid_value", path: ["b"], offset: 2 });
    expect(read.message).toContain(text);
    const written = thrown(() => encode(behind, { a: 1, b: fromHex(start + tail) }));
    expect(written).toMatchObject({ code: "invalid_value", path: ["b"] });
    expect(written.message).toContain(text);
  });

  test.each([
    ["32 bytes", `02${tail.slice(2)}`, "short_read", 0],
    ["34 bytes", `02${tail}5e`, "trailing_bytes", 33],
    ["65 bytes, uncompressed", `04${tail}${tail}`, "invalid_value", 0],
  ])("is not read from %s", (_what, hex, code, offset) => {
    expect(thrown(() => decode(point, fromHex(hex)))).toMatchObject({ code, offset });
  });

  test.each([
    ["nothing", undefined, "wrong_length"],
    ["32 bytes", fromHex(`02${tail.slice(2)}`), "wrong_length"],
    ["34 bytes", fromHex(`02${tail}5e`), "wrong_length"],
    ["a list", [2, ...Array.from({ length: 32 }, () => 1)], "invalid_value"],
  ])("is not written from %s", (_what, value, code) => {
    const error = thrown(() => encode(point, value as never));
    expect(error).toMatchObject({ name: "EncodeError", code });
  });
});
