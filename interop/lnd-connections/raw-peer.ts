/** A Lightning connection of ours without any rules: the handshake, then whatever a test sends. */
import { encodeMessage } from "@satwire/lnwire";
import {
  type ByteStream,
  defaultDialer,
  FramedStream,
  type FramedStreamEnd,
  parseHostPort,
} from "@satwire/net";
import { generatePrivateKey, NoiseChannel, publicKeyOf } from "@satwire/noise";
import { Conditions, type WaitOptions } from "../conditions.ts";
import type { Lnd } from "../daemons/lnd.ts";

const timeoutMs = 30_000;
const pongType = 19;

/** Whether a peer goes on, or ends the connection. */
export type Outcome = "stays" | "hangs up";

/** A connection and the messages that came over it. */
export class RawPeer implements AsyncDisposable {
  readonly localPublicKey: Uint8Array;
  end: FramedStreamEnd | undefined;
  readonly #framed: FramedStream;
  readonly #received: Uint8Array[] = [];
  readonly #conditions = new Conditions();
  #isEstablished = false;

  private constructor(stream: ByteStream, channel: NoiseChannel, localPublicKey: Uint8Array) {
    this.localPublicKey = localPublicKey;
    this.#framed = new FramedStream(stream, channel, {
      onEstablished: () => {
        this.#isEstablished = true;
        this.#conditions.recheck();
      },
      onMessage: (message) => {
        this.#received.push(message);
        this.#conditions.recheck();
      },
      onDrain: () => {},
      onClose: (end) => {
        this.end = end;
        this.#conditions.recheck();
      },
    });
    this.#framed.start();
  }

  /** We open a connection that is there; resolves when the handshake is done. */
  static async initiate(stream: ByteStream, remoteKey: Uint8Array): Promise<RawPeer> {
    const localKey = generatePrivateKey();
    const channel = NoiseChannel.initiator({ localKey, remoteKey });
    const peer = new RawPeer(stream, channel, publicKeyOf(localKey));
    await peer.#until(() => peer.#isEstablished);
    return peer;
  }

  /** We were dialed; resolves when the handshake is done. */
  static async respond(stream: ByteStream, localKey: Uint8Array): Promise<RawPeer> {
    const channel = NoiseChannel.responder({ localKey });
    const peer = new RawPeer(stream, channel, publicKeyOf(localKey));
    await peer.#until(() => peer.#isEstablished);
    return peer;
  }

  /** Dials lnd. */
  static async dial(lnd: Lnd): Promise<RawPeer> {
    const stream = await defaultDialer(parseHostPort(`${lnd.host}:${lnd.port}`));
    return RawPeer.initiate(stream, lnd.nodeId);
  }

  /** Sends a message as it is, its type included. */
  send(message: Uint8Array): void {
    this.#framed.send(message);
  }

  /** The oldest message of a type that nobody has taken. @throws when the connection ends before */
  async take(
    type: number,
    isIt: (message: Uint8Array) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<Uint8Array> {
    const find = (): number =>
      this.#received.findIndex((bytes) => typeOf(bytes) === type && isIt(bytes));
    await this.#until(() => find() >= 0 || this.end !== undefined, options);
    const at = find();
    if (at < 0) throw new Error(`the end came before a message of type ${type}`);
    return this.#received.splice(at, 1)[0]!;
  }

  /** Pings: whether the peer, which reads what came before first, answers or hangs up. */
  async outcome(numPongBytes: number): Promise<Outcome> {
    this.send(encodeMessage({ type: "ping", numPongBytes, ignored: new Uint8Array(0) }));
    try {
      await this.take(pongType, (message) => message.length === 4 + numPongBytes);
      return "stays";
    } catch (error) {
      if (this.end === undefined) throw error;
      return "hangs up";
    }
  }

  /** How many messages of a type came and were not taken. */
  count(type: number): number {
    return this.#received.filter((message) => typeOf(message) === type).length;
  }

  /** Resolves when the connection has ended. */
  async ended(options?: WaitOptions): Promise<FramedStreamEnd> {
    await this.#until(() => this.end !== undefined, options);
    return this.end!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#framed.destroy();
    await this.ended();
  }

  #until(
    isMet: () => boolean,
    options: WaitOptions = { signal: AbortSignal.timeout(timeoutMs) },
  ): Promise<void> {
    return this.#conditions.until(isMet, options);
  }
}

function typeOf(message: Uint8Array): number {
  return Buffer.from(message).readUInt16BE();
}
