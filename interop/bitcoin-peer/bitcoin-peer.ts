/** One Bitcoin connection of ours over TCP, without any rules: what came is there to be looked at. */
import type {
  BitcoinTransport,
  KnownMessage,
  TransportEvent,
  UnknownMessage,
} from "@satwire/btcwire";
import {
  type ByteStream,
  type ByteStreamHandler,
  defaultDialer,
  type NetError,
  parseHostPort,
} from "@satwire/net";
import { Conditions } from "../conditions.ts";

type Received = KnownMessage | UnknownMessage;

/** How a connection ended: the peer's end, or what went wrong. */
export interface PeerEnd {
  readonly error: Error | undefined;
}

const timeoutMs = 30_000;

/** A connection and everything that came over it, in order. */
export class BitcoinPeer implements AsyncDisposable, ByteStreamHandler {
  readonly transport: BitcoinTransport<KnownMessage>;
  /** All that came and that nobody has taken. */
  readonly events: TransportEvent<KnownMessage>[] = [];
  end: PeerEnd | undefined;
  readonly #stream: ByteStream;
  readonly #conditions = new Conditions();

  private constructor(stream: ByteStream, transport: BitcoinTransport<KnownMessage>) {
    this.transport = transport;
    this.#stream = stream;
    stream.start(this);
    const first = transport.open();
    if (first !== undefined) stream.write(first);
  }

  /** Dials, and resolves when messages can be sent. */
  static async dial(
    to: { readonly host: string; readonly port: number },
    transport: BitcoinTransport<KnownMessage>,
  ): Promise<BitcoinPeer> {
    const stream = await defaultDialer(parseHostPort(`${to.host}:${to.port}`));
    const peer = new BitcoinPeer(stream, transport);
    try {
      await peer.#until(() => transport.established);
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      throw error;
    }
    return peer;
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  send(message: Received): void {
    this.#stream.write(this.transport.encode(message));
  }

  /**
   * The oldest message of a type that nobody has taken; what came before it stays.
   *
   * @throws when the connection ends before, or after 30 seconds
   */
  async take<T extends Received["type"]>(
    type: T,
    accept: (message: Extract<Received, { readonly type: T }>) => boolean = () => true,
  ): Promise<Extract<Received, { readonly type: T }>> {
    let found: Extract<Received, { readonly type: T }> | undefined;
    await this.#until(() => {
      if (found !== undefined) return true;
      const at = this.events.findIndex(
        (event) =>
          event.type === "message" &&
          event.message.type === type &&
          accept(event.message as Extract<Received, { readonly type: T }>),
      );
      if (at < 0) return false;
      const [event] = this.events.splice(at, 1);
      if (event?.type === "message") found = event.message as unknown as typeof found;
      return true;
    });
    return found!;
  }

  /** Resolves when the peer has read all that was sent before: it answers a ping. */
  async settled(): Promise<void> {
    const nonce = crypto.getRandomValues(new BigUint64Array(1))[0]!;
    this.send({ type: "ping", nonce });
    await this.take("pong", (pong) => pong.nonce === nonce);
  }

  /** Resolves when the connection has ended. */
  async ended(): Promise<PeerEnd> {
    await this.#until(() => this.end !== undefined, true);
    return this.end!;
  }

  onData(chunk: Uint8Array): void {
    const { events, reply, failure } = this.transport.push(chunk);
    this.events.push(...events);
    if (reply !== undefined) this.#stream.write(reply);
    if (failure !== undefined) this.#finish(failure);
    this.#conditions.recheck();
  }

  onEnd(): void {
    this.#stream.end();
  }

  onDrain(): void {}

  onClose(error?: NetError): void {
    this.#finish(error);
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.destroy();
    await this.ended();
  }

  #finish(error: Error | undefined): void {
    this.end ??= { error };
    this.#stream.destroy();
    this.transport.destroy();
    this.#conditions.recheck();
  }

  async #until(isMet: () => boolean, evenAtEnd = false): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    await this.#conditions.until(() => isMet() || (!evenAtEnd && this.end !== undefined), {
      signal,
    });
    if (!evenAtEnd && this.end !== undefined && !isMet()) {
      throw new Error("the connection has ended", { cause: this.end.error });
    }
  }
}
