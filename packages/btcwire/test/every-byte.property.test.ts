// One random message of each kind, with all its fields, and every change of one of its bytes to each of the 255 other
// values.
import fc from "fast-check";
import { expect, test } from "vitest";
import { bitcoinMessages, type KnownMessage, type MessageCodec } from "../src/index.ts";
import { arbitraryMessages } from "../src/testing/index.ts";
import { fateOf } from "./support/fate.ts";
import { withoutStacks } from "./support/without-stacks.ts";

withoutStacks();

const messages = arbitraryMessages();
const codecs: readonly MessageCodec<KnownMessage>[] = bitcoinMessages.codecs;

// The longest are blocks of several transactions: as many bytes are enough to have every field of each kind.
const maxLength = 700;

test.each(codecs.map(({ command, fields, tail }) => [command, { ...fields, ...tail }] as const))(
  "%s with any one byte changed to any other is refused or comes back byte for byte",
  { timeout: 60_000 },
  (command, fields) => {
    const arbitrary = messages[command] as fc.Arbitrary<KnownMessage>;
    const payloads = arbitrary
      .filter((message) => Object.keys(fields).every((key) => key in message))
      .map((message) => bitcoinMessages.encode(message))
      .filter(({ length }) => length <= maxLength);
    let [changes, bytes] = [0, 0];
    fc.assert(
      fc.property(payloads, (original) => {
        const payload = original.slice();
        bytes = payload.length;
        for (const [at, byte] of original.entries()) {
          for (let changed = 0; changed < 256; changed++) {
            if (changed === byte) continue;
            payload[at] = changed;
            fateOf(command, payload);
            changes++;
          }
          payload[at] = byte;
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
    expect(bytes).toBeGreaterThan(0);
    expect(changes).toBe(255 * bytes);
  },
);
