// What a connection to one Lightning node is, told structurally: this package stands below the one that has real
// connections, so the shapes of `@satwire/lnp2p` are written down here once more. A test there keeps them equal.
import type {
  ErrorMessage,
  Init,
  KnownMessage,
  MessageBase,
  Ping,
  Pong,
  UnknownMessage,
  Warning,
} from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";

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

/** Why a connection could not be made, ended, or refused a call: the codes of lnp2p's `PeerError`. */
export type PeerErrorCode =
  | "invalid_address"
  | "invalid_option"
  | "dial_failed"
  | "dial_timeout"
  | "handshake_failed"
  | "handshake_timeout"
  | "init_timeout"
  | "init_expected"
  | "init_repeated"
  | "incompatible_features"
  | "no_common_chain"
  | "init_refused"
  | "remote_error"
  | "malformed_message"
  | "unknown_required_message"
  | "download_timeout"
  | "protocol_violation"
  | "transport_failed"
  | "connection_lost"
  | "closed_by_peer"
  | "aborted"
  | "closed"
  | "not_connected"
  | "already_connected"
  | "already_receiving"
  | "invalid_message"
  | "send_queue_full"
  | "ping_timeout";

/** The shape of lnp2p's `PeerError`, and of every error that a connection throws. */
export interface ConnectionError extends Error {
  readonly name: "PeerError";
  readonly code: PeerErrorCode;
  /** What the connection was doing. */
  readonly phase: ConnectionState;
}

/** A change of state, or something worth knowing within one. */
export interface ConnectionEvent {
  /** `"note"` for what changes no state, such as a warning of the peer. */
  readonly type: "state" | "note";
  readonly state: ConnectionState;
  /** Milliseconds since 1970, from the connection's clock. */
  readonly timestamp: number;
  /** Why the connection ended; absent when it was closed in order. */
  readonly error?: ConnectionError;
  /** A few words for people, such as the text of a `warning`. */
  readonly details?: string;
}

/** What a connection hands to its user: `init`, `ping` and `pong` are its own affair. */
export type ReceivedMessage<M extends MessageBase> =
  | Exclude<M, Init | Ping | Pong>
  | ErrorMessage
  | Warning
  | UnknownMessage;

/** What can be sent: everything but `init`, which a connection sends by itself. */
export type SendableMessage<M extends MessageBase> =
  | Exclude<M, Init>
  | ErrorMessage
  | Warning
  | Ping
  | Pong
  | UnknownMessage;

/** Options of the calls of a connection that wait. */
export interface ConnectionWaitOptions {
  /** Ends the wait with a {@link ConnectionError} `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of one ping. */
export interface PingOptions extends ConnectionWaitOptions {
  /**
   * Bytes wanted in the `pong`, up to 65531.
   * @default 1
   */
  readonly numPongBytes?: number | undefined;
  /**
   * Zero bytes in the `ping` itself, up to 65529.
   * @default 0
   */
  readonly ignoredBytes?: number | undefined;
  /**
   * Milliseconds for sending and for the answer.
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * One connection to one Lightning node, equal in shape to lnp2p's `P2PConnection`: what a `SimplePeer` is, and what
 * a mock stands in for. `M` is the union of the messages that it understands.
 */
export interface PeerConnection<M extends MessageBase = KnownMessage> extends AsyncDisposable {
  /** Our node id, 33 bytes. */
  readonly localPublicKey: Uint8Array;
  /** The peer's node id, 33 bytes; a responder learns it in the handshake. */
  readonly remotePublicKey: Uint8Array | undefined;
  readonly localAddress: HostPort | undefined;
  readonly remoteAddress: HostPort | undefined;
  readonly state: ConnectionState;
  /** True while messages flow. */
  readonly isConnected: boolean;
  /** The peer's `init`, once it was accepted. */
  readonly remoteInit: Init | undefined;
  /** The peer's feature bits, both sets of its `init` joined, once it was accepted. */
  readonly remoteFeatures: Uint8Array | undefined;
  /** Connects, does the handshake and exchanges `init`. @throws ConnectionError */
  connect(options?: ConnectionWaitOptions): Promise<void>;
  /** Resolves when the message was handed to the socket. @throws ConnectionError */
  sendMessage(message: SendableMessage<M>, options?: ConnectionWaitOptions): Promise<void>;
  /**
   * Messages from the first one on, for one reader at a time; leaving the loop and entering it again
   * loses nothing. Ends when the connection was closed in order, throws its error otherwise, both
   * after the last message that was received.
   *
   * @throws ConnectionError `already_receiving` while another loop reads
   */
  receiveMessages(): AsyncIterableIterator<ReceivedMessage<M>, undefined>;
  /** Sends a `ping` and waits for its `pong`; resolves with the milliseconds in between. @throws ConnectionError */
  ping(options?: PingOptions): Promise<number>;
  /** All events from the first one on, for any number of readers; `disconnected` is the last. */
  connectionEvents(): AsyncIterableIterator<ConnectionEvent, undefined>;
  /**
   * Ends the connection, in order if there is one: calls of `sendMessage` that wait are still served, as
   * far as the peer reads within the deadline. Every call returns the same promise.
   */
  close(): Promise<void>;
}
