// Where a node is, on any network: what `version` and `addr` put into 16 bytes, and `addrv2` into a network and an
// address (BIP 155).
// Bytes: addresses are views of the bytes they were made of.
import { EncodeError } from "@satwire/codec";
import { mappedPrefix, startsWith } from "./ip-text.ts";
import { addressLengths, networkId } from "./network-address.ts";

/** Where a node is. Every `NetAddressV2` is one. */
export interface HostAddress {
  /** See {@link networkId}. */
  readonly networkID: number;
  /** As BIP 155 has it: 4 or 16 bytes of an IP address, 32 of a key or hash. */
  readonly addr: Uint8Array;
  /** 0 where a network has no ports. */
  readonly port: number;
}

/** OnionCat, `fd87:d87e:eb43::/48`: Tor v2 in IPv6. */
const onionCatPrefix = [0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43];

/**
 * The address that 16 bytes of `version` or `addr` stand for: IPv4, Tor v2, Yggdrasil, or else IPv6.
 *
 * CJDNS cannot be told from private IPv6 there.
 *
 * @throws EncodeError `wrong_length` unless there are 16 bytes
 */
export function hostAddressOfIp(ip: Uint8Array, port: number): HostAddress {
  if (ip.length !== 16) {
    throw new EncodeError("wrong_length", `expected 16 bytes, got ${ip.length}`);
  }
  return plainHostAddress({ networkID: networkId.ipv6, addr: ip, port });
}

/**
 * The 16 bytes of `version` and `addr`; undefined for networks that are in `addrv2` only, for which nodes send
 * zeros or nothing.
 */
export function ipOfHostAddress(address: HostAddress): Uint8Array | undefined {
  const { networkID, addr } = address;
  if (!isOfNetwork(address)) return undefined;
  if (networkID === networkId.ipv6) return addr;
  if (networkID === networkId.ipv4) return Uint8Array.of(...mappedPrefix, ...addr);
  if (networkID === networkId.torv2) return Uint8Array.of(...onionCatPrefix, ...addr);
  return undefined;
}

/**
 * Whether an address is one of its network: as long as those are, and with what those of CJDNS and Yggdrasil begin
 * with. Of networks that are not known, none is.
 */
export function isOfNetwork({ networkID, addr }: HostAddress): boolean {
  if (networkID === networkId.torv2) return addr.length === 10;
  if (addr.length !== addressLengths[networkID]) return false;
  if (networkID === networkId.cjdns) return isCjdns(addr);
  return networkID !== networkId.yggdrasil || isYggdrasil(addr);
}

/**
 * The address on its own network where it comes as IPv6 and is another's: IPv4 in `::ffff:0:0/96`, Tor v2 in
 * `fd87:d87e:eb43::/48`, Yggdrasil in `200::/7`.
 */
export function plainHostAddress(address: HostAddress): HostAddress {
  const { networkID, addr, port } = address;
  if (networkID !== networkId.ipv6 || !isOfNetwork(address)) return address;
  if (startsWith(addr, mappedPrefix)) {
    return { networkID: networkId.ipv4, addr: addr.subarray(12), port };
  }
  if (startsWith(addr, onionCatPrefix)) {
    return { networkID: networkId.torv2, addr: addr.subarray(6), port };
  }
  if (isYggdrasil(addr)) return { networkID: networkId.yggdrasil, addr, port };
  return address;
}

/** Whether an IPv6 address is one of CJDNS: `fc00::/8`, of which RFC 4193 makes no use. */
export function isCjdns(addr: Uint8Array): boolean {
  return addr[0] === 0xfc;
}

/** Whether an IPv6 address is one of Yggdrasil: `200::/7`, which the Internet has no other use for (RFC 4048). */
function isYggdrasil(addr: Uint8Array): boolean {
  return ((addr[0] as number) & 0xfe) === 0x02;
}
