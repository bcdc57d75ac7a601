import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DecodeError,
  decodeMessage,
  encodeMessage,
  equalBytes,
  type KnownMessage,
  type LightningMessage,
  lightningMessages,
} from "../src/index.ts";
import { arbitraryMessages, mutated } from "../src/testing/index.ts";

/** What decode makes of a frame. */
const decoded = (frame: Uint8Array): LightningMessage | DecodeError => {
  try {
    return decodeMessage(frame);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
};
const textOf = ({ code, path, offset }: DecodeError): string => `${code} ${path.join()} ${offset}`;

/** Whether the frame is valid; fails if `inspect` does not say what `decode` says. */
const agree = (frame: Uint8Array): boolean => {
  const before = frame.slice();
  const result = decoded(frame);
  const found = lightningMessages.inspect(frame);
  if (!equalBytes(frame, before)) throw new Error("the frame was changed");
  if (found.valid) {
    expect(found.message).toStrictEqual(result);
    return true;
  }
  const { problems, undecoded } = found;
  const [first, ...others] = problems;
  expect(first && textOf(first)).toBe(result instanceof DecodeError ? textOf(result) : "valid");
  let end = first?.offset ?? 0;
  for (const { offset } of others) {
    if (offset < end) expect.fail(`the problem at ${offset} comes behind the one at ${end}`);
    end = offset;
  }
  const understood = frame.length - undecoded.length;
  if (understood < (found.message === undefined ? 0 : 2)) expect.fail("not even a type was read");
  if (!equalBytes(undecoded, frame.subarray(understood))) {
    expect.fail("what is left is not the end of the frame");
  }
  return false;
};

const messages = Object.entries<fc.Arbitrary<KnownMessage>>(arbitraryMessages());

test.each(messages)("%s, changed: inspect says what decode says", (_name, arbitrary) => {
  const count = { valid: 0, invalid: 0 };
  const behind = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(mutated(arbitrary.map(encodeMessage)), behind, (frame, more) => {
      count[agree(frame) ? "valid" : "invalid"] += 1;
      agree(Uint8Array.of(...frame, ...more));
    }),
    { numRuns: 150 },
  );
  // About one of six changes gives another valid frame.
  expect(Math.min(count.valid, count.invalid)).toBeGreaterThan(0);
});

test("any bytes: inspect says what decode says", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (frame) => {
      agree(frame);
    }),
    { numRuns: 1000 },
  );
});
