import { mapped } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Codec,
  EncodeError,
  encodeMessage,
  type KnownMessage,
  type LightningMessage,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  messageFromJson,
  messageSet,
  messageToJson,
  prefixedBytes,
  toHex,
  u16,
} from "../src/index.ts";
import { anyMessage, arbitraryMessages, unknownMessage } from "../src/testing/index.ts";
import { thrown } from "./support/thrown.ts";

interface Note extends MessageBase<"note"> {
  readonly text: string;
}
const text: Codec<string> = mapped(prefixedBytes(u16), {
  decode: (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  encode: (value: string) => new TextEncoder().encode(value),
});
const note: MessageCodec<Note> = message(32769, "note", { text });

const messages = arbitraryMessages();
const ids = lightningMessages.codecs.map(({ id }) => id);
const read = (json: string): LightningMessage => messageFromJson(json, lightningMessages);

const expectBack = (message: LightningMessage, indent: number): void => {
  const again = read(messageToJson(message, { indent }));
  expect(again).toStrictEqual(message);
  expect(toHex(encodeMessage(again))).toBe(toHex(encodeMessage(message)));
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Container = Json[] | { [key: string]: Json };

/** Every field and list item of a message's JSON, each with what holds it; the message's own type is left out. */
function placesOf(json: Container, isTop = true): (readonly [Container, string])[] {
  return Object.entries(json).flatMap(([key, value]) => {
    if (isTop && key === "type") return [];
    const inside = typeof value === "object" && value !== null ? placesOf(value, false) : [];
    return [[json, key] as const, ...inside];
  });
}

/** What a value of JSON stands for. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return "list";
  if (typeof value !== "string") return typeof value;
  return value.startsWith("0x") ? "bytes" : /^-?\d+n$/.test(value) ? "bigint" : "text";
}

const plainOf = (message: KnownMessage): Container => JSON.parse(messageToJson(message));
const at = (container: Container, key: string): Json =>
  (container as Readonly<Record<string, Json>>)[key] as Json;
const put = (container: Container, key: string, value: Json): void => {
  (container as Record<string, Json>)[key] = value;
};

/** Reads what may be a message: if it is none, this must be the one kind of error. */
function expectMessageOrError(json: string): void {
  let found: LightningMessage;
  try {
    found = read(json);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    expect(Array.isArray(error.path)).toBe(true);
    return;
  }
  expectBack(found, 0);
}

describe.each(Object.entries<fc.Arbitrary<KnownMessage>>(messages))("%s", (name, arbitrary) => {
  test("any value comes back from its JSON", () => {
    fc.assert(fc.property(arbitrary, fc.constantFrom(0, 2), expectBack), { numRuns: 40 });
  });

  test("no field may be misspelled, at any depth", () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), (message, seed) => {
        const plain = plainOf(message);
        const places = placesOf(plain).filter(([container]) => !Array.isArray(container));
        const [container, key] = places[seed % places.length] as (typeof places)[0];
        const value = at(container, key);
        delete (container as Record<string, Json>)[key];
        put(container, `${key}s`, value);
        const error = thrown(() => read(JSON.stringify(plain)));
        expect(error.name).toBe("EncodeError");
        expect(error.path[0]).toBe(name);
      }),
      { numRuns: 40 },
    );
  });

  test("no value may be of another kind, at any depth", () => {
    const wrong: Json[] = [null, true, 0.5, "0x", "0n", "text", [], ["0x"], {}, [[[]]]];
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.constantFrom(...wrong), (message, seed, value) => {
        const plain = plainOf(message);
        const places = placesOf(plain);
        const [container, key] = places[seed % places.length] as (typeof places)[0];
        fc.pre(value === 0.5 || kindOf(at(container, key)) !== kindOf(value));
        put(container, key, value);
        const error = thrown(() => read(JSON.stringify(plain)));
        expect(error.name).toBe("EncodeError");
        expect(error.path[0]).toBe(name);
      }),
      { numRuns: 40 },
    );
  });
});

test("messages of unknown types come back, and known ones kept as unknown", () => {
  fc.assert(
    fc.property(
      fc.oneof(unknownMessage(ids), unknownMessage([])),
      fc.constantFrom(0, 1),
      expectBack,
    ),
    { numRuns: 200 },
  );
});

test("any text comes back, whatever it looks like", () => {
  const marks = fc.array(fc.constantFrom("'", "0x", "n", "-", "0", "a", "\n"));
  const anyText = fc.oneof(
    marks.map((parts) => parts.join("")),
    fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((codes) => {
      const valid = codes.filter((code) => code < 0xd800 || code > 0xdfff);
      return String.fromCodePoint(...valid);
    }),
  );
  const set = messageSet([note]);
  fc.assert(
    fc.property(anyText, (value) => {
      const whole: Note = { type: "note", text: value };
      expect(messageFromJson(messageToJson(whole), set)).toStrictEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test("the order of fields does not matter", () => {
  fc.assert(
    fc.property(anyMessage(), (message) => {
      const entries = Object.entries(plainOf(message)).toReversed();
      expect(read(JSON.stringify(Object.fromEntries(entries)))).toStrictEqual(message);
    }),
    { numRuns: 200 },
  );
});

test("any other value of JSON in a message's place is a message or an EncodeError", () => {
  const special = fc.constantFrom<Json>("0x", "0x00", "1n", "-1n", "'", "type", "unknown", "dns");
  const { value } = fc.letrec<{ value: Json; leaf: Json }>((tie) => ({
    leaf: fc.oneof(special, fc.integer(), fc.constantFrom<Json>(null, true, 0.5, "text")),
    value: fc.oneof(
      { maxDepth: 3 },
      tie("leaf"),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom("type", "value", "unknown", "__proto__", "constructor", "length", "data"),
        tie("value"),
        { noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(anyMessage(), fc.nat(), value, (message, seed, other) => {
      const plain = plainOf(message);
      const places = placesOf(plain);
      const [container, key] = places[seed % places.length] as (typeof places)[0];
      put(container, key, other);
      expectMessageOrError(JSON.stringify(plain));
      expectMessageOrError(JSON.stringify(other));
      expectMessageOrError(JSON.stringify({ type: message.type, [key]: other }));
    }),
    { numRuns: 200 },
  );
});

test("any text is a message or an EncodeError", () => {
  fc.assert(
    fc.property(anyMessage(), fc.nat(), fc.string({ maxLength: 3 }), (message, seed, inserted) => {
      const json = messageToJson(message);
      const start = seed % json.length;
      expectMessageOrError(json.slice(0, start) + inserted + json.slice(start + 1));
      expectMessageOrError(json.slice(0, start));
    }),
    { numRuns: 200 },
  );
});
