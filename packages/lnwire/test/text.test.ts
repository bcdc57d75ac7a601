import { describe, expect, test } from "vitest";
import { aliasOf, aliasText, fromHex, printableText, toHex, visibleText } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

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

describe("an alias made of text", () => {
  test.each([
    ["", "00".repeat(32)],
    ["SATOSHI", `5341544f534849${"00".repeat(25)}`],
    ["\u20bf\u{1f680}", `e282bff09f9a80${"00".repeat(25)}`],
    ["x".repeat(32), "78".repeat(32)],
    // Not refused: what is shown of it is another matter.
    ["a\0b\n", `6100620a${"00".repeat(28)}`],
  ])("%j is UTF-8 and zeros", (text, hex) => {
    expect(toHex(aliasOf(text))).toBe(hex);
  });

  test.each(["", "SATOSHI", "\u20bf\u{1f680} node", "\u20bf".repeat(10), "\u{1f680}".repeat(8)])(
    "%j is shown again",
    (text) => {
      expect(aliasText(aliasOf(text))).toBe(text);
    },
  );

  test("has an unpaired surrogate replaced", () => {
    expect(toHex(aliasOf("a\ud800b"))).toBe(`61efbfbd62${"00".repeat(27)}`);
    expect(toHex(aliasOf("\udc00\ud800"))).toBe(`efbfbdefbfbd${"00".repeat(26)}`);
  });

  test.each([
    ["33 letters", "x".repeat(33), 33],
    ["11 letters of 3 bytes", "\u20bf".repeat(11), 33],
    ["31 letters and one of 2 bytes", `${"x".repeat(31)}\u00e9`, 33],
    ["9 letters of 4 bytes", "\u{1f680}".repeat(9), 36],
    ["11 unpaired surrogates", "\ud800".repeat(11), 33],
    ["trailing zeros", "\0".repeat(33), 33],
  ])("is not made of %s", (_what, text, length) => {
    expect(thrown(() => aliasOf(text))).toMatchObject({
      name: "EncodeError",
      code: "too_long",
      path: [],
      detail: `an alias of ${length} bytes, at most 32`,
    });
  });
});

describe("visible text", () => {
  test.each([
    ["letters, marks and signs", "a\u00e9e\u0301\u0416\u4e2d\u05d0\u0627\u20bf\u2192\u{1f680}"],
    ["spaces", "a b\u00a0c\u3000d"],
    ["what HTML and SQL know", "<b>&\"'; DROP"],
    ["nothing", ""],
    ["the replacement itself", alarm],
  ])("of %s is the same", (_what, text) => {
    expect(visibleText(text)).toBe(text);
  });

  // By their numbers, not by the classes that the source names.
  test.each([
    ["C0 control characters", 0x00, 0x1f],
    ["delete and C1 control characters", 0x7f, 0x9f],
    ["soft hyphen", 0xad, 0xad],
    ["an Arabic letter mark", 0x61c, 0x61c],
    ["a Mongolian vowel separator", 0x180e, 0x180e],
    ["zero widths and direction marks", 0x200b, 0x200f],
    ["line and paragraph separators", 0x2028, 0x2029],
    ["embeddings and overrides", 0x202a, 0x202e],
    ["invisible operators and isolates", 0x2060, 0x206f],
    ["unpaired surrogates", 0xd800, 0xdfff],
    ["private characters", 0xe000, 0xf8ff],
    ["a byte order mark", 0xfeff, 0xfeff],
    ["annotations", 0xfff9, 0xfffb],
    ["noncharacters", 0xfffe, 0xffff],
    ["tags", 0xe0000, 0xe007f],
    ["more private characters", 0x10fffd, 0x10ffff],
  ])("has a sign for %s", (_what, first, last) => {
    for (let code = first; code <= last; code++) {
      expect(visibleText(`a${String.fromCodePoint(code)}b`)).toBe(`a${alarm}b`);
    }
  });

  test("has one sign for each character", () => {
    expect(visibleText("\r\n\u{e0001}\ud83d \u{1f680}\ude80")).toBe(
      `${alarm.repeat(4)} \u{1f680}${alarm}`,
    );
  });

  test("is text that stays as it is", () => {
    const once = visibleText("a\0\u202e\ud800b");
    expect(visibleText(once)).toBe(once);
  });
});

describe("the data of an error", () => {
  test.each(["", " ", "~", "internal error: 42"])("%j is shown as it is", (text) => {
    expect(printableText(utf8(text))).toBe(text);
  });

  test.each([
    ["00", "0x00"],
    ["61620a", "0x61620a"],
    ["1f61", "0x1f61"],
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
