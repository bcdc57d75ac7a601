// The error of a mock: shaped as the one of a real connection.
import type { ConnectionError, ConnectionState, PeerErrorCode } from "./peer-connection.ts";

/** What an error of a connection knows besides its code and text. */
export interface ConnectionErrorDetails {
  /** What the connection was doing. */
  readonly phase: ConnectionState;
  readonly cause?: unknown;
}

/**
 * Thrown by a `MockConnection` unless it is told to make others. Its name, code and phase are those of lnp2p's
 * `PeerError`; `instanceof PeerError` is not true for it.
 */
export class MockPeerError extends Error implements ConnectionError {
  override readonly name = "PeerError";
  readonly code: PeerErrorCode;
  readonly phase: ConnectionState;

  constructor(code: PeerErrorCode, text: string, details: Partial<ConnectionErrorDetails> = {}) {
    super(text, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.phase = details.phase ?? "disconnected";
  }
}
