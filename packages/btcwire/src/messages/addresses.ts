// How nodes tell each other of nodes.
import type { Codec } from "@satwire/codec";
import { list } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";
import {
  type NetAddressV2,
  netAddressV2,
  type TimedNetAddress,
  timedNetAddress,
} from "../address/network-address.ts";

/** The most addresses of one `addr` or `addrv2`. */
export const maxAddresses = 1000;

/** `getaddr`: asks for addresses of nodes. Bitcoin Core answers once, and only who has dialled it. */
export interface GetAddr extends MessageBase<"getaddr">, Trailing {}

/** Codec of {@link GetAddr}. */
export const getaddr: MessageCodec<GetAddr> = /* @__PURE__ */ signal("getaddr");

/** `addr`: addresses of nodes that fit IPv6. */
export interface Addr extends MessageBase<"addr"> {
  /** At most 1,000. */
  readonly addresses: readonly TimedNetAddress[];
}

const addressList: Codec<readonly TimedNetAddress[]> = /* @__PURE__ */ list(
  timedNetAddress,
  maxAddresses,
);

/** Codec of {@link Addr}. */
export const addr: MessageCodec<Addr> = /* @__PURE__ */ message(
  "addr",
  { addresses: addressList },
  { shortId: 1 },
);

/** `addrv2` (BIP 155): addresses of nodes on any network. */
export interface AddrV2 extends MessageBase<"addrv2"> {
  /** At most 1,000. */
  readonly addresses: readonly NetAddressV2[];
}

const addressListV2: Codec<readonly NetAddressV2[]> = /* @__PURE__ */ list(
  netAddressV2,
  maxAddresses,
);

/** Codec of {@link AddrV2}. */
export const addrv2: MessageCodec<AddrV2> = /* @__PURE__ */ message(
  "addrv2",
  { addresses: addressListV2 },
  { shortId: 28 },
);

/** The messages of this chapter. */
export type AddressMessage = GetAddr | Addr | AddrV2;

/** All codecs of this chapter, for a set of one's own. */
export const addressMessages: readonly MessageCodec<AddressMessage>[] = [getaddr, addr, addrv2];
