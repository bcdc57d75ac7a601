import {
  type Codec,
  decode,
  DecodeError,
  encode,
  EncodeError,
  fromHex,
  i16,
  i32,
  i32le,
  i64,
  i64le,
  i8,
  toHex,
  u16,
  u16le,
  u32,
  u32le,
  u64,
  u64le,
  u8,
  varint,
  varintLe,
} from "@satwire/codec";
import { describe, expect, test } from "vitest";

interface Table<T> {
  readonly codec: Codec<T>;
  readonly valid: readonly (readonly [value: T, hex: string])[];
  readonly badValues: readonly T[];
}

const table = <T>(
  codec: Codec<T>,
  valid: Table<T>["valid"],
  badValues: readonly T[],
): Table<unknown> => ({ codec, valid, badValues }) as unknown as Table<unknown>;

const tables: Record<string, Table<unknown>> = {
  u8: table(
    u8,
    [
      [0, "00"],
      [255, "ff"],
    ],
    [-1, 256, 1.5, Number.NaN],
  ),
  u16: table(
    u16,
    [
      [258, "0102"],
      [65535, "ffff"],
    ],
    [-1, 65536, Number.POSITIVE_INFINITY],
  ),
  u16le: table(
    u16le,
    [
      [258, "0201"],
      [65535, "ffff"],
    ],
    [-1, 65536],
  ),
  u32: table(
    u32,
    [
      [0x01020304, "01020304"],
      [0xfffffffe, "fffffffe"],
    ],
    [-1, 2 ** 32],
  ),
  u32le: table(
    u32le,
    [
      [0x01020304, "04030201"],
      [0xfffffffe, "feffffff"],
    ],
    [-1, 2 ** 32],
  ),
  u64: table(
    u64,
    [
      [0x0102030405060708n, "0102030405060708"],
      [2n ** 64n - 1n, "f".repeat(16)],
    ],
    [-1n, 2n ** 64n],
  ),
  u64le: table(u64le, [[0x0102030405060708n, "0807060504030201"]], [-1n, 2n ** 64n]),
  i8: table(
    i8,
    [
      [0, "00"],
      [127, "7f"],
      [-128, "80"],
      [-1, "ff"],
    ],
    [128, -129, 0.5],
  ),
  i16: table(
    i16,
    [
      [128, "0080"],
      [-32768, "8000"],
      [-129, "ff7f"],
    ],
    [32768, -32769],
  ),
  i32: table(
    i32,
    [
      [-32769, "ffff7fff"],
      [2147483647, "7fffffff"],
      [-2147483648, "80000000"],
    ],
    [2 ** 31, -(2 ** 31) - 1],
  ),
  i32le: table(
    i32le,
    [
      [-2, "feffffff"],
      [1, "01000000"],
    ],
    [2 ** 31],
  ),
  i64: table(
    i64,
    [
      [-1n, "f".repeat(16)],
      [2n ** 63n - 1n, `7${"f".repeat(15)}`],
      [-(2n ** 63n), `8${"0".repeat(15)}`],
    ],
    [2n ** 63n, -(2n ** 63n) - 1n],
  ),
  i64le: table(i64le, [[-2n, "feffffffffffffff"]], [2n ** 63n]),
  varint: table(
    varint,
    [
      [0n, "00"],
      [252n, "fc"],
      [253n, "fd00fd"],
      [65535n, "fdffff"],
      [65536n, "fe00010000"],
      [2n ** 32n, "ff0000000100000000"],
    ],
    [-1n, 2n ** 64n],
  ),
  varintLe: table(
    varintLe,
    [
      [252n, "fc"],
      [253n, "fdfd00"],
      [65536n, "fe00000100"],
      [2n ** 32n, "ff0000000001000000"],
    ],
    [-1n, 2n ** 64n],
  ),
};

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return error.code;
    throw error;
  }
  return "no error";
};

describe.each(Object.entries(tables))("%s", (_name, { codec, valid, badValues }) => {
  test.each(valid)("%s is 0x%s", (value, hex) => {
    expect(toHex(encode(codec, value))).toBe(hex);
    expect(decode(codec, fromHex(hex))).toBe(value);
  });

  test.each(badValues.map((value) => [value]))("refuses to write %s", (value) => {
    expect(codeOf(() => encode(codec, value))).toBe("out_of_range");
  });

  test("is cut short at every byte", () => {
    for (const [, hex] of valid) {
      const bytes = fromHex(hex);
      for (let cut = 0; cut < bytes.length; cut++) {
        expect(codeOf(() => decode(codec, bytes.subarray(0, cut)))).toBe("short_read");
      }
      expect(codeOf(() => decode(codec, Uint8Array.of(...bytes, 0)))).toBe("trailing_bytes");
    }
  });
});

test.each(["fd00fc", "fe0000ffff", "ff00000000ffffffff"])("varint %s has a shorter form", (hex) => {
  expect(codeOf(() => decode(varint, fromHex(hex)))).toBe("non_canonical");
});

test.each(["fdfc00", "feffff0000", "ffffffffff00000000"])(
  "varintLe %s has a shorter form",
  (hex) => {
    expect(codeOf(() => decode(varintLe, fromHex(hex)))).toBe("non_canonical");
  },
);

test("a number where a bigint belongs is refused by name of the type", () => {
  expect(codeOf(() => encode(u64, 1 as never))).toBe("invalid_value");
});

test.each([
  ["i64", i64],
  ["i64le", i64le],
  ["varint", varint],
  ["varintLe", varintLe],
] as const)("%s takes no number, and says so", (_name, codec) => {
  expect(codeOf(() => encode(codec, 1 as never))).toBe("out_of_range");
});

test.each([
  ["u8", u8],
  ["u32le", u32le],
  ["i16", i16],
] as const)("%s takes no bigint, text or nothing", (_name, codec) => {
  for (const value of [1n, "1", undefined, null]) {
    expect(codeOf(() => encode(codec, value as never))).toBe("out_of_range");
  }
});

test("every varint has the length of its range", () => {
  const lengths = [
    [0xfcn, 1],
    [0xfdn, 3],
    [0xffffn, 3],
    [0x1_0000n, 5],
    [0xffff_ffffn, 5],
    [0x1_0000_0000n, 9],
    [0xffff_ffff_ffff_ffffn, 9],
  ] as const;
  for (const [value, length] of lengths) {
    for (const codec of [varint, varintLe]) {
      expect(encode(codec, value).length).toBe(length);
      expect(decode(codec, encode(codec, value))).toBe(value);
    }
  }
});
