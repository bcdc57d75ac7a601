import { bytes, type Codec, decode, encode, prefixedBytes, toHex, u16, u8 } from "@satwire/codec";
import { expect, test } from "vitest";

test("what is encoded stays as it is, whatever is encoded next", () => {
  const first = encode(u16, 0x0102);
  const second = encode(u16, 0x0304);
  expect([toHex(first), toHex(second)]).toEqual(["0102", "0304"]);
  expect(first.buffer).not.toBe(second.buffer);
  expect([first.byteOffset, first.buffer.byteLength]).toEqual([0, 2]);
});

test("a codec may encode while it is written", () => {
  const nested: Codec<number> = {
    read: (reader) => decode(u16, reader.take(2)),
    write(writer, value) {
      writer.u8(0xaa);
      writer.put(encode(u16, value));
    },
  };
  expect(toHex(encode(nested, 0x0102))).toBe("aa0102");
  expect(toHex(encode(u8, 7))).toBe("07");
});

test("nothing is left of a value that could not be written", () => {
  const half: Codec<number> = {
    read: (reader) => reader.u8(),
    write(writer, value) {
      writer.u16(0xffff);
      writer.u8(value);
    },
  };
  expect(() => encode(half, 256)).toThrow(expect.objectContaining({ code: "out_of_range" }));
  expect(toHex(encode(u8, 7))).toBe("07");
});

test.each([65_535, 65_536, 65_537, 200_000])("%i bytes are followed by others", (length) => {
  const value = new Uint8Array(length).fill(7);
  expect(encode(bytes(length), value)).toEqual(value);
  expect(toHex(encode(prefixedBytes(u8), Uint8Array.of(1)))).toBe("0101");
});
