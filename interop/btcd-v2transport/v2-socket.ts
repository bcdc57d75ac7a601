/** A transport of ours on a TCP connection: what came over it is there to be looked at. */
import type { BitcoinTransport, MessageBase, TransportEvent } from "@satwire/btcwire";
import {
  type ByteStream,
  type ByteStreamHandler,
  defaultDialer,
  listenTcp,
  type NetError,
  parseHostPort,
} from "@satwire/net";
import { Conditions } from "../conditions.ts";

const timeoutMs = 30_000;

/** What of a transport a socket needs. */
export type SocketSide<M extends MessageBase> = Pick<
  BitcoinTransport<M>,
  "open" | "push" | "end" | "destroy"
>;

/** What happens to bytes on their way. */
export interface Wire {
  /** Cuts what is sent and what comes. @default nothing is cut */
  readonly cut?: (bytes: Uint8Array) => Iterable<Uint8Array>;
  /** Changes what is sent, and what comes. @default nothing is changed */
  readonly sent?: (bytes: Uint8Array) => Uint8Array;
  readonly received?: (bytes: Uint8Array) => Uint8Array;
}

/** How a connection ended for us. */
export interface SocketEnd {
  /** Of the transport: why it failed, or what it says of the end of what came. */
  readonly failure: Error | undefined;
}

/** One connection. */
export class V2Socket<M extends MessageBase> implements ByteStreamHandler, AsyncDisposable {
  /** Everything but decoys, oldest first. */
  readonly events: TransportEvent<M>[] = [];
  /** Lengths of the decoys that came. */
  readonly decoys: number[] = [];
  /** Bytes that were sent, and that came. */
  sent = 0;
  received = 0;
  readonly #stream: ByteStream;
  readonly #side: SocketSide<M>;
  readonly #wire: Wire;
  readonly #conditions = new Conditions();
  #failure: Error | undefined;
  #isClosed = false;

  private constructor(stream: ByteStream, side: SocketSide<M>, wire: Wire) {
    this.#stream = stream;
    this.#side = side;
    this.#wire = wire;
    const first = side.open();
    if (first !== undefined) this.write(first);
    stream.start(this);
  }

  static async dial<M extends MessageBase>(
    port: number,
    side: SocketSide<M>,
    wire: Wire = {},
  ): Promise<V2Socket<M>> {
    const stream = await defaultDialer(parseHostPort(`127.0.0.1:${port}`));
    return new V2Socket(stream, side, wire);
  }

  /** Listens for one connection. */
  static async accept<M extends MessageBase>(
    side: SocketSide<M>,
    wire: Wire = {},
  ): Promise<{ readonly port: number; readonly socket: Promise<V2Socket<M>> }> {
    let resolve!: (socket: V2Socket<M>) => void;
    const socket = new Promise<V2Socket<M>>((fulfil) => (resolve = fulfil));
    const any = parseHostPort("127.0.0.1:0", { allowPortZero: true });
    const listener = await listenTcp(any, (stream) => {
      void listener.close();
      resolve(new V2Socket(stream, side, wire));
    });
    return { port: listener.address.port, socket };
  }

  /** Bytes of the transport. Does nothing on a connection that is closed. */
  write(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const sent = this.#wire.sent?.(bytes) ?? bytes;
    for (const piece of this.#wire.cut?.(sent) ?? [sent]) this.#stream.write(piece.slice());
    this.sent += bytes.length;
  }

  /** Resolves when at least so many events have come. @throws when the connection ends before */
  async has(count: number): Promise<void> {
    const isThere = (): boolean => this.events.length >= count;
    await this.#until(() => isThere() || this.#isClosed);
    if (isThere()) return;
    const text = `ended with ${this.events.length} of ${count} events`;
    throw new Error(text, { cause: this.#failure });
  }

  /** Resolves when so many bytes were sent and have come, or the connection is closed. */
  async hasMoved({ sent = 0, received = 0 }): Promise<void> {
    await this.#until(() => this.#isClosed || (this.sent >= sent && this.received >= received));
  }

  /** Sends the end, and resolves when the peer has done so as well. */
  async finish(): Promise<SocketEnd> {
    this.#stream.end();
    return await this.ended();
  }

  /** Resolves when the connection is closed. */
  async ended(): Promise<SocketEnd> {
    await this.#until(() => this.#isClosed);
    return { failure: this.#failure };
  }

  onData(chunk: Uint8Array): void {
    const received = this.#wire.received?.(chunk) ?? chunk;
    this.received += chunk.length;
    for (const piece of this.#wire.cut?.(received) ?? [received]) {
      const { events, reply, failure } = this.#side.push(piece);
      for (const event of events) {
        if (event.type === "ignored" && event.reason === "decoy") {
          this.decoys.push(event.payload.length);
        } else this.events.push(event);
      }
      if (reply !== undefined) this.write(reply);
      if (failure === undefined) continue;
      this.#failure = failure;
      this.#stream.destroy();
      break;
    }
    this.#conditions.recheck();
  }

  onEnd(): void {
    this.#failure ??= this.#side.end();
    this.#stream.end();
  }

  onDrain(): void {}

  onClose(_error?: NetError): void {
    this.#isClosed = true;
    this.#side.destroy();
    this.#conditions.recheck();
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) this.#stream.destroy();
    await this.ended();
  }

  async #until(isMet: () => boolean): Promise<void> {
    await this.#conditions.until(isMet, { signal: AbortSignal.timeout(timeoutMs) });
  }
}
