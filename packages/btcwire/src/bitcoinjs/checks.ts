// What both sides hold by convention only: numbers in their range, bytes that are bytes.
// Bytes: always copied, into a plain Uint8Array even from a Buffer.
import { ConversionError } from "./errors.ts";

/** A copy of bytes; `key` is left out where {@link mapOf} says which they are. */
export function copyOf(value: Uint8Array, key?: string): Uint8Array {
  // Fields of bitcoinjs-lib may be unset, and those of other versions are of other types.
  const given: unknown = value;
  if (given instanceof Uint8Array) return new Uint8Array(given);
  throw notOfKind("Uint8Array", given, key);
}

/** A copy of 32 bytes. */
export function hashOf(value: Uint8Array | undefined, key: string): Uint8Array {
  if (value === undefined) {
    throw new ConversionError("missing_field", "it is not set", { path: [key] });
  }
  const copy = copyOf(value, key);
  if (copy.length === 32) return copy;
  const text = `expected 32 bytes, got ${copy.length}`;
  throw new ConversionError("wrong_length", text, { path: [key] });
}

/** An unsigned number of 32 bits. */
export function u32Of(value: number, key: string): number {
  if (Number.isInteger(value) && value >>> 0 === value) return value >>> 0;
  throw outOfRange(value, "from 0 to 4294967295", key);
}

/** A signed number of 32 bits. */
export function i32Of(value: number, key: string): number {
  if (Number.isInteger(value) && (value | 0) === value) return value | 0;
  throw outOfRange(value, "of 32 bits with a sign", key);
}

/** A signed number of 64 bits. */
export function i64Of(value: bigint, key: string): bigint {
  const given: unknown = value;
  if (typeof given !== "bigint") throw notOfKind("bigint", given, key);
  if (BigInt.asIntN(64, given) === given) return given;
  throw outOfRange(given, "of 64 bits with a sign", key);
}

/** Converts each item; errors know which one it was. */
export function mapOf<T, U>(items: readonly T[], key: string, convert: (item: T) => U): U[] {
  if (!Array.isArray(items)) throw notOfKind("list", items, key);
  return items.map((item: T, i) => {
    try {
      return convert(item);
    } catch (error) {
      throw error instanceof ConversionError ? error.within(i).within(key) : error;
    }
  });
}

function outOfRange(value: unknown, range: string, key: string): ConversionError {
  const text = `${String(value)} is no integer ${range}`;
  return new ConversionError("out_of_range", text, { path: [key] });
}

function notOfKind(kind: string, value: unknown, key?: string): ConversionError {
  const text = `expected a ${kind}, got ${typeof value}`;
  return new ConversionError("invalid_value", text, { path: key === undefined ? [] : [key] });
}
