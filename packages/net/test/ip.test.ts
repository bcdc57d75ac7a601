import { describe, expect, test } from "vitest";
import { formatIp, parseIp } from "../src/index.ts";
import { thrownBy } from "./failure.ts";

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("parseIp", () => {
  const valid: readonly (readonly [text: string, bytes: string])[] = [
    ["0.0.0.0", "00000000"],
    ["255.255.255.255", "ffffffff"],
    ["127.0.0.1", "7f000001"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["2001:DB8::aBcD", "20010db800000000000000000000abcd"],
    ["::ffff:192.0.2.128", "00000000000000000000ffffc0000280"],
    ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
  ];
  for (const [text, bytes] of valid) {
    test(`reads ${text}`, () => expect(hex(parseIp(text))).toBe(bytes));
  }

  const refused = [
    [
      "",
      "1",
      "1.2.3",
      "1.2.3.4.5",
      "1.2.3.256",
      "01.2.3.4",
      "1.2.3.04",
      "0x7f.0.0.1",
      "1.2.3.",
      ".1.2.3",
    ],
    ["1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "1e1.2.3.4", "1.2.3.1000", "١.2.3.4"],
    [":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8"],
    [
      "1::2::3",
      "1:::2",
      ":1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7:",
      "12345::",
      "g::",
      "::1%eth0",
      "[::1]",
    ],
    [
      "1.2.3.4::",
      "::1.2.3.4:5",
      "::1.2.3",
      "::1.2.3.256",
      "1:2:3:4:5:6:7:1.2.3.4",
      "::01.2.3.4",
      "::1 ",
    ],
  ].flat();
  for (const text of refused) {
    test(`refuses "${text}"`, () => expect(parseIp(text)).toBe(undefined));
  }
});

describe("formatIp", () => {
  // RFC 5952 §1 to §5
  const canonical: readonly (readonly [text: string, canonical: string])[] = [
    ["2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8::1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::AAAA", "2001:db8::aaaa"],
    ["0:0:0:0:0:ffff:c000:201", "::ffff:192.0.2.1"],
    ["::192.0.2.1", "::c000:201"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["fe80:0:0:0:0:0:0:0", "fe80::"],
  ];
  for (const [text, expected] of canonical) {
    test(`writes ${text} as ${expected}`, () => {
      expect(formatIp(parseIp(text) ?? new Uint8Array())).toBe(expected);
    });
  }

  test("reads views at their offset", () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => index);
    expect(formatIp(bytes.subarray(3, 19))).toBe("304:506:708:90a:b0c:d0e:f10:1112");
    expect(formatIp(bytes.subarray(3, 7))).toBe("3.4.5.6");
  });

  test("refuses other lengths", () => {
    for (const length of [0, 3, 5, 15, 17]) {
      expect(thrownBy(() => formatIp(new Uint8Array(length)))).toMatchObject({
        name: "NetError",
        code: "invalid_address",
      });
    }
  });
});
