// A peer that does what a test tells it to, with nothing between the test and the frames.
import {
  decodeMessage,
  encodeMessage,
  featureVector,
  type LightningMessage,
} from "@satwire/lnwire";
import { type ByteStream, FramedStream, type FramedStreamEnd } from "@satwire/net";
import { generatePrivateKey, NoiseChannel } from "@satwire/noise";

/** An `init` that every node accepts. */
export const plainInit: LightningMessage = {
  type: "init",
  globalfeatures: new Uint8Array(0),
  features: featureVector([1, 9, 13, 15, 45]),
};

export class RawClient {
  readonly stream: ByteStream;
  readonly framed: FramedStream;
  /** Frames that came and were not taken. */
  readonly frames: Uint8Array[] = [];
  readonly closed: Promise<FramedStreamEnd>;
  #established = false;
  #end: FramedStreamEnd | undefined;
  #waiting: (() => void)[] = [];

  constructor(stream: ByteStream, remoteKey: Uint8Array, localKey = generatePrivateKey()) {
    this.stream = stream;
    let close: (end: FramedStreamEnd) => void = () => {};
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    this.framed = new FramedStream(stream, NoiseChannel.initiator({ localKey, remoteKey }), {
      onEstablished: () => {
        this.#established = true;
        this.#wake();
      },
      onMessage: (frame) => {
        this.frames.push(frame);
        this.#wake();
      },
      onDrain: () => {},
      onClose: (end) => {
        this.#end = end;
        close(end);
        this.#wake();
      },
    });
    this.framed.start();
  }

  /** Resolves when the handshake is done. */
  async established(): Promise<void> {
    await this.#until(() => this.#established);
  }

  /** Sends messages, or bytes as messages. */
  send(...messages: (LightningMessage | Uint8Array)[]): void {
    for (const message of messages) {
      this.framed.send(message instanceof Uint8Array ? message : encodeMessage(message));
    }
  }

  /** The next frames, as they are. */
  async takeFrames(count: number): Promise<Uint8Array[]> {
    await this.#until(() => this.frames.length >= count);
    return this.frames.splice(0, count);
  }

  /** The next message. */
  async take(): Promise<LightningMessage> {
    const [frame] = await this.takeFrames(1);
    return decodeMessage(frame as Uint8Array);
  }

  /** Sends a ping that asks for this many bytes and takes what comes next. */
  async ping(numPongBytes = 1): Promise<LightningMessage> {
    this.send({ type: "ping", numPongBytes, ignored: new Uint8Array(0) });
    return this.take();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#end !== undefined) throw new Error(`closed by ${this.#end.by} while waiting`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
