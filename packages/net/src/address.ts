/**
 * Addresses as text: what can be dialed and listened at. Parsing looks nothing up.
 */
import { NetError } from "./errors.ts";
import { formatIp, parseIp } from "./ip.ts";

/** What kind of host a {@link HostPort} names. */
export type HostKind = "ipv4" | "ipv6" | "dns" | "torv3";

/** A host and a port: what is dialed or listened at. */
export interface HostPort {
  readonly kind: HostKind;
  /** Canonical text: no brackets around IPv6 (RFC 5952), names in lower case, `.onion` included. */
  readonly host: string;
  /** 1 to 65535; 0 asks a listener for any free port. */
  readonly port: number;
}

/** Options of {@link parseHostPort}. */
export interface ParseHostPortOptions {
  /** The port of text that has none; without it such text is refused. */
  readonly defaultPort?: number | undefined;
  /**
   * Accepts port 0, which asks a listener for any free port.
   * @default false
   */
  readonly allowPortZero?: boolean | undefined;
}

/** Longest text looked at: a name of 254 characters, a colon, five digits, and some air. */
const MAX_TEXT = 270;

/** `.onion` names of version 3: 32 bytes key, 2 bytes checksum, a version byte of 3 (hence the ending). */
const TOR_V3 = /^[a-z2-7]{54}[aiqy]d\.onion$/;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Names that end so are IPv4 in legacy notation to resolvers (`1.2.3`, `0x7f.1`), never DNS names. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/;

/**
 * Parses `host:port`.
 *
 * - IPv4: a strict dotted quad.
 * - IPv6: `[::1]:9735`; without brackets only with `defaultPort`, and then all of the text is the address.
 *   Zone ids are refused.
 * - DNS names: letters, digits, hyphens and underscores, 63 characters a label, 253 in all; a final
 *   dot is kept and punycode is left alone. Names in Unicode are refused.
 * - Tor v3: 56 base32 characters and `.onion`. Length, alphabet and version are checked, the checksum is
 *   not (it needs SHA-3). Other names under `.onion` are refused: no resolver may see them (RFC 7686).
 *
 * @throws NetError `invalid_address`
 * @example
 * parseHostPort("Node.Example", { defaultPort: 9735 }); // { kind: "dns", host: "node.example", port: 9735 }
 */
export function parseHostPort(text: string, options: ParseHostPortOptions = {}): HostPort {
  if (text.length > MAX_TEXT) throw invalid(text, `more than ${MAX_TEXT} characters`);
  const [host, portText, bracketed] = split(text);
  const port = portText === undefined ? options.defaultPort : parsePort(portText);
  if (portText === undefined && port === undefined) throw invalid(text, "the port is missing");
  const lowest = options.allowPortZero === true ? 0 : 1;
  if (port === undefined || !Number.isInteger(port) || port < lowest || port > 65_535) {
    throw invalid(text, `the port is not a number from ${lowest} to 65535`);
  }
  const ip = parseIp(host);
  if (ip !== undefined && (ip.length === 16 || !bracketed)) {
    return { kind: ip.length === 4 ? "ipv4" : "ipv6", host: formatIp(ip), port };
  }
  if (bracketed || host.includes(":")) throw invalid(text, "not an IPv6 address");
  const name = parseName(host);
  if (name === undefined) throw invalid(text, "not an IPv4 address or a host name");
  return { ...name, port };
}

/** The text of an address, with IPv6 in brackets; {@link parseHostPort} gives the same address back. */
export function formatHostPort(address: HostPort): string {
  const { kind, host, port } = address;
  return kind === "ipv6" ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The canonical form of an address that may have been put together by hand. Throws as the parser does. */
export function checkedHostPort(address: HostPort, options: ParseHostPortOptions = {}): HostPort {
  return parseHostPort(formatHostPort(address), options);
}

function split(text: string): [host: string, port: string | undefined, bracketed: boolean] {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const rest = text.slice(end + 1);
    if (end === -1 || !(rest === "" || rest.startsWith(":")))
      throw invalid(text, "unpaired bracket");
    return [text.slice(1, end), rest === "" ? undefined : rest.slice(1), true];
  }
  const colon = text.indexOf(":");
  if (colon === -1 || text.includes(":", colon + 1)) return [text, undefined, false];
  return [text.slice(0, colon), text.slice(colon + 1), false];
}

function parsePort(text: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,4})$/.test(text) ? Number(text) : undefined;
}

function parseName(text: string): { kind: HostKind; host: string } | undefined {
  // Before lowering the case: outside ASCII it can turn other letters into ASCII ones (U+212A into "k").
  if (!/^[!-~]+$/.test(text)) return undefined;
  const host = text.toLowerCase();
  if (TOR_V3.test(host)) return { kind: "torv3", host };
  if (/(?:^|\.)onion\.?$/.test(host) || ENDS_IN_NUMBER.test(host)) return undefined;
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (name.length > 253 || !name.split(".").every((label) => LABEL.test(label))) return undefined;
  return { kind: "dns", host };
}

function invalid(text: string, why: string): NetError {
  const address = text.slice(0, 80).replaceAll(/[^ -~]/g, "?") + (text.length > 80 ? "..." : "");
  return new NetError("invalid_address", `"${address}" is not an address: ${why}`, { address });
}
