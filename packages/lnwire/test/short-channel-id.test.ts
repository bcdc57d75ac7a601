import { decode, encode } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatShortChannelId,
  fromHex,
  fromShortChannelId,
  parseShortChannelId,
  shortChannelId,
  toHex,
  toShortChannelId,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

// The first row is the example of BOLT 7.
const table = [
  ["539268x845x1", "083a84" + "00034d" + "0001", { block: 539268, transaction: 845, output: 1 }],
  ["0x0x0", "0000000000000000", { block: 0, transaction: 0, output: 0 }],
  [
    "16777215x16777215x65535",
    "ffffffffffffffff",
    { block: 16777215, transaction: 16777215, output: 65535 },
  ],
] as const;

describe.each(table)("%s", (text, hex, parts) => {
  const id = BigInt(`0x${hex}`);

  test("is made of its parts and taken apart", () => {
    expect(toShortChannelId(parts)).toBe(id);
    expect(fromShortChannelId(id)).toEqual(parts);
  });

  test("is parsed and formatted", () => {
    expect(parseShortChannelId(text)).toBe(id);
    expect(formatShortChannelId(id)).toBe(text);
  });

  test("is read and written", () => {
    expect(decode(shortChannelId, fromHex(hex))).toBe(id);
    expect(toHex(encode(shortChannelId, id))).toBe(hex);
  });
});

test.each([
  ["block", { block: 0x1000000, transaction: 0, output: 0 }],
  ["transaction", { block: 0, transaction: 0x1000000, output: 0 }],
  ["output", { block: 0, transaction: 0, output: 0x10000 }],
  ["block", { block: -1, transaction: 0, output: 0 }],
  ["output", { block: 0, transaction: 0, output: 0.5 }],
  ["transaction", { block: 0, transaction: Number.NaN, output: 0 }],
])("%s out of range: %o", (name, parts) => {
  const error = thrown(() => toShortChannelId(parts));
  expect(error).toMatchObject({ name: "EncodeError", code: "out_of_range", path: [name] });
});

test.each([
  "",
  "1x2",
  "1x2x3x4",
  "1:2:3",
  "1X2X3",
  "1X2x3",
  "-1x2x3",
  "1x2x3 ",
  "1x2x3\n",
  "axbxc",
  "1x2x3.0",
  "123456789x0x0",
])("%j is no short channel id", (text) => {
  expect(thrown(() => parseShortChannelId(text)).code).toBe("invalid_value");
});

test.each(["16777216x0x0", "0x16777216x0", "0x0x65536"])("%s is too large", (text) => {
  expect(thrown(() => parseShortChannelId(text)).code).toBe("out_of_range");
});

test("every number comes back from its text", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id) => {
      expect(parseShortChannelId(formatShortChannelId(id))).toBe(id);
    }),
  );
});

test.each([-1n, 1n << 64n, 1n << 70n])("%d is not taken apart", (id) => {
  const code = "out_of_range";
  expect(thrown(() => fromShortChannelId(id))).toMatchObject({ name: "EncodeError", code });
  expect(thrown(() => formatShortChannelId(id))).toMatchObject({ name: "EncodeError", code });
});
