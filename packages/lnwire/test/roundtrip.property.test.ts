import { concatBytes } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  type KnownMessage,
  lightningMessages,
  type MessageCodec,
  toHex,
} from "../src/index.ts";
import { anyMessage, arbitraryMessages, mutated, unknownMessage } from "../src/testing/index.ts";
import { fateOf } from "./support/fate.ts";

const messages = arbitraryMessages();
const codecs: readonly MessageCodec[] = lightningMessages.codecs;
const ids = codecs.map(({ id }) => id);

const frameOf = (id: number): Uint8Array => Uint8Array.of(id >> 8, id & 255);

test("there is an arbitrary for every message of the set", () => {
  expect(codecs.length).toBe(50);
  expect(Object.keys(messages).sort()).toEqual(codecs.map(({ name }) => name).sort());
});

describe.each(codecs.map((codec) => [codec.name, codec] as const))("%s", (name, codec) => {
  const arbitrary = messages[name as KnownMessage["type"]] as fc.Arbitrary<KnownMessage>;

  test("any value comes back from its bytes", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(decodeMessage(encodeMessage(message))).toStrictEqual(message);
      }),
      { numRuns: 150 },
    );
  });

  test("changed bytes are refused with a DecodeError or come back byte for byte", () => {
    const fates = { read: 0, refused: 0 };
    fc.assert(
      fc.property(mutated(arbitrary.map(encodeMessage)), (frame) => {
        fates[fateOf(frame)] += 1;
      }),
      { numRuns: 300 },
    );
    // Otherwise the changes are too tame or too wild to say anything: 45 or more are expected of each.
    expect(Math.min(fates.read, fates.refused)).toBeGreaterThan(10);
  });

  test("cut at any byte, it never comes back as something longer", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const frame = encodeMessage(message);
        for (let end = 0; end < frame.length; end++) fateOf(frame.subarray(0, end));
      }),
      { numRuns: 5 },
    );
  });

  test("any bytes in its place or behind it are refused or come back byte for byte", () => {
    const start = fc.oneof(fc.constant(frameOf(codec.id)), arbitrary.map(encodeMessage));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), (frame, more) => {
        fateOf(concatBytes(frame, more));
      }),
      { numRuns: 200 },
    );
  });
});

test("any bytes at all are refused with a DecodeError or come back byte for byte", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      fateOf(bytes);
    }),
    { numRuns: 1000 },
  );
});

test("messages of unknown types come back", () => {
  fc.assert(
    fc.property(unknownMessage(ids), (message) => {
      expect(decodeMessage(encodeMessage(message))).toStrictEqual(message);
    }),
    { numRuns: 500 },
  );
});

test("reading does not change the bytes that are read", () => {
  fc.assert(
    fc.property(anyMessage().map(encodeMessage), (frame) => {
      const before = toHex(frame);
      encodeMessage(decodeMessage(frame));
      expect(toHex(frame)).toBe(before);
    }),
    { numRuns: 200 },
  );
});
