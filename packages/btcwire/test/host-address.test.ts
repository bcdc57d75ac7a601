import { fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  type HostAddress,
  hostAddressOfIp,
  ipOfHostAddress,
  plainHostAddress,
} from "../src/address/host-address.ts";
import { networkId } from "../src/address/network-address.ts";
import { thrown } from "./support/thrown.ts";

const host = (networkID: number, hex: string): HostAddress => ({
  networkID,
  addr: fromHex(hex),
  port: 8333,
});

const table: readonly (readonly [ip: string, networkID: number, addr: string])[] = [
  ["00000000000000000000ffff01020304", networkId.ipv4, "01020304"],
  ["1a1b2a2b3a3b4a4b5a5b6a6b7a7b8a8b", networkId.ipv6, "1a1b2a2b3a3b4a4b5a5b6a6b7a7b8a8b"],
  ["00000000000000000000000000000000", networkId.ipv6, "00000000000000000000000000000000"],
  ["00000000000000000001ffff01020304", networkId.ipv6, "00000000000000000001ffff01020304"],
  ["0000000000000000ffff000001020304", networkId.ipv6, "0000000000000000ffff000001020304"],
  ["fd87d87eeb430102030405060708090a", networkId.torv2, "0102030405060708090a"],
  ["fd87d87eeb440102030405060708090a", networkId.ipv6, "fd87d87eeb440102030405060708090a"],
  // CJDNS has no place of its own in 16 bytes.
  ["fc000001000200030004000500060007", networkId.ipv6, "fc000001000200030004000500060007"],
];

describe("the 16 bytes of version and addr", () => {
  test.each(table)("%s", (ip, networkID, addr) => {
    const address = host(networkID, addr);
    expect(hostAddressOfIp(fromHex(ip), 8333)).toEqual(address);
    expect(toHex(ipOfHostAddress(address) as Uint8Array)).toBe(ip);
  });

  test("can be an address of Yggdrasil, which is not sent so", () => {
    const hex = "02001122334455667788990011223344";
    const address = hostAddressOfIp(fromHex(hex), 8333);
    expect(address).toEqual(host(networkId.yggdrasil, hex));
    expect(ipOfHostAddress(address)).toBeUndefined();
    expect(hostAddressOfIp(fromHex(`03${hex.slice(2)}`), 1).networkID).toBe(networkId.yggdrasil);
    expect(hostAddressOfIp(fromHex(`01${hex.slice(2)}`), 1).networkID).toBe(networkId.ipv6);
    expect(hostAddressOfIp(fromHex(`04${hex.slice(2)}`), 1).networkID).toBe(networkId.ipv6);
  });

  test.each([0, 4, 15, 17])("are not %i bytes", (length) => {
    expect(thrown(() => hostAddressOfIp(new Uint8Array(length), 1))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
    });
  });

  test.each([
    ["Tor v3", networkId.torv3, 32],
    ["I2P", networkId.i2p, 32],
    ["CJDNS", networkId.cjdns, 16],
    ["a network that is not known", 9, 16],
    ["IPv4 of another length", networkId.ipv4, 16],
    ["IPv6 of another length", networkId.ipv6, 4],
    ["Tor v2 of another length", networkId.torv2, 16],
  ])("do not hold %s", (_, networkID, length) => {
    const addr = new Uint8Array(length);
    expect(ipOfHostAddress({ networkID, addr, port: 1 })).toBeUndefined();
  });

  test("give views and no copies", () => {
    const ip = fromHex("00000000000000000000ffff01020304");
    const { addr } = hostAddressOfIp(ip, 1);
    ip[15] = 9;
    expect(addr[3]).toBe(9);
  });
});

test("a plain address is the same object if it is plain already", () => {
  for (const [, networkID, addr] of table) {
    const address = host(networkID, addr);
    expect(plainHostAddress(address)).toBe(address);
  }
  const short = host(networkId.ipv6, "0200");
  expect(plainHostAddress(short)).toBe(short);
});
