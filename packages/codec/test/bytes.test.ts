import { compareBytes, concatBytes, EncodeError, equalBytes, fromHex, toHex } from "@satwire/codec";
import { expect, test } from "vitest";

test("hex goes both ways, in either case", () => {
  expect(toHex(fromHex("00fFaB"))).toBe("00ffab");
});

test.each(["0", "0g", " 0", "0x"])("%j is no hex", (text) => {
  expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: "invalid_value" }));
  expect(() => fromHex(text)).toThrow(EncodeError);
});

test("bytes compare lexicographically, a prefix first", () => {
  const sorted = ["", "00", "0001", "01", "ff"].map(fromHex);
  for (let i = 0; i < sorted.length; i++) {
    for (let j = 0; j < sorted.length; j++) {
      const [a, b] = [sorted[i] as Uint8Array, sorted[j] as Uint8Array];
      expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(i - j));
      expect(equalBytes(a, b)).toBe(i === j);
    }
  }
});

test("concat joins in order", () => {
  expect(toHex(concatBytes(fromHex("01"), fromHex(""), fromHex("0203")))).toBe("010203");
});
