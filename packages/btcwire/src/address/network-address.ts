// Addresses as `version`, `addr` (BIP 14 and before) and `addrv2` (BIP 155) carry them.
import {
  bytes,
  type Codec,
  EncodeError,
  type Reader,
  struct,
  u16,
  u32le,
  u64le,
  u8,
  type Writer,
} from "@satwire/codec";
import { compactSize64 } from "../compact-size.ts";
import { varBytes } from "../fields.ts";

/** Networks of `addrv2` by their numbers (BIP 155). A number that is not here may still come. */
export const networkId = {
  ipv4: 1,
  ipv6: 2,
  /** Out of use: must be ignored. */
  torv2: 3,
  torv3: 4,
  i2p: 5,
  cjdns: 6,
  yggdrasil: 7,
} as const;

/** Bytes of an address by the number of its network (BIP 155); Tor v2 is not held to it. */
export const addressLengths: Readonly<Record<number, number>> = {
  1: 4,
  2: 16,
  4: 32,
  5: 32,
  6: 16,
  7: 16,
};

/** Where a node is, and what it serves, as `version` says it. */
export interface NetAddress {
  /** Bits of `serviceFlag`. */
  readonly services: bigint;
  /** An IPv6 address, 16 bytes; an IPv4 address is `::ffff:a.b.c.d`. */
  readonly ip: Uint8Array;
  readonly port: number;
}

/** An entry of `addr`. */
export interface TimedNetAddress extends NetAddress {
  /** When the node was last seen: seconds since 1970. */
  readonly time: number;
}

/** An entry of `addrv2` (BIP 155). */
export interface NetAddressV2 {
  /** When the node was last seen: seconds since 1970. */
  readonly time: number;
  /** Bits of `serviceFlag`. */
  readonly services: bigint;
  /** See {@link networkId}. */
  readonly networkID: number;
  /** As long as the network's addresses are; up to 512 bytes if the network is not known. */
  readonly addr: Uint8Array;
  /** 0 where a network has no ports. */
  readonly port: number;
}

const ip: Codec<Uint8Array> = /* @__PURE__ */ bytes(16);

/** Codec of {@link NetAddress}: 26 bytes. */
export const netAddress: Codec<NetAddress> = /* @__PURE__ */ struct({
  services: u64le,
  ip,
  port: u16,
});

/** Codec of {@link TimedNetAddress}: 30 bytes. */
export const timedNetAddress: Codec<TimedNetAddress> = /* @__PURE__ */ struct({
  time: u32le,
  services: u64le,
  ip,
  port: u16,
});

const entry: Codec<NetAddressV2> = /* @__PURE__ */ struct<NetAddressV2>({
  time: u32le,
  services: compactSize64,
  networkID: u8,
  addr: /* @__PURE__ */ varBytes(512),
  port: u16,
});

/**
 * Codec of {@link NetAddressV2}. An address of a known network that has another length than the network's is
 * refused, as BIP 155 says.
 */
export const netAddressV2: Codec<NetAddressV2> = {
  read(reader: Reader) {
    const start = reader.offset;
    const value = entry.read(reader);
    const problem = lengthProblem(value);
    if (problem !== undefined) throw reader.error("invalid_value", problem, start);
    return value;
  },
  write(writer: Writer, value) {
    const problem = lengthProblem(value);
    if (problem !== undefined) throw new EncodeError("wrong_length", problem, { path: ["addr"] });
    entry.write(writer, value);
  },
};

function lengthProblem({ networkID, addr }: NetAddressV2): string | undefined {
  const length = addressLengths[networkID];
  if (length === undefined || addr?.length === length) return undefined;
  return `an address of network ${networkID} has ${length} bytes, not ${addr?.length}`;
}
