import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIp } from "../src/index.ts";

test("accepts exactly the text that node:net takes for an IP address", () => {
  const piece = fc.constantFrom(
    "0",
    "1",
    "9",
    "10",
    "255",
    "256",
    "00",
    "01",
    "ab",
    "ffff",
    "12345",
    "G",
    "",
    " ",
  );
  const separator = fc.constantFrom(":", ":", ":", "::", ".", ".");
  const text = fc
    .array(fc.tuple(piece, separator), { maxLength: 9 })
    .chain((parts) => piece.map((last) => parts.flat().join("") + last));
  let accepted = 0;
  fc.assert(
    fc.property(text, (given) => {
      const bytes = parseIp(given);
      if (bytes !== undefined) accepted += 1;
      expect({ given, family: bytes === undefined ? 0 : bytes.length === 4 ? 4 : 6 }).toEqual({
        given,
        family: isIP(given),
      });
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(50);
});
