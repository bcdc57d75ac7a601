import type { ConnectionState } from "./connection-event.ts";

/** Why a connection could not be made, ended, or refused a call. */
export type PeerErrorCode =
  /** Text that is no `pubkey@host:port`. */
  | "invalid_address"
  /** An option that makes no sense. */
  | "invalid_option"
  /** The address could not be reached; `cause` is a `NetError`. */
  | "dial_failed"
  /** Nobody answered the dial in time. */
  | "dial_timeout"
  /** BOLT 8 failed; `cause` is a `HandshakeError` with the reason. */
  | "handshake_failed"
  /** The other side fell silent during the handshake. */
  | "handshake_timeout"
  /** The other side sent no `init` in time. */
  | "init_timeout"
  /** Another message came before `init`. */
  | "init_expected"
  /** A second `init` came. */
  | "init_repeated"
  /** The peer's features do not fit; `cause` is a `FeatureError`. */
  | "incompatible_features"
  /** Both sides named their chains and have none in common. */
  | "no_common_chain"
  /** The `onInit` hook threw; `cause` is what it threw. */
  | "init_refused"
  /** The peer sent an `error` before `init`; its text is in the message if it is printable. */
  | "remote_error"
  /** A known message could not be read; `cause` is a `DecodeError`. */
  | "malformed_message"
  /** A message of an even type that is not known. */
  | "unknown_required_message"
  /** No answer, nor anything else that was asked for, came in time. */
  | "download_timeout"
  /** Answers that do not fit what was asked. */
  | "protocol_violation"
  /** A frame did not authenticate, or ended in the middle; `cause` is a `TransportError`. */
  | "transport_failed"
  /** The connection broke; `cause` is a `NetError`. */
  | "connection_lost"
  /** The peer ended the connection before `init` was exchanged. */
  | "closed_by_peer"
  /** The caller's signal aborted; `cause` is its reason. */
  | "aborted"
  /** The connection is closed, by `close` or by what `cause` says. */
  | "closed"
  /** There is no connection yet. */
  | "not_connected"
  /** `connect` was called before: a peer connects once. */
  | "already_connected"
  /** Another loop is reading the messages. */
  | "already_receiving"
  /** A message that cannot be written; `cause` is an `EncodeError`. */
  | "invalid_message"
  /** Too many messages wait to be sent. */
  | "send_queue_full"
  /** No `pong` came in time. */
  | "ping_timeout";

/** The one error class of this package. */
export class PeerError extends Error {
  override readonly name = "PeerError";
  readonly code: PeerErrorCode;
  /** What the connection was doing. */
  readonly phase: ConnectionState;

  constructor(
    code: PeerErrorCode,
    text: string,
    { phase = "disconnected", cause }: { phase?: ConnectionState; cause?: unknown } = {},
  ) {
    super(text, cause === undefined ? undefined : { cause });
    this.code = code;
    this.phase = phase;
  }
}
