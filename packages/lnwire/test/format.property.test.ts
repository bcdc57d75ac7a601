import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMessage, type KnownMessage, lightningMessages } from "../src/index.ts";
import { anyMessage, arbitraryMessages, mutated, unknownMessage } from "../src/testing/index.ts";

const ids = lightningMessages.codecs.map(({ id }) => id);

// Written out, not by classes of characters as in the source.
const bidi = [
  0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
];
const breaks = [0x0a, 0x0b, 0x0c, 0x0d, 0x85, 0x2028, 0x2029];
const invisible = [
  0x00, 0x08, 0x09, 0x1b, 0x7f, 0x9b, 0xad, 0x200b, 0x2060, 0xfeff, 0xfff9, 0xe0001,
];
const isUnsafe = (code: number): boolean =>
  code < 0x20 ||
  (code >= 0x7f && code < 0xa0) ||
  (code >= 0xd800 && code < 0xe000) ||
  [...bidi, ...breaks, ...invisible].includes(code);

/** Characters of a text that must not reach a terminal. */
const unsafeIn = (text: string): string[] =>
  Array.from(text).filter((character) => isUnsafe(character.codePointAt(0) as number));

const strange: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...bidi, ...breaks, ...invisible).map((code) => String.fromCodePoint(code)),
    fc.constantFrom("a", '"', "\\", " ", "=", ":", "\ud83d", "\ude80", "\u{1f680}"),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  ),
  maxLength: 12,
});
const special = fc.constantFrom(
  "type",
  "data",
  "alias",
  "chainHash",
  "networks",
  "rgbColor",
  "features",
  "txid",
  "timestamp",
  "shortChannelId",
  "shortChannelIds",
  "addresses",
  "remoteAddr",
  "unknown",
  "value",
  "address",
  "hostname",
  "port",
  "__proto__",
);
const { field } = fc.letrec<{ field: unknown; fields: object }>((tie) => ({
  fields: fc.dictionary(fc.oneof(special, strange), tie("field"), { maxKeys: 3 }),
  field: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      strange,
      strange.map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom("ipv4", "dns", "opaque"),
      fc.bigInt(),
      fc.double(),
      fc.boolean(),
      strange.map((text) => Symbol(text)),
      fc.constantFrom(null, undefined, new Date(Number.NaN), new Map([["\n", "\n"]])),
      fc.func(fc.constant(1)),
    ),
    fc.array(tie("field"), { maxLength: 4 }),
    fc.array(fc.nat(), { minLength: 8, maxLength: 14 }),
    tie("fields"),
  ),
}));
const customMessage = fc
  .tuple(strange, fc.dictionary(fc.oneof(special, strange), field, { maxKeys: 5 }))
  .map(([type, fields]) => ({ ...fields, type }));

const options = fc.record(
  { maxBytes: fc.nat({ max: 70 }), maxItems: fc.nat({ max: 12 }) },
  { requiredKeys: [], noNullPrototype: true },
);

const expectOneLine = (message: { readonly type: string }, more: object): void => {
  expect(unsafeIn(formatMessage(message, more))).toEqual([]);
};

/** The lines of a message: its name, one for each field, and those of list items below their field. */
const expectLines = (message: KnownMessage): void => {
  const [first, ...lines] = formatMessage(message, { multiline: true, maxItems: 100 }).split("\n");
  expect(first).toBe(message.type);
  const names = lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.split(":")[0]);
  expect(names).toEqual(
    Object.keys(message)
      .slice(1)
      .map((name) => `  ${name}`),
  );
  const others = lines.filter((line) => !/^ {2}\S/.test(line));
  expect(others.filter((line) => !/^ {4}\S/.test(line))).toEqual([]);
  const items = Object.values<unknown>({ ...message }).filter((value) => Array.isArray(value));
  const bits = Object.entries(message)
    .filter(([name]) => /^(global)?features$|^channelType$/.test(name))
    .map(([, value]) => (value as Uint8Array).toString().split(",").map(Number))
    .map((bytes) =>
      bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0),
    );
  const expected = [...items.map(({ length }) => length), ...bits].reduce((a, b) => a + b, 0);
  expect(others.length).toBe(expected);
};

describe.each(Object.entries<fc.Arbitrary<KnownMessage>>(arbitraryMessages()))(
  "%s",
  (_name, arbitrary) => {
    test("in one line has no character that moves a cursor, breaks a line or reverses it", () => {
      fc.assert(fc.property(arbitrary, options, expectOneLine), { numRuns: 40 });
    });

    test("with a field per line has line breaks only between fields and list items", () => {
      fc.assert(fc.property(arbitrary, expectLines), { numRuns: 40 });
    });
  },
);

test("messages of unknown types are as safe", () => {
  fc.assert(fc.property(unknownMessage(ids), options, expectOneLine), { numRuns: 200 });
});

test("so is what can be understood of changed bytes", () => {
  const frames = mutated(anyMessage().map((message) => lightningMessages.encode(message)));
  fc.assert(
    fc.property(frames, options, (frame, more) => {
      const { message } = lightningMessages.inspect(frame);
      if (message !== undefined) expectOneLine(message, more);
    }),
    { numRuns: 400 },
  );
});

test("any object is as safe, and nothing is thrown", () => {
  fc.assert(
    fc.property(customMessage, options, (message, more) => {
      expectOneLine(message, more);
      const lines = formatMessage(message, { ...more, multiline: true });
      expect(unsafeIn(lines).filter((character) => character !== "\n")).toEqual([]);
      expect(lines).not.toMatch(/\n(\n| *$)/);
    }),
    { numRuns: 400 },
  );
});
