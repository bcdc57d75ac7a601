// Failures of simulated system calls, as `@satwire/net` reports those of real ones.
import { NetError, type NetErrorCode } from "@satwire/net";

/** Node's name of a failure that can happen here. */
export type SystemErrorName =
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "ETIMEDOUT"
  | "EHOSTUNREACH"
  | "ENETDOWN"
  | "ENOTFOUND"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL";

interface Failure {
  readonly code: NetErrorCode;
  readonly errno: number;
  readonly syscall: string;
}

/** Numbers of Linux, and libuv's own for ENOTFOUND. */
const failures: Readonly<Record<SystemErrorName, Failure>> = {
  ECONNREFUSED: { code: "refused", errno: -111, syscall: "connect" },
  ECONNRESET: { code: "reset", errno: -104, syscall: "read" },
  ETIMEDOUT: { code: "timed_out", errno: -110, syscall: "connect" },
  EHOSTUNREACH: { code: "unreachable", errno: -113, syscall: "connect" },
  ENETDOWN: { code: "unreachable", errno: -100, syscall: "connect" },
  ENOTFOUND: { code: "host_not_found", errno: -3008, syscall: "getaddrinfo" },
  EADDRINUSE: { code: "address_in_use", errno: -98, syscall: "listen" },
  EADDRNOTAVAIL: { code: "failed", errno: -99, syscall: "listen" },
};

/** What else an error says. */
export interface NetFailureOptions {
  /** The address as text. */
  readonly address?: string | undefined;
  /** The system call, where it is not the usual one. */
  readonly syscall?: string | undefined;
}

/** The NetError of a failed system call, with `cause` as Node would have thrown it. */
export function netFailure(
  name: SystemErrorName,
  doing: string,
  { address, syscall }: NetFailureOptions = {},
): NetError {
  const failure = failures[name];
  const call = syscall ?? failure.syscall;
  const where = address === undefined ? "" : ` ${address}`;
  const cause = Object.assign(new Error(`${call} ${name}${where}`), {
    code: name,
    errno: failure.errno,
    syscall: call,
  });
  return new NetError(failure.code, `${doing} failed: ${name}`, { address, cause });
}
