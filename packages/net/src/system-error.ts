/** Turns the operating system's and the resolver's error names into this package's codes. */
import { NetError, type NetErrorCode } from "./errors.ts";

const CODES: Readonly<Record<string, NetErrorCode>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timed_out",
  ENOTFOUND: "host_not_found",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EADDRINUSE: "address_in_use",
};

/** The error for a failed system call; `doing` is the start of its text, as in "connecting to [::1]:1". */
export function systemError(cause: unknown, doing: string, address?: string): NetError {
  const name = errorName(cause);
  const code = name.startsWith("EAI_")
    ? "host_not_found"
    : Object.hasOwn(CODES, name)
      ? CODES[name]
      : undefined;
  return new NetError(code ?? "failed", `${doing} failed: ${name}`, { address, cause });
}

/** What a failed system call throws in Node, for connections that have none underneath. */
export function simulatedCause(code: string, call: string): Error {
  return Object.assign(new Error(`${call} ${code}`), { code, syscall: call });
}

function errorName(cause: unknown): string {
  // Where a test runner has a realm of its own, as jest has, the system's errors are of another one.
  const code = (cause as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "unknown error";
}
