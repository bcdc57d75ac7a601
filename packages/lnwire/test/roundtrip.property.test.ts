import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DecodeError,
  decodeMessage,
  encodeMessage,
  type KnownMessage,
  lightningMessages,
  toHex,
} from "../src/index.ts";
import { anyMessage, arbitraryMessages, mutated, unknownMessage } from "../src/testing/index.ts";

const messages = arbitraryMessages();
const ids = lightningMessages.codecs.map(({ id }) => id);

/** "read" if the bytes come back exactly, "refused" if they are refused as they should be. */
const fateOf = (frame: Uint8Array): "read" | "refused" => {
  let message: ReturnType<typeof decodeMessage>;
  try {
    message = decodeMessage(frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(frame.length);
    return "refused";
  }
  expect(toHex(encodeMessage(message))).toBe(toHex(frame));
  return "read";
};

test("there is an arbitrary for every message of the set", () => {
  const names = lightningMessages.codecs.map(({ name }) => name);
  expect(Object.keys(messages).sort()).toEqual(names.sort());
});

describe.each(Object.entries<fc.Arbitrary<KnownMessage>>(messages))("%s", (_name, arbitrary) => {
  test("any value comes back from its bytes", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(decodeMessage(encodeMessage(message))).toStrictEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  test("changed bytes are refused with a DecodeError or come back byte for byte", () => {
    const fates = { read: 0, refused: 0 };
    fc.assert(
      fc.property(mutated(arbitrary.map(encodeMessage)), (frame) => {
        fates[fateOf(frame)] += 1;
      }),
      { numRuns: 600 },
    );
    // Otherwise the changes are too tame or too wild to say anything.
    expect(Math.min(fates.read, fates.refused)).toBeGreaterThan(30);
  });

  test("cut at any byte, it never comes back as something longer", () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const frame = encodeMessage(message);
        for (let end = 0; end < frame.length; end++) fateOf(frame.subarray(0, end));
      }),
      { numRuns: 20 },
    );
  });
});

test("any bytes are refused with a DecodeError or come back byte for byte", () => {
  const frame = fc
    .tuple(fc.constantFrom(...ids, 2, 32769), fc.uint8Array({ maxLength: 600 }))
    .map(([id, payload]) => Uint8Array.of(id >> 8, id & 255, ...payload));
  fc.assert(
    fc.property(fc.oneof(frame, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      fateOf(bytes);
    }),
    { numRuns: 3000 },
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
