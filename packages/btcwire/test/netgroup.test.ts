import { fromHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { parseHostAddress } from "../src/address/host-text.ts";
import { netgroupOf } from "../src/address/netgroup.ts";
import { networkId } from "../src/address/network-address.ts";

const groupOf = (text: string): string => netgroupOf(parseHostAddress(text, { defaultPort: 1 }));

describe("netgroupOf", () => {
  // Bitcoin Core's `netbase_getgroup`, whose bytes the hex stands for.
  test.each([
    ["127.0.0.1", "00"],
    ["10.0.0.1", "00"],
    ["169.254.1.1", "00"],
    ["::1", "00"],
    ["1.2.3.4", "010102"],
    ["::ffff:0:102:304", "010102"],
    ["64:ff9b::102:304", "010102"],
    ["2002:102:304:9999:9999:9999:9999:9999", "010102"],
    ["2001:0:9999:9999:9999:9999:fefd:fcfb", "010102"],
    ["2001:470:abcd:9999:9999:9999:9999:9999", "0220010470af"],
    ["2001:2001:9999:9999:9999:9999:9999:9999", "0220012001"],
    // fc00::/8 in 12 bits, Tor and I2P in 4.
    ["fc12:3456::1", "05fc1f"],
    ["fcf2:3456::1", "05fcff"],
    ["pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "037f"],
    ["kpgvmscirrdqpekbqjsvw5teanhatztpp2gl6eee4zkowvwfxwenqaid.onion", "035f"],
    ["ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p", "04af"],
    // Yggdrasil: the third byte is the first that is random.
    ["201:2345::1", "072f"],
    ["21f:2345::1", "072f"],
    ["301:2345::1", "072f"],
    ["201:f345::1", "07ff"],
  ])("%s is of %s", (text, group) => {
    expect(groupOf(text)).toBe(group);
  });

  test.each([
    ["1.2.255.255", "1.3.0.0"],
    ["2001:2001:ffff::", "2001:2002::"],
    ["2001:470:a000::", "2001:470:b000::"],
    ["2001:471:a000::", "2001:472:a000::"],
    ["64:ff9b::1.2.3.4", "64:ff9b:0:0:1:0:102:304"],
    ["::ffff:0:1.2.3.4", "0:0:0:1:ffff:0:102:304"],
  ])("%s and %s are of two groups", (left, right) => {
    expect(groupOf(left)).not.toBe(groupOf(right));
  });

  test.each([
    ["1.2.0.0", "1.2.255.255"],
    ["2001:471:a000::", "2001:471:b000::"],
    ["2001:470:a000::", "2001:470:afff::"],
    ["2600::1", "2600:0:ffff::1"],
  ])("%s and %s are of one", (left, right) => {
    expect(groupOf(left)).toBe(groupOf(right));
  });

  test.each([
    ["mapped IPv4", networkId.ipv6, "00000000000000000000ffff01020304", "010102"],
    ["a mapped private address", networkId.ipv6, "00000000000000000000ffff0a020304", "00"],
    ["Yggdrasil as IPv6", networkId.ipv6, "02012345000000000000000000000001", "072f"],
    ["CJDNS as IPv6", networkId.ipv6, "fc123456000000000000000000000001", "00"],
    ["Tor v2", networkId.torv2, "f1f2f3f4f5f6f7f8f9fa", "00"],
    ["OnionCat", networkId.ipv6, "fd87d87eeb43f1f2f3f4f5f6f7f8f9fa", "00"],
    ["a network that is not known", 9, "08080808", "00"],
    ["IPv4 that is too short", networkId.ipv4, "08", "00"],
    ["CJDNS with a wrong prefix", networkId.cjdns, "aa000001000200030004000500060007", "00"],
  ])("%s has the group of what it is", (_, networkID, hex, group) => {
    expect(netgroupOf({ networkID, addr: fromHex(hex), port: 1 })).toBe(group);
  });
});
