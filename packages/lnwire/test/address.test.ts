import { decode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { type Address, address, addressList, formatAddress, fromHex, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const ip = (text: string): Address => ({ type: "ipv6", address: fromHex(text), port: 1 });
// duckduckgo's onion service: public key, checksum and version in base32.
const onion = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad";
const onionHex = "1d04a1d04a338c6e6ae970bfabee49049d6702250984ca950c01673f4ec034ad916403";

const table: readonly (readonly [hex: string, value: Address, text: string | undefined])[] = [
  [
    "01" + "cb007105" + "2607",
    { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
    "203.0.113.5:9735",
  ],
  [
    "01" + "00000000" + "0000",
    { type: "ipv4", address: fromHex("00000000"), port: 0 },
    "0.0.0.0:0",
  ],
  [
    "02" + "20010db8000000000000000000000001" + "ffff",
    { type: "ipv6", address: fromHex("20010db8000000000000000000000001"), port: 65535 },
    "[2001:db8::1]:65535",
  ],
  [
    "03" + "25df8a673cb421881d2d" + "2607",
    { type: "torv2", address: fromHex("25df8a673cb421881d2d"), port: 9735 },
    "expyuzz4wqqyqhjn.onion:9735",
  ],
  [
    `04${onionHex}2607`,
    { type: "torv3", address: fromHex(onionHex), port: 9735 },
    `${onion}.onion:9735`,
  ],
  [
    "05" + "0d" + "6c6e2e6578616d706c652e6f72" + "2607",
    { type: "dns", hostname: "ln.example.or", port: 9735 },
    "ln.example.or:9735",
  ],
  ["05" + "01" + "61" + "0000", { type: "dns", hostname: "a", port: 0 }, "a:0"],
  ["06" + "0102", { type: "opaque", data: fromHex("060102") }, undefined],
  ["00", { type: "opaque", data: fromHex("00") }, undefined],
  ["ff" + "01cb0071052607", { type: "opaque", data: fromHex("ff01cb0071052607") }, undefined],
];

describe("an address descriptor", () => {
  test.each(table)("0x%s", (hex, value, text) => {
    expect(decode(address, fromHex(hex))).toStrictEqual(value);
    expect(toHex(encode(address, value))).toBe(hex);
    expect(formatAddress(value)).toBe(text);
  });

  test("of a known type is refused when it is cut short or too long", () => {
    for (const [hex, value] of table) {
      if (value.type === "opaque") continue;
      for (let cut = 0; cut < hex.length; cut += 2) {
        expect(thrown(() => decode(address, fromHex(hex.slice(0, cut)))).code).toBe("short_read");
      }
      expect(thrown(() => decode(address, fromHex(`${hex}00`))).code).toBe("trailing_bytes");
    }
  });

  test.each([
    [
      "an IPv4 address of 16 bytes",
      { type: "ipv4", address: new Uint8Array(16), port: 1 },
      "wrong_length",
    ],
    [
      "an IPv6 address of 4 bytes",
      { type: "ipv6", address: new Uint8Array(4), port: 1 },
      "wrong_length",
    ],
    [
      "a Tor v3 address of 32 bytes",
      { type: "torv3", address: new Uint8Array(32), port: 1 },
      "wrong_length",
    ],
    ["a port of 65536", { type: "dns", hostname: "a", port: 65536 }, "out_of_range"],
    ["a port of -1", { type: "ipv4", address: new Uint8Array(4), port: -1 }, "out_of_range"],
    ["opaque data without a type", { type: "opaque", data: fromHex("") }, "invalid_value"],
    [
      "opaque data that is an IPv4 address",
      { type: "opaque", data: fromHex("01") },
      "invalid_value",
    ],
    [
      "opaque data that is a Tor v3 address",
      { type: "opaque", data: fromHex("04") },
      "invalid_value",
    ],
  ] as const)("%s is not written", (_what, value, code) => {
    const error = thrown(() => encode(address, value));
    expect(error).toMatchObject({ name: "EncodeError", code });
  });
});

describe("a hostname", () => {
  test.each(["a", "A-z.0_9", "xn--bcher-kva.example", "1.2.3.4", "a".repeat(255)])(
    "may be %s",
    (hostname) => {
      const value: Address = { type: "dns", hostname, port: 443 };
      expect(decode(address, encode(address, value))).toStrictEqual(value);
    },
  );

  test.each(["", "b\u00fccher", "a b", "a\n", "a/b", "a:1", "<b>", "\u202ea", "a".repeat(256)])(
    "is not written as %j",
    (hostname) => {
      const error = thrown(() => encode(address, { type: "dns", hostname, port: 1 }));
      expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
    },
  );

  // A message must not become unreadable by what someone else calls a host.
  test.each([
    ["no characters", "0500" + "0001"],
    ["a line feed", "0502" + "610a" + "0001"],
    ["an escape character", "0501" + "1b" + "0001"],
    ["bytes beyond ASCII", "0502" + "c3bc" + "0001"],
  ])("of %s stays opaque, with all that follows", (_what, hex) => {
    const value: Address = { type: "opaque", data: fromHex(hex) };
    expect(decode(address, fromHex(hex))).toStrictEqual(value);
    expect(toHex(encode(address, value))).toBe(hex);

    const list = decode(
      addressList,
      fromHex(`00${toHex(Uint8Array.of(hex.length / 2 + 5))}${hex}0501610001`),
    );
    expect(list).toStrictEqual([{ type: "opaque", data: fromHex(`${hex}0501610001`) }]);
  });
});

describe("a list of addresses", () => {
  const all = [0, 2, 3, 4, 5].map((i) => table[i] as (typeof table)[0]);
  const known = all.map(([hex]) => hex).join("");

  test("holds one of each type, and the rest from the first unknown type on", () => {
    const rest = "06" + "01cb0071052607";
    const length = toHex(Uint8Array.of((known.length + rest.length) / 2));
    const hex = `00${length}${known}${rest}`;
    const list = decode(addressList, fromHex(hex));
    expect(list).toStrictEqual([
      ...all.map(([, value]) => value),
      { type: "opaque", data: fromHex(rest) },
    ]);
    expect(toHex(encode(addressList, list))).toBe(hex);
  });

  test("keeps the order and the repetitions that it finds", () => {
    const hex = "0013" + "0501610001" + "01cb0071052607" + "01cb0071052607";
    expect(toHex(encode(addressList, decode(addressList, fromHex(hex))))).toBe(hex);
  });

  test("may be empty", () => {
    expect(decode(addressList, fromHex("0000"))).toEqual([]);
    expect(toHex(encode(addressList, []))).toBe("0000");
  });

  test("ends within its own length", () => {
    const error = thrown(() => decode(addressList, fromHex("0006" + "01cb0071052607")));
    expect(error).toMatchObject({ code: "short_read", path: [0] });
  });

  test("holds nothing behind an opaque address", () => {
    const opaque: Address = { type: "opaque", data: fromHex("06") };
    expect(thrown(() => encode(addressList, [opaque, opaque])).code).toBe("invalid_value");
  });
});

// RFC 5952, sections 4.1 to 4.3.
describe("an IPv6 address as text", () => {
  test.each([
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["00010000000000000000000000000000", "1::"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["20010db8000000010000000000000001", "2001:db8:0:1::1"],
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010db8aaaabbbbccccddddeeee0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"],
    ["20010000000000010000000000000001", "2001:0:0:1::1"],
    ["00010002000300040005000600000000", "1:2:3:4:5:6::"],
    ["00000000000300040005000600070008", "::3:4:5:6:7:8"],
    ["0000000000000000ffffcb0071050000", "::ffff:cb00:7105:0"],
    ["fe80000000000000ABCDEF0123456789", "fe80::abcd:ef01:2345:6789"],
  ])("0x%s is %s", (hex, text) => {
    expect(formatAddress(ip(hex))).toBe(`[${text}]:1`);
  });
});

describe("opaque data", () => {
  test.each([
    ["a hostname", "0501610001"],
    ["a hostname that is cut", "0509610001"],
    ["half an IPv4 address", "010203"],
    ["nothing", ""],
  ])("is not written if it is %s", (_what, hex) => {
    const error = thrown(() => encode(address, { type: "opaque", data: fromHex(hex) }));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
  });

  test("may be a hostname that no resolver takes", () => {
    const data = fromHex("05" + "01" + "20" + "0001");
    expect(toHex(encode(address, { type: "opaque", data }))).toBe(toHex(data));
  });
});
