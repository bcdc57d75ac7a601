// Rows for `describeMessage` that follow from the type that the specification gives a field.
import type { EncodeErrorCode } from "@satwire/codec";

/** A type of the specification; `hash` is every type of 32 bytes, `bytes` every byte string of no fixed length. */
export type SpecType = "u8" | "u16" | "u32" | "u64" | "hash" | "bytes" | "bool";

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
  hash: [
    ["31 bytes", filled(31, 1), "wrong_length"],
    ["33 bytes", filled(33, 1), "wrong_length"],
    ["32 letters", "a".repeat(32), "invalid_value"],
  ],
  bytes: [
    ["letters", "abcd", "invalid_value"],
    ["a list", [1, 2, 3, 4], "invalid_value"],
  ],
  bool: [
    ["1", 1, "invalid_value"],
    ["null", null, "invalid_value"],
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
