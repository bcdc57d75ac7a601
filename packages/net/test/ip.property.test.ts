import fc from "fast-check";
import { expect, test } from "vitest";
import { formatIp, parseIp } from "../src/index.ts";

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
});
const ipv6 = groups.map((list) =>
  Uint8Array.from(list.flatMap((group) => [group >> 8, group & 0xff])),
);
const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });

test("the text of any bytes gives the same bytes back", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (bytes) => {
      expect(parseIp(formatIp(bytes))).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("IPv6 text is the text that URL writes, except for IPv4-mapped addresses", () => {
  fc.assert(
    fc.property(ipv6, (bytes) => {
      const text = formatIp(bytes);
      fc.pre(!text.startsWith("::ffff:"));
      expect(`[${text}]`).toBe(new URL(`http://[${text}]/`).hostname);
    }),
    { numRuns: 2000 },
  );
});

test("any text is refused or has one canonical form", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."0123456789abcdefF:.:".split("")),
    maxLength: 24,
  });
  fc.assert(
    fc.property(text, (given) => {
      const bytes = parseIp(given);
      if (bytes === undefined) return;
      const canonical = formatIp(bytes);
      expect(formatIp(parseIp(canonical) ?? new Uint8Array())).toBe(canonical);
    }),
    { numRuns: 5000 },
  );
});
