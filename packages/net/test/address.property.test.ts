import fc from "fast-check";
import { expect, test } from "vitest";
import { formatHostPort, formatIp, type HostPort, NetError, parseHostPort } from "../src/index.ts";

const port = fc.integer({ min: 1, max: 65_535 });
const letters = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split("")), minLength: length, maxLength: length });
const label = fc
  .stringMatching(/^[a-z_](?:[a-z0-9_-]{0,20}[a-z0-9_])?$/)
  .filter((text) => text !== "onion");
const host = fc.oneof(
  fc.record({
    kind: fc.constant("ipv4" as const),
    host: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatIp),
  }),
  fc.record({
    kind: fc.constant("ipv6" as const),
    host: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatIp),
  }),
  fc.record({
    kind: fc.constant("dns" as const),
    host: fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")),
  }),
  fc.record({
    kind: fc.constant("torv3" as const),
    host: letters("abcdefghijklmnopqrstuvwxyz234567", 54).map((text) => `${text}ad.onion`),
  }),
);

test("formatting an address and parsing the text gives the address back", () => {
  fc.assert(
    fc.property(host, port, (named, number) => {
      const address: HostPort = { ...named, port: number };
      expect(parseHostPort(formatHostPort(address))).toEqual(address);
    }),
    { numRuns: 3000 },
  );
});

test("any text is refused with a NetError or has one canonical form", () => {
  const unit = fc.constantFrom(..."0123456789abcxf:::...[]-_%@ é".split(""));
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), fc.boolean(), (text, withDefault) => {
      let address: HostPort;
      try {
        address = parseHostPort(text, withDefault ? { defaultPort: 1 } : {});
      } catch (error) {
        expect(error).toBeInstanceOf(NetError);
        return;
      }
      expect(parseHostPort(formatHostPort(address))).toEqual(address);
    }),
    { numRuns: 10_000 },
  );
});
