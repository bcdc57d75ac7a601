import { fromHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { parseHostAddress } from "../src/address/host-text.ts";
import { networkId } from "../src/address/network-address.ts";
import { isRoutable } from "../src/address/routability.ts";

const routable = (text: string): boolean => isRoutable(parseHostAddress(text, { defaultPort: 1 }));

describe("isRoutable", () => {
  // Of each range the first and the last address, which are not, and their neighbours, which are.
  test.each([
    ["this network", "0.0.0.0", "0.255.255.255", "1.0.0.0"],
    ["this machine", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
    ["RFC 1918", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
    ["RFC 1918", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0", "171.16.0.0"],
    ["RFC 1918", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
    ["RFC 2544", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"],
    ["RFC 3927", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"],
    ["RFC 6598", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0", "101.64.0.0"],
    ["RFC 5737", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0", "192.1.2.0"],
    ["RFC 5737", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"],
    ["RFC 5737", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0", "203.1.113.0"],
    ["broadcast", "255.255.255.255", "255.255.255.255", "255.255.255.254", "254.255.255.255"],
    ["none, and this machine", "::", "::1", "::2", "::100", "1::", "0:0:0:1::1"],
    [
      "RFC 3849",
      "2001:db8::",
      "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
      "2001:db7::",
      "2001:db9::",
    ],
    ["RFC 4862", "fe80::", "fe80::ffff:ffff:ffff:ffff", "fe80:0:0:1::", "fe81::"],
    ["RFC 4193", "fd00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::", "fb00::"],
    ["RFC 4843", "2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:f::", "2001:110::"],
    ["RFC 7343", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:30::", "2002:20::"],
    ["OnionCat", "fd87:d87e:eb43::", "fd87:d87e:eb43:ffff:ffff:ffff:ffff:ffff", "2001::8888"],
  ])("leaves out %s: %s to %s", (_, first, last, ...others) => {
    expect(routable(first)).toBe(false);
    expect(routable(last)).toBe(false);
    for (const text of others) expect([text, routable(text)]).toEqual([text, true]);
  });

  // Bitcoin Core's `netbase_tests.cpp`.
  test.each([
    "8.8.8.8",
    "2001::1",
    "2001::8888",
    "2002::1",
    "64:ff9b::102:304",
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p",
    "fc00::1",
    "200::1",
    "3ff::1",
    // Multicast is, too.
    "224.0.0.1",
    "ff02::1",
  ])("takes %s", (text) => {
    expect(routable(text)).toBe(true);
  });

  test.each([
    ["mapped IPv4 that was not made plain", networkId.ipv6, "00000000000000000000ffff08080808"],
    ["CJDNS that came as IPv6", networkId.ipv6, "fc000000000000000000000000000001"],
    ["CJDNS with a wrong prefix", networkId.cjdns, "fd000000000000000000000000000001"],
    ["Yggdrasil with a wrong prefix", networkId.yggdrasil, "04000000000000000000000000000001"],
    ["Tor v2", networkId.torv2, "f1f2f3f4f5f6f7f8f9fa"],
    ["a network that is not known", 8, "08080808"],
    ["no network", 0, "08080808"],
    ["IPv4 of 3 bytes", networkId.ipv4, "080808"],
    ["IPv4 of 16 bytes", networkId.ipv4, "08080808080808080808080808080808"],
    ["IPv6 of 4 bytes", networkId.ipv6, "08080808"],
    ["Tor v3 of 31 bytes", networkId.torv3, "08".repeat(31)],
    ["I2P of 33 bytes", networkId.i2p, "08".repeat(33)],
    ["CJDNS of 1 byte", networkId.cjdns, "fc"],
    ["Yggdrasil of 1 byte", networkId.yggdrasil, "02"],
    ["nothing at all", networkId.ipv4, ""],
  ])("leaves out %s", (_, networkID, hex) => {
    expect(isRoutable({ networkID, addr: fromHex(hex), port: 8333 })).toBe(false);
  });

  test("takes Yggdrasil that came as IPv6, as Bitcoin Core does", () => {
    const addr = fromHex("02000000000000000000000000000001");
    expect(isRoutable({ networkID: networkId.ipv6, addr, port: 8333 })).toBe(true);
  });
});
