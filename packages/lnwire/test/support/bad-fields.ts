// Rows for `describeMessage` that follow from the type that the spec gives a field.
import type { DecodeErrorCode, EncodeErrorCode } from "@satwire/codec";
import { frameHex } from "./describe-message.ts";

/** A type of the spec; `hash` is every type of 32 bytes, `presence` a record without a value. */
export type SpecType =
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "s64"
  | "hash"
  | "signature"
  | "point"
  | "bytes"
  | "presence";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

const badValues: Readonly<
  Record<SpecType, readonly (readonly [what: string, value: unknown, code: EncodeErrorCode])[]>
> = {
  u8: [
    ["256", 256, "out_of_range"],
    ["-1", -1, "out_of_range"],
    ["a bigint", 1n, "out_of_range"],
  ],
  u16: [
    ["65536", 65536, "out_of_range"],
    ["-1", -1, "out_of_range"],
    ["a bigint", 1n, "out_of_range"],
  ],
  u32: [
    ["2 ** 32", 2 ** 32, "out_of_range"],
    ["-1", -1, "out_of_range"],
    ["a fraction", 0.5, "out_of_range"],
    ["a bigint", 1n, "out_of_range"],
  ],
  u64: [
    ["2 ** 64", 2n ** 64n, "out_of_range"],
    ["-1", -1n, "out_of_range"],
    ["a number", 1, "invalid_value"],
  ],
  s64: [
    ["2 ** 63", 2n ** 63n, "out_of_range"],
    ["-(2 ** 63) - 1", -(2n ** 63n) - 1n, "out_of_range"],
    ["a number", 1, "out_of_range"],
  ],
  hash: [
    ["31 bytes", filled(31, 1), "wrong_length"],
    ["33 bytes", filled(33, 1), "wrong_length"],
    ["32 letters", "a".repeat(32), "invalid_value"],
  ],
  signature: [
    ["63 bytes", filled(63, 1), "wrong_length"],
    ["65 bytes", filled(65, 1), "wrong_length"],
    ["64 letters", "a".repeat(64), "invalid_value"],
  ],
  point: [
    ["32 bytes", filled(32, 2), "wrong_length"],
    ["34 bytes", filled(34, 2), "wrong_length"],
    ["bytes that start with 4", filled(33, 4), "invalid_value"],
    ["bytes that start with 1", filled(33, 1), "invalid_value"],
    ["a list", Array.from({ length: 33 }, () => 2), "invalid_value"],
  ],
  bytes: [
    ["letters", "ab", "invalid_value"],
    ["a list", [1, 2], "invalid_value"],
  ],
  presence: [
    ["false", false, "invalid_value"],
    ["1", 1, "invalid_value"],
    ["bytes", filled(0, 0), "invalid_value"],
  ],
};

type BadValue<K extends string> = readonly [
  what: string,
  change: { readonly [P in K]?: unknown },
  code: EncodeErrorCode,
  path: readonly string[],
];

/** Values that do not fit their fields. */
export function badFields<K extends string>(
  types: Readonly<Record<K, SpecType>>,
): readonly BadValue<K>[] {
  return (Object.entries(types) as [K, SpecType][]).flatMap(([field, type]) =>
    badValues[type].map(([what, value, code]): BadValue<K> => {
      return [`${field}: ${what}`, { [field]: value } as BadValue<K>[1], code, [field]];
    }),
  );
}

type BadHex = readonly [
  what: string,
  hex: string,
  code: DecodeErrorCode,
  path: readonly string[],
  offset: number,
];

/** The frame with a first byte of 4, and with one of 1, in each of the points named. */
export function badPoints<K extends string>(
  id: number,
  fields: Readonly<Record<K, string>>,
  names: readonly K[],
): readonly BadHex[] {
  const keys = Object.keys(fields) as K[];
  return names.flatMap((name) => {
    const before = keys.slice(0, keys.indexOf(name)).map((key) => fields[key]);
    const offset = 2 + before.join("").length / 2;
    return ["04", "01"].map((start): BadHex => {
      const hex = frameHex(id, { ...fields, [name]: start + fields[name].slice(2) });
      return [`${name}: bytes that start with ${start}`, hex, "invalid_value", [name], offset];
    });
  });
}
