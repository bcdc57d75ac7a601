import { decode, encode, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  netAddress,
  type NetAddressV2,
  netAddressV2,
  networkId,
  timedNetAddress,
} from "../src/address/network-address.ts";
import { thrown } from "./support/thrown.ts";

// The entries of Bitcoin Core's `caddress_serialize_v1` and `_v2`: ::1 with times, services and ports at their limits.
const loopback = "00000000000000000000000000000001";
const fixtures = [
  { time: 0x4966_bc61, services: 0n, port: 0 },
  { time: 0x8376_6279, services: 1n, port: 0xf1 },
  { time: 0xffff_ffff, services: 0x448n, port: 0xf1f2 },
] as const;

describe("an address of 16 bytes", () => {
  const hex = [
    `61bc66490000000000000000${loopback}0000`,
    `796276830100000000000000${loopback}00f1`,
    `ffffffff4804000000000000${loopback}f1f2`,
  ];

  test.each(fixtures.map((fixture, i) => [hex[i] as string, fixture] as const))(
    "with its time: %s",
    (text, fixture) => {
      const value = { ...fixture, ip: fromHex(loopback) };
      expect(decode(timedNetAddress, fromHex(text))).toEqual(value);
      expect(toHex(encode(timedNetAddress, value))).toBe(text);
    },
  );

  test("without its time", () => {
    const text = `4804000000000000${loopback}f1f2`;
    const value = { services: 0x448n, ip: fromHex(loopback), port: 0xf1f2 };
    expect(decode(netAddress, fromHex(text))).toEqual(value);
    expect(toHex(encode(netAddress, value))).toBe(text);
    expect(thrown(() => decode(netAddress, fromHex(text.slice(2)))).code).toBe("short_read");
    expect(thrown(() => decode(netAddress, fromHex(`${text}00`))).code).toBe("trailing_bytes");
  });

  test("is of 16 bytes", () => {
    const value = { services: 0n, ip: new Uint8Array(4), port: 1 };
    expect(thrown(() => encode(netAddress, value))).toMatchObject({
      code: "wrong_length",
      path: ["ip"],
    });
  });
});

describe("an address of any network", () => {
  const hex = [
    `61bc6649000210${loopback}0000`,
    `79627683010210${loopback}00f1`,
    `fffffffffd48040210${loopback}f1f2`,
  ];

  test.each(fixtures.map((fixture, i) => [hex[i] as string, fixture] as const))(
    "%s",
    (text, fixture) => {
      const value = { ...fixture, networkID: networkId.ipv6, addr: fromHex(loopback) };
      expect(decode(netAddressV2, fromHex(text))).toEqual(value);
      expect(toHex(encode(netAddressV2, value))).toBe(text);
    },
  );

  const entry = (rest: string): Uint8Array => fromHex(`61bc664901${rest}208d`);

  // Bitcoin Core's `cnetaddr_unserialize_v2`.
  test.each([
    ["IPv4", networkId.ipv4, "01020304"],
    ["IPv6", networkId.ipv6, "0102030405060708090a0b0c0d0e0f10"],
    [
      "IPv4 as IPv6, which is for usableAddresses to ignore",
      networkId.ipv6,
      "00000000000000000000ffff01020304",
    ],
    ["Tor v2", networkId.torv2, "f1f2f3f4f5f6f7f8f9fa"],
    ["Tor v2 of any length", networkId.torv2, "f1"],
    ["Tor v3", networkId.torv3, "79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f"],
    ["I2P", networkId.i2p, "a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87"],
    ["CJDNS", networkId.cjdns, "fc000001000200030004000500060007"],
    ["CJDNS with a wrong prefix", networkId.cjdns, "aa000001000200030004000500060007"],
    ["Yggdrasil", networkId.yggdrasil, "02000001000200030004000500060007"],
    ["a network that is not known", 0xaa, "01020304"],
    ["a network that is not known, without an address", 0xaa, ""],
    ["network 0", 0, "01"],
  ])("%s", (_, networkID, addr) => {
    const id = networkID.toString(16).padStart(2, "0");
    const length = (addr.length / 2).toString(16).padStart(2, "0");
    const bytes = entry(id + length + addr);
    const value = { time: 0x4966_bc61, services: 1n, networkID, addr: fromHex(addr), port: 8333 };
    expect(decode(netAddressV2, bytes)).toEqual(value);
    expect(encode(netAddressV2, value)).toEqual(bytes);
  });

  test("has up to 512 bytes if its network is not known", () => {
    const bytes = entry(`aafd0002${"01".repeat(512)}`);
    expect(decode(netAddressV2, bytes).addr).toHaveLength(512);
    expect(encode(netAddressV2, decode(netAddressV2, bytes))).toEqual(bytes);
  });

  test.each([
    ["an address that ends too soon", "010401", "short_read", ["addr"]],
    ["IPv4 of 5 bytes", "01050102030405", "invalid_value", []],
    ["IPv4 without bytes", "0100", "invalid_value", []],
    ["IPv6 of 4 bytes", "020400000000", "invalid_value", []],
    ["Tor v3 without bytes", "0400", "invalid_value", []],
    ["Tor v3 with its checksum", `0423${"00".repeat(35)}`, "invalid_value", []],
    ["I2P of 3 bytes", "0503000000", "invalid_value", []],
    ["CJDNS of 1 byte", "060100", "invalid_value", []],
    ["Yggdrasil of 8 bytes", `0708${"00".repeat(8)}`, "invalid_value", []],
    ["513 bytes of IPv4", "01fd010201020304", "too_long", ["addr"]],
    ["513 bytes", `aafd0102${"00".repeat(513)}`, "too_long", ["addr"]],
    ["32 MiB", "aafe0000000201020304050607", "too_long", ["addr"]],
    ["a length that could be shorter", "01fd040001020304", "non_canonical", ["addr"]],
  ])("is refused: %s", (_, rest, code, path) => {
    const problem = thrown(() => decode(netAddressV2, entry(rest)));
    expect(problem).toMatchObject({ name: "DecodeError", code, path });
  });

  test("is refused for services in a longer form than needed", () => {
    const bytes = fromHex("61bc6649fd0100" + "010401020304" + "208d");
    const problem = thrown(() => decode(netAddressV2, bytes));
    expect(problem).toMatchObject({ code: "non_canonical", path: ["services"] });
  });

  test("takes services of 64 bits", () => {
    const value: NetAddressV2 = {
      time: 0,
      services: 2n ** 64n - 1n,
      networkID: networkId.ipv4,
      addr: fromHex("01020304"),
      port: 65_535,
    };
    const hex = "00000000ffffffffffffffffff010401020304ffff";
    expect(toHex(encode(netAddressV2, value))).toBe(hex);
    expect(decode(netAddressV2, fromHex(hex))).toEqual(value);
  });

  test.each([
    ["IPv4 of 16 bytes", { networkID: 1, addr: new Uint8Array(16) }, "wrong_length", ["addr"]],
    ["Yggdrasil of 4 bytes", { networkID: 7, addr: new Uint8Array(4) }, "wrong_length", ["addr"]],
    ["513 bytes", { networkID: 9, addr: new Uint8Array(513) }, "too_long", ["addr"]],
    ["network 256", { networkID: 256 }, "out_of_range", ["networkID"]],
    ["port 65536", { port: 65_536 }, "out_of_range", ["port"]],
  ])("is not written: %s", (_, wrong, code, path) => {
    const value = { time: 0, services: 0n, networkID: 1, addr: fromHex("01020304"), port: 1 };
    const problem = thrown(() => encode(netAddressV2, { ...value, ...wrong }));
    expect(problem).toMatchObject({ name: "EncodeError", code, path });
  });

  test("is a view of what it was read of", () => {
    const bytes = entry("010401020304");
    const { addr } = decode(netAddressV2, bytes);
    bytes.fill(9);
    expect(toHex(addr)).toBe("09090909");
  });
});
