// What a node may make of the addresses that a peer tells it.
// Bytes: addresses are views of those of the message.
import { hostAddressOfIp, plainHostAddress } from "./host-address.ts";
import type { Addr, AddrV2 } from "../messages/addresses.ts";
import { type NetAddressV2, networkId, type TimedNetAddress } from "./network-address.ts";
import { isRoutable } from "./routability.ts";

/**
 * The addresses of an `addr` or `addrv2` as one kind of list, without those that are of no use to anybody: not
 * routable (see `isRoutable`), on a network that is not known, on Tor v2, or without a port. In `addrv2` this goes
 * for IPv4 and Tor v2 that come as IPv6, too (BIP 155); Yggdrasil that does is Yggdrasil.
 *
 * Nothing in it has been tried. A peer can say anything, also of time and services.
 */
export function usableAddresses(message: Addr | AddrV2): readonly NetAddressV2[] {
  const all: readonly NetAddressV2[] =
    message.type === "addrv2" ? message.addresses : message.addresses.map(modern);
  return all.filter(isUsable).map((address) => {
    const plain = plainHostAddress(address);
    return plain === address ? address : { ...address, ...plain };
  });
}

function modern({ time, services, ip, port }: TimedNetAddress): NetAddressV2 {
  return { time, services, ...hostAddressOfIp(ip, port) };
}

function isUsable(address: NetAddressV2): boolean {
  return isRoutable(address) && (address.port !== 0 || address.networkID === networkId.i2p);
}
