// One random message of each kind, with all its records, and every change of one of its bytes: about 16,000 bytes
// with 255 other values each.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeMessage, type KnownMessage, lightningMessages } from "../src/index.ts";
import { arbitraryMessages } from "../src/testing/index.ts";
import { fateOf } from "./support/fate.ts";

const messages = arbitraryMessages();
const codecs = lightningMessages.codecs.map(({ name, tlvs }) => [name, Object.keys(tlvs)] as const);

// Collecting the stacks of a million errors takes longer than everything else.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test.each(codecs)(
  "%s with any one byte changed to any other is refused or comes back byte for byte",
  { timeout: 60_000 },
  (name, records) => {
    const arbitrary = messages[name] as fc.Arbitrary<KnownMessage>;
    const complete = arbitrary.filter((message) => records.every((key) => key in message));
    let [changes, bytes] = [0, 0];
    fc.assert(
      fc.property(complete, (message) => {
        const frame = encodeMessage(message);
        bytes = frame.length;
        for (const [at, byte] of frame.entries()) {
          for (let changed = 0; changed < 256; changed++) {
            if (changed === byte) continue;
            frame[at] = changed;
            fateOf(frame);
            changes++;
          }
          frame[at] = byte;
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
    expect(bytes).toBeGreaterThan(0);
    expect(changes).toBe(255 * bytes);
  },
);
