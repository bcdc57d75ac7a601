/**
 * IP addresses as text and as bytes: dotted quads, IPv6 text of RFC 4291 §2.2, canonical form of
 * RFC 5952. Byte arrays returned here are new; byte arrays taken are only read.
 */
import { NetError } from "./errors.ts";

/**
 * The 4 or 16 bytes of an IP address, or undefined when the text is not one.
 *
 * IPv4 is four decimal numbers without leading zeros (no octal, hex or short forms). IPv6 has no brackets
 * and no zone id; it may end in a dotted quad.
 */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/**
 * The canonical text of 4 bytes (dotted quad) or 16 bytes (RFC 5952, IPv4-mapped ones as `::ffff:1.2.3.4`).
 *
 * @throws NetError `invalid_address` when there are not 4 or 16 bytes
 */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length === 16) return formatIpv6(bytes);
  throw new NetError("invalid_address", `an IP address has 4 or 16 bytes, not ${bytes.length}`);
}

/** The 4 bytes of an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) as a view, or undefined. */
export function mappedIpv4(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length !== 16 || bytes[10] !== 0xff || bytes[11] !== 0xff) return undefined;
  return bytes.subarray(0, 10).every((byte) => byte === 0) ? bytes.subarray(12) : undefined;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined; // eight groups with a dotted quad at the end
  const [first = "", second, more] = text.split("::", 3);
  if (more !== undefined) return undefined;
  const head = parseGroups(first, second === undefined);
  const tail = parseGroups(second ?? "", true);
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  if (second === undefined ? given !== 16 : given > 14) return undefined; // "::" is one group at least
  const bytes = new Uint8Array(16);
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

function parseGroups(text: string, last: boolean): readonly number[] | undefined {
  const bytes: number[] = [];
  if (text === "") return bytes;
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const quad = last && index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (quad === undefined) return undefined;
    bytes.push(...quad);
  }
  return bytes;
}

function formatIpv6(bytes: Uint8Array): string {
  const quad = mappedIpv4(bytes);
  if (quad !== undefined) return `::ffff:${quad.join(".")}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2));
  const [start, length] = longestZeroRun(groups);
  const text = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(":");
  if (length < 2) return text(groups); // RFC 5952 §4.2.2: a single zero group stays
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** RFC 5952 §4.2.3: the longest run, the first one among equals. */
function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best[1]) best = [start, index + 1 - start];
  }
  return best;
}
