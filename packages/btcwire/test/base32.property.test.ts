import fc from "fast-check";
import { expect, test } from "vitest";
import { base32OfBytes, bytesOfBase32 } from "../src/address/base32.ts";

test("any bytes come back, and any text that is read is the one of its bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(bytesOfBase32(base32OfBytes(bytes))).toEqual(bytes);
    }),
  );
  const digit = fc.constantFrom("a", "e", "i", "q", "A", "Q", "2", "7");
  fc.assert(
    fc.property(fc.string({ unit: digit, maxLength: 9 }), (text) => {
      const bytes = bytesOfBase32(text);
      if (bytes !== undefined) expect(base32OfBytes(bytes)).toBe(text.toLowerCase());
    }),
  );
});
