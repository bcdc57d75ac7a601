/**
 * Scope: messages to frames and frames to messages after the handshake
 * (BOLT 8, "Lightning Message Specification"). A frame is the encrypted length (2 + 16 bytes)
 * followed by the encrypted message (its length + 16 bytes).
 * Bytes: what `encrypt` and `push` return is fresh and belongs to the caller. What is given to them
 * is only read during the call, and may be reused afterwards.
 */
import type { DirectionCipher } from "./cipher.ts";
import { tagLength } from "./crypto.ts";
import { TransportError } from "./errors.ts";

/** The longest message (BOLT 8, "Lightning Message Specification"). */
export const maxMessageLength = 65535;

/** Bytes of a frame in front of the encrypted message: its length and a tag. */
export const frameHeaderLength = 18;

const lengthBytes = 2;
/** A receive buffer up to this size is kept for the next partial frame, a larger one is dropped. */
const keptBufferBytes = 4096;
const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Bytes on the wire for a message of this length: 34 more.
 *
 * @throws TransportError `message_too_long` over 65535
 */
export function frameLength(messageLength: number): number {
  if (messageLength <= maxMessageLength) return frameHeaderLength + messageLength + tagLength;
  throw new TransportError(
    "message_too_long",
    `message is ${messageLength} bytes, the maximum is ${maxMessageLength}`,
    { length: messageLength },
  );
}

/**
 * The encrypted channel that a handshake leads to; one object per connection, both directions.
 *
 * @example
 * ```ts
 * socket.write(transport.encrypt(message));
 * for (const message of transport.push(chunk)) handle(message);
 * if (transport.failure !== undefined) close(transport.failure);
 * ```
 */
export class NoiseTransport {
  readonly #sending: DirectionCipher;
  readonly #receiving: DirectionCipher;
  readonly #header: Uint8Array = new Uint8Array(lengthBytes);

  // One incomplete header or body; what is complete inside one chunk never passes through here.
  #buffer: Uint8Array = noBytes;
  #buffered = 0;
  /** Length of the message whose body comes next, -1 while a header does. */
  #bodyLength = -1;
  #failure: TransportError | undefined;
  #destroyed = false;

  constructor(sending: DirectionCipher, receiving: DirectionCipher) {
    this.#sending = sending;
    this.#receiving = receiving;
  }

  /** What made this transport unusable: a bad frame or a failing crypto backend. */
  get failure(): TransportError | undefined {
    return this.#failure;
  }

  /**
   * Received bytes of the frame that is not complete yet. 0 only between two frames: a connection
   * that ends at any other value was cut off.
   */
  get bytesBuffered(): number {
    return this.#bodyLength < 0 ? this.#buffered : frameHeaderLength + this.#buffered;
  }

  /**
   * One message as one frame.
   *
   * @throws TransportError `message_too_long`, `crypto`, `failed`, `destroyed`
   */
  encrypt(message: Uint8Array): Uint8Array {
    this.#refuseIfUnusable();
    const frame = new Uint8Array(frameLength(message.length));
    this.#sealFrame(message, frame, 0);
    return frame;
  }

  /**
   * Writes one message as one frame into `out` and returns the number of bytes written, so that
   * several frames can share one buffer and one write. The message may already lie in `out` at
   * `offset + frameHeaderLength`, where it is encrypted in place; it must not overlap the frame
   * otherwise.
   *
   * @example
   * ```ts
   * const out = new Uint8Array(messages.reduce((sum, m) => sum + frameLength(m.length), 0));
   * let end = 0;
   * for (const message of messages) end += transport.encryptInto(message, out, end);
   * ```
   *
   * @throws TransportError `message_too_long`, `output_too_small`, `crypto`, `failed`, `destroyed`
   */
  encryptInto(message: Uint8Array, out: Uint8Array, offset: number): number {
    this.#refuseIfUnusable();
    const length = frameLength(message.length);
    if (!(offset >= 0 && offset + length <= out.length)) {
      throw new TransportError(
        "output_too_small",
        `frame of ${length} bytes does not fit at ${offset} into ${out.length} bytes`,
        { length: message.length },
      );
    }
    this.#sealFrame(message, out, offset);
    return length;
  }

  /**
   * Takes the next received bytes and returns every message that they complete, oldest first.
   * Messages of 0 and 1 bytes are returned too, although Lightning gives them no meaning.
   *
   * Nothing that was received before a bad frame is lost: if the same chunk completed messages
   * before it, those are returned and `failure` is set; if it did not, the failure is thrown. Every
   * later call throws `failed`.
   *
   * @throws TransportError `header_tag`, `body_tag`, `crypto`, `failed`, `destroyed`
   */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#refuseIfUnusable();
    const messages: Uint8Array[] = [];
    try {
      this.#readFrames(chunk, messages);
    } catch (cause) {
      const failure = this.#fail(cause);
      if (messages.length === 0) throw failure;
    }
    return messages;
  }

  /** The peer will send nothing more: an error `truncated` if that is in the middle of a frame. */
  end(): TransportError | undefined {
    if (this.#buffered === 0 && this.#bodyLength < 0) return undefined;
    const waiting = this.#bodyLength < 0 ? "a header" : `a message of ${this.#bodyLength} bytes`;
    return new TransportError("truncated", `the peer stopped sending in the middle of ${waiting}`);
  }

  /** Overwrites the keys and refuses every later use with `destroyed`. Idempotent. */
  destroy(): void {
    this.#destroyed = true;
    this.#release();
  }

  #sealFrame(message: Uint8Array, out: Uint8Array, offset: number): void {
    const { length } = message;
    const body = offset + frameHeaderLength;
    out[offset] = length >>> 8;
    out[offset + 1] = length; // stores the low 8 bits
    try {
      this.#sending.seal(out, offset, lengthBytes, out, offset);
      this.#sending.seal(message, 0, length, out, body);
    } catch (cause) {
      throw this.#fail(cause); // a nonce is used for a frame that will never be sent
    }
  }

  #readFrames(chunk: Uint8Array, messages: Uint8Array[]): void {
    let position = 0;
    for (;;) {
      const needed = this.#bodyLength < 0 ? frameHeaderLength : this.#bodyLength + tagLength;
      const available = chunk.length - position;
      if (this.#buffered === 0 && available >= needed) {
        this.#openUnit(chunk, position, messages);
        position += needed;
        continue;
      }
      if (available === 0) return;
      const taken = Math.min(needed - this.#buffered, available);
      this.#append(chunk, position, taken, needed);
      position += taken;
      if (this.#buffered < needed) return;
      this.#openUnit(this.#buffer, 0, messages);
      this.#buffered = 0;
      if (this.#buffer.length > keptBufferBytes) this.#buffer = noBytes;
    }
  }

  /** Opens the header or the body that starts at `offset` and is complete. */
  #openUnit(src: Uint8Array, offset: number, messages: Uint8Array[]): void {
    const length = this.#bodyLength;
    if (length < 0) {
      if (!this.#receiving.open(src, offset, lengthBytes, this.#header, 0)) {
        throw new TransportError("header_tag", "frame header does not authenticate");
      }
      this.#bodyLength = ((this.#header[0] ?? 0) << 8) | (this.#header[1] ?? 0);
      return;
    }
    const message = new Uint8Array(length);
    if (!this.#receiving.open(src, offset, length, message, 0)) {
      throw new TransportError("body_tag", `message of ${length} bytes does not authenticate`, {
        length,
      });
    }
    messages.push(message);
    this.#bodyLength = -1;
  }

  /** Keeps received bytes. Capacity doubles with what was received, it never follows the header. */
  #append(chunk: Uint8Array, position: number, length: number, needed: number): void {
    const end = this.#buffered + length;
    if (end > this.#buffer.length) {
      const capacity = Math.max(end, Math.min(needed, this.#buffer.length * 2));
      const grown = new Uint8Array(capacity);
      grown.set(this.#buffer.subarray(0, this.#buffered));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk.subarray(position, position + length), this.#buffered);
    this.#buffered = end;
  }

  #refuseIfUnusable(): void {
    if (this.#destroyed) throw new TransportError("destroyed", "transport is destroyed");
    if (this.#failure === undefined) return;
    const { message } = this.#failure;
    throw new TransportError("failed", `transport failed before: ${message}`, {
      cause: this.#failure,
    });
  }

  #fail(cause: unknown): TransportError {
    const failure =
      cause instanceof TransportError
        ? cause
        : new TransportError("crypto", "the crypto backend threw", { cause });
    this.#failure = failure;
    this.#release();
    return failure;
  }

  #release(): void {
    this.#sending.destroy();
    this.#receiving.destroy();
    this.#buffer = noBytes;
    this.#buffered = 0;
    this.#bodyLength = -1;
  }
}
