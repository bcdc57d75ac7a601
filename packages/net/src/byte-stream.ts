/**
 * The contract of a duplex byte stream: what a TCP connection, a WebSocket or an in-memory pair is to
 * the code that reads and writes it. No implementation is in this file.
 *
 * Who owns the bytes: `write` hands the array to the stream, so the caller must not change it
 * afterwards; `onData` hands the chunk to the consumer, which may keep or change it.
 */
import type { HostPort } from "./address.ts";
import type { NetError } from "./errors.ts";

/**
 * What the one consumer of a {@link ByteStream} is told.
 *
 * No callback ever runs inside a call to the stream, so `write` or `pause` cannot re-enter the consumer.
 * A callback that throws destroys the stream: `onClose` gets `failed` with what was thrown as `cause`, and
 * the thrown value is thrown again outside the stream, where the platform reports uncaught errors.
 */
export interface ByteStreamHandler {
  /** A non-empty chunk; borders between chunks mean nothing. The consumer owns the bytes. */
  onData(chunk: Uint8Array): void;
  /** The peer ended its side and everything before that was delivered; writing is still possible. */
  onEnd(): void;
  /** Called once after a `write` that returned false, when there is room again. Not called after `end`. */
  onDrain(): void;
  /**
   * The last call, made exactly once. `error` is undefined only after both sides ended in order and
   * `onEnd` was called; `closed` means this side destroyed the stream.
   */
  onClose(error?: NetError): void;
}

/** Duplex bytes with backpressure for one consumer; half-closed streams are allowed, as in TCP. */
export interface ByteStream {
  /** This side's address at the time the stream opened. */
  readonly localAddress: HostPort | undefined;
  /** The peer's address at the time the stream opened: what was connected to, after name look-up. */
  readonly remoteAddress: HostPort | undefined;
  /**
   * Starts delivery to the one consumer. Until then nothing is read and nothing is lost: data, an end, a
   * drain and a close that happened before are delivered afterwards. `write`, `end`, `destroy` and `pause`
   * work before it.
   *
   * @throws NetError `already_started` when called a second time
   */
  start(handler: ByteStreamHandler): void;
  /**
   * Stops `onData` before the next chunk, also when called inside `onData`. `onEnd` may still come when no
   * data is left before it.
   */
  pause(): void;
  /** Undoes `pause`; calls are not counted. */
  resume(): void;
  /**
   * Queues bytes; the stream owns the array from here. Returns false when the queue is full: the bytes
   * are accepted, and the caller waits for `onDrain` before it writes more. When the connection has failed and
   * `onClose` is on its way the bytes are dropped and the result is false.
   *
   * @throws NetError `closed` after `end`, after `destroy` and from `onClose` on
   */
  write(bytes: Uint8Array): boolean;
  /** Sends what is queued, then tells the peer that nothing follows (FIN). Later calls do nothing. */
  end(): void;
  /**
   * Drops what is queued in both directions and resets the connection: the peer's `onClose` gets `reset`.
   * Only `onClose` follows here, with `error` itself when that is a NetError, else with code `closed` and
   * `error` as `cause`. Does nothing on a closed stream.
   */
  destroy(error?: Error): void;
}
