// A Bitcoin connection without any rules: a transport, then whatever a test sends.
import {
  type BitcoinTransport,
  bitcoinMessages,
  commandOf,
  framingOf,
  type KnownMessage,
  type MessageBase,
  type MessageSet,
  type TransportEvent,
  type UnknownMessage,
} from "@satwire/btcwire";
import { type ByteStream, defaultDialer, type Dialer, type HostPort } from "@satwire/net";
import type { WaitOptions } from "../conditions.ts";
import { type PlainMessage, RawConnection, type RawConnectionOptions } from "./raw-connection.ts";

/** What a {@link RawBitcoinConnection} is made with. */
export interface RawBitcoinOptions<M extends MessageBase = KnownMessage>
  extends RawConnectionOptions {
  /** `V1Transport`, `V2Transport` in either role, or one of a test's own. It belongs to the connection from then on. */
  readonly transport: BitcoinTransport<M>;
  /**
   * The messages that the transport was made with.
   * @default bitcoinMessages
   */
  readonly messages?: MessageSet<M> | undefined;
}

/** What {@link RawBitcoinConnection.dial} can be told. */
export interface RawBitcoinDialOptions<M extends MessageBase = KnownMessage>
  extends RawBitcoinOptions<M> {
  readonly address: HostPort;
  /** @default defaultDialer */
  readonly dialer?: Dialer | undefined;
  /** Ends the dialing and the wait for the handshake. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The side of a test on a Bitcoin connection. It sends and answers nothing by itself, and hangs up on nothing but what
 * its transport cannot read; with a transport that is made with `malformed: "report"` those are the frames only.
 *
 * @example
 * ```ts
 * const transport = new V1Transport({ network: networks.regtest, messages: bitcoinMessages });
 * await using raw = RawBitcoinConnection.start(stream, { transport });
 * raw.send(version);
 * await raw.take("verack");
 * raw.sendBytes(new Uint8Array(24)); // a frame of no network
 * expect(await raw.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
 * ```
 */
export class RawBitcoinConnection<M extends MessageBase = KnownMessage> extends RawConnection<
  M | UnknownMessage,
  TransportEvent<M>
> {
  /** What reads and writes the bytes: `protocol`, `sessionId` and whether to dial again with v1. */
  readonly transport: Pick<
    BitcoinTransport<M>,
    "protocol" | "sessionId" | "shouldRetryV1" | "failure" | "bytesBuffered"
  >;
  readonly #messages: MessageSet<M>;
  readonly #decoys: number[] = [];
  #lastNonce = 0x7361_7477_0000_0000n;

  private constructor(stream: ByteStream, options: RawBitcoinOptions<M>) {
    // Without a set `M` is its default.
    const messages =
      options.messages ?? (bitcoinMessages as MessageSet<MessageBase> as MessageSet<M>);
    super(stream, framingOf(options.transport, messages), options);
    this.transport = options.transport;
    this.#messages = messages;
  }

  /**
   * Begins to talk on a stream that somebody has opened or accepted; the transport knows the role. Messages can be sent
   * at once, they wait for what the transport needs.
   *
   * @throws RangeError for a limit that is not 1 or more
   */
  static start<M extends MessageBase = KnownMessage>(
    stream: ByteStream,
    options: RawBitcoinOptions<M>,
  ): RawBitcoinConnection<M> {
    return new RawBitcoinConnection<M>(stream, options);
  }

  /**
   * Dials, and resolves when messages can be sent.
   *
   * @throws NetError if there is no connection; AssertionError when it ends before; RangeError
   */
  static async dial<M extends MessageBase = KnownMessage>(
    options: RawBitcoinDialOptions<M>,
  ): Promise<RawBitcoinConnection<M>> {
    const { address, dialer = defaultDialer, signal } = options;
    const raw = RawBitcoinConnection.start<M>(await dialer(address, { signal }), options);
    try {
      await raw.established({ signal });
    } catch (error) {
      await raw[Symbol.asyncDispose]();
      throw error;
    }
    return raw;
  }

  /** What came and was not taken, oldest first: all but decoys. */
  get events(): readonly TransportEvent<M>[] {
    return this.log;
  }

  /** The messages among them, oldest first. */
  get messages(): readonly (M | UnknownMessage)[] {
    return this.log.flatMap((event) => (event.type === "message" ? event.message : []));
  }

  /** The lengths of the decoys that came, as many of the last ones as `maxMessages` says. */
  get decoys(): readonly number[] {
    return this.#decoys;
  }

  /**
   * Sends messages in one write. False if there is no room for more by now or the connection has ended; they are
   * sent all the same, unless it has.
   *
   * @throws EncodeError for what is no message; TransportError `crypto`
   */
  send(...messages: readonly (M | UnknownMessage)[]): boolean {
    return this.sendAll(messages);
  }

  /**
   * The oldest message of a type that nobody has taken; what came before it stays.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async take<T extends (M | UnknownMessage)["type"]>(
    type: T,
    accept: (message: Extract<M | UnknownMessage, { readonly type: T }>) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<Extract<M | UnknownMessage, { readonly type: T }>> {
    type Wanted = Extract<M | UnknownMessage, { readonly type: T }>;
    const isIt = (event: TransportEvent<M>): boolean =>
      event.type === "message" && event.message.type === type && accept(event.message as Wanted);
    const event = await this.takeWhen(isIt, type, options);
    return (event as { readonly message: M | UnknownMessage }).message as Wanted;
  }

  /**
   * The oldest event that is accepted and that nobody has taken; what came before it stays.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  takeEvent(
    accept: (event: TransportEvent<M>) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<TransportEvent<M>> {
    return this.takeWhen(accept, "an event", options);
  }

  /** All events that are there and accepted, oldest first; they are taken then. */
  takeEvents(accept: (event: TransportEvent<M>) => boolean = () => true): TransportEvent<M>[] {
    return this.takeAllNow(accept);
  }

  /**
   * The oldest message that nobody has taken, undefined if the connection ends instead. Other events stay.
   *
   * @throws AssertionError when the time is up
   */
  async nextMessage(options?: WaitOptions): Promise<M | UnknownMessage | undefined> {
    const next = await this.#next(({ type }) => type === "message", options);
    return next?.type === "message" ? next.message : undefined;
  }

  /** The oldest message, well-formed or not, undefined if the connection ends instead. @throws AssertionError */
  async nextPlain(options?: WaitOptions): Promise<PlainMessage | undefined> {
    const next = await this.#next((event) => this.plainOf(event) !== undefined, options);
    return next === undefined ? undefined : this.plainOf(next);
  }

  /** Sends a payload under a command. @throws EncodeError for what is no command, or too long */
  sendPlain({ type, bytes }: PlainMessage): boolean {
    return this.send({ type: "unknown", command: type, payload: bytes });
  }

  /** How many messages of a type came and were not taken. */
  count(type: (M | UnknownMessage)["type"]): number {
    return this.messages.filter((message) => message.type === type).length;
  }

  /**
   * Pings, and resolves when the answer is there: the peer has read all that was sent before.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async sync(options?: WaitOptions): Promise<void> {
    this.#lastNonce++;
    const payload = new Uint8Array(8);
    new DataView(payload.buffer).setBigUint64(0, this.#lastNonce, true);
    // By their bytes, so that it works with every set of messages.
    this.sendPlain({ type: "ping", bytes: payload });
    const isPong = (event: TransportEvent<M>): boolean => {
      if (this.nameOf(event) !== "pong") return false;
      const plain = this.plainOf(event);
      return plain?.bytes.length === 8 && plain.bytes.every((byte, i) => byte === payload[i]);
    };
    await this.takeWhen(isPong, "the pong", options);
  }

  protected sizeOf(event: TransportEvent<M>): number {
    return event.type === "ready" ? 0 : event.wireLength;
  }

  protected nameOf(event: TransportEvent<M>): string {
    switch (event.type) {
      case "message":
        return commandOf(event.message);
      case "malformed":
        return `${event.command} (malformed)`;
      case "ignored":
        return `ignored (${event.reason})`;
      default:
        return event.type;
    }
  }

  protected plainOf(event: TransportEvent<M>): PlainMessage | undefined {
    if (event.type === "malformed") return { type: event.command, bytes: event.payload };
    return event.type === "message" ? this.plainOfSent(event.message) : undefined;
  }

  protected plainOfSent(message: M | UnknownMessage): PlainMessage {
    return { type: commandOf(message), bytes: this.#messages.encode(message).slice() };
  }

  protected override keeps(event: TransportEvent<M>): boolean {
    if (event.type !== "ignored" || event.reason !== "decoy") return true;
    this.#decoys.push(event.payload.length);
    if (this.#decoys.length > this.maxMessages) this.#decoys.shift();
    return false;
  }

  async #next(
    accept: (event: TransportEvent<M>) => boolean,
    options?: WaitOptions,
  ): Promise<TransportEvent<M> | undefined> {
    const look = (): { readonly event: TransportEvent<M> | undefined } | undefined => {
      const event = this.takeNow(accept);
      return event === undefined && this.ending === undefined ? undefined : { event };
    };
    return (await this.find(look, "a message or the end", options)).event;
  }
}
