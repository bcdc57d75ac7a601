// What the fields of messages are made of. Byte fields are read as views.
import { bytes, type Codec, EncodeError, type Reader, withPath } from "@satwire/codec";
import { readCompactSize, writeCompactSize } from "./compact-size.ts";

/** A hash: 32 bytes as they are hashed, the reverse of how people write them. */
export const hash: Codec<Uint8Array> = /* @__PURE__ */ bytes(32);

/** A byte string of `min` to `max` bytes behind its length; more is `too_long`, less `invalid_value`. */
/* @__NO_SIDE_EFFECTS__ */
export function varBytes(max: number, min = 0): Codec<Uint8Array> {
  return {
    read(reader) {
      const start = reader.offset;
      const length = readCount(reader, max, "bytes");
      if (length < min) throw reader.error("invalid_value", tooShort(length, min), start);
      return reader.take(length);
    },
    write(writer, value) {
      if (value.length > max) throw tooLong(value.length, max, "bytes");
      if (value.length < min) throw new EncodeError("invalid_value", tooShort(value.length, min));
      writeCompactSize(writer, value.length);
      writer.put(value);
    },
  };
}

/**
 * A text of `min` to `max` bytes behind its length: one character per byte, U+0000 to U+00FF, so that none is lost.
 * It is what a peer likes it to be: see `printableText` before showing it.
 */
/* @__NO_SIDE_EFFECTS__ */
export function varText(max: number, min = 0): Codec<string> {
  const raw = varBytes(max, min);
  return {
    read: (reader) => textOfBytes(raw.read(reader)),
    write: (writer, value) => raw.write(writer, bytesOfText(value)),
  };
}

/** At most `max` items behind their count; more are `too_long`. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(item: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    read(reader) {
      const count = readCount(reader, max, "items");
      if (count > reader.remaining) {
        const text = `${count} items announced, ${reader.remaining} bytes left`;
        throw reader.error("short_read", text);
      }
      const items: T[] = [];
      try {
        while (items.length < count) items.push(item.read(reader));
      } catch (error) {
        throw withPath(error, items.length);
      }
      return items;
    },
    write(writer, value) {
      if (value.length > max) throw tooLong(value.length, max, "items");
      writeCompactSize(writer, value.length);
      let i = 0;
      try {
        for (; i < value.length; i++) item.write(writer, value[i] as T);
      } catch (error) {
        throw withPath(error, i);
      }
    },
  };
}

/** Bytes as a text of one character each. */
export function textOfBytes(value: Uint8Array): string {
  let text = "";
  // One by one, a long text would be a tree of its characters: 70 bytes for each.
  for (let i = 0; i < value.length; i += 4096) {
    const part: ArrayLike<number> = value.subarray(i, i + 4096);
    text += String.fromCharCode.apply(undefined, part as number[]);
  }
  return text;
}

/** The inverse of {@link textOfBytes}. @throws EncodeError `invalid_value` beyond U+00FF or for what is no text. */
export function bytesOfText(text: string): Uint8Array {
  if (typeof text !== "string") {
    throw new EncodeError("invalid_value", `expected a text, got ${typeof text}`);
  }
  const value = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new EncodeError("invalid_value", `character ${i} does not fit a byte`);
    value[i] = code;
  }
  return value;
}

function readCount(reader: Reader, max: number, what: string): number {
  const start = reader.offset;
  const count = readCompactSize(reader);
  if (count > max) throw reader.error("too_long", `${count} ${what}, at most ${max}`, start);
  return count;
}

function tooShort(length: number, min: number): string {
  return `${length} bytes, at least ${min}`;
}

function tooLong(length: number, max: number, what: string): EncodeError {
  return new EncodeError("too_long", `${length} ${what}, at most ${max}`);
}
