import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv6OfText, textOfIpv6 } from "../src/address/ip-text.ts";

// The parser of URLs is another implementation; it writes mapped addresses in hex.
const inUrl = (text: string): string => new URL(`http://[${text}]/`).hostname;

test("any address is written as URLs have it, and comes back", () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 0xff]));
      const text = textOfIpv6(bytes);
      expect(inUrl(groups.map((value) => value.toString(16)).join(":"))).toBe(inUrl(text));
      if (!text.includes(".")) expect(inUrl(text)).toBe(`[${text}]`);
      expect(ipv6OfText(text)).toEqual(bytes);
    }),
    { numRuns: 2_000 },
  );
});

// Chromium lets decimal numbers begin with zeros.
const isLax = (text: string): boolean => /(?:^|[:.])0\d+\.|\.0\d/.test(text);

test.each([
  ["any pieces", fc.constantFrom(":", "::", "0", "a1", "ffff", "1.2.3.4", "0.0", "12345", "g"), ""],
  ["groups", fc.constantFrom("0", "1", "ab", "0fff", "1.2.3.4", ""), ":"],
])("of %s URLs make the same", (_, piece, separator) => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(separator);
      fc.pre(!isLax(text));
      expect(ipv6OfText(text) !== undefined, text).toBe(URL.canParse(`http://[${text}]/`));
    }),
    { numRuns: 10_000 },
  );
});
