/**
 * What `#platform` is outside Node: there is no TCP, so everything that needs it rejects and says so.
 * Must export the same names with the same types as `platform.node.ts`.
 */
import { formatHostPort, type HostPort } from "./address.ts";
import type { Dialer, Listen, TcpDialerOptions } from "./dialer.ts";
import { NetError } from "./errors.ts";

/** Dials over TCP where the platform has it; elsewhere rejects with NetError `no_dialer`. */
export const defaultDialer: Dialer = (target) =>
  Promise.reject(noTcp("pass a dialer: this platform has no TCP", target));

/** Makes a TCP dialer; where the platform has no TCP, it rejects with NetError `no_dialer`. */
export function tcpDialer(_options: TcpDialerOptions = {}): Dialer {
  return defaultDialer;
}

/** Listens on TCP; where the platform has none, rejects with NetError `no_dialer`. */
export const listenTcp: Listen = (target) =>
  Promise.reject(noTcp("pass a listen function: this platform has no TCP", target));

function noTcp(text: string, target: HostPort): NetError {
  return new NetError("no_dialer", text, { address: formatHostPort(target) });
}
