import fc from "fast-check";
import { expect, test } from "vitest";
import type { HostAddress } from "../src/address/host-address.ts";
import { addressKey, formatHostAddress, parseHostAddress } from "../src/address/host-text.ts";
import { networkId } from "../src/address/network-address.ts";
import { thrown } from "./support/thrown.ts";

const tor = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
const i2p = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq";

test("a text is read back as the address that it was made of, or not at all", () => {
  const lengths = [0, 4, 16, 10, 32, 32, 16, 16, 5];
  const address = fc
    .nat(8)
    .chain((networkID) =>
      fc.record({
        networkID: fc.constant(networkID),
        addr: fc.uint8Array({
          minLength: lengths[networkID] ?? 0,
          maxLength: lengths[networkID] ?? 0,
        }),
        port: fc.nat(65_535),
      }),
    )
    .map((value) => {
      if (value.networkID === networkId.cjdns) value.addr[0] = 0xfc;
      if (value.networkID === networkId.yggdrasil) value.addr[0] = 2;
      return value;
    });
  fc.assert(
    fc.property(address, (value) => {
      const text = formatHostAddress(value);
      const { networkID, port } = value;
      if (
        [0, networkId.torv2, 8].includes(networkID) ||
        (port === 0 && networkID !== networkId.i2p)
      ) {
        thrown(() => parseHostAddress(text));
        return;
      }
      // IPv6 may be read as another network's.
      if (networkID !== networkId.ipv6) expect(parseHostAddress(text)).toEqual(value);
      expect(addressKey(parseHostAddress(text))).toBe(addressKey(value));
    }),
    { numRuns: 1_000 },
  );
});

test("whatever it is: only a DecodeError comes, and what is read has one text", () => {
  const piece = fc.constantFrom(
    "[",
    "]",
    ":",
    "::",
    ".",
    "1",
    "0",
    "255",
    "ff",
    tor,
    ".onion",
    i2p,
    ".b32.i2p",
    "a",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      let address: HostAddress;
      try {
        address = parseHostAddress(pieces.join(""), { defaultPort: 8333 });
      } catch (error) {
        expect(error).toMatchObject({ name: "DecodeError" });
        return;
      }
      expect(parseHostAddress(formatHostAddress(address))).toEqual(address);
    }),
    { numRuns: 5_000 },
  );
});
