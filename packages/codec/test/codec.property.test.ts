import {
  type Codec,
  decode,
  DecodeError,
  encode,
  prefixedArray,
  prefixedBytes,
  struct,
  toHex,
  u16,
  u64,
  u8,
  varint,
  varintLe,
} from "@satwire/codec";
import fc from "fast-check";
import { test } from "vitest";

interface Record {
  readonly id: bigint;
  readonly size: bigint;
  readonly name: Uint8Array;
  readonly list: readonly number[];
}
const record: Codec<Record> = struct({
  id: u64,
  size: varint,
  name: prefixedBytes(u8),
  list: prefixedArray(u8, u16),
});

const roundTripsOrRefuses = <T>(codec: Codec<T>, bytes: Uint8Array): boolean => {
  let value: T;
  try {
    value = decode(codec, bytes);
  } catch (error) {
    return error instanceof DecodeError && error.offset <= bytes.length;
  }
  return toHex(encode(codec, value)) === toHex(bytes);
};

test("any bytes are refused with a DecodeError or come back byte for byte", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) =>
      [record, varint, varintLe].every((codec) =>
        roundTripsOrRefuses(codec as Codec<unknown>, bytes),
      ),
    ),
    { numRuns: 5000 },
  );
});

test("any value comes back from its bytes", () => {
  const u64s = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(u64s, fc.oneof(u64s, fc.bigInt({ min: 0n, max: 70000n })), (a, b) => {
      const value = { id: a, size: b, name: Uint8Array.of(1), list: [1, 2] };
      const back = decode(record, encode(record, value));
      return back.id === a && back.size === b && decode(varintLe, encode(varintLe, b)) === b;
    }),
  );
});
