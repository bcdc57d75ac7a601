import { describe, expect, test } from "vitest";
import { aliasText, fromHex, printableText } from "../src/index.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const padded = (text: string): Uint8Array => {
  const alias = new Uint8Array(32);
  alias.set(utf8(text));
  return alias;
};
const alarm = "\ufffd";

describe("an alias", () => {
  test.each([
    "",
    "SATOSHI",
    "caf\u00e9",
    "\u20bf\u26a1",
    "\u{1f680} node",
    "<b>'; DROP TABLE",
    "a  b",
  ])("%j is shown as it is", (text) => {
    expect(aliasText(padded(text))).toBe(text);
  });

  test("of full length has no padding", () => {
    expect(aliasText(padded("x".repeat(32)))).toBe("x".repeat(32));
  });

  test.each([
    ["a zero in the middle", "a\0b", `a${alarm}b`],
    ["a line feed", "a\nb", `a${alarm}b`],
    ["an escape sequence", "\u001b[31mred", `${alarm}[31mred`],
    ["a C1 control character", "a\u009bb", `a${alarm}b`],
    ["delete", "a\u007f", `a${alarm}`],
    ["a right-to-left override", "a\u202egnp.exe", `a${alarm}gnp.exe`],
    ["bidi isolates", "\u2066a\u2069", `${alarm}a${alarm}`],
    ["a zero-width space", "a\u200bb", `a${alarm}b`],
    ["a soft hyphen", "a\u00adb", `a${alarm}b`],
    ["a byte order mark", "\ufeffa", `${alarm}a`],
    ["a line separator", "a\u2028b", `a${alarm}b`],
    ["a private character", "a\ue000", `a${alarm}`],
    ["an unassigned character", "a\u{e0080}", `a${alarm}`],
  ])("with %s", (_what, text, shown) => {
    expect(aliasText(padded(text))).toBe(shown);
  });

  test.each([
    ["a lone continuation byte", "6180", `a${alarm}`],
    ["a character cut short", "61e282", `a${alarm}`],
    ["an overlong slash", "c0af", alarm + alarm],
    ["a surrogate", "eda080", alarm.repeat(3)],
    ["a byte that UTF-8 does not have", "ff61", `${alarm}a`],
  ])("with %s", (_what, hex, shown) => {
    const alias = new Uint8Array(32);
    alias.set(fromHex(hex));
    expect(aliasText(alias)).toBe(shown);
  });
});

describe("the data of an error", () => {
  test.each(["", " ", "~", "internal error: 42"])("%j is shown as it is", (text) => {
    expect(printableText(utf8(text))).toBe(text);
  });

  test.each([
    ["00", "0x00"],
    ["61620a", "0x61620a"],
    ["1b5b31306d", "0x1b5b31306d"],
    ["617f", "0x617f"],
    ["c3a9", "0xc3a9"],
    ["efbbbf61", "0xefbbbf61"],
  ])("0x%s is shown in hex", (hex, shown) => {
    expect(printableText(fromHex(hex))).toBe(shown);
  });

  test("may fill a message", () => {
    expect(printableText(new Uint8Array(65499).fill(0x61))).toBe("a".repeat(65499));
  });
});
