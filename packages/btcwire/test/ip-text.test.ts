import { fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { ipv4OfText, ipv6OfText, textOfIpv4, textOfIpv6 } from "../src/address/ip-text.ts";

describe("IPv4", () => {
  test.each([
    ["0.0.0.0", "00000000"],
    ["1.2.3.4", "01020304"],
    ["127.0.0.1", "7f000001"],
    ["255.255.255.255", "ffffffff"],
    ["10.100.200.249", "0a64c8f9"],
  ])("%s", (text, hex) => {
    expect(textOfIpv4(fromHex(hex))).toBe(text);
    expect(ipv4OfText(text)).toEqual(fromHex(hex));
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "256.0.0.1",
    "1.2.3.1000",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.4 ",
    "1.2.3.-4",
    "+1.2.3.4",
    "0x1.2.3.4",
    "1e1.2.3.4",
    "1.2.3.\u0664",
    "127.0.0.1\0",
    "16909060",
  ])("%j is none", (text) => {
    expect(ipv4OfText(text)).toBeUndefined();
  });
});

// Bitcoin Core's `cnetaddr_tostring_canonical_ipv6`, and what RFC 5952 and RFC 4291 have besides.
const canonical = [
  ["0000:0000:0000:0000:0000:0000:0000:0000", "::"],
  ["000:0000:000:00:0:00:000:0000", "::"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:db8:85a3::8a2e:370:7334"],
  ["2001:0db8::0001", "2001:db8::1"],
  ["2001:0db8::0001:0000", "2001:db8::1:0"],
  ["2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"],
  ["2001:db8:0000:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
  ["2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:0:aaaa::1", "2001:db8::aaaa:0:0:1"],
  ["2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"],
  ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"],
  ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:AaAa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
  ["1::", "1::"],
  ["1:0:0:2:0:0:0:0", "1:0:0:2::"],
  ["::ffff:102:304", "::ffff:1.2.3.4"],
  ["::FFFF:1.2.3.4", "::ffff:1.2.3.4"],
  ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ["::1.2.3.4", "::102:304"],
  ["::ffff:0:1.2.3.4", "::ffff:0:102:304"],
  ["::1:ffff:102:304", "::1:ffff:102:304"],
] as const;

describe("IPv6", () => {
  test.each(canonical)("%s is %s", (text, expected) => {
    const bytes = ipv6OfText(text) as Uint8Array;
    expect(bytes).toHaveLength(16);
    expect(textOfIpv6(bytes)).toBe(expected);
    expect(ipv6OfText(expected)).toEqual(bytes);
  });

  test("is big-endian", () => {
    const hex = "11223344556677889900aabbccddeeff";
    expect(textOfIpv6(fromHex(hex))).toBe("1122:3344:5566:7788:9900:aabb:ccdd:eeff");
    expect(toHex(ipv6OfText("1122:3344:5566:7788:9900:aabb:ccdd:eeff") as Uint8Array)).toBe(hex);
  });

  test.each([
    "",
    ":",
    ":::",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8::",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
    "12345::",
    "g::",
    "1.2.3.4",
    "1.2.3.4::",
    "1.2.3.4:1::",
    "::1.2.3.4:1",
    "::1.2.3",
    "::1.2.3.04",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:6:1.2.3.4::",
    "fe80::1%1",
    "fe80::1%eth0",
    " ::1",
    "::1\0",
    "[::1]",
    "::\uff11",
  ])("%j is none", (text) => {
    expect(ipv6OfText(text)).toBeUndefined();
  });
});
