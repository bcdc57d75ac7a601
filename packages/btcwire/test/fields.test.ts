import { type Codec, decode, encode, struct, u16le, u8 } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  bytesOfText,
  fromHex,
  hash,
  list,
  textOfBytes,
  toHex,
  varBytes,
  varText,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

/** Behind another byte, so that offsets say something. */
const behind = <T>(codec: Codec<T>): Codec<{ readonly a: number; readonly b: T }> =>
  struct<{ readonly a: number; readonly b: T }>({ a: u8, b: codec } as never);

test("a hash has 32 bytes, read as a view", () => {
  const input = fromHex("0a".repeat(32));
  const read = decode(hash, input);
  expect(read).toStrictEqual(input);
  expect(read.buffer).toBe(input.buffer);
  expect(thrown(() => decode(hash, input.subarray(1)))).toMatchObject({ code: "short_read" });
  expect(thrown(() => encode(hash, input.subarray(1)))).toMatchObject({ code: "wrong_length" });
});

describe("varBytes", () => {
  test.each([
    [0, "00"],
    [3, "03"],
    [252, "fc"],
    [253, "fdfd00"],
    [400, "fd9001"],
  ])("%i bytes stand behind their length", (length, prefix) => {
    const value = new Uint8Array(length).fill(0x5a);
    const hex = prefix + "5a".repeat(length);
    expect(toHex(encode(varBytes(400), value))).toBe(hex);
    const input = fromHex(hex);
    const read = decode(varBytes(400), input);
    expect(read).toStrictEqual(value);
    expect(read.buffer).toBe(input.buffer);
  });

  test.each([
    ["one too many", `05${"aa".repeat(5)}`, "too_long", 1],
    ["one too few", "01aa", "invalid_value", 1],
    ["fewer than announced", "04aaaaaa", "short_read", 2],
    ["32 MiB announced, none there", "fe00000002", "too_long", 1],
    ["2^64 - 1 announced", "ff".repeat(9), "too_long", 1],
    ["a longer form of the length", "fd0300aaaaaa", "non_canonical", 1],
    ["nothing", "", "short_read", 1],
  ])("from 2 to 4 are not read from %s", (_what, hex, code, offset) => {
    const error = thrown(() => decode(behind(varBytes(4, 2)), fromHex(`07${hex}`)));
    expect(error).toMatchObject({ name: "DecodeError", code, path: ["b"], offset });
  });

  test.each([
    ["one too many", fromHex("0102030405"), "too_long"],
    ["one too few", fromHex("01"), "invalid_value"],
    ["a text", "abc", "invalid_value"],
    ["a list", [1, 2, 3], "invalid_value"],
  ])("from 2 to 4 are not written from %s", (_what, value, code) => {
    const error = thrown(() => encode(behind(varBytes(4, 2)), { a: 1, b: value as never }));
    expect(error).toMatchObject({ name: "EncodeError", code, path: ["b"] });
  });
});

describe("varText", () => {
  test.each([
    ["", "00"],
    ["/Satoshi:28.0.0/", `10${"2f5361746f7368693a32382e302e302f"}`],
    ["\u0000\u007f\u0080\u00ff", "04007f80ff"],
    // What would be UTF-8 comes out as its bytes, and goes back.
    ["\u00c3\u00bc", "02c3bc"],
  ])("%j is 0x%s", (value, hex) => {
    expect(toHex(encode(varText(256), value))).toBe(hex);
    expect(decode(varText(256), fromHex(hex))).toBe(value);
  });

  test.each([
    ["257 bytes", `fd0101${"61".repeat(257)}`, "too_long"],
    ["3 bytes", "03616161", "invalid_value"],
    ["a text that is cut", "0561616161", "short_read"],
  ])("from 4 to 256 is not read from %s", (_what, hex, code) => {
    const error = thrown(() => decode(behind(varText(256, 4)), fromHex(`07${hex}`)));
    expect(error).toMatchObject({ name: "DecodeError", code, path: ["b"] });
  });

  test.each([
    ["257 letters", "a".repeat(257), "too_long"],
    ["3 letters", "abc", "invalid_value"],
    ["U+0100", "abc\u0100", "invalid_value"],
    ["an emoji", "abc😀", "invalid_value"],
    ["bytes", fromHex("61616161"), "invalid_value"],
    ["a number", 4, "invalid_value"],
  ])("from 4 to 256 is not written from %s", (_what, value, code) => {
    const error = thrown(() => encode(behind(varText(256, 4)), { a: 1, b: value as never }));
    expect(error).toMatchObject({ name: "EncodeError", code, path: ["b"] });
  });

  test("every byte is one character", () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = textOfBytes(all);
    expect(text).toHaveLength(256);
    expect(text.charCodeAt(255)).toBe(255);
    expect(bytesOfText(text)).toStrictEqual(all);
  });

  test("who it is that does not fit is said", () => {
    expect(() => bytesOfText("ab\u0100")).toThrow("character 2 does not fit a byte");
  });
});

describe("list", () => {
  const numbers: Codec<readonly number[]> = list(u16le, 3);

  test.each([
    [[], "00"],
    [[1], "010100"],
    [[1, 2, 0xffff], "0301000200ffff"],
  ])("%j is 0x%s", (value, hex) => {
    expect(toHex(encode(numbers, value))).toBe(hex);
    expect(decode(numbers, fromHex(hex))).toStrictEqual(value);
  });

  test.each([
    ["one too many", "040100020003000400", "too_long", ["b"], 1],
    ["32 Mi announced", "fe00000002", "too_long", ["b"], 1],
    ["more items than bytes", "030100", "short_read", ["b"], 2],
    ["the last item cut", "03010002000300".slice(0, -2), "short_read", ["b", 2], 6],
    ["a longer form of the count", "fd01000100", "non_canonical", ["b"], 1],
  ])("of up to 3 is not read from %s", (_what, hex, code, path, offset) => {
    const error = thrown(() => decode(behind(numbers), fromHex(`07${hex}`)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
  });

  test.each([
    ["one too many", [1, 2, 3, 4], "too_long", ["b"]],
    ["one that does not fit", [1, 0x1_0000], "out_of_range", ["b", 1]],
    ["a hole", [1, undefined], "out_of_range", ["b", 1]],
    ["no list", 7, "out_of_range", ["b"]],
  ])("of up to 3 is not written from %s", (_what, value, code, path) => {
    const error = thrown(() => encode(behind(numbers), { a: 1, b: value as never }));
    expect(error).toMatchObject({ name: "EncodeError", code, path });
  });

  test("items without bytes make no list longer than what is there", () => {
    const nothing: Codec<null> = { read: () => null, write: () => undefined };
    const error = thrown(() => decode(list(nothing, 1000), fromHex("c8")));
    expect(error).toMatchObject({ code: "short_read", offset: 1 });
  });
});
