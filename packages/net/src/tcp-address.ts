/** Addresses as Node's sockets report them. */
import type { HostPort } from "./address.ts";
import { formatIp, mappedIpv4, parseIp } from "./ip.ts";

/** The address of one end of a socket; an IPv4 peer of a dual-stack listener is IPv4, zone ids are dropped. */
export function socketAddress(
  text: string | undefined,
  port: number | undefined,
): HostPort | undefined {
  if (text === undefined || port === undefined) return undefined;
  const bytes = parseIp(text.split("%", 1)[0] ?? "");
  if (bytes === undefined) return undefined;
  const ip = mappedIpv4(bytes) ?? bytes;
  return { kind: ip.length === 4 ? "ipv4" : "ipv6", host: formatIp(ip), port };
}
