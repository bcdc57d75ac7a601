// Addresses of nodes as people write them. Nothing is looked up: a name of the DNS is no address.
import { sha3_256 } from "@noble/hashes/sha3.js";
import { concatBytes, DecodeError, type DecodeErrorCode, equalBytes, toHex } from "@satwire/codec";
import { base32OfBytes, bytesOfBase32 } from "./base32.ts";
import { type HostAddress, isCjdns, isOfNetwork, plainHostAddress } from "./host-address.ts";
import { ipv4OfText, ipv6OfText, textOfIpv4, textOfIpv6 } from "./ip-text.ts";
import { networkId } from "./network-address.ts";

/** What {@link parseHostAddress} may add. */
export interface ParseHostAddressOptions {
  /** The port of a text without one: that of a `Network`. I2P has port 0 instead. @default none: a text needs one */
  readonly defaultPort?: number | undefined;
}

const torVersion = 3;

/**
 * An address as a text: `1.2.3.4:8333`, `[2001:db8::1]:8333`, `….onion:8333`, `….b32.i2p:0`. CJDNS and Yggdrasil
 * look like IPv6.
 *
 * What is on a network that is not known, or is none of its addresses, looks like `network9/0102ff:8333`:
 * {@link parseHostAddress} refuses it, as it refuses Tor v2 and port 0. Every other text it reads as the same
 * address, on its own network.
 */
export function formatHostAddress(address: HostAddress): string {
  const { networkID, addr, port } = address;
  return `${textOfHost(address) ?? `network${networkID}/${toHex(addr)}`}:${port}`;
}

/**
 * One text per node and port, to find those that are known already: the address on its own network (see
 * {@link plainHostAddress}) by {@link formatHostAddress}.
 *
 * @example
 * ```ts
 * addressKey(parseHostAddress("[::FFFF:1.2.3.4]", { defaultPort: 8333 })); // "1.2.3.4:8333"
 * ```
 */
export function addressKey(address: HostAddress): string {
  return formatHostAddress(plainHostAddress(address));
}

/**
 * Reads an IPv4, IPv6, Tor v3, I2P, CJDNS (`fc00::/8`) or Yggdrasil (`200::/7`) address with its port, in either
 * case. IPv6 has brackets, and may do without if there is no port. A mapped IPv4 address is read as IPv4. Names of the
 * DNS are refused: nothing is looked up.
 *
 * @throws DecodeError `invalid_value` for any other text, a wrong checksum, a port that is not 1 to 65535, or no port
 * at all; `unsupported_encoding` for Tor v2, other versions of Tor and encrypted I2P addresses. The offset counts
 * characters.
 * @example
 * ```ts
 * parseHostAddress("203.0.113.7", { defaultPort: networks.mainnet.port });
 * ```
 */
export function parseHostAddress(
  text: string,
  { defaultPort }: ParseHostAddressOptions = {},
): HostAddress {
  const split = splitPort(text);
  const host = hostOfText(split.host, split.isBracketed);
  const isI2p = host.networkID === networkId.i2p;
  if (split.port === undefined) {
    const port = isI2p ? 0 : defaultPort;
    if (port === undefined) throw refusal("invalid_value", text, "has no port", text.length);
    return { ...host, port };
  }
  const port = /^(?:0|[1-9]\d{0,4})$/.test(split.port) ? Number(split.port) : -1;
  if (port > 65_535 || port < (isI2p ? 0 : 1)) {
    const offset = text.length - split.port.length;
    throw refusal("invalid_value", text, "has no port from 1 to 65535", offset);
  }
  return { ...host, port };
}

interface SplitText {
  readonly host: string;
  readonly isBracketed: boolean;
  readonly port: string | undefined;
}

function splitPort(text: string): SplitText {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const rest = text.slice(end + 1);
    if (end < 0 || !(rest === "" || rest.startsWith(":"))) {
      throw refusal("invalid_value", text, "has brackets that do not end in front of a port");
    }
    const port = rest === "" ? undefined : rest.slice(1);
    return { host: text.slice(1, end), isBracketed: true, port };
  }
  const colon = text.indexOf(":");
  // More than one colon: IPv6, whose port would need brackets.
  if (colon < 0 || text.includes(":", colon + 1)) {
    return { host: text, isBracketed: false, port: undefined };
  }
  return { host: text.slice(0, colon), isBracketed: false, port: text.slice(colon + 1) };
}

function hostOfText(host: string, isBracketed: boolean): Omit<HostAddress, "port"> {
  if (isBracketed || host.includes(":")) {
    const addr = ipv6OfText(host);
    if (addr === undefined) throw refusal("invalid_value", host, "is no IPv6 address");
    if (isCjdns(addr)) return { networkID: networkId.cjdns, addr };
    const ipv6 = { networkID: networkId.ipv6, addr, port: 0 };
    const plain = plainHostAddress(ipv6);
    // OnionCat stays what it looks like: Tor v2 has no text that is read.
    return plain.networkID === networkId.torv2 ? ipv6 : plain;
  }
  const ipv4 = ipv4OfText(host);
  if (ipv4 !== undefined) return { networkID: networkId.ipv4, addr: ipv4 };
  const [, name = "", domain = ""] = /^([a-z2-7]+)(\.onion|\.b32\.i2p)$/i.exec(host) ?? [];
  if (domain.toLowerCase() === ".onion") {
    return { networkID: networkId.torv3, addr: keyOfOnion(name) };
  }
  if (domain !== "") return { networkID: networkId.i2p, addr: hashOfI2p(name) };
  throw refusal("invalid_value", host, "is no address of a known network");
}

/** The key of a Tor v3 name: base32 of key, checksum and version (BIP 155 "Appendix B"). */
function keyOfOnion(name: string): Uint8Array {
  if (name.length === 16) throw refusal("unsupported_encoding", name, "is a Tor v2 name");
  const bytes = name.length === 56 ? bytesOfBase32(name) : undefined;
  if (bytes === undefined) throw refusal("invalid_value", name, "is no name of Tor");
  if (bytes[34] !== torVersion) {
    throw refusal("unsupported_encoding", name, `is of version ${bytes[34]} of Tor`);
  }
  const key = bytes.subarray(0, 32);
  if (!equalBytes(bytes.subarray(32, 34), checksumOfOnion(key))) {
    throw refusal("invalid_value", name, "has a wrong checksum");
  }
  return key;
}

function checksumOfOnion(key: Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(".onion checksum");
  return sha3_256(concatBytes(prefix, key, Uint8Array.of(torVersion))).subarray(0, 2);
}

/** The hash of an I2P name (BIP 155 "Appendix C"); longer names are those of encrypted lease sets. */
function hashOfI2p(name: string): Uint8Array {
  if (name.length >= 56) throw refusal("unsupported_encoding", name, "is an encrypted I2P name");
  const bytes = name.length === 52 ? bytesOfBase32(name) : undefined;
  if (bytes === undefined) throw refusal("invalid_value", name, "is no name of I2P");
  return bytes;
}

/** The text of an address without its port; undefined if it is none of its network. */
function textOfHost(address: HostAddress): string | undefined {
  const { networkID, addr } = address;
  if (!isOfNetwork(address)) return undefined;
  switch (networkID) {
    case networkId.ipv4:
      return textOfIpv4(addr);
    case networkId.torv2:
      return `${base32OfBytes(addr)}.onion`;
    case networkId.torv3: {
      const bytes = concatBytes(addr, checksumOfOnion(addr), Uint8Array.of(torVersion));
      return `${base32OfBytes(bytes)}.onion`;
    }
    case networkId.i2p:
      return `${base32OfBytes(addr)}.b32.i2p`;
    default:
      return `[${textOfIpv6(addr)}]`;
  }
}

function refusal(code: DecodeErrorCode, text: string, problem: string, offset = 0): DecodeError {
  return new DecodeError(code, `${JSON.stringify(text.slice(0, 80))} ${problem}`, { offset });
}
