import { compareBytes, concatBytes, EncodeError, equalBytes, fromHex, toHex } from "@satwire/codec";
import { expect, test } from "vitest";

test("hex goes both ways, in either case", () => {
  expect(toHex(fromHex("00fFaBFfAb"))).toBe("00ffabffab");
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

test("of nothing, hex and joined bytes are nothing", () => {
  expect(toHex(fromHex(""))).toBe("");
  expect(concatBytes()).toEqual(new Uint8Array(0));
});

test("joined bytes are bytes of their own", () => {
  const part = fromHex("01");
  const joined = concatBytes(part);
  part[0] = 9;
  expect(toHex(joined)).toBe("01");
});

test("what is wrong with a hex text is said without repeating it", () => {
  expect(() => fromHex("00zz")).toThrow("no hex digits at position 2");
  expect(() => fromHex("abc")).toThrow("hex text has an odd length of 3");
});
