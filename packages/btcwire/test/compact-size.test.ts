import { decode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { compactSize, compactSize64, fromHex, maxCompactSize, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

describe("a length or count", () => {
  test.each([
    [0, "00"],
    [1, "01"],
    [0xfc, "fc"],
    [0xfd, "fdfd00"],
    [0xfe, "fdfe00"],
    [0xff, "fdff00"],
    [0x100, "fd0001"],
    [0xffff, "fdffff"],
    [0x1_0000, "fe00000100"],
    [0x12_3456, "fe56341200"],
    [0x0200_0000, "fe00000002"],
  ])("%i is 0x%s", (value, hex) => {
    expect(toHex(encode(compactSize, value))).toBe(hex);
    expect(decode(compactSize, fromHex(hex))).toBe(value);
  });

  test("has a maximum", () => {
    expect(maxCompactSize).toBe(33_554_432);
  });

  test.each([
    ["fdfc00", "non_canonical"],
    ["fd0000", "non_canonical"],
    ["feffff0000", "non_canonical"],
    ["fefd000000", "non_canonical"],
    ["ffffffffff00000000", "non_canonical"],
    ["ff0000000000000000", "non_canonical"],
    ["fe01000002", "too_long"],
    ["feffffffff", "too_long"],
    ["ff0000000001000000", "too_long"],
    ["ffffffffffffffffff", "too_long"],
    ["ff00000000000000ff", "too_long"],
  ])("0x%s is refused where it begins", (hex, code) => {
    // Behind another byte, so that the offset says something.
    const pair = {
      read: (r: Parameters<typeof compactSize.read>[0]) => [r.u8(), compactSize.read(r)],
    };
    const error = thrown(() => decode({ ...pair, write: () => undefined }, fromHex(`07${hex}`)));
    expect(error).toMatchObject({ name: "DecodeError", code, offset: 1 });
  });

  test.each([
    ["", 0],
    ["fd", 1],
    ["fdfd", 1],
    ["fe", 1],
    ["fe000001", 1],
    ["ff", 1],
    ["ff00000000010000", 1],
  ])("0x%s is too short", (hex, offset) => {
    const error = thrown(() => decode(compactSize, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code: "short_read", offset });
  });

  test.each([
    [-1],
    [0.5],
    [Number.NaN],
    [0x0200_0001],
    [2 ** 53],
    [Infinity],
    [1n],
    ["1"],
    [undefined],
  ])("%s is not written", (value) => {
    const error = thrown(() => encode(compactSize, value as number));
    expect(error).toMatchObject({ name: "EncodeError", code: "out_of_range" });
  });
});

describe("a number of 64 bits", () => {
  test.each([
    [0xfcn, "fc"],
    [0xfdn, "fdfd00"],
    [0xffffn, "fdffff"],
    [0x1_0000n, "fe00000100"],
    [0xffff_ffffn, "feffffffff"],
    [0x1_0000_0000n, "ff0000000001000000"],
    [2n ** 64n - 1n, "ffffffffffffffffff"],
  ])("%i is 0x%s, beyond the maximum of lengths, too", (value, hex) => {
    expect(toHex(encode(compactSize64, value))).toBe(hex);
    expect(decode(compactSize64, fromHex(hex))).toBe(value);
  });

  test.each(["fdfc00", "feffff0000", "ffffffffff00000000"])("0x%s has a shorter form", (hex) => {
    const error = thrown(() => decode(compactSize64, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code: "non_canonical", offset: 0 });
  });
});
