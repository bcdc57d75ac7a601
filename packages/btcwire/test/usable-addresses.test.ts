import { fromHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { addressKey } from "../src/address/host-text.ts";
import type { Addr, AddrV2 } from "../src/messages/addresses.ts";
import { networkId } from "../src/address/network-address.ts";
import { usableAddresses } from "../src/address/usable-addresses.ts";

const addr = (...entries: readonly (readonly [ip: string, port: number])[]): Addr => ({
  type: "addr",
  addresses: entries.map(([ip, port], i) => ({
    time: 1000 + i,
    services: BigInt(i),
    ip: fromHex(ip),
    port,
  })),
});

const addrv2 = (
  ...entries: readonly (readonly [networkID: number, hex: string, port: number])[]
): AddrV2 => ({
  type: "addrv2",
  addresses: entries.map(([networkID, hex, port], i) => ({
    time: 1000 + i,
    services: BigInt(i),
    networkID,
    addr: fromHex(hex),
    port,
  })),
});

describe("usableAddresses", () => {
  test("of addr: IPv4, IPv6 and Yggdrasil, with times and services of their own", () => {
    const message = addr(
      ["00000000000000000000ffff08080808", 8333],
      ["20010470000000000000000000000001", 8334],
      ["02000000000000000000000000000001", 8335],
    );
    expect(usableAddresses(message)).toEqual([
      { time: 1000, services: 0n, networkID: 1, addr: fromHex("08080808"), port: 8333 },
      {
        time: 1001,
        services: 1n,
        networkID: 2,
        addr: fromHex("20010470000000000000000000000001"),
        port: 8334,
      },
      {
        time: 1002,
        services: 2n,
        networkID: 7,
        addr: fromHex("02000000000000000000000000000001"),
        port: 8335,
      },
    ]);
  });

  test.each([
    ["nothing", "00000000000000000000000000000000", 8333],
    ["a private network", "00000000000000000000ffffc0a80001", 8333],
    ["this machine", "00000000000000000000ffff7f000001", 8333],
    ["this machine", "00000000000000000000000000000001", 8333],
    ["Tor v2", "fd87d87eeb43f1f2f3f4f5f6f7f8f9fa", 8333],
    ["private IPv6, or CJDNS", "fc000001000200030004000500060007", 8333],
    ["no port", "00000000000000000000ffff08080808", 0],
  ])("of addr: not %s", (_, ip, port) => {
    const message = addr(["20010470000000000000000000000001", 8333], [ip, port]);
    expect(usableAddresses(message).map(({ time }) => time)).toEqual([1000]);
  });

  test("of addrv2: every network of today", () => {
    const message = addrv2(
      [networkId.ipv4, "08080808", 8333],
      [networkId.ipv6, "20010470000000000000000000000001", 8333],
      [networkId.torv3, "79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f", 8333],
      [networkId.i2p, "a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87", 0],
      [networkId.cjdns, "fc000001000200030004000500060007", 8333],
      [networkId.yggdrasil, "02010001000200030004000500060007", 8333],
    );
    expect(usableAddresses(message)).toEqual(message.addresses);
    expect(usableAddresses(message)[0]).toBe(message.addresses[0]);
  });

  test("of addrv2: Yggdrasil that comes as IPv6 is Yggdrasil, with time and services", () => {
    const hex = "02010001000200030004000500060007";
    const message = addrv2([networkId.torv2, "", 1], [networkId.ipv6, hex, 8333]);
    expect(usableAddresses(message)).toEqual([
      { time: 1001, services: 1n, networkID: networkId.yggdrasil, addr: fromHex(hex), port: 8333 },
    ]);
  });

  test.each([
    ["IPv4 that comes as IPv6", networkId.ipv6, "00000000000000000000ffff08080808", 8333],
    ["Tor v2 that comes as IPv6", networkId.ipv6, "fd87d87eeb43f1f2f3f4f5f6f7f8f9fa", 8333],
    ["Tor v2", networkId.torv2, "f1f2f3f4f5f6f7f8f9fa", 8333],
    ["a network that is not known", 0xaa, "08080808", 8333],
    ["CJDNS with a wrong prefix", networkId.cjdns, "aa000001000200030004000500060007", 8333],
    ["a private network", networkId.ipv4, "0a000001", 8333],
    ["no port", networkId.ipv4, "08080808", 0],
    ["Tor without a port", networkId.torv3, "79".repeat(32), 0],
  ])("of addrv2: not %s", (_, networkID, hex, port) => {
    const message = addrv2([networkId.ipv4, "08080404", 8333], [networkID, hex, port]);
    expect(usableAddresses(message).map(addressKey)).toEqual(["8.8.4.4:8333"]);
  });

  test("of nothing is nothing", () => {
    expect(usableAddresses(addr())).toEqual([]);
    expect(usableAddresses(addrv2())).toEqual([]);
  });
});
