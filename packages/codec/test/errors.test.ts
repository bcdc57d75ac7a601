import {
  asDecodeError,
  asEncodeError,
  type Codec,
  decode,
  DecodeError,
  encode,
  EncodeError,
  fromHex,
  prefixedArray,
  repeated,
  struct,
  u8,
  withPath,
} from "@satwire/codec";
import { expect, test } from "vitest";

const caught = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test("a decode error has its place in text and in fields", () => {
  const cause = new Error("why");
  const error = new DecodeError("invalid_value", "no such color", { offset: 7, cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "DecodeError",
    message: "no such color (byte 7)",
    detail: "no such color",
    code: "invalid_value",
    offset: 7,
    path: [],
    cause,
  });
  expect(error.within(3).within("colors")).toMatchObject({
    message: "colors.3: no such color (byte 7)",
    detail: "no such color",
    path: ["colors", 3],
    offset: 7,
    cause,
  });
  expect(error.path).toEqual([]);
});

test("an encode error has its place, too", () => {
  const error = new EncodeError("too_long", "9 bytes", { path: ["name"] });
  expect(error).toMatchObject({ name: "EncodeError", message: "name: 9 bytes", path: ["name"] });
  expect(error.within(0)).toMatchObject({ message: "0.name: 9 bytes", path: [0, "name"] });
  expect(new EncodeError("too_long", "9 bytes").message).toBe("9 bytes");
  const cause = new Error("why");
  expect(new EncodeError("invalid_value", "x", { cause }).within("a")).toMatchObject({ cause });
});

test("without a cause there is no such property", () => {
  expect("cause" in new DecodeError("short_read", "x", { offset: 0 }).within("a")).toBe(false);
  expect("cause" in new EncodeError("too_long", "x").within("a")).toBe(false);
});

test("only codec errors get a path", () => {
  const other = new TypeError("mine");
  expect(withPath(other, "a")).toBe(other);
  expect(withPath("text", "a")).toBe("text");
  expect(withPath(new EncodeError("too_long", "x"), "a")).toMatchObject({ path: ["a"] });
});

test("lists name the item and leave foreign errors alone", () => {
  const failure = new TypeError("mine");
  const broken: Codec<number> = {
    read: () => {
      throw failure;
    },
    write: () => {
      throw failure;
    },
  };
  for (const list of [repeated(broken), prefixedArray(u8, broken)]) {
    expect(caught(() => decode(list, fromHex("01ff")))).toBe(failure);
    expect(caught(() => encode(list, [1]))).toBe(failure);
  }
  expect(caught(() => encode(repeated(u8), [0, 256]))).toMatchObject({ path: [1] });
  expect(caught(() => encode(prefixedArray(u8, u8), [0, 0, -1]))).toMatchObject({ path: [2] });
});

test("an error in the middle of nested values has the whole way as path", () => {
  interface Leaf {
    readonly value: number;
  }
  interface Tree {
    readonly leaves: readonly Leaf[];
  }
  const tree: Codec<Tree> = struct<Tree>({
    leaves: prefixedArray(u8, struct<Leaf>({ value: u8 })),
  });
  const trees = repeated(tree);
  const error = caught(() => decode(trees, fromHex("00" + "0101" + "03010203" + "020102" + "01")));
  // The last count announces one item, and no byte is left for it.
  expect(error).toMatchObject({ code: "short_read", path: [4, "leaves"], offset: 11 });
  const bad = [{ leaves: [] }, { leaves: [{ value: 1 }, { value: -1 }] }];
  expect(caught(() => encode(trees, bad))).toMatchObject({
    code: "out_of_range",
    path: [1, "leaves", 1, "value"],
  });
});

test("whatever a codec of somebody else throws comes out as an error of the codec", () => {
  const ours = new DecodeError("short_read", "no more", { offset: 3 });
  expect(asDecodeError(ours, 9)).toBe(ours);
  const theirs = new TypeError("no list");
  expect(asDecodeError(theirs, 9)).toMatchObject({
    name: "DecodeError",
    code: "invalid_value",
    offset: 9,
    cause: theirs,
  });
  const encoding = new EncodeError("out_of_range", "too much");
  expect(asEncodeError(encoding)).toBe(encoding);
  expect(asEncodeError(theirs)).toMatchObject({
    name: "EncodeError",
    code: "invalid_value",
    cause: theirs,
  });
});
