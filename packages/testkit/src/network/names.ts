// Which addresses a network has, and what names lead to them.
import {
  formatHostPort,
  formatIp,
  type HostPort,
  NetError,
  parseHostPort,
  parseIp,
} from "@satwire/net";
import { netFailure } from "./net-failure.ts";

/** Names that mean the host that uses them. */
const ownNames: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "localhost",
  "127.0.0.1",
  "::1",
  "0.0.0.0",
  "::",
]);

/** The canonical form of an address that may have been put together by hand. @throws NetError `invalid_address` */
export function canonical(address: HostPort): HostPort {
  return parseHostPort(formatHostPort(address), { allowPortZero: true });
}

/** The HostPort of an IP address in canonical text. */
export function ipAddress(ip: string, port: number): HostPort {
  return { kind: ip.includes(":") ? "ipv6" : "ipv4", host: ip, port };
}

/** Names and addresses of one network. */
export class Names {
  /** Name of the host that has an address. */
  readonly #hosts = new Map<string, string>();
  readonly #records = new Map<string, readonly string[]>();
  #nextIp = 1;

  /**
   * Gives a host its name and an address; returns both in canonical form.
   *
   * @throws RangeError for what is no name or address, or is taken
   */
  add(name: string, ip: string | undefined): { name: string; ip: string } {
    const canonicalName = checkedName(name);
    if (this.#records.has(canonicalName)) throw new RangeError(`the name "${name}" is taken`);
    const canonicalIp = ip === undefined ? this.#freeIp() : checkedIp(ip);
    if (this.#hosts.has(canonicalIp)) throw new RangeError(`the address ${canonicalIp} is taken`);
    this.#hosts.set(canonicalIp, canonicalName);
    this.#records.set(canonicalName, [canonicalIp]);
    return { name: canonicalName, ip: canonicalIp };
  }

  /**
   * What a name leads to from now on, hosts' own names included; no addresses: it is not found.
   *
   * @throws RangeError for what is no name or address
   */
  setRecord(name: string, ips: readonly string[]): void {
    this.#records.set(checkedName(name), ips.map(checkedIp));
  }

  /** Name of the host with an address. */
  hostAt(ip: string): string | undefined {
    return this.#hosts.get(ip);
  }

  /**
   * The addresses that a target stands for, seen from a host with an address of its own.
   *
   * @throws NetError `host_not_found`, `unsupported_address`
   */
  resolve(target: HostPort, ownIp: string, doing: string): readonly string[] {
    const { kind, host } = target;
    if (ownNames.has(host)) return [ownIp];
    if (kind === "ipv4" || kind === "ipv6") return [host];
    const ips = this.#records.get(host.endsWith(".") ? host.slice(0, -1) : host) ?? [];
    if (ips.length > 0) return ips;
    const address = formatHostPort(target);
    if (kind === "torv3") {
      throw new NetError("unsupported_address", `${doing} needs a dialer for Tor`, { address });
    }
    throw netFailure("ENOTFOUND", doing, { address });
  }

  #freeIp(): string {
    for (;;) {
      const n = this.#nextIp++;
      const ip = formatIp(Uint8Array.of(10, n >>> 16, n >>> 8, n));
      if (!this.#hosts.has(ip)) return ip;
    }
  }
}

function checkedName(name: string): string {
  try {
    const { kind, host } = parseHostPort(`${name}:1`);
    if ((kind === "dns" || kind === "torv3") && !ownNames.has(host) && !host.endsWith("."))
      return host;
  } catch {
    // said below
  }
  throw new RangeError(`"${name}" is no name for a host`);
}

function checkedIp(ip: string): string {
  const bytes = parseIp(ip);
  if (bytes !== undefined && !ownNames.has(formatIp(bytes))) return formatIp(bytes);
  throw new RangeError(`"${ip}" is no address for a host`);
}
