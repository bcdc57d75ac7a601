import { fromHex } from "@satwire/codec";
import { expect, test } from "vitest";
import { textOfBytes } from "../src/fields.ts";
import { printableText } from "../src/text.ts";

const every = Array.from({ length: 256 }, (_, i) => i);
const printable =
  " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[" +
  "]^_`abcdefghijklmnopqrstuvwxyz{|}~";

test("printable ASCII stays as it is", () => {
  expect(printableText(printable)).toBe(printable);
  expect(printableText("")).toBe("");
});

test("every other byte becomes its hex, and so does the backslash", () => {
  const others = every.filter((byte) => !printable.includes(String.fromCharCode(byte)));
  expect(others).toHaveLength(256 - 94);
  for (const byte of others) {
    const hex = byte.toString(16).padStart(2, "0");
    expect(printableText(`a${String.fromCharCode(byte)}b`)).toBe(`a\\x${hex}b`);
  }
});

test("no two texts look alike", () => {
  expect(printableText("\\x1b")).toBe("\\x5cx1b");
  expect(printableText("\x1b")).toBe("\\x1b");
});

test("what a terminal would obey is seen", () => {
  expect(printableText("/a:1/\x1b[2J\r\n\x9b1m")).toBe("/a:1/\\x1b[2J\\x0d\\x0a\\x9b1m");
  // A right-to-left override in UTF-8, and in a text of one's own.
  expect(printableText(textOfBytes(fromHex("e280ae")))).toBe("\\xe2\\x80\\xae");
  expect(printableText("\u202e\u0100\u{1f600}")).toBe("\\u202e\\u0100\\ud83d\\ude00");
});
