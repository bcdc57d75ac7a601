import { fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { type HostAddress, hostAddressOfIp } from "../src/address/host-address.ts";
import { addressKey, formatHostAddress, parseHostAddress } from "../src/address/host-text.ts";
import { networkId } from "../src/address/network-address.ts";
import { thrown } from "./support/thrown.ts";

// Addresses of Bitcoin Core's `net_tests.cpp`, and duckduckgo's.
const tor = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
const torKey = "79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f";
const i2p = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq";
const i2pHash = "a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87";

const host = (networkID: number, hex: string, port = 8333): HostAddress => ({
  networkID,
  addr: fromHex(hex),
  port,
});

const both: readonly (readonly [text: string, address: HostAddress])[] = [
  ["1.2.3.4:8333", host(networkId.ipv4, "01020304")],
  ["255.255.255.255:65535", host(networkId.ipv4, "ffffffff", 65_535)],
  ["[::]:1", host(networkId.ipv6, "00000000000000000000000000000000", 1)],
  ["[2001:db8::1]:8333", host(networkId.ipv6, "20010db8000000000000000000000001")],
  [
    "[102:304:506:708:90a:b0c:d0e:f10]:8333",
    host(networkId.ipv6, "0102030405060708090a0b0c0d0e0f10"),
  ],
  [
    "[fd6c:88c0:8724:1:2:3:4:5]:65535",
    host(networkId.ipv6, "fd6c88c0872400010002000300040005", 65_535),
  ],
  [`${tor}.onion:8333`, host(networkId.torv3, torKey)],
  [
    "kpgvmscirrdqpekbqjsvw5teanhatztpp2gl6eee4zkowvwfxwenqaid.onion:9050",
    host(networkId.torv3, "53cd5648488c4707914182655b7664034e09e66f7e8cbf1084e654eb56c5bd88", 9050),
  ],
  [
    "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion:443",
    host(networkId.torv3, "1d04a1d04a338c6e6ae970bfabee49049d6702250984ca950c01673f4ec034ad", 443),
  ],
  [`${i2p}.b32.i2p:0`, host(networkId.i2p, i2pHash, 0)],
  [`${i2p}.b32.i2p:1`, host(networkId.i2p, i2pHash, 1)],
  ["[fc00:1:2:3:4:5:6:7]:8333", host(networkId.cjdns, "fc000001000200030004000500060007")],
  ["[201:2:3:4:5:6:7:8]:8333", host(networkId.yggdrasil, "02010002000300040005000600070008")],
  ["[300::]:8333", host(networkId.yggdrasil, "03000000000000000000000000000000")],
];

describe("the text of an address", () => {
  test.each(both)("%s", (text, address) => {
    expect(formatHostAddress(address)).toBe(text);
    expect(parseHostAddress(text)).toEqual(address);
    expect(parseHostAddress(text.toUpperCase())).toEqual(address);
    expect(addressKey(address)).toBe(text);
  });

  test.each([
    ["Tor v2", "6hzph5hv6337r6p2.onion:8333", host(networkId.torv2, "f1f2f3f4f5f6f7f8f9fa")],
    ["a network that is not known", "network170/01020304:8333", host(0xaa, "01020304")],
    ["no address at all", "network0/:0", host(0, "", 0)],
    ["IPv4 of another length", "network1/010203:8333", host(networkId.ipv4, "010203")],
    ["IPv6 of another length", "network2/01:8333", host(networkId.ipv6, "01")],
    ["Tor v2 of another length", "network3/01:8333", host(networkId.torv2, "01")],
    ["Tor v3 of another length", "network4/01:8333", host(networkId.torv3, "01")],
    ["I2P of another length", "network5/01:0", host(networkId.i2p, "01", 0)],
    ["CJDNS of another length", "network6/fc:8333", host(networkId.cjdns, "fc")],
    ["Yggdrasil of another length", "network7/02:8333", host(networkId.yggdrasil, "02")],
    [
      "CJDNS with a wrong prefix",
      "network6/aa000001000200030004000500060007:8333",
      host(networkId.cjdns, "aa000001000200030004000500060007"),
    ],
    [
      "Yggdrasil with a wrong prefix",
      "network7/04000001000200030004000500060007:8333",
      host(networkId.yggdrasil, "04000001000200030004000500060007"),
    ],
    ["port 0 where ports are", "1.2.3.4:0", host(networkId.ipv4, "01020304", 0)],
  ])("of %s is not read back", (_, text, address) => {
    expect(formatHostAddress(address)).toBe(text);
    expect(thrown(() => parseHostAddress(text))).toMatchObject({ name: "DecodeError" });
  });

  test.each([
    ["[::ffff:1.2.3.4]:8333", "1.2.3.4:8333", "00000000000000000000ffff01020304"],
    ["[fc00::1]:8333", "[fc00::1]:8333", "fc000000000000000000000000000001"],
    [
      "[fd87:d87e:eb43:f1f2:f3f4:f5f6:f7f8:f9fa]:8333",
      "6hzph5hv6337r6p2.onion:8333",
      "fd87d87eeb43f1f2f3f4f5f6f7f8f9fa",
    ],
    ["[201::1]:8333", "[201::1]:8333", "02010000000000000000000000000001"],
  ])("of IPv6 that is another network's: %s, and by its key %s", (text, key, hex) => {
    const address = host(networkId.ipv6, hex);
    expect(formatHostAddress(address)).toBe(text);
    expect(addressKey(address)).toBe(key);
    expect(addressKey(hostAddressOfIp(fromHex(hex), 8333))).toBe(key);
    expect(addressKey(parseHostAddress(text))).toBe(key);
  });
});

describe("an address without a port", () => {
  test.each([
    ["1.2.3.4", "1.2.3.4:8333"],
    ["2001:DB8::1", "[2001:db8::1]:8333"],
    ["[2001:db8::1]", "[2001:db8::1]:8333"],
    ["::ffff:127.0.0.1", "127.0.0.1:8333"],
    ["::8333", "[::8333]:8333"],
    [`${tor}.onion`, `${tor}.onion:8333`],
    [`${i2p}.b32.i2p`, `${i2p}.b32.i2p:0`],
    ["1.2.3.4:18333", "1.2.3.4:18333"],
  ])("%s has the default port", (text, key) => {
    expect(addressKey(parseHostAddress(text, { defaultPort: 8333 }))).toBe(key);
  });

  test.each(["1.2.3.4", "::1", "[::1]", `${tor}.onion`])("%s needs one", (text) => {
    expect(thrown(() => parseHostAddress(text))).toMatchObject({
      code: "invalid_value",
      offset: text.length,
    });
  });

  test("of I2P needs none", () => {
    expect(parseHostAddress(`${i2p}.b32.i2p`).port).toBe(0);
  });
});

describe("a text that is no address", () => {
  const withDefault = (text: string): unknown =>
    thrown(() => parseHostAddress(text, { defaultPort: 8333 }));

  test.each([
    "1.2.3.4:0",
    "1.2.3.4:",
    "1.2.3.4:65536",
    "1.2.3.4:100000",
    "1.2.3.4:-1",
    "1.2.3.4:+1",
    "1.2.3.4:08333",
    "1.2.3.4:1/2",
    "1.2.3.4:1E2",
    "1.2.3.4: 1",
    "[::1]:0",
    "[::1]:",
    `${i2p}.b32.i2p:00`,
    `${i2p}.b32.i2p:65536`,
  ])("for its port: %s", (text) => {
    expect(withDefault(text)).toMatchObject({
      code: "invalid_value",
      offset: text.lastIndexOf(":") + 1,
    });
  });

  test.each([
    "",
    ":8333",
    "[]",
    "[]:8333",
    "[::1",
    "::1]",
    "[::1]8333",
    "[::1]:8333:1",
    "[[::1]]:8333",
    "[1.2.3.4]:8333",
    "1.2.3.4:8333:1",
    "01.2.3.4:8333",
    "257.0.0.1:8333",
    "fe80::1%1",
    "seed.bitcoin.sipa.be:8333",
    "localhost",
    "network1/01020304:8333",
    "1.2.3.4\0:8333",
    "1.2.3.4\n",
    ".onion:8333",
    "mfrggzak.onion:8333",
    "mf*g zak.onion:8333",
    `${tor}onion:8333`,
    `${tor.slice(0, -1)}.onion:8333`,
    `${tor}a.onion:8333`,
    `${tor}\0wtf.onion`,
    `a.${tor}.onion`,
    // The checksum is another's.
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscsad.onion",
    `b${tor.slice(1)}.onion`,
    `${tor.replaceAll("k", "\u212a")}.onion`,
    `${i2p.slice(0, -1)}.b32.i2p`,
    // A bit behind the last byte.
    `${i2p.slice(0, -1)}r.b32.i2p`,
    `${i2p.slice(0, -1)}=.b32.i2p`,
    `${i2p}a.b32.i2p`,
    `${i2p}.i2p`,
    "tp*szydbh4dp.b32.i2p",
    "totally bogus",
    "esffpvrt3wpeaygy.internal",
  ])("%j", (text) => {
    expect(withDefault(text)).toMatchObject({ name: "DecodeError", code: "invalid_value" });
  });

  test.each([
    ["Tor v2", "6hzph5hv6337r6p2.onion:8333"],
    ["Tor of version 4", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrye.onion"],
    ["I2P, encrypted", "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscsad.b32.i2p"],
  ])("that is supported: %s", (_, text) => {
    expect(withDefault(text)).toMatchObject({ code: "unsupported_encoding" });
  });

  test.each([
    ["localhost:1", '"localhost" is no address of a known network (byte 0)'],
    ["1.2.3.4:\x1b[2J", '"1.2.3.4:\\u001b[2J" has no port from 1 to 65535 (byte 8)'],
    ["x".repeat(81), `"${"x".repeat(80)}" is no address of a known network (byte 0)`],
  ])("is named in the error: %j", (text, message) => {
    expect(withDefault(text)).toMatchObject({ message });
  });

  test("of a million characters is refused at once", () => {
    for (const unit of ["1", ":", ".", "a:", "[", "1.", "a"]) {
      const text = unit.repeat(1_000_000);
      expect(withDefault(text)).toMatchObject({ name: "DecodeError" });
      expect(withDefault(`${text}.onion`)).toMatchObject({ name: "DecodeError" });
    }
  });
});

test("an address of Tor belongs to its reader", () => {
  expect(toHex(parseHostAddress(`${tor}.onion:1`).addr)).toBe(torKey);
});
