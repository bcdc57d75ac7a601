/**
 * The contract between a stream of bytes and a protocol that cuts it into messages: BOLT 8, Bitcoin's v1 and
 * v2 transports. A framing does no IO and knows nothing of sockets.
 */

/** What received bytes led to. */
export interface FramingResult {
  /** Bytes to send now, before anything else. */
  readonly reply?: Uint8Array | undefined;
  /** Messages that are complete, oldest first; the receiver owns them. */
  readonly messages: readonly Uint8Array[];
  /** Why nothing more can be received or sent. Messages that came before it are in `messages`. */
  readonly failure?: Error | undefined;
}

/** Turns messages into bytes and bytes into messages, after a handshake of its own. */
export interface Framing {
  /** True once messages can be sent. */
  readonly established: boolean;
  /** Bytes to send before anything was received; called once. */
  open(): Uint8Array | undefined;
  /** Takes received bytes. Does not throw for what they say: that is `failure`. */
  push(chunk: Uint8Array): FramingResult;
  /** The peer will send nothing more: returns what is wrong with that here, if anything is. */
  end(): Error | undefined;
  /** Throws, in the framing's own terms, if a message of this length can never be sent. */
  checkLength(messageLength: number): void;
  /** Several messages as bytes for the wire, in order. Called when established only. */
  encode(messages: readonly Uint8Array[]): Uint8Array;
  /** Overwrites secrets; nothing else is called afterwards. Idempotent. */
  destroy(): void;
}
