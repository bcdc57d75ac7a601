/**
 * Scope: one side of a connection from the first byte on, driven by received bytes alone: the acts of the
 * handshake, then the transport. For those who do not need the steps of {@link initiate} and
 * {@link respond} one by one.
 * Bytes: chunks are only read during the call; what is returned belongs to the caller.
 */
import { act1Length, act2Length, act3Length } from "./act.ts";
import { HandshakeError, TransportError } from "./errors.ts";
import {
  initiate,
  type InitiateOptions,
  type InitiatorResult,
  respond,
  type RespondOptions,
  type ResponderResult,
} from "./handshake.ts";
import { frameLength, type NoiseTransport } from "./transport.ts";

/** What received bytes led to. */
export interface NoiseChannelResult {
  /** The next act, to be sent now. */
  readonly reply?: Uint8Array;
  /** Decrypted messages, oldest first. */
  readonly messages: readonly Uint8Array[];
  /**
   * Why the channel is of no further use. Close the connection without sending anything more; messages
   * that came before are in `messages`.
   */
  readonly failure?: HandshakeError | TransportError;
}

/** An act that is waited for. */
interface Stage {
  readonly length: number;
  read(act: Uint8Array): Progress;
  destroy(): void;
}

interface Progress {
  readonly reply?: Uint8Array;
  readonly next: Stage | NoiseTransport;
}

/**
 * One side of a BOLT 8 connection.
 *
 * @example
 * ```ts
 * const channel = NoiseChannel.initiator({ localKey, remoteKey });
 * socket.write(channel.open());
 * socket.on("data", (chunk) => {
 *   const { reply, messages, failure } = channel.push(chunk);
 *   if (reply) socket.write(reply);
 *   for (const message of messages) handle(message);
 *   if (failure) socket.destroy();
 * });
 * ```
 */
export class NoiseChannel {
  /** The other side's public key: known from the start by the initiator, after act three by the responder. */
  get remoteKey(): Uint8Array | undefined {
    return this.#remoteKey;
  }

  /** True once messages can be sent. */
  get established(): boolean {
    return this.#transport !== undefined;
  }

  readonly #opening: Uint8Array | undefined;
  #stage: Stage | undefined;
  #transport: NoiseTransport | undefined;
  #remoteKey: Uint8Array | undefined;
  /** What ended the handshake. */
  #failure: HandshakeError | undefined;
  readonly #act: Uint8Array = new Uint8Array(act3Length);
  #buffered = 0;

  private constructor(opening: Uint8Array | undefined, remoteKey: Uint8Array | undefined) {
    this.#opening = opening;
    this.#remoteKey = remoteKey;
  }

  /** The side that dials. @throws KeyError; HandshakeError `crypto` */
  static initiator(options: InitiateOptions): NoiseChannel {
    const step = initiate(options);
    const channel = new NoiseChannel(step.act1, Uint8Array.from(options.remoteKey));
    channel.#stage = {
      length: act2Length,
      read(bytes): Progress {
        const { act3, transport }: InitiatorResult = step.readAct2(bytes);
        return { reply: act3, next: transport };
      },
      destroy: step.destroy,
    };
    return channel;
  }

  /** The side that is called. @throws KeyError; HandshakeError `crypto` */
  static responder(options: RespondOptions): NoiseChannel {
    const step = respond(options);
    const channel = new NoiseChannel(undefined, undefined);
    channel.#stage = {
      length: act1Length,
      read(bytes): Progress {
        const { act2, readAct3, destroy } = step.readAct1(bytes);
        const last: Stage = {
          length: act3Length,
          read(act3): Progress {
            const { remoteKey, transport }: ResponderResult = readAct3(act3);
            channel.#remoteKey = remoteKey;
            return { next: transport };
          },
          destroy,
        };
        return { reply: act2, next: last };
      },
      destroy: step.destroy,
    };
    return channel;
  }

  /** The initiator's act one; nothing for the responder. */
  open(): Uint8Array | undefined {
    return this.#opening;
  }

  /**
   * Takes received bytes, cut at any place. Throws neither for what they say nor for a local key or a crypto
   * backend that does: see `failure`.
   */
  push(chunk: Uint8Array): NoiseChannelResult {
    if (this.#failure !== undefined) return { messages: [], failure: this.#failure };
    let position = 0;
    let reply: Uint8Array | undefined;
    while (this.#stage !== undefined) {
      const { length } = this.#stage;
      const taken = Math.min(length - this.#buffered, chunk.length - position);
      this.#act.set(chunk.subarray(position, position + taken), this.#buffered);
      this.#buffered += taken;
      position += taken;
      if (this.#buffered < length) return withReply(reply, []);
      this.#buffered = 0;
      try {
        const progress = this.#stage.read(this.#act.subarray(0, length));
        reply = progress.reply ?? reply;
        if ("encrypt" in progress.next) {
          this.#stage = undefined;
          this.#transport = progress.next;
        } else this.#stage = progress.next;
      } catch (error) {
        const failure = error as HandshakeError; // the steps throw nothing else
        this.#failure = failure;
        return { messages: [], failure };
      }
    }
    return this.#receive(chunk.subarray(position), reply);
  }

  /**
   * The other side will send nothing more: what is wrong with that. A handshake error `act_…_length` if
   * it stopped inside the handshake, a transport error `truncated` inside a frame, else nothing.
   */
  end(): HandshakeError | TransportError | undefined {
    if (this.#stage === undefined) return this.#transport?.end();
    if (this.#failure !== undefined) return this.#failure;
    try {
      this.#stage.read(this.#act.subarray(0, this.#buffered));
    } catch (error) {
      this.#failure = error as HandshakeError;
    }
    return this.#failure;
  }

  /** @throws TransportError `message_too_long` over 65535 bytes */
  check(message: Uint8Array): void {
    frameLength(message.length);
  }

  /**
   * Messages as frames in one piece, in order.
   *
   * @throws TransportError `not_established` before the handshake is done, `message_too_long` before
   * any of them is encrypted, `crypto`, `failed`, `destroyed`
   */
  encode(messages: readonly Uint8Array[]): Uint8Array {
    if (this.#transport === undefined) {
      throw new TransportError("not_established", "the handshake is not done");
    }
    const total = messages.reduce((sum, message) => sum + frameLength(message.length), 0);
    const out = new Uint8Array(total);
    let end = 0;
    for (const message of messages) end += this.#transport.encryptInto(message, out, end);
    return out;
  }

  /** Overwrites every key. Idempotent. */
  destroy(): void {
    this.#stage?.destroy();
    this.#transport?.destroy();
  }

  #receive(chunk: Uint8Array, reply: Uint8Array | undefined): NoiseChannelResult {
    const transport = this.#transport as NoiseTransport;
    try {
      const messages = transport.push(chunk);
      const { failure } = transport;
      return failure === undefined
        ? withReply(reply, messages)
        : { ...withReply(reply, messages), failure };
    } catch (error) {
      return { ...withReply(reply, []), failure: error as TransportError };
    }
  }
}

function withReply(
  reply: Uint8Array | undefined,
  messages: readonly Uint8Array[],
): NoiseChannelResult {
  return reply === undefined ? { messages } : { reply, messages };
}
