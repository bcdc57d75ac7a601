/**
 * What the raw connections have in common: one side of a connection that has no rules. It sends what a test says,
 * keeps what comes until it is taken, and waits.
 *
 * Who owns the bytes: what is sent belongs to the connection from then on, what is taken to the caller.
 */
import type { Clock } from "@satwire/actor";
import {
  type ByteStream,
  FramedStream,
  type FramedStreamEnd,
  type Framing,
  type HostPort,
} from "@satwire/net";
import { AssertionError } from "../assertion-error.ts";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { RawLog, type RawLogLimits } from "./raw-log.ts";
import { RawWire, type Rewrites } from "./raw-wire.ts";

/** How a raw connection ended. */
export type RawEnd = FramedStreamEnd;

/** What both raw connections can be made with. */
export interface RawConnectionOptions extends RawLogLimits {
  /**
   * What the time of waits is measured with.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
  /**
   * Milliseconds that a wait lasts at most if the call says nothing else.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
  /** Changes bytes on their way, for faults inside of handshakes and frames. */
  readonly rewrite?: Rewrites | undefined;
}

/** A message as what it is outside of types: of Lightning the whole frame, of Bitcoin the payload. */
export interface PlainMessage {
  /** The name of the message, of Bitcoin always its command; `unknown` for a number that has no name. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Told of each message: of this side when it is sent, of the other one when it comes. */
export type RawObserver = (direction: "sent" | "received", message: PlainMessage) => void;

/** One side of a connection without any rules. `In` is what its log has. */
export abstract class RawConnection<Out, In> implements AsyncDisposable {
  readonly #wire: RawWire;
  readonly #framing: Framing<Out, In>;
  readonly #framed: FramedStream<Out, In>;
  readonly #log: RawLog<In>;
  readonly #conditions: Conditions;
  readonly #timeoutMs: number;
  readonly #observers = new Set<RawObserver>();
  readonly #closed: Promise<void>;
  #received = 0;
  #hasRoom = true;
  #isPaused = false;
  #ending: RawEnd | undefined;

  /** @throws RangeError for a limit that is not 1 or more */
  protected constructor(
    stream: ByteStream,
    framing: Framing<Out, In>,
    { clock, timeoutMs = 5000, rewrite = {}, ...limits }: RawConnectionOptions,
  ) {
    this.#log = new RawLog<In>((item) => this.sizeOf(item), limits);
    this.#conditions = new Conditions(clock);
    this.#timeoutMs = timeoutMs;
    this.#framing = framing;
    this.#wire = new RawWire(stream, rewrite, () => this.#conditions.recheck());
    let close = (): void => {};
    this.#closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#framed = new FramedStream<Out, In>(this.#wire, framing, {
      onEstablished: () => this.#conditions.recheck(),
      onMessage: (item) => this.#receive(item),
      onDrain: () => {
        this.#hasRoom = true;
        this.#conditions.recheck();
      },
      onClose: (end, undelivered) => {
        for (const item of undelivered) this.#receive(item);
        this.#ending = end;
        this.#conditions.end(errorOf(end));
        close();
      },
    });
    this.#framed.start();
  }

  get localAddress(): HostPort | undefined {
    return this.#wire.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#wire.remoteAddress;
  }

  /** Whether the handshake is done, if there is one. */
  get isEstablished(): boolean {
    return this.#framing.established;
  }

  /** Bytes that were sent, those of handshakes too. */
  get bytesSent(): number {
    return this.#wire.bytesSent;
  }

  /** Bytes that came, those of handshakes too. */
  get bytesReceived(): number {
    return this.#wire.bytesReceived;
  }

  /** How often bytes were handed to the stream. */
  get writes(): number {
    return this.#wire.writes;
  }

  /** How many messages came, and other entries of the log, taken or not. */
  get received(): number {
    return this.#received;
  }

  /** False while what was sent fills the stream; what is sent then is sent all the same. */
  get hasRoom(): boolean {
    return this.#hasRoom;
  }

  /** How the connection ended, once it has. */
  get ending(): RawEnd | undefined {
    return this.#ending;
  }

  /**
   * Resolves when messages can be sent.
   *
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async established(options?: WaitOptions): Promise<void> {
    await this.until(() => this.isEstablished, "the end of the handshake", options);
  }

  /** Resolves with how the connection ended, when it has. @throws AssertionError when the time is up */
  ended(options?: WaitOptions): Promise<RawEnd> {
    return this.find(() => this.#ending, "the end of the connection", options);
  }

  /**
   * Resolves when something is so. It is looked at after everything that comes and goes.
   *
   * @param what what is waited for, in words, for the error
   * @throws AssertionError when the connection ends before, or the time is up
   */
  async until(isMet: () => boolean, what: string, options?: WaitOptions): Promise<void> {
    await this.find(() => isMet() || undefined, what, options);
  }

  /** Sends bytes as they are, past the framing. False as with `send`. */
  sendBytes(bytes: Uint8Array): boolean {
    if (!this.#wire.isWritable) return false;
    this.#hasRoom = this.#wire.write(bytes);
    return this.#hasRoom;
  }

  /** Stops to read, as a peer does that is busy. */
  pause(): void {
    this.#isPaused = true;
    this.#framed.pause();
  }

  /** Undoes `pause`. */
  resume(): void {
    this.#isPaused = false;
    this.#readOn();
  }

  /** Ends this side in order, after all that was sent; what comes until the other one ends is still received. */
  end(): void {
    this.#framed.end();
  }

  /** Resets the connection. */
  destroy(): void {
    this.#framed.destroy();
  }

  /** Ends this side and resolves when the other one has, too. */
  finish(options?: WaitOptions): Promise<RawEnd> {
    this.end();
    return this.ended(options);
  }

  /** Told of all messages from now on, until the result is disposed of. */
  observe(observer: RawObserver): Disposable {
    this.#observers.add(observer);
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) };
  }

  /** Resets the connection and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.destroy();
    await this.#closed;
  }

  /** What waits to be taken, oldest first. */
  protected get log(): readonly In[] {
    return this.#log.items;
  }

  /** Bytes that a message keeps in memory. */
  protected abstract sizeOf(item: In): number;
  /** What errors call it. */
  protected abstract nameOf(item: In): string;
  protected abstract plainOf(item: In): PlainMessage | undefined;
  protected abstract plainOfSent(message: Out): PlainMessage;

  /** Whether what came goes into the log. */
  protected keeps(_item: In): boolean {
    return true;
  }

  /** The limit of the log. */
  protected get maxMessages(): number {
    return this.#log.maxMessages;
  }

  /** In one write, which follows at once, so that bytes sent in between keep their place. */
  protected sendAll(messages: readonly Out[]): boolean {
    if (!this.#wire.isWritable) return false;
    if (this.#framing.established) {
      this.#hasRoom = this.#wire.write(this.#framing.encode(messages));
    } else {
      for (const message of messages) this.#framed.send(message); // they wait for the handshake
    }
    for (const observer of this.#observers) {
      for (const message of messages) observer("sent", this.plainOfSent(message));
    }
    return this.#hasRoom && this.#framing.established;
  }

  /** The oldest that is accepted and that nobody has taken; what came before it stays. */
  protected takeWhen(
    accept: (item: In) => boolean,
    what: string,
    options?: WaitOptions,
  ): Promise<In> {
    return this.find(() => this.takeNow(accept), what, options);
  }

  protected takeNow(accept: (item: In) => boolean): In | undefined {
    const taken = this.#log.take(accept);
    if (taken !== undefined) this.#readOn();
    return taken;
  }

  protected takeAllNow(accept: (item: In) => boolean): In[] {
    const taken = this.#log.takeAll(accept);
    this.#readOn();
    return taken;
  }

  protected async find<T>(
    look: () => T | undefined,
    what: string,
    { signal, timeoutMs = this.#timeoutMs }: WaitOptions = {},
  ): Promise<T> {
    try {
      return await this.#conditions.find(look, what, { signal, timeoutMs });
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      const { message, cause } = error;
      const text = `${message}; ${this.#describeLog()}`;
      throw new AssertionError(text, {
        actual: this.#log.items.map((item) => this.nameOf(item)),
        expected: what,
        cause,
      });
    }
  }

  #receive(item: In): void {
    if (!this.keeps(item)) {
      this.#conditions.recheck();
      return;
    }
    this.#received++;
    this.#log.add(item);
    if (this.#log.isFull && this.#ending === undefined) this.#framed.pause();
    if (this.#observers.size > 0) {
      const plain = this.plainOf(item);
      if (plain !== undefined) for (const observer of this.#observers) observer("received", plain);
    }
    this.#conditions.recheck();
  }

  #readOn(): void {
    if (!this.#isPaused && !this.#log.isFull) this.#framed.resume();
  }

  #describeLog(): string {
    const { items, isFull } = this.#log;
    if (items.length === 0) return "nothing waits to be taken";
    const last = items.slice(-8).map((item) => this.nameOf(item));
    const more = items.length > last.length ? `${items.length - last.length} more, then ` : "";
    const reads = isFull ? ", and nothing more is read until some is" : "";
    return `not taken: ${more}${last.join(", ")}${reads}`;
  }
}

function errorOf(end: RawEnd): Error {
  switch (end.by) {
    case "peer":
      return new Error("the peer ended the connection");
    case "us":
      return new Error("this side ended the connection");
    default:
      return new Error(`the connection ended (${end.error.message})`, { cause: end.error });
  }
}
