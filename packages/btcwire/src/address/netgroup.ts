// Groups of addresses that one owner may have many of: Bitcoin Core's `NetGroupManager::GetGroup`, without its map
// of autonomous systems. A node that dials one of each group is harder to surround.
import { toHex } from "@satwire/codec";
import { type HostAddress, plainHostAddress } from "./host-address.ts";
import { startsWith } from "./ip-text.ts";
import { networkId } from "./network-address.ts";
import { isRoutable } from "./routability.ts";

/** The first byte of a group; the last is not Bitcoin Core's. */
const groupClass = { unroutable: 0, ipv4: 1, ipv6: 2, tor: 3, i2p: 4, cjdns: 5, yggdrasil: 7 };

/**
 * The group of an address: the hex of Bitcoin Core's bytes, to compare and to be a key.
 *
 * IPv4 has groups of 16 bits, and IPv6 that carries IPv4 (6to4, Teredo, RFC 6052, RFC 6145) is in them. Other IPv6
 * has groups of 32 bits, he.net of 36. Keys have groups of their first 4 bits: Tor, I2P, CJDNS, Yggdrasil. What is
 * not routable is one group.
 */
export function netgroupOf(address: HostAddress): string {
  const { networkID, addr, port } = plainHostAddress(address);
  if (!isRoutable({ networkID, addr, port })) return group(groupClass.unroutable, addr, 0);
  switch (networkID) {
    case networkId.ipv4:
      return group(groupClass.ipv4, addr, 16);
    case networkId.torv3:
      return group(groupClass.tor, addr, 4);
    case networkId.i2p:
      return group(groupClass.i2p, addr, 4);
    case networkId.cjdns:
      // 8 bits are the same in every address.
      return group(groupClass.cjdns, addr, 12);
    case networkId.yggdrasil:
      // The first 16 bits say what the address is and how many ones begin the key: not random.
      return group(groupClass.yggdrasil, addr.subarray(2), 4);
    default: {
      const ipv4 = ipv4In(addr);
      if (ipv4 !== undefined) return group(groupClass.ipv4, ipv4, 16);
      const isHeNet = startsWith(addr, [0x20, 0x01, 0x04, 0x70]);
      return group(groupClass.ipv6, addr, isHeNet ? 36 : 32);
    }
  }
}

/** The class, and the first bits of an address, with ones up to the end of their last byte. */
function group(kind: number, addr: Uint8Array, bits: number): string {
  const bytes = Uint8Array.of(kind, ...addr.subarray(0, Math.ceil(bits / 8)));
  if (bits % 8 !== 0) bytes[bytes.length - 1] = (bytes.at(-1) as number) | (0xff >> (bits % 8));
  return toHex(bytes);
}

/** The IPv4 address that an IPv6 address is made of, if it is. */
function ipv4In(addr: Uint8Array): Uint8Array | undefined {
  // RFC 3964: 6to4.
  if (startsWith(addr, [0x20, 0x02])) return addr.subarray(2, 6);
  // RFC 4380: Teredo, with every bit turned.
  if (startsWith(addr, [0x20, 0x01, 0, 0])) return addr.subarray(12).map((byte) => ~byte);
  const isTranslated =
    startsWith(addr, [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) || // RFC 6052
    startsWith(addr, [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0]); // RFC 6145
  return isTranslated ? addr.subarray(12) : undefined;
}
