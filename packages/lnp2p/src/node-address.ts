import { fromHex, toHex } from "@satwire/lnwire";
import { formatHostPort, type HostPort, NetError, parseHostPort } from "@satwire/net";
import { PeerError } from "./errors.ts";

/** The port that Lightning nodes listen on unless they say otherwise (BOLT 1). */
export const defaultPort = 9735;

/** Whom to connect to and where. */
export interface NodeAddress {
  /** The node id: a compressed public key, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** IPv4, IPv6, DNS name or Tor v3. */
  readonly address: HostPort;
}

/**
 * Reads `pubkey@host:port`, as nodes print it. The port may be left out: 9735. Hosts are IPv4, IPv6
 * (`[::1]`), DNS names and Tor v3 names; nothing is looked up, and whether the key is a point on the
 * curve is found out when connecting.
 *
 * @throws PeerError `invalid_address`
 * @example
 * ```ts
 * parseNodeAddress("02…ab@node.example"); // { publicKey, address: { kind: "dns", host: "node.example", port: 9735 } }
 * ```
 */
export function parseNodeAddress(text: string): NodeAddress {
  const at = text.indexOf("@");
  const key = text.slice(0, Math.max(at, 0));
  if (!/^0[23][0-9a-fA-F]{64}$/.test(key)) {
    throw new PeerError(
      "invalid_address",
      "a node address starts with a public key of 66 hex digits, 02… or 03…, and an @",
    );
  }
  try {
    return { publicKey: fromHex(key), address: parseHostPort(text.slice(at + 1), { defaultPort }) };
  } catch (cause) {
    if (!(cause instanceof NetError)) throw cause;
    throw new PeerError("invalid_address", cause.message, { cause });
  }
}

/** The text of a node address; {@link parseNodeAddress} gives the same address back. */
export function formatNodeAddress({ publicKey, address }: NodeAddress): string {
  return `${toHex(publicKey)}@${formatHostPort(address)}`;
}
