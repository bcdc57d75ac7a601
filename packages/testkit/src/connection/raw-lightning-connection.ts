// A Lightning connection without any rules: the handshake of BOLT 8, then whatever a test sends.
import {
  DecodeError,
  type KnownMessage,
  lightningMessages,
  type MessageBase,
  type MessageSet,
  noPongFrom,
  type UnknownMessage,
} from "@satwire/lnwire";
import {
  type ByteStream,
  defaultDialer,
  type Dialer,
  type Framing,
  type HostPort,
} from "@satwire/net";
import {
  generatePrivateKey,
  type LocalKey,
  NoiseChannel,
  type NoiseCrypto,
  nobleCrypto,
  publicKeyOf,
} from "@satwire/noise";
import { AssertionError } from "../assertion-error.ts";
import type { WaitOptions } from "../conditions.ts";
import { type PlainMessage, RawConnection, type RawConnectionOptions } from "./raw-connection.ts";

/** What a {@link RawLightningConnection} can be made with. */
export interface RawLightningOptions<M extends MessageBase = KnownMessage>
  extends RawConnectionOptions {
  /**
   * Key of this side: 32 bytes, or something that can do ECDH.
   * @default a new one
   */
  readonly localKey?: Uint8Array | LocalKey | undefined;
  /** @default nobleCrypto */
  readonly crypto?: NoiseCrypto | undefined;
  /**
   * The messages that are read and written as such.
   * @default lightningMessages
   */
  readonly messages?: MessageSet<M> | undefined;
}

/** What the side that dials needs to know as well. */
export interface RawLightningInitiateOptions<M extends MessageBase = KnownMessage>
  extends RawLightningOptions<M> {
  /** The key that the other side has to have, 33 bytes. */
  readonly remoteKey: Uint8Array;
}

/** What {@link RawLightningConnection.dial} can be told. */
export interface RawLightningDialOptions<M extends MessageBase = KnownMessage>
  extends RawLightningOptions<M> {
  readonly target: { readonly publicKey: Uint8Array; readonly address: HostPort };
  /** @default defaultDialer */
  readonly dialer?: Dialer | undefined;
  /** Ends the dialing and the wait for the handshake. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether a peer goes on, or has ended the connection. */
export type RawOutcome = "stays" | "hangs up";

/** What {@link RawLightningConnection.outcome} can be told. */
export interface RawOutcomeOptions extends WaitOptions {
  /**
   * Length of the pong that is asked for, up to 65,531: one that no other ping asks for.
   * @default 77
   */
  readonly numPongBytes?: number | undefined;
}

const pongId = 19;

interface RawFrame<M extends MessageBase> {
  readonly frame: Uint8Array;
  readonly id: number | undefined;
  /** The name that goes with the id, if it has one. */
  readonly name: string | undefined;
  readonly message: M | UnknownMessage | undefined;
}

/**
 * The side of a test on a Lightning connection. It sends and answers nothing by itself, and hangs up on nothing but
 * what BOLT 8 itself cannot read.
 *
 * @example
 * ```ts
 * await using raw = RawLightningConnection.initiate(stream, { remoteKey: node.publicKey });
 * const init = await raw.take("init");
 * raw.sendFrame(Uint8Array.of(0, 16, 0)); // an `init` that ends in the middle
 * expect(await raw.outcome()).toBe("hangs up");
 * ```
 */
export class RawLightningConnection<M extends MessageBase = KnownMessage> extends RawConnection<
  Uint8Array,
  RawFrame<M>
> {
  /** The node id of this side, 33 bytes. */
  readonly localPublicKey: Uint8Array;
  readonly #channel: NoiseChannel;
  readonly #messages: MessageSet<M>;

  private constructor(
    stream: ByteStream,
    channel: NoiseChannel,
    localPublicKey: Uint8Array,
    options: RawLightningOptions<M>,
  ) {
    const messages = messagesOf(options);
    super(stream, framesOf(channel, messages), options);
    this.#channel = channel;
    this.#messages = messages;
    this.localPublicKey = localPublicKey;
  }

  /**
   * Begins the handshake as the one who has dialed. Messages can be sent at once, they wait for it.
   *
   * @throws KeyError for keys that are none; RangeError
   */
  static initiate<M extends MessageBase = KnownMessage>(
    stream: ByteStream,
    options: RawLightningInitiateOptions<M>,
  ): RawLightningConnection<M> {
    const { remoteKey, crypto } = options;
    const { localKey, publicKey } = keyOf(options);
    const channel = NoiseChannel.initiator({ localKey, remoteKey, crypto });
    return new RawLightningConnection<M>(stream, channel, publicKey, options);
  }

  /**
   * Waits for the handshake as the one who was dialed. Messages can be sent at once, they wait for it.
   *
   * @throws KeyError for a key that is none; RangeError
   */
  static respond<M extends MessageBase = KnownMessage>(
    stream: ByteStream,
    options: RawLightningOptions<M> = {},
  ): RawLightningConnection<M> {
    const { localKey, publicKey } = keyOf(options);
    const channel = NoiseChannel.responder({ localKey, crypto: options.crypto });
    return new RawLightningConnection<M>(stream, channel, publicKey, options);
  }

  /**
   * Dials, and resolves when the handshake is done.
   *
   * @throws NetError if there is no connection; AssertionError if the handshake fails; KeyError; RangeError
   */
  static async dial<M extends MessageBase = KnownMessage>(
    options: RawLightningDialOptions<M>,
  ): Promise<RawLightningConnection<M>> {
    const { target, dialer = defaultDialer, signal } = options;
    const stream = await dialer(target.address, { signal });
    const raw = RawLightningConnection.initiate<M>(stream, {
      ...options,
      remoteKey: target.publicKey,
    });
    try {
      await raw.established({ signal });
    } catch (error) {
      await raw[Symbol.asyncDispose]();
      throw error;
    }
    return raw;
  }

  /** The node id of the other side, as far as it is known: a responder learns it at the end of the handshake. */
  get remotePublicKey(): Uint8Array | undefined {
    return this.#channel.remoteKey;
  }

  /** Frames that came and were not taken, oldest first. */
  get frames(): readonly Uint8Array[] {
    return this.log.map(({ frame }) => frame);
  }

  /** What of these can be read, oldest first. */
  get messages(): readonly (M | UnknownMessage)[] {
    return this.log.flatMap(({ message }) => message ?? []);
  }

  /**
   * Sends messages in one write. False if there is no room for more by now or the connection has ended; they are
   * sent all the same, unless it has.
   *
   * @throws EncodeError for what is no message
   */
  send(...messages: readonly (M | UnknownMessage)[]): boolean {
    return this.sendAll(messages.map((message) => this.#messages.encode(message)));
  }

  /**
   * Sends any bytes as messages, well-formed or not, in one write. The result is that of `send`.
   *
   * @throws TransportError `message_too_long` over 65535 bytes: none is sent then
   */
  sendFrame(...frames: readonly Uint8Array[]): boolean {
    return this.sendAll(frames);
  }

  /**
   * The oldest message of a type that nobody has taken; what came before it stays. Frames that cannot be read are
   * of no type: see `takeFrame`.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async take<T extends (M | UnknownMessage)["type"]>(
    type: T,
    accept: (message: Extract<M | UnknownMessage, { readonly type: T }>) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<Extract<M | UnknownMessage, { readonly type: T }>> {
    type Wanted = Extract<M | UnknownMessage, { readonly type: T }>;
    const isIt = ({ message }: RawFrame<M>): boolean =>
      message?.type === type && accept(message as Wanted);
    const { message } = await this.takeWhen(isIt, type, options);
    return message as Wanted;
  }

  /**
   * The oldest frame that nobody has taken, type included: any, one of this type number, or one that is accepted.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async takeFrame(
    which: number | ((frame: Uint8Array) => boolean) = () => true,
    options?: WaitOptions,
  ): Promise<Uint8Array> {
    const isIt = ({ frame, id }: RawFrame<M>): boolean =>
      typeof which === "number" ? id === which : which(frame);
    const what = typeof which === "number" ? `a frame of type ${which}` : "a frame";
    return (await this.takeWhen(isIt, what, options)).frame;
  }

  /** All frames that are there and accepted, oldest first; they are taken then. */
  takeFrames(accept: (frame: Uint8Array) => boolean = () => true): Uint8Array[] {
    return this.takeAllNow(({ frame }) => accept(frame)).map(({ frame }) => frame);
  }

  /**
   * The oldest message that nobody has taken, undefined if the connection ends instead.
   *
   * @throws DecodeError for a frame that cannot be read, which is gone then; AssertionError when the time is up
   */
  async nextMessage(options?: WaitOptions): Promise<M | UnknownMessage | undefined> {
    const next = await this.#next(options);
    return next === undefined ? undefined : (next.message ?? this.#messages.decode(next.frame));
  }

  /** The oldest frame that nobody has taken, undefined if the connection ends instead. @throws AssertionError */
  async nextPlain(options?: WaitOptions): Promise<PlainMessage | undefined> {
    const next = await this.#next(options);
    return next === undefined ? undefined : this.plainOf(next);
  }

  /** Sends the bytes of a message. */
  sendPlain({ bytes }: PlainMessage): boolean {
    return this.sendFrame(bytes);
  }

  /** How many messages of a type, or of a type number, came and were not taken. */
  count(type: (M | UnknownMessage)["type"] | number): number {
    return this.log.filter(({ id, message }) => id === type || message?.type === type).length;
  }

  /**
   * Pings, and tells whether the peer answers or the connection ends. A peer reads what came before the ping first.
   *
   * @throws AssertionError when neither happens in time; RangeError for a length that no pong has
   */
  async outcome({ numPongBytes = 77, ...wait }: RawOutcomeOptions = {}): Promise<RawOutcome> {
    if (!Number.isInteger(numPongBytes) || numPongBytes < 0 || numPongBytes >= noPongFrom) {
      throw new RangeError(`numPongBytes of ${numPongBytes} is not from 0 to ${noPongFrom - 1}`);
    }
    const ping = new Uint8Array(6);
    ping[1] = 18;
    new DataView(ping.buffer).setUint16(2, numPongBytes);
    this.sendFrame(ping);
    const isPong = ({ id, frame }: RawFrame<M>): boolean =>
      id === pongId && frame.length === 4 + numPongBytes;
    const look = (): RawOutcome | undefined => {
      if (this.takeNow(isPong) !== undefined) return "stays";
      return this.ending === undefined ? undefined : "hangs up";
    };
    return await this.find(look, `a pong of ${numPongBytes} bytes or the end`, wait);
  }

  /** Resolves when the peer has read all that was sent before. @throws AssertionError when it ends the connection */
  async sync(options?: RawOutcomeOptions): Promise<void> {
    if ((await this.outcome(options)) === "stays") return;
    throw new AssertionError("the connection ended before a pong", {
      actual: this.ending,
      expected: "a pong",
    });
  }

  protected sizeOf({ frame }: RawFrame<M>): number {
    return frame.length;
  }

  protected nameOf({ id, name, message }: RawFrame<M>): string {
    const known = name ?? (id === undefined ? "a frame without a type" : `type ${id}`);
    return message === undefined ? `${known} (malformed)` : known;
  }

  protected plainOf({ frame, name = "unknown" }: RawFrame<M>): PlainMessage {
    return { type: name, bytes: frame };
  }

  protected plainOfSent(frame: Uint8Array): PlainMessage {
    return { type: nameOfFrame(frame, this.#messages) ?? "unknown", bytes: frame };
  }

  async #next(options?: WaitOptions): Promise<RawFrame<M> | undefined> {
    const look = (): { readonly frame: RawFrame<M> | undefined } | undefined => {
      const frame = this.takeNow(() => true);
      return frame === undefined && this.ending === undefined ? undefined : { frame };
    };
    return (await this.find(look, "a message or the end", options)).frame;
  }
}

/** The channel, with frames that are read as far as they can be. */
function framesOf<M extends MessageBase>(
  channel: NoiseChannel,
  messages: MessageSet<M>,
): Framing<Uint8Array, RawFrame<M>> {
  const read = (frame: Uint8Array): RawFrame<M> => ({
    frame,
    id: idOf(frame),
    name: nameOfFrame(frame, messages),
    message: decoded(frame, messages),
  });
  return {
    get established() {
      return channel.established;
    },
    open: () => channel.open(),
    push(chunk) {
      const result = channel.push(chunk);
      return { ...result, messages: result.messages.map(read) };
    },
    end: () => channel.end(),
    check: (frame) => channel.check(frame),
    encode: (frames) => channel.encode(frames),
    destroy: () => channel.destroy(),
  };
}

function decoded<M extends MessageBase>(
  frame: Uint8Array,
  messages: MessageSet<M>,
): M | UnknownMessage | undefined {
  try {
    return messages.decode(frame);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** BOLT 1: a message begins with its type, two bytes. */
function idOf(frame: Uint8Array): number | undefined {
  const [high, low] = frame;
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

function nameOfFrame<M extends MessageBase>(
  frame: Uint8Array,
  { codecs }: MessageSet<M>,
): string | undefined {
  const id = idOf(frame);
  return codecs.find((codec) => codec.id === id)?.name;
}

/** The key of this side, and its public half. */
function keyOf({
  localKey,
  crypto = nobleCrypto,
}: Pick<RawLightningOptions, "localKey" | "crypto">): {
  readonly localKey: Uint8Array | LocalKey;
  readonly publicKey: Uint8Array;
} {
  const key = localKey ?? generatePrivateKey(crypto);
  return { localKey: key, publicKey: "ecdh" in key ? key.publicKey : publicKeyOf(key, crypto) };
}

function messagesOf<M extends MessageBase>({ messages }: RawLightningOptions<M>): MessageSet<M> {
  // Without a set `M` is its default.
  return messages ?? (lightningMessages as MessageSet<MessageBase> as MessageSet<M>);
}
