// One connection of a loopback node.
import {
  checkFeatures,
  decodeMessage,
  DecodeError,
  encodeMessage,
  equalBytes,
  FeatureError,
  joinFeatures,
  type KnownMessage,
  type LightningMessage,
  noPongFrom,
} from "@satwire/lnwire";
import { type ByteStream, FramedStream, type FramedStreamEnd } from "@satwire/net";
import { type LocalKey, NoiseChannel } from "@satwire/noise";
import { answerGossipQuery, type GossipQuery, isGossipQuery } from "./gossip-responder.ts";
import type { GossipStore } from "./gossip-store.ts";

/** Queries of one peer that may wait for their answer; one more ends the connection. */
const maxQueries = 16;

/** Frames that may wait behind a full socket; above it nothing is read until there is room again. */
const maxWaitingFrames = 16;

interface Answer {
  readonly isBacklog: boolean;
  readonly messages: Iterator<KnownMessage>;
}

/** What a connection takes from its node. */
export interface LoopbackConnectionOptions {
  readonly localKey: LocalKey;
  /** The encoded `init`, if one is sent at all. */
  readonly opening: Uint8Array | undefined;
  readonly gossip: GossipStore;
  readonly idsPerReply: number | undefined;
  readonly answersPings: boolean;
  readonly alsoKnownTypes: readonly number[];
  readonly onMessage:
    | ((message: LightningMessage, connection: LoopbackConnection) => void)
    | undefined;
  readonly onClose: () => void;
}

/**
 * The node's side of one connection. It hangs up on what BOLT 1 says to hang up on: a peer that does not
 * begin with `init`, requires unknown features, sends malformed messages or unknown ones of an even type.
 */
export class LoopbackConnection {
  readonly #options: LoopbackConnectionOptions;
  readonly #channel: NoiseChannel;
  readonly #framed: FramedStream;
  /** Answers that are being sent, in the order of their queries. */
  readonly #answers: Answer[] = [];
  readonly #received: Record<string, number> = {};
  readonly #closed: Promise<FramedStreamEnd>;
  #hasInit = false;
  #waitingFrames = 0;
  #isEnding = false;

  constructor(stream: ByteStream, options: LoopbackConnectionOptions) {
    this.#options = options;
    this.#channel = NoiseChannel.responder({ localKey: options.localKey });
    let close: (end: FramedStreamEnd) => void = () => {};
    this.#closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#framed = new FramedStream(stream, this.#channel, {
      onEstablished: () => {
        this.#waitingFrames = 0;
      },
      onMessage: (frame) => this.#receive(frame),
      onDrain: () => {
        this.#waitingFrames = 0;
        this.#sendAnswers();
        this.#framed.resume();
      },
      onClose: (end) => {
        options.onClose();
        close(end);
      },
    });
    // Given before anything else, so it goes out first.
    if (options.opening !== undefined) this.#framed.send(options.opening);
    this.#framed.start();
  }

  /** The peer's node id, once the handshake is done. */
  get remotePublicKey(): Uint8Array | undefined {
    return this.#channel.remoteKey;
  }

  /** How many messages of each type came. */
  get received(): Readonly<Record<string, number>> {
    return this.#received;
  }

  /** Resolves with how the connection ended. */
  get closed(): Promise<FramedStreamEnd> {
    return this.#closed;
  }

  /**
   * Sends a message, after the handshake if that is not done yet. False if there is no room for more by now;
   * the message is sent all the same, unless the connection has ended.
   *
   * @throws EncodeError if the message is none that could be sent.
   */
  send(message: LightningMessage): boolean {
    return this.sendFrame(encodeMessage(message));
  }

  /**
   * Sends any bytes as one message, well-formed or not.
   *
   * @throws TransportError `message_too_long` over 65535 bytes
   */
  sendFrame(frame: Uint8Array): boolean {
    const hasRoom = this.#framed.send(frame);
    if (!hasRoom) this.#waitingFrames++;
    return hasRoom;
  }

  /** Sends what is queued, then ends the connection. Answers that are not made yet are dropped. */
  end(): void {
    this.#isEnding = true;
    this.#framed.end();
    this.#framed.resume(); // no drain will do it any more, and the peer's end must be seen
  }

  /** Drops the connection: the peer sees a reset. */
  destroy(): void {
    this.#framed.destroy();
  }

  #receive(frame: Uint8Array): void {
    const { answersPings, onMessage } = this.#options;
    let message: LightningMessage;
    try {
      message = decodeMessage(frame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#framed.destroy();
      return;
    }
    this.#received[message.type] = (this.#received[message.type] ?? 0) + 1;
    if (!this.#isAllowed(message)) {
      this.#framed.destroy();
      return;
    }
    if (message.type === "ping" && answersPings && message.numPongBytes < noPongFrom) {
      this.send({ type: "pong", ignored: new Uint8Array(message.numPongBytes) });
    } else if (isGossipQuery(message)) {
      this.#answer(message);
    }
    onMessage?.(message, this);
    if (this.#waitingFrames > maxWaitingFrames && !this.#isEnding) this.#framed.pause();
  }

  #isAllowed(message: LightningMessage): boolean {
    this.#hasInit ||= message.type === "init";
    if (!this.#hasInit) return false;
    switch (message.type) {
      case "init":
        return hasUsableFeatures(joinFeatures(message.globalfeatures, message.features));
      case "query_short_channel_ids":
        return (
          (message.queryFlags ?? message.shortChannelIds).length === message.shortChannelIds.length
        );
      case "unknown":
        return message.id % 2 === 1 || this.#options.alsoKnownTypes.includes(message.id);
      default:
        return true;
    }
  }

  #answer(query: GossipQuery): void {
    const { gossip, idsPerReply } = this.#options;
    const isBacklog =
      query.type === "gossip_timestamp_filter" && equalBytes(query.chainHash, gossip.chainHash);
    if (isBacklog) {
      // BOLT 7: a filter replaces the one before, so what that one asked for is not sent any more.
      const replaced = this.#answers.findIndex((answer) => answer.isBacklog);
      if (replaced >= 0) this.#answers.splice(replaced, 1);
    }
    if (this.#answers.length >= maxQueries) {
      this.#framed.destroy();
      return;
    }
    const messages = answerGossipQuery(gossip, query, { idsPerReply })[Symbol.iterator]();
    this.#answers.push({ isBacklog, messages });
    this.#sendAnswers();
  }

  #sendAnswers(): void {
    while (this.#framed.hasRoom) {
      const [answer] = this.#answers;
      if (answer === undefined) return;
      const next = answer.messages.next();
      if (next.done === true) this.#answers.shift();
      else this.send(next.value);
    }
  }
}

/** No unknown required bit, no missing dependency (BOLT 1 "The `init` Message"). */
function hasUsableFeatures(features: Uint8Array): boolean {
  try {
    checkFeatures(features);
  } catch (error) {
    if (error instanceof FeatureError) return false;
    throw error;
  }
  return true;
}
