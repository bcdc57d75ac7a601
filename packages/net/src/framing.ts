/**
 * The contract between a stream of bytes and a protocol that cuts it into messages: BOLT 8, Bitcoin's v1 and
 * v2 transports. A framing does no IO and knows nothing of sockets.
 */

/** What received bytes led to. */
export interface FramingResult<In = Uint8Array> {
  /** Bytes to send now, before anything else. */
  readonly reply?: Uint8Array | undefined;
  /** Messages that are complete, oldest first; the receiver owns them. */
  readonly messages: readonly In[];
  /** Why nothing more can be received or sent. Messages that came before it are in `messages`. */
  readonly failure?: Error | undefined;
}

/**
 * Turns messages into bytes and bytes into messages, after a handshake of its own. `Out` is what is sent, `In` what
 * comes: bytes, or whatever the protocol makes of them.
 */
export interface Framing<Out = Uint8Array, In = Uint8Array> {
  /** True once messages can be sent. */
  readonly established: boolean;
  /** Bytes to send before anything was received; called once. */
  open(): Uint8Array | undefined;
  /** Takes received bytes. Does not throw for what they say: that is `failure`. */
  push(chunk: Uint8Array): FramingResult<In>;
  /** The peer will send nothing more: returns what is wrong with that here, if anything is. */
  end(): Error | undefined;
  /** Throws, in the framing's own terms, if this message can never be sent. May be called before the handshake is done. */
  check(message: Out): void;
  /**
   * Several messages as bytes for the wire, in order. Called when established only. For a message that can never be sent it
   * throws as `check` does, and goes on as if it had not been called; whatever else it throws is the end of the framing.
   */
  encode(messages: readonly Out[]): Uint8Array;
  /** Overwrites secrets; nothing else is called afterwards. Idempotent. */
  destroy(): void;
}
