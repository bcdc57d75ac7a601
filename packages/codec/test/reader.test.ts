import {
  DecodeError,
  fromHex,
  prefixedArray,
  Reader,
  repeated,
  rest,
  toHex,
  u16,
  u8,
} from "@satwire/codec";
import { describe, expect, test } from "vitest";

const failure = (run: () => unknown): DecodeError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("numbers are read one after the other, in either byte order", () => {
  const hex = "80" + "8001" + "0180" + "80000001" + "01000080" + "8000000000000001";
  const reader = new Reader(fromHex(`${hex}0100000000000080`));
  expect(reader.u8()).toBe(0x80);
  expect(reader.u16()).toBe(0x8001);
  expect(reader.u16le()).toBe(0x8001);
  expect(reader.u32()).toBe(0x80000001);
  expect(reader.u32le()).toBe(0x80000001);
  expect(reader.u64()).toBe(0x8000000000000001n);
  expect(reader.u64le()).toBe(0x8000000000000001n);
  expect(reader.remaining).toBe(0);
  expect(() => reader.finish()).not.toThrow();
});

describe("a read past the end", () => {
  const reads: readonly (readonly [string, number, (reader: Reader) => unknown])[] = [
    ["u8", 1, (reader) => reader.u8()],
    ["u16", 2, (reader) => reader.u16()],
    ["u16le", 2, (reader) => reader.u16le()],
    ["u32", 4, (reader) => reader.u32()],
    ["u32le", 4, (reader) => reader.u32le()],
    ["u64", 8, (reader) => reader.u64()],
    ["u64le", 8, (reader) => reader.u64le()],
    ["take", 5, (reader) => reader.take(5)],
    ["within", 3, (reader) => reader.within(3, rest)],
  ];

  test.each(reads)("by %s fails and moves nothing", (_name, length, read) => {
    const reader = new Reader(new Uint8Array(length));
    reader.u8();
    expect(failure(() => read(reader))).toMatchObject({
      code: "short_read",
      offset: 1,
      detail: `need ${length} bytes, have ${length - 1}`,
    });
    expect([reader.offset, reader.remaining]).toEqual([1, length - 1]);
  });

  test.each(reads)("by %s fails at the end of a window, too", (_name, length, read) => {
    const reader = new Reader(new Uint8Array(2 * length));
    const codec = { read: (inner: Reader) => read(inner), write: () => undefined };
    expect(failure(() => reader.within(length - 1, codec)).code).toBe("short_read");
  });
});

describe("a length that is none", () => {
  const lengths: readonly unknown[] = [-1, -0.5, 0.5, Number.NaN, -Infinity, 1n, "1", undefined];

  test.each(lengths)("%s is refused and moves nothing", (length) => {
    const reader = new Reader(fromHex("010203"));
    reader.u8();
    for (const read of [
      () => reader.take(length as number),
      () => reader.within(length as number, rest),
    ]) {
      expect(failure(read)).toMatchObject({
        code: "invalid_value",
        offset: 1,
        detail: `${String(length)} is no length`,
      });
      expect([reader.offset, reader.remaining]).toEqual([1, 2]);
    }
  });

  test.each([2 ** 53, 2 ** 64, Infinity])("%s bytes are too many to be there", (length) => {
    const reader = new Reader(fromHex("01"));
    expect(failure(() => reader.take(length)).code).toBe("short_read");
    expect(failure(() => reader.within(length, rest)).code).toBe("short_read");
  });

  test.each([-1, 0.5, Number.NaN])("%s is no count of items either", (count) => {
    const items = prefixedArray({ read: () => count, write: () => undefined }, u8);
    expect(failure(() => items.read(new Reader(fromHex("0102")))).code).toBe("invalid_value");
  });
});

describe("a window", () => {
  test("may be empty", () => {
    const reader = new Reader(fromHex("01"));
    expect(reader.within(0, repeated(u16))).toEqual([]);
    expect(reader.within(0, rest).length).toBe(0);
    expect(reader.offset).toBe(0);
  });

  test("may hold another, which cannot reach beyond it", () => {
    const reader = new Reader(fromHex("01020304"));
    const inner = {
      read: (window: Reader) => {
        expect(window.remaining).toBe(3);
        expect(failure(() => window.within(4, rest)).code).toBe("short_read");
        const first = window.within(1, u8);
        return [first, window.within(2, u16)];
      },
      write: () => undefined,
    };
    expect(reader.within(3, inner)).toEqual([1, 0x0203]);
    expect(toHex(reader.rest())).toBe("04");
  });
});

test("a codec that moves the reader beyond its window is told so", () => {
  const leaping = { read: (window: Reader) => (window.offset += 3), write: () => undefined };
  const reader = new Reader(fromHex("01020304"));
  expect(failure(() => reader.within(2, leaping))).toMatchObject({ code: "short_read", offset: 2 });
});

test("what is left is said by finish, with its place", () => {
  const reader = new Reader(fromHex("010203"));
  reader.u8();
  expect(failure(() => reader.finish())).toMatchObject({
    code: "trailing_bytes",
    offset: 1,
    detail: "2 bytes follow the value",
  });
});

test("an error stands where the reader is, or where it is told to", () => {
  const reader = new Reader(fromHex("0102"));
  reader.u8();
  expect(reader.error("invalid_value", "x")).toMatchObject({ offset: 1, path: [] });
  expect(reader.error("invalid_value", "x", 0).message).toBe("x (byte 0)");
});

test("rest of nothing is nothing", () => {
  const reader = new Reader(fromHex("01"));
  reader.u8();
  expect(reader.rest()).toEqual(new Uint8Array(0));
});

test("what is read of an array of another kind is a plain view of it", () => {
  class Bytes extends Uint8Array<ArrayBuffer> {}
  const bytes = Bytes.of(0, 1, 2, 3, 4).subarray(1);
  const read = new Reader(bytes).take(2);
  expect(read.constructor).toBe(Uint8Array); // whose `slice` is a copy; that of a Buffer is not
  expect(toHex(read)).toBe("0102");
  bytes[0] = 9;
  expect(toHex(read)).toBe("0902");
});
