import { EncodeError, fromHex, toHex, Writer } from "@satwire/codec";
import { describe, expect, test } from "vitest";

const failure = (run: () => unknown): EncodeError => {
  try {
    run();
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("numbers are written one after the other, in either byte order", () => {
  const writer = new Writer();
  writer.u8(0x80);
  writer.u16(0x8001);
  writer.u16le(0x8001);
  writer.u32(0x80000001);
  writer.u32le(0x80000001);
  writer.u64(0x8000000000000001n);
  writer.u64le(0x8000000000000001n);
  const hex = "80" + "8001" + "0180" + "80000001" + "01000080" + "8000000000000001";
  expect(toHex(writer.finish())).toBe(`${hex}0100000000000080`);
  expect(writer.length).toBe(29);
});

test("a number that is refused leaves no byte behind", () => {
  const writer = new Writer();
  for (const write of [
    () => writer.u8(256),
    () => writer.u16(-1),
    () => writer.u32le(0.5),
    () => writer.u64(2n ** 64n),
    () => writer.put("ab" as never),
  ]) {
    failure(write);
  }
  expect(writer.length).toBe(0);
});

// The first buffer has 256 bytes: each kind of write once across its end.
describe("growing in the middle of", () => {
  const writes: readonly (readonly [string, (writer: Writer) => void, hex: string])[] = [
    ["u16", (writer) => writer.u16(0x0102), "0102"],
    ["u16le", (writer) => writer.u16le(0x0102), "0201"],
    ["u32", (writer) => writer.u32(0x01020304), "01020304"],
    ["u32le", (writer) => writer.u32le(0x01020304), "04030201"],
    ["u64", (writer) => writer.u64(0x0102030405060708n), "0102030405060708"],
    ["u64le", (writer) => writer.u64le(0x0102030405060708n), "0807060504030201"],
    ["put", (writer) => writer.put(fromHex("010203")), "010203"],
  ];
  test.each(writes)("%s keeps what is there", (_name, write, hex) => {
    for (const before of [254, 255, 256]) {
      const writer = new Writer();
      writer.put(new Uint8Array(before).fill(9));
      write(writer);
      writer.u8(0xee);
      expect(toHex(writer.finish())).toBe(`${"09".repeat(before)}${hex}ee`);
    }
  });
});

test("only a Uint8Array can be put", () => {
  const writer = new Writer();
  for (const value of [
    "ab",
    [1, 2],
    undefined,
    null,
    new ArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
  ]) {
    expect(failure(() => writer.put(value as never)).code).toBe("invalid_value");
  }
});

test("a view is put as what it shows", () => {
  const writer = new Writer();
  writer.put(fromHex("00010203").subarray(1, 3));
  expect(toHex(writer.finish())).toBe("0102");
});

test("two bytes can be overwritten later, up to what they can hold", () => {
  const writer = new Writer();
  writer.u16(0);
  writer.put(new Uint8Array(300));
  writer.patchU16(0, 0xabcd);
  expect(toHex(writer.finish().subarray(0, 4))).toBe("abcd0000");
  expect(failure(() => writer.patchU16(0, 65536)).code).toBe("too_long");
  writer.patchU16(0, 65535);
  expect(toHex(writer.finish().subarray(0, 2))).toBe("ffff");
});

test("finish gives a new copy each time, and writing goes on", () => {
  const writer = new Writer();
  expect(writer.finish()).toEqual(new Uint8Array(0));
  writer.u8(1);
  const first = writer.finish();
  writer.u8(2);
  first[0] = 9;
  expect(toHex(writer.finish())).toBe("0102");
});

test("a writer that is used again starts over, and what it gave away stays as it was", () => {
  const writer = new Writer();
  writer.put(new Uint8Array(1000).fill(1));
  const first = writer.finish();
  writer.reset();
  expect(writer.length).toBe(0);
  writer.u16(0x0203);
  expect(writer.finish()).toEqual(Uint8Array.of(2, 3));
  expect(first).toEqual(new Uint8Array(1000).fill(1));
});
