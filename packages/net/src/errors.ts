/** The error of this package. */

/**
 * What went wrong:
 * - `refused`: nobody listens at the address
 * - `reset`: the peer, or something between, dropped the connection
 * - `timed_out`: the operating system gave up waiting for the peer
 * - `host_not_found`: the name has no address, or the name service did not answer
 * - `unreachable`: there is no route to the host or network
 * - `address_in_use`: another listener has the address
 * - `aborted`: the caller's signal fired; `cause` is its reason
 * - `closed`: this side ended or destroyed the stream
 * - `already_started`: the stream has a consumer
 * - `no_dialer`: this platform cannot open or accept connections by itself
 * - `invalid_address`: the text is not an address, or the port cannot be used
 * - `unsupported_address`: the dialer or listener cannot reach this kind of address
 * - `failed`: anything else; `cause` has the details
 */
export type NetErrorCode =
  | "refused"
  | "reset"
  | "timed_out"
  | "host_not_found"
  | "unreachable"
  | "address_in_use"
  | "aborted"
  | "closed"
  | "already_started"
  | "no_dialer"
  | "invalid_address"
  | "unsupported_address"
  | "failed";

/** What a {@link NetError} knows besides its text. */
export interface NetErrorOptions {
  /** The address as text, printable. */
  readonly address?: string | undefined;
  readonly cause?: unknown;
}

/** A failed connection, listener or address; `code` says which kind. */
export class NetError extends Error {
  override readonly name = "NetError";
  readonly code: NetErrorCode;
  /** The address the error is about, as printable text, where there is one. */
  readonly address: string | undefined;

  constructor(code: NetErrorCode, message: string, options: NetErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.address = options.address;
  }
}

/** The error of an attempt that the caller's signal ended. */
export function abortError(signal: AbortSignal, doing: string, address: string): NetError {
  return new NetError("aborted", `${doing} was aborted`, { address, cause: signal.reason });
}
