import {
  bytes,
  type Codec,
  decode,
  DecodeError,
  encode,
  EncodeError,
  fixedArray,
  fromHex,
  mapped,
  prefixedArray,
  prefixedBytes,
  Reader,
  repeated,
  rest,
  struct,
  toHex,
  u16,
  u32,
  u8,
  Writer,
} from "@satwire/codec";
import { describe, expect, test } from "vitest";

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Shape {
  readonly tag: Uint8Array;
  readonly points: readonly Point[];
}
const point: Codec<Point> = struct({ x: u8, y: u16 });
const shape: Codec<Shape> = struct({ tag: prefixedBytes(u8), points: prefixedArray(u16, point) });

const caught = (run: () => unknown): DecodeError | EncodeError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("a struct reads and writes its fields in order", () => {
  const value = {
    tag: fromHex("abcd"),
    points: [
      { x: 1, y: 2 },
      { x: 3, y: 0x0405 },
    ],
  };
  const hex = "02abcd" + "0002" + "010002" + "030405";
  expect(toHex(encode(shape, value))).toBe(hex);
  expect(decode(shape, fromHex(hex))).toEqual(value);
});

describe("errors say where", () => {
  test("reading: code, offset from the outermost start, path, text", () => {
    const error = caught(() =>
      decode(shape, fromHex("00" + "0002" + "010002" + "0304")),
    ) as DecodeError;
    expect(error.code).toBe("short_read");
    expect(error.offset).toBe(7);
    expect(error.path).toEqual(["points", 1, "y"]);
    expect(error.message).toBe("points.1.y: need 2 bytes, have 1 (byte 7)");
    expect(error.name).toBe("DecodeError");
  });

  test("writing: code and path", () => {
    const error = caught(() => encode(shape, { tag: fromHex("00"), points: [{ x: 256, y: 0 }] }));
    expect(error.code).toBe("out_of_range");
    expect(error.path).toEqual(["points", 0, "x"]);
    expect(error.message).toBe("points.0.x: 256 is not an integer from 0 to 255");
  });

  test("writing without a field", () => {
    const error = caught(() => encode(point, { x: 1 } as Point));
    expect(error.code).toBe("missing_field");
    expect(error.path).toEqual(["y"]);
  });

  test("an error of someone else passes through untouched", () => {
    const failure = new TypeError("mine");
    const codec = struct<{ readonly a: number }>({
      a: {
        read: () => {
          throw failure;
        },
        write: () => {
          throw failure;
        },
      },
    });
    expect(() => decode(codec, fromHex("00"))).toThrow(failure);
    expect(() => encode(codec, { a: 1 })).toThrow(failure);
  });
});

describe("lengths that lie", () => {
  test("a byte string longer than its input is short, whatever it announces", () => {
    expect(caught(() => decode(prefixedBytes(u32), fromHex("ffffffff00"))).code).toBe("short_read");
  });

  test("an array is refused at once when its count exceeds the bytes that are left", () => {
    let reads = 0;
    const counted: Codec<number> = { read: (r) => (reads++, r.u8()), write: (w, v) => w.u8(v) };
    const error = caught(() => decode(prefixedArray(u32, counted), fromHex("ffffffff0102")));
    expect(error.code).toBe("short_read");
    expect(reads).toBe(0);
  });

  test("an item without bytes does not loop for ever", () => {
    const nothing: Codec<number> = { read: () => 0, write: () => {} };
    expect(caught(() => decode(repeated(nothing), fromHex("00"))).code).toBe("invalid_value");
  });

  test("what does not fit its length prefix is too long to write", () => {
    expect(caught(() => encode(prefixedBytes(u8), new Uint8Array(256))).code).toBe("too_long");
    expect(
      caught(() =>
        encode(
          prefixedArray(u8, u8),
          Array.from({ length: 256 }, () => 0),
        ),
      ).code,
    ).toBe("too_long");
  });
});

test("fixed bytes have one length only", () => {
  expect(caught(() => encode(bytes(3), fromHex("0102"))).code).toBe("wrong_length");
  expect(decode(bytes(3), fromHex("010203"))).toEqual(fromHex("010203"));
});

test("repeated items and rest run to the end of their window", () => {
  const codec: Codec<{ readonly a: readonly number[]; readonly b: Uint8Array }> = {
    read: (r) => ({ a: r.within(4, repeated(u16)), b: rest.read(r) }),
    write: () => {},
  };
  expect(decode(codec, fromHex("00010002ff"))).toEqual({ a: [1, 2], b: fromHex("ff") });
});

test("a window must be used up exactly and ends even when its codec fails", () => {
  const reader = new Reader(fromHex("010203"));
  expect(caught(() => reader.within(2, u8)).code).toBe("trailing_bytes");
  expect(reader.remaining).toBe(2);
  expect(caught(() => reader.within(3, rest)).code).toBe("short_read");
  expect(reader.within(2, u16)).toBe(0x0203);
});

test("read bytes are views, written bytes are copies", () => {
  const input = fromHex("0102");
  expect(new Reader(input).take(1).buffer).toBe(input.buffer);
  const writer = new Writer();
  writer.put(input);
  const output = writer.finish();
  input[0] = 9;
  expect(toHex(output)).toBe("0102");
});

test("a writer grows past its first buffer and keeps what it has", () => {
  const writer = new Writer();
  for (let i = 0; i < 300; i++) writer.u32(i);
  writer.put(new Uint8Array(5000).fill(7));
  const reader = new Reader(writer.finish());
  for (let i = 0; i < 300; i++) expect(reader.u32()).toBe(i);
  expect(reader.rest()).toEqual(new Uint8Array(5000).fill(7));
});

test("a reader of a view inside a larger buffer stays inside it", () => {
  const outer = fromHex("ff0102030405060708ff");
  const reader = new Reader(outer.subarray(1, 9));
  expect(reader.u64()).toBe(0x0102030405060708n);
  expect(caught(() => reader.u8()).code).toBe("short_read");
});

test("mapped shows the same bytes as another type", () => {
  const flag = mapped(u8, { decode: (n) => n === 1, encode: (b: boolean) => (b ? 1 : 0) });
  expect(decode(flag, fromHex("01"))).toBe(true);
  expect(toHex(encode(flag, false))).toBe("00");
});

describe("what mapped's functions throw", () => {
  const failing = (thrown: unknown): Codec<number> =>
    struct<{ readonly n: number }>({
      n: mapped<number, number>(u8, {
        decode: () => {
          throw thrown;
        },
        encode: () => {
          throw thrown;
        },
      }),
    }) as unknown as Codec<number>;
  const value = { n: 1 } as unknown as number;

  test.each([
    ["an error", new TypeError("mine")],
    ["an error of the other direction", new EncodeError("too_long", "x")],
    ["no error at all", "text"],
  ])("%s becomes a DecodeError", (_what, thrown) => {
    const reader = new Reader(fromHex("ff01"));
    reader.u8();
    const error = caught(() => failing(thrown).read(reader));
    expect(error).toMatchObject({
      name: "DecodeError",
      code: "invalid_value",
      offset: 1,
      path: ["n"],
      cause: thrown,
    });
    expect(error.message).not.toContain("mine");
  });

  test.each([
    ["an error", new TypeError("mine")],
    ["an error of the other direction", new DecodeError("too_long", "x", { offset: 0 })],
    ["no error at all", "text"],
  ])("%s becomes an EncodeError", (_what, thrown) => {
    expect(caught(() => encode(failing(thrown), value))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path: ["n"],
      cause: thrown,
    });
  });

  test("errors of codecs stay what they are", () => {
    const read = new DecodeError("too_long", "x", { offset: 7 });
    expect(caught(() => decode(failing(read), fromHex("01")))).toMatchObject({
      code: "too_long",
      offset: 7,
    });
    const written = new EncodeError("too_long", "x");
    expect(caught(() => encode(failing(written), value))).toMatchObject({ code: "too_long" });
  });
});

describe("empty values", () => {
  test("have their shortest form", () => {
    expect(toHex(encode(prefixedBytes(u8), fromHex("")))).toBe("00");
    expect(decode(prefixedBytes(u8), fromHex("00"))).toEqual(fromHex(""));
    expect(toHex(encode(prefixedArray(u16, point), []))).toBe("0000");
    expect(decode(prefixedArray(u16, point), fromHex("0000"))).toEqual([]);
    expect(decode(repeated(point), fromHex(""))).toEqual([]);
    expect(toHex(encode(repeated(point), []))).toBe("");
    expect(decode(struct({}), fromHex(""))).toEqual({});
    expect(decode(bytes(0), fromHex(""))).toEqual(fromHex(""));
  });
});

describe("byte strings", () => {
  test.each([
    ["fixed, too short", bytes(3), "0102", "short_read"],
    ["fixed, too long", bytes(3), "01020304", "trailing_bytes"],
    ["prefixed, too short", prefixedBytes(u8), "0201", "short_read"],
    ["prefixed, too long", prefixedBytes(u8), "010102", "trailing_bytes"],
    ["prefixed, without length", prefixedBytes(u16), "00", "short_read"],
  ])("%s", (_what, codec, hex, code) => {
    expect(caught(() => decode(codec, fromHex(hex))).code).toBe(code);
  });

  test.each([
    ["undefined", undefined, "wrong_length"],
    ["a list", [1, 2, 3], "invalid_value"],
    ["a text", "abc", "invalid_value"],
  ])("that are %s are refused", (_what, value, code) => {
    expect(caught(() => encode(bytes(3), value as never)).code).toBe(code);
  });

  test("of a prefix's full range go both ways", () => {
    const longest = new Uint8Array(255).fill(1);
    expect(decode(prefixedBytes(u8), encode(prefixedBytes(u8), longest))).toEqual(longest);
  });
});

test("items that are cut short are named", () => {
  const error = caught(() => decode(repeated(u16), fromHex("000100")));
  expect(error).toMatchObject({ code: "short_read", path: [1], offset: 2 });
});

test("a decoder's own errors get the path of the field, and the other way round", () => {
  const even = mapped<number, number>(u8, {
    decode: (n) => {
      if (n % 2 !== 0) throw new DecodeError("invalid_value", `${n} is odd`, { offset: 0 });
      return n;
    },
    encode: (n) => {
      if (n % 2 !== 0) throw new EncodeError("invalid_value", `${n} is odd`);
      return n;
    },
  });
  const codec = struct<{ readonly n: number }>({ n: even });
  expect(caught(() => decode(codec, fromHex("03")))).toMatchObject({ path: ["n"] });
  expect(caught(() => encode(codec, { n: 3 })).message).toBe("n: 3 is odd");
});

test("fields that nobody described are not written", () => {
  const value = { x: 1, y: 2, z: 3 };
  expect(toHex(encode(point, value))).toBe("010002");
});

describe("a fixed array", () => {
  const three = fixedArray(3, u16);
  const two = struct<{ readonly a: readonly Point[]; readonly b: number }>({
    a: fixedArray(2, point),
    b: u8,
  });

  test("has its items one after the other, and no count", () => {
    expect(toHex(encode(three, [1, 0x0203, 65535]))).toBe("0001" + "0203" + "ffff");
    expect(decode(three, fromHex("00010203ffff"))).toStrictEqual([1, 0x0203, 65535]);
  });

  test("leaves what follows it", () => {
    const value = {
      a: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      b: 5,
    };
    expect(toHex(encode(two, value))).toBe("010002" + "030004" + "05");
    expect(decode(two, fromHex("01000203000405"))).toStrictEqual(value);
  });

  test("may be empty", () => {
    expect(toHex(encode(fixedArray(0, u16), []))).toBe("");
    expect(decode(fixedArray(0, u16), fromHex(""))).toStrictEqual([]);
  });

  test.each([
    ["empty", "", [0], 0],
    ["one item short", "00010002", [2], 4],
    ["one byte short", "0001000200", [2], 4],
  ])("is not read if it is %s", (_what, hex, path, offset) => {
    const error = caught(() => decode(three, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code: "short_read", path, offset });
  });

  test("is not read with one item more", () => {
    const error = caught(() => decode(three, fromHex("0001000200030004")));
    expect(error).toMatchObject({ code: "trailing_bytes", path: [], offset: 6 });
  });

  test.each([[[]], [[1, 2]], [[1, 2, 3, 4]]])("is not written as %j", (items) => {
    const error = caught(() => encode(three, items));
    expect(error).toMatchObject({ name: "EncodeError", code: "wrong_length", path: [] });
    expect(error.message).toContain(`expected 3 items, got ${items.length}`);
  });

  test("names the item that cannot be written or read, and its field", () => {
    const value = {
      a: [
        { x: 1, y: 2 },
        { x: 3, y: 65536 },
      ],
      b: 5,
    };
    const written = caught(() => encode(two, value));
    expect(written).toMatchObject({ code: "out_of_range", path: ["a", 1, "y"] });
    const read = caught(() => decode(two, fromHex("010002" + "0300")));
    expect(read).toMatchObject({ code: "short_read", path: ["a", 1, "y"], offset: 4 });
  });
});
