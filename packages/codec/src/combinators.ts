// Codecs made of codecs. None allocates by a length it has read: lists grow as their items arrive,
// byte strings are views of what is there.
import type { Codec } from "./codec.ts";
import { DecodeError, EncodeError, withPath } from "./errors.ts";

/** Exactly `length` bytes. Reading gives a view. */
/* @__NO_SIDE_EFFECTS__ */
export function bytes(length: number): Codec<Uint8Array> {
  return {
    read: (r) => r.take(length),
    write(w, v) {
      if (v?.length !== length) {
        throw new EncodeError("wrong_length", `expected ${length} bytes, got ${v?.length}`);
      }
      w.put(v);
    },
  };
}

/** All bytes up to the end. Reading gives a view. */
export const rest: Codec<Uint8Array> = { read: (r) => r.rest(), write: (w, v) => w.put(v) };

/** A byte string behind its length. Reading gives a view. */
/* @__NO_SIDE_EFFECTS__ */
export function prefixedBytes(length: Codec<number>): Codec<Uint8Array> {
  return {
    read: (r) => r.take(length.read(r)),
    write(w, v) {
      writeLength(() => length.write(w, v.length), v.length);
      w.put(v);
    },
  };
}

/** Items up to the end of the bytes; each must take at least one byte. */
/* @__NO_SIDE_EFFECTS__ */
export function repeated<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    read(r) {
      const items: T[] = [];
      while (r.remaining > 0) {
        const start = r.offset;
        items.push(readItem(() => item.read(r), items.length));
        if (r.offset === start) throw r.error("invalid_value", "an item takes no bytes");
      }
      return items;
    },
    write: (w, v) => v.forEach((value, i) => writeItem(() => item.write(w, value), i)),
  };
}

/** Items behind their count; each must take at least one byte. */
/* @__NO_SIDE_EFFECTS__ */
export function prefixedArray<T>(count: Codec<number>, item: Codec<T>): Codec<readonly T[]> {
  return {
    read(r) {
      const expected = count.read(r);
      if (expected > r.remaining) {
        throw r.error("short_read", `${expected} items announced, ${r.remaining} bytes left`);
      }
      if (!Number.isSafeInteger(expected) || expected < 0) {
        throw r.error("invalid_value", `${String(expected)} is no count`);
      }
      const items: T[] = [];
      while (items.length < expected) items.push(readItem(() => item.read(r), items.length));
      return items;
    },
    write(w, v) {
      writeLength(() => count.write(w, v.length), v.length);
      v.forEach((value, i) => writeItem(() => item.write(w, value), i));
    },
  };
}

/** Exactly `count` items without a prefix. */
/* @__NO_SIDE_EFFECTS__ */
export function fixedArray<T>(count: number, item: Codec<T>): Codec<readonly T[]> {
  return {
    read(r) {
      const items: T[] = [];
      while (items.length < count) items.push(readItem(() => item.read(r), items.length));
      return items;
    },
    write(w, v) {
      if (v.length !== count) {
        throw new EncodeError("wrong_length", `expected ${count} items, got ${v.length}`);
      }
      v.forEach((value, i) => writeItem(() => item.write(w, value), i));
    },
  };
}

/** One codec per field, in wire order. */
export type StructFields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

/** Named fields one after the other. Errors carry the field's name in `path`. */
/* @__NO_SIDE_EFFECTS__ */
export function struct<T extends object>(fields: StructFields<T>): Codec<T> {
  const keys = Object.keys(fields);
  const codecs = Object.values<Codec<unknown>>(fields);
  return {
    read(r) {
      const value: Record<string, unknown> = {};
      let i = 0;
      try {
        for (; i < keys.length; i++) {
          value[keys[i] as string] = (codecs[i] as Codec<unknown>).read(r);
        }
      } catch (error) {
        throw withPath(error, keys[i] as string);
      }
      return value as T;
    },
    write(w, v) {
      const value = v as Record<string, unknown>;
      let i = 0;
      try {
        for (; i < keys.length; i++) {
          const field = value[keys[i] as string];
          if (field === undefined) throw new EncodeError("missing_field", "is required");
          (codecs[i] as Codec<unknown>).write(w, field);
        }
      } catch (error) {
        throw withPath(error, keys[i] as string);
      }
    },
  };
}

/**
 * The same bytes seen as another type: `decode` after reading, `encode` before writing.
 *
 * What they throw comes out as it is if it is a `DecodeError` or an `EncodeError`, respectively, and else as the
 * `cause` of one with the code `invalid_value`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function mapped<A, B>(
  codec: Codec<A>,
  { decode, encode }: { decode: (value: A) => B; encode: (value: B) => A },
): Codec<B> {
  return {
    read(r) {
      const offset = r.offset;
      const value = codec.read(r);
      try {
        return decode(value);
      } catch (cause) {
        if (cause instanceof DecodeError) throw cause;
        throw new DecodeError("invalid_value", "the value cannot be mapped", { offset, cause });
      }
    },
    write(w, v) {
      let value: A;
      try {
        value = encode(v);
      } catch (cause) {
        if (cause instanceof EncodeError) throw cause;
        throw new EncodeError("invalid_value", "the value cannot be mapped", { cause });
      }
      codec.write(w, value);
    },
  };
}

function readItem<T>(read: () => T, index: number): T {
  try {
    return read();
  } catch (error) {
    throw withPath(error, index);
  }
}

function writeItem(write: () => void, index: number): void {
  try {
    write();
  } catch (error) {
    throw withPath(error, index);
  }
}

function writeLength(write: () => void, length: number): void {
  try {
    write();
  } catch (error) {
    if (error instanceof EncodeError && error.code === "out_of_range") {
      throw new EncodeError("too_long", `${length} do not fit the length prefix`);
    }
    throw error;
  }
}
