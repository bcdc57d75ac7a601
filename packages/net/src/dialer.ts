/** The contracts for opening and accepting byte streams. No implementation is in this file. */
import type { HostPort } from "./address.ts";
import type { ByteStream } from "./byte-stream.ts";
import type { NetError } from "./errors.ts";

/** Options of one dial. */
export interface DialOptions {
  /** Ends the attempt at once; has no effect on the stream after the promise is settled. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a connection. The stream is the caller's: it must be started, ended or destroyed.
 *
 * Rejects with NetError: `refused`, `timed_out`, `host_not_found`, `unreachable`, `reset`, `aborted`
 * (`cause` is the signal's reason), `unsupported_address`, `invalid_address`, `no_dialer` or `failed`.
 */
export type Dialer = (target: HostPort, options?: DialOptions) => Promise<ByteStream>;

/** Options of a listener. */
export interface ListenOptions {
  /** Ends the attempt to listen; has no effect once the promise is settled. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Open streams that this listener accepted, at most; a connection above it is dropped at once.
   * @default no limit but the system's
   */
  readonly maxConnections?: number | undefined;
  /**
   * Idle time in milliseconds after which the system probes the peer, where connections can do that.
   * @default no probes
   */
  readonly keepAliveMs?: number | undefined;
  /** Told when accepting a connection failed; the listener goes on. */
  readonly onError?: ((error: NetError) => void) | undefined;
}

/** An open listener. */
export interface Listener extends AsyncDisposable {
  /** Where it listens: the real port when port 0 was asked for. */
  readonly address: HostPort;
  /**
   * Stops accepting and resolves when the address is free again; every call returns the same promise.
   * Streams accepted before live on and belong to those who got them; closing does not wait for them.
   */
  close(): Promise<void>;
}

/**
 * Accepts connections at an address; port 0 picks a free one. `onStream` owns each stream, which reads
 * nothing until it is started. When `onStream` throws, the stream is destroyed and the thrown value is thrown
 * again outside the listener, where the platform reports uncaught errors.
 *
 * Rejects with NetError: `address_in_use`, `host_not_found`, `aborted`, `unsupported_address`,
 * `invalid_address`, `no_dialer` or `failed`.
 */
export type Listen = (
  target: HostPort,
  onStream: (stream: ByteStream) => void,
  options?: ListenOptions,
) => Promise<Listener>;

/** Options of TCP connections. */
export interface TcpDialerOptions {
  /**
   * Idle time in milliseconds after which the system probes the peer.
   * @default no probes
   */
  readonly keepAliveMs?: number | undefined;
}
