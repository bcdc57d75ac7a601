/** Our side of BOLT 8 over TCP, without any rules: what came is there to be looked at. */
import { type ByteStream, FramedStream, type FramedStreamEnd } from "@satwire/net";
import { NoiseChannel } from "@satwire/noise";
import { Conditions } from "../conditions.ts";
import { Tap, type TapOptions } from "./tap.ts";

const timeoutMs = 30_000;

/** A connection, and everything that came over it, in order. */
export class NoisePeer implements AsyncDisposable {
  readonly tap: Tap;
  /** Messages that came and that nobody has taken. */
  readonly messages: Uint8Array[] = [];
  /** How many came at all. */
  received = 0;
  end: FramedStreamEnd | undefined;
  readonly #channel: NoiseChannel;
  readonly #framed: FramedStream;
  readonly #conditions = new Conditions();

  constructor(stream: ByteStream, channel: NoiseChannel, options: TapOptions = {}) {
    this.tap = new Tap(stream, options);
    this.#channel = channel;
    this.#framed = new FramedStream(this.tap, channel, {
      onEstablished: () => this.#conditions.recheck(),
      onMessage: (message) => {
        this.received++;
        this.messages.push(message);
        this.#conditions.recheck();
      },
      onDrain: () => this.#conditions.recheck(),
      onClose: (end) => {
        this.end = end;
        this.#conditions.recheck();
      },
    });
    this.#framed.start();
  }

  /** The other side's key, as far as it is known. */
  get remoteKey(): Uint8Array | undefined {
    return this.#channel.remoteKey;
  }

  /** @throws what the framing throws; when the connection ends while there is no room for the message */
  async send(message: Uint8Array): Promise<void> {
    await this.until(() => this.#framed.hasRoom);
    this.#framed.send(message);
  }

  /** Hands messages over at once, whatever the connection has room for. */
  sendAtOnce(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#framed.send(message);
  }

  /** The oldest message that nobody has taken. @throws when the connection ends before, or after 30 s */
  async take(): Promise<Uint8Array> {
    await this.until(() => this.messages.length > 0);
    return this.messages.shift()!;
  }

  /** Resolves when the condition is met. @throws when the connection ends before, or after 30 s */
  async until(isMet: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    await this.#conditions.until(() => isMet() || this.end !== undefined, { signal });
    if (!isMet()) throw new Error("the connection has ended", { cause: this.end });
  }

  /** Resolves when the handshake is done. */
  async established(): Promise<void> {
    await this.until(() => this.#channel.established);
  }

  /** Resolves when the connection has ended. */
  async ended(): Promise<FramedStreamEnd> {
    await this.until(() => this.end !== undefined);
    return this.end!;
  }

  /** Closes the connection, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#framed.destroy();
    await this.ended();
  }
}
