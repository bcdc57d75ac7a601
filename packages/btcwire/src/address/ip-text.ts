// IPv4 and IPv6 addresses as people write them: RFC 5952 when writing, RFC 4291 "2.2" when reading, which has no
// zones and no leading zeros in decimal numbers.

/** `1.2.3.4` of 4 bytes. */
export function textOfIpv4(bytes: Uint8Array): string {
  return bytes.join(".");
}

/** The 4 bytes of `1.2.3.4`; undefined if that is no IPv4 address. */
export function ipv4OfText(text: string): Uint8Array | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

/**
 * 16 bytes in the form of RFC 5952: lower case, no leading zeros, `::` for the first of the longest runs of zeros,
 * and a mapped IPv4 address as `::ffff:1.2.3.4`.
 */
export function textOfIpv6(bytes: Uint8Array): string {
  if (startsWith(bytes, mappedPrefix)) return `::ffff:${textOfIpv4(bytes.subarray(12))}`;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) {
    groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16));
  }
  let start = 0;
  let length = 1; // A single zero is no run.
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === "0") end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  if (length === 1) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** The 16 bytes of an IPv6 address, whose end may be an IPv4 address; undefined if that is no IPv6 address. */
export function ipv6OfText(text: string): Uint8Array | undefined {
  const [head = "", tail, ...more] = text.split("::", 3);
  const before = groupsOfText(head, tail === undefined);
  const after = groupsOfText(tail ?? "", true);
  if (before === undefined || after === undefined || more.length > 0) return undefined;
  const missing = 8 - before.length - after.length;
  // `::` stands for one group or more.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** How an IPv6 address begins that is an IPv4 one: `::ffff:0:0/96` (RFC 4291 "2.5.5.2"). */
export const mappedPrefix: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Whether an address begins with those bytes. */
export function startsWith(addr: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => addr[i] === byte);
}

/** Groups of 16 bits between colons; the last may be an IPv4 address, which is two, if it ends the text. */
function groupsOfText(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":", 9);
  for (const [i, part] of parts.entries()) {
    const ipv4 = isEnd && i === parts.length - 1 ? ipv4OfText(part) : undefined;
    if (ipv4 !== undefined) {
      const [a, b, c, d] = ipv4 as unknown as [number, number, number, number];
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
