import type { PeerError } from "./errors.ts";

/** What a connection is doing. It moves forward through these and never back. */
export type ConnectionState =
  /** Before `connect`, and at the end. */
  | "disconnected"
  /** Waiting for the address to answer. */
  | "connecting"
  /** The acts of BOLT 8. */
  | "handshaking"
  /** Waiting for the peer's `init`. */
  | "initializing"
  /** Messages flow. */
  | "connected"
  /** Sending what is queued before the end. */
  | "closing";

/** A change of state, or something worth knowing within one. */
export interface ConnectionEvent {
  /** `"note"` for what changes no state, such as a warning of the peer. */
  readonly type: "state" | "note";
  readonly state: ConnectionState;
  /** Milliseconds since 1970, from the connection's clock. */
  readonly timestamp: number;
  /** Why the connection ended; absent when it was closed in order. */
  readonly error?: PeerError;
  /** A few words for people, such as the text of a `warning`. */
  readonly details?: string;
}
