// Which addresses lead to a node of the public network, as Bitcoin Core's `CNetAddr::IsRoutable` has it.
import { type HostAddress, isOfNetwork } from "./host-address.ts";
import { mappedPrefix, startsWith } from "./ip-text.ts";
import { networkId } from "./network-address.ts";

/**
 * Whether an address can be dialled from anywhere: not one of a private network, of this machine, of documentation,
 * of Tor v2, or of a network that is not known.
 *
 * As in Bitcoin Core, multicast and reserved ranges are not left out. IPv6 that is another network's (see
 * `plainHostAddress`) does not count as IPv6, except for Yggdrasil, which Bitcoin Core does not know.
 */
export function isRoutable(address: HostAddress): boolean {
  const { networkID, addr } = address;
  if (!isOfNetwork(address) || networkID === networkId.torv2) return false;
  if (networkID === networkId.ipv4) return !isSpecialIpv4(addr);
  return networkID !== networkId.ipv6 || !isSpecialIpv6(addr);
}

function isSpecialIpv4(addr: Uint8Array): boolean {
  const [a, b, c] = addr as unknown as [number, number, number];
  return (
    a === 0 || // this network
    a === 127 || // this machine
    a === 10 || // RFC 1918
    (a === 172 && b >= 16 && b <= 31) || // RFC 1918
    (a === 192 && b === 168) || // RFC 1918
    (a === 198 && (b === 18 || b === 19)) || // RFC 2544: benchmarks
    (a === 169 && b === 254) || // RFC 3927: link local
    (a === 100 && b >= 64 && b <= 127) || // RFC 6598: shared by customers of a provider
    (a === 192 && b === 0 && c === 2) || // RFC 5737: documentation
    (a === 198 && b === 51 && c === 100) || // RFC 5737
    (a === 203 && b === 0 && c === 113) || // RFC 5737
    addr.every((byte) => byte === 255) // broadcast
  );
}

function isSpecialIpv6(addr: Uint8Array): boolean {
  return (
    ((addr[0] as number) & 0xfe) === 0xfc || // RFC 4193: private, with OnionCat in it
    startsWith(addr, [0x20, 0x01, 0x0d, 0xb8]) || // RFC 3849: documentation
    startsWith(addr, [0xfe, 0x80, 0, 0, 0, 0, 0, 0]) || // RFC 4862: link local
    (startsWith(addr, [0x20, 0x01, 0x00]) && isOrchid(addr[3] as number)) ||
    startsWith(addr, mappedPrefix) ||
    (addr.subarray(0, 15).every((byte) => byte === 0) && (addr[15] as number) < 2) // none, this machine
  );
}

/** RFC 4843 and RFC 7343: hashes that only look like addresses, `2001:10::/28` and `2001:20::/28`. */
function isOrchid(byte: number): boolean {
  return (byte & 0xf0) === 0x10 || (byte & 0xf0) === 0x20;
}
