// Connections to a test: a listener whose connections are taken one after the other.
import type { Clock } from "@satwire/actor";
import {
  type ByteStream,
  type HostPort,
  type Listen,
  type Listener,
  listenTcp,
  parseHostPort,
} from "@satwire/net";
import { Conditions, type WaitOptions } from "../conditions.ts";

/** What {@link RawListener.open} can be told. */
export interface RawListenerOptions {
  /** @default listenTcp */
  readonly listen?: Listen | undefined;
  /** @default a free port of 127.0.0.1 */
  readonly address?: HostPort | undefined;
  /**
   * Open connections, taken or not; one more is dropped.
   * @default 100
   */
  readonly maxConnections?: number | undefined;
  /**
   * What the time of waits is measured with.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
}

/**
 * A listener of a test: it accepts what comes and does nothing with it until it is taken.
 *
 * @example
 * ```ts
 * await using listener = await RawListener.open();
 * dial(listener.address);
 * await using raw = RawLightningConnection.respond(await listener.accept(), { localKey });
 * ```
 */
export class RawListener implements AsyncDisposable {
  readonly #listener: Listener;
  readonly #streams: ByteStream[];
  readonly #conditions: Conditions;
  #closed: Promise<void> | undefined;

  private constructor(listener: Listener, streams: ByteStream[], conditions: Conditions) {
    this.#listener = listener;
    this.#streams = streams;
    this.#conditions = conditions;
  }

  /** Resolves when it listens. @throws NetError as the listener does */
  static async open({
    listen = listenTcp,
    address = parseHostPort("127.0.0.1:0", { allowPortZero: true }),
    maxConnections = 100,
    clock,
  }: RawListenerOptions = {}): Promise<RawListener> {
    const streams: ByteStream[] = [];
    const conditions = new Conditions(clock);
    let opened: RawListener | undefined;
    const onStream = (stream: ByteStream): void => {
      if (opened?.isClosed === true) {
        stream.destroy();
        return;
      }
      streams.push(stream);
      conditions.recheck();
    };
    const listener = await listen(address, onStream, { maxConnections });
    opened = new RawListener(listener, streams, conditions);
    return opened;
  }

  /** Where it listens. */
  get address(): HostPort {
    return this.#listener.address;
  }

  /** Whether it was told to close. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The oldest connection that nobody has taken. @throws AssertionError when none comes in time, or it is closed */
  accept(options?: WaitOptions): Promise<ByteStream> {
    return this.#conditions.find(() => this.#streams.shift(), "a connection", options);
  }

  /** Stops listening and resets what nobody has taken. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const closed = this.#listener.close();
    this.#conditions.end(new Error("the listener was closed"));
    for (const stream of this.#streams.splice(0)) stream.destroy();
    await closed;
  }
}
