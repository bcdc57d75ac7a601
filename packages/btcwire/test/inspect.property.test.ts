import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bitcoinMessages,
  type BitcoinMessage,
  DecodeError,
  equalBytes,
  type KnownMessage,
} from "../src/index.ts";
import { arbitraryMessages, mutated } from "../src/testing/index.ts";
import { withoutStacks } from "./support/without-stacks.ts";

withoutStacks();

/** What decode makes of a payload. */
const decoded = (command: string, payload: Uint8Array): BitcoinMessage | DecodeError => {
  try {
    return bitcoinMessages.decode(command, payload);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
};
const textOf = ({ code, path, offset, message }: DecodeError): string =>
  `${code} ${path.join()} ${offset} ${message}`;

/** Whether the payload is valid; fails if `inspect` does not say what `decode` says. */
const agree = (command: string, payload: Uint8Array): boolean => {
  const before = payload.slice();
  const result = decoded(command, payload);
  const found = bitcoinMessages.inspect(command, payload);
  if (!equalBytes(payload, before)) throw new Error("the payload was changed");
  if (found.valid) {
    expect(found.message).toStrictEqual(result);
    return true;
  }
  const { message, problem, undecoded } = found;
  expect(textOf(problem)).toBe(result instanceof DecodeError ? textOf(result) : "valid");
  expect(message.type).toBe(command);
  const understood = payload.length - undecoded.length;
  if (!equalBytes(undecoded, payload.subarray(understood))) {
    expect.fail("what is left is not the end of the payload");
  }
  const codec = bitcoinMessages.codecs.find((known) => known.command === command);
  const fields = Object.keys({ ...codec?.fields, ...codec?.tail });
  const read = Object.keys(message).slice(1);
  // The fields that were read are the first ones, and the next one is the one with the problem.
  expect(read).toEqual(fields.slice(0, read.length));
  if (problem.path.length > 1) expect(problem.path[1]).toBe(fields[read.length]);
  else expect(read.length).toBeGreaterThan(0);
  if (problem.offset < understood) expect.fail("the problem is in what was understood");
  return false;
};

const messages = Object.entries<fc.Arbitrary<KnownMessage>>(arbitraryMessages());

test.each(messages)("%s, changed: inspect says what decode says", (command, arbitrary) => {
  const count = { valid: 0, invalid: 0 };
  const behind = fc.uint8Array({ maxLength: 20 });
  const payloads = mutated(arbitrary.map((message) => bitcoinMessages.encode(message)));
  fc.assert(
    fc.property(payloads, behind, (payload, more) => {
      count[agree(command, payload) ? "valid" : "invalid"] += 1;
      agree(command, Uint8Array.of(...payload, ...more));
    }),
    { numRuns: 150 },
  );
  expect(count.valid).toBeGreaterThan(0);
});

test("any bytes for any command, known or not: inspect says what decode says", () => {
  const commands = fc.constantFrom(...messages.map(([command]) => command), "verack2");
  fc.assert(
    fc.property(commands, fc.uint8Array({ maxLength: 100 }), (command, payload) => {
      if (command === "verack2") {
        expect(bitcoinMessages.inspect(command, payload)).toStrictEqual({
          valid: true,
          message: { type: "unknown", command, payload },
        });
      } else agree(command, payload);
    }),
    { numRuns: 2000 },
  );
});
