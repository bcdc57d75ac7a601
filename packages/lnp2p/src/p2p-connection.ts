import type { Init, KnownMessage, MessageBase } from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";
import type { ConnectionEvent, ConnectionState } from "./connection-event.ts";
import type { PingOptions } from "./pings.ts";
import type { ReceivedMessage, SendableMessage } from "./peer-machine.ts";

/** Options of calls that wait. */
export interface WaitOptions {
  /** Ends the wait with a PeerError `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One connection to one Lightning node: what higher layers build on and mocks stand in for.
 * `M` is the union of the messages that it understands.
 */
export interface P2PConnection<M extends MessageBase = KnownMessage> extends AsyncDisposable {
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
  /** Connects, does the handshake and exchanges `init`. @throws PeerError */
  connect(options?: WaitOptions): Promise<void>;
  /** Resolves when the message was handed to the socket. @throws PeerError */
  sendMessage(message: SendableMessage<M>, options?: WaitOptions): Promise<void>;
  /**
   * Messages from the first one on, for one reader at a time; leaving the loop and entering it again
   * loses nothing. Ends when the connection was closed in order, throws its PeerError otherwise, both
   * after the last message that was received.
   */
  receiveMessages(): AsyncIterableIterator<ReceivedMessage<M>, undefined>;
  /** Sends a `ping` and waits for its `pong`; resolves with the milliseconds in between. @throws PeerError */
  ping(options?: PingOptions): Promise<number>;
  /** All events from the first one on, for any number of readers; `disconnected` is the last. */
  connectionEvents(): AsyncIterableIterator<ConnectionEvent, undefined>;
  /**
   * Ends the connection, in order if there is one: calls of `sendMessage` that wait are still served, as
   * far as the peer reads within the deadline. Every call returns the same promise.
   */
  close(): Promise<void>;
}
