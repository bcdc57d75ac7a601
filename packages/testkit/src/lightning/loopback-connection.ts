// One connection of a loopback node.
// Bytes: messages that come are views of their frames, which belong to whoever keeps them.
import {
  DecodeError,
  type Init,
  type KnownMessage,
  type LightningMessage,
  type MessageBase,
  noPongFrom,
} from "@satwire/lnwire";
import { type ByteStream, FramedStream, type FramedStreamEnd, type HostPort } from "@satwire/net";
import { NoiseChannel } from "@satwire/noise";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { MessageFaultLane } from "../message-fault-lane.ts";
import { MessageFaults } from "../message-faults.ts";
import { MessageLog } from "../message-log.ts";
import { AnswerQueue } from "./answer-queue.ts";
import { isSignedGossip } from "./gossip-frame.ts";
import { GossipRelay } from "./gossip-relay.ts";
import { answerGossipQuery, type GossipQuery, isGossipQuery } from "./gossip-responder.ts";
import type { LoopbackLightningConnectionSetup, LoopbackMessage } from "./loopback-setup.ts";
import { mayCome } from "./peer-rules.ts";
import { Pings } from "./pings.ts";

/** Frames that may wait behind a full socket; above it nothing is read until there is room again. */
const maxWaitingFrames = 16;

/** Messages that may be held by a fault before no more answers are made. */
const maxHeldMessages = 100;

/**
 * The node's side of one connection. It hangs up on what BOLT 1 says to hang up on: a peer that does not
 * begin with `init`, requires unknown features, sends malformed messages or unknown ones of an even type.
 */
export class LoopbackLightningConnection<M extends MessageBase = never> {
  /** What went out: the last 1000 messages and the counts of all. Frames of `sendFrame` and bytes of `sendBytes` are not in it. */
  readonly sent: MessageLog<LoopbackMessage<M>>;
  /** What came: the last 1000 messages and the counts of all. */
  readonly received: MessageLog<LoopbackMessage<M>>;
  /** What goes wrong on this connection, before what goes wrong on all of the node. */
  readonly faults: MessageFaults<LoopbackMessage<M>>;
  readonly #setup: LoopbackLightningConnectionSetup<M>;
  readonly #stream: ByteStream;
  readonly #channel: NoiseChannel;
  readonly #framed: FramedStream;
  readonly #conditions: Conditions;
  readonly #sending: MessageFaultLane<LoopbackMessage<M>>;
  readonly #receiving: MessageFaultLane<LoopbackMessage<M>>;
  readonly #pings: Pings;
  readonly #relay: GossipRelay;
  readonly #answers: AnswerQueue;
  readonly #closed: Promise<FramedStreamEnd>;
  /** What was given before the handshake was done; afterwards undefined. */
  #early: (() => void)[] | undefined = [];
  #remoteInit: Init | undefined;
  #end: FramedStreamEnd | undefined;
  #waitingFrames = 0;
  #isEnding = false;
  #isDeaf = false;
  #isPaused = false;

  constructor(stream: ByteStream, setup: LoopbackLightningConnectionSetup<M>) {
    const { localKey, remoteKey, crypto, clock, gossip } = setup;
    this.#setup = setup;
    this.#stream = stream;
    this.#channel =
      remoteKey === undefined
        ? NoiseChannel.responder({ localKey, crypto })
        : NoiseChannel.initiator({ localKey, remoteKey, crypto });
    this.#conditions = new Conditions(clock);
    this.sent = new MessageLog(this.#conditions);
    this.received = new MessageLog(this.#conditions);
    this.faults = new MessageFaults([], { parent: setup.faults });
    const lane = { faults: this.faults, connection: this, clock, end: () => this.#hangUp() };
    this.#sending = new MessageFaultLane({
      ...lane,
      direction: "sent",
      pass: (message) => this.#write(message),
      onReleased: () => this.#pump(),
    });
    this.#receiving = new MessageFaultLane({
      ...lane,
      direction: "received",
      pass: (message) => {
        if (message instanceof Uint8Array) this.#receive(message, false);
        else this.#handle(message, undefined);
      },
    });
    this.#pings = new Pings({
      clock,
      conditions: this.#conditions,
      send: (ping) => this.#sending.take(ping),
      everyMs: setup.pingEveryMs,
      timeoutMs: setup.pongTimeoutMs,
      onTimeout: () => this.destroy(),
    });
    this.#answers = new AnswerQueue();
    this.#relay = new GossipRelay({
      store: gossip,
      clock,
      everyMs: setup.relayEveryMs,
      onNews: () => this.#pump(),
    });
    let close: (end: FramedStreamEnd) => void = () => {};
    this.#closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#framed = new FramedStream(stream, this.#channel, {
      onEstablished: () => this.#open(),
      onMessage: (frame) => this.#receive(frame),
      onDrain: () => {
        this.#waitingFrames = 0;
        this.#pump();
        if (!this.#isPaused) this.#framed.resume();
      },
      onClose: (end) => {
        this.#finish(end);
        setup.onClose(this);
        close(end);
      },
    });
    this.#framed.start();
  }

  /** The peer's node id, once the handshake is done; of a connection that was dialed, from the start. */
  get remotePublicKey(): Uint8Array | undefined {
    return this.#channel.remoteKey;
  }

  get localAddress(): HostPort | undefined {
    return this.#stream.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#stream.remoteAddress;
  }

  /** True for a connection that this node has dialed. */
  get isOutgoing(): boolean {
    return this.#setup.remoteKey !== undefined;
  }

  /** The peer's `init`, once it has come. */
  get remoteInit(): Init | undefined {
    return this.#remoteInit;
  }

  /** Whether the handshake is done and the peer's `init` has come. */
  get isReady(): boolean {
    return this.#remoteInit !== undefined && this.#end === undefined;
  }

  /** Resolves with how the connection ended. */
  get closed(): Promise<FramedStreamEnd> {
    return this.#closed;
  }

  /** Resolves when the handshake is done and the peer's `init` is there. @throws AssertionError if it does not come */
  async ready(options?: WaitOptions): Promise<void> {
    await this.#conditions.until(() => this.#remoteInit !== undefined, "the peer's init", options);
  }

  /**
   * Sends a ping and waits for its pong: then the peer has handled whatever was sent before.
   *
   * @throws AssertionError if it does not come, or the connection ends
   */
  sync(options?: WaitOptions): Promise<void> {
    return this.#pings.sync(options);
  }

  /**
   * Sends a message, after the handshake and `init` if those are not done yet. False if there is no room for more by
   * now; the message is sent all the same, unless the connection has ended.
   *
   * @throws EncodeError if the message is none that could be sent.
   */
  send(message: LoopbackMessage<M>): boolean {
    const frame = this.#frameOf(message);
    if (message.type === "ping") this.#pings.add(message as LightningMessage & { type: "ping" });
    return this.#whenOpen(() => {
      if (this.#sending.isIdle) this.#write(message, frame);
      else this.#sending.take(message);
    });
  }

  /**
   * Sends any bytes as one message, well-formed or not. Faults are not asked about it.
   *
   * @throws TransportError `message_too_long` over 65535 bytes
   */
  sendFrame(frame: Uint8Array): boolean {
    this.#channel.check(frame);
    return this.#whenOpen(() => this.#writeFrame(frame));
  }

  /**
   * Writes bytes below the encryption, which the peer cannot decrypt. Nothing that is sent later can be read either.
   * False as with `send`; faults are not asked about it.
   */
  sendBytes(bytes: Uint8Array): boolean {
    if (this.#isEnding || this.#end !== undefined) return false;
    queueMicrotask(() => {
      if (!this.#isEnding && this.#end === undefined) this.#stream.write(bytes); // behind this turn's frames
    });
    return this.#framed.hasRoom;
  }

  /** Sends the first half of a message, a `warning` of 200 bytes, then ends the connection. */
  endMidMessage(): void {
    this.#whenOpen(() => {
      const data = new Uint8Array(164).fill(0x20);
      const frame = this.#setup.messages.encode({
        type: "warning",
        channelId: new Uint8Array(32),
        data,
      } as MessageBase);
      queueMicrotask(() => {
        if (this.#isEnding || this.#end !== undefined) return;
        this.#stream.write(this.#channel.encode([frame]).subarray(0, 100));
        this.end();
      });
    });
  }

  /** Reads no more: what the peer sends fills the buffers between the two, then the peer has to wait. */
  pauseReading(): void {
    this.#isPaused = true;
    this.#framed.pause();
  }

  /** Undoes `pauseReading`. */
  resumeReading(): void {
    this.#isPaused = false;
    this.#framed.resume();
  }

  /** Sends what is queued, then ends the connection. Answers that are not made yet are dropped. */
  end(): void {
    this.#isEnding = true;
    this.#framed.end();
    this.resumeReading(); // no drain will do it any more, and the peer's end must be seen
  }

  /** As `end`, and resolves when the peer has ended too. @throws AssertionError if it does not in time */
  async disconnect(options?: WaitOptions): Promise<FramedStreamEnd> {
    this.end();
    return this.#conditions.find(() => this.#end, "the peer's end of the connection", options);
  }

  /** Drops the connection: the peer sees a reset. */
  destroy(): void {
    this.#framed.destroy();
  }

  #open(): void {
    this.#waitingFrames = 0;
    const { opening, conduct } = this.#setup;
    const early = this.#early ?? [];
    this.#early = undefined;
    const first = conduct.opening(opening as readonly (LightningMessage | Uint8Array)[]);
    for (const message of first) {
      if (message instanceof Uint8Array) this.#writeFrame(message);
      else this.#sending.take(message);
    }
    for (const run of early) run();
    this.#pump();
  }

  #whenOpen(run: () => void): boolean {
    if (this.#isEnding || this.#end !== undefined) return false;
    if (this.#early === undefined) run();
    else this.#early.push(run);
    return this.#framed.hasRoom;
  }

  #frameOf(message: LoopbackMessage<M>): Uint8Array {
    const { messages, gossip } = this.#setup;
    return isSignedGossip(message) ? gossip.frameOf(message) : messages.encode(message);
  }

  #write(message: LoopbackMessage<M> | Uint8Array, frame?: Uint8Array): void {
    if (message instanceof Uint8Array) this.#writeFrame(message);
    else if (!this.#isEnding && this.#end === undefined) {
      this.sent.add(message);
      this.#writeFrame(frame ?? this.#frameOf(message));
    }
  }

  #writeFrame(frame: Uint8Array): void {
    if (!this.#framed.send(frame)) this.#waitingFrames++;
  }

  /** A fault ends the connection: what was sent goes out, what comes is not looked at. */
  #hangUp(): void {
    this.#isDeaf = true;
    this.end();
  }

  #receive(frame: Uint8Array, mayFail = true): void {
    if (this.#isDeaf) return;
    let message: LoopbackMessage<M>;
    try {
      message = this.#setup.messages.decode(frame) as LoopbackMessage<M>;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#framed.destroy();
      return;
    }
    if (this.#receiving.isIdle || !mayFail) this.#handle(message, frame);
    else this.#receiving.take(message);
    if (this.#waitingFrames > maxWaitingFrames && !this.#isEnding) this.#framed.pause();
  }

  #handle(message: LoopbackMessage<M>, frame: Uint8Array | undefined): void {
    const hasInit = this.#remoteInit !== undefined;
    if (!mayCome(message, { hasInit, alsoKnownTypes: this.#setup.alsoKnownTypes })) {
      this.received.add(message);
      this.#framed.destroy();
      return;
    }
    this.#respond(message as LightningMessage, frame);
    this.received.add(message); // by now, so that those who wait for it see what came of it
    this.#setup.onMessage(message, this);
  }

  #respond(message: LightningMessage, frame: Uint8Array | undefined): void {
    const { conduct, intake } = this.#setup;
    if (message.type === "init") {
      const isFirst = this.#remoteInit === undefined;
      this.#remoteInit = message;
      if (isFirst) this.#begin();
    } else if (message.type === "ping") {
      const length =
        message.numPongBytes < noPongFrom ? conduct.pongLength(message.numPongBytes) : undefined;
      if (length !== undefined) this.send({ type: "pong", ignored: new Uint8Array(length) });
    } else if (message.type === "pong") {
      this.#pings.received(message.ignored.length);
    } else if (isSignedGossip(message)) {
      this.#relay.markReceived(message);
      const warning = intake.take(message, frame, this);
      if (warning === undefined) return;
      this.send(warning);
      this.end();
    } else if (isGossipQuery(message)) {
      this.#answer(message);
    }
  }

  #begin(): void {
    const { conduct, intake, onReady } = this.#setup;
    this.#conditions.recheck();
    const filter = intake.filter;
    if (filter !== undefined) this.send(filter);
    this.#pings.start();
    conduct.onReady(this);
    onReady(this);
  }

  #answer(query: GossipQuery): void {
    const { gossip, answerOptions, conduct } = this.#setup;
    // BOLT 7: a filter replaces the one before, so what that one asked for is not sent any more.
    const isBacklog = query.type === "gossip_timestamp_filter" && this.#relay.setFilter(query);
    if (isBacklog) this.#answers.dropBacklog();
    const messages =
      query.type === "gossip_timestamp_filter"
        ? this.#relay.apply(query)
        : answerGossipQuery(gossip, query, answerOptions);
    if (this.#answers.add(conduct.answer(this.#marked(messages)), { isBacklog })) this.#pump();
    else this.#framed.destroy();
  }

  *#marked(messages: Iterable<KnownMessage>): Generator<KnownMessage> {
    for (const message of messages) {
      if (isSignedGossip(message)) this.#relay.markSent(message);
      yield message;
    }
  }

  /** Sends answers, then news, while there is room. */
  #pump(): void {
    while (this.#framed.hasRoom && this.#sending.heldCount < maxHeldMessages) {
      const answer = this.#answers.next();
      if (answer !== undefined) {
        this.send(answer as LoopbackMessage<M>);
        continue;
      }
      const news = this.#relay.take();
      if (news === undefined) return;
      const { conduct } = this.#setup;
      for (const message of conduct.answer(this.#marked([news]))) this.send(message);
    }
  }

  #finish(end: FramedStreamEnd): void {
    this.#end = end;
    this.#pings.close();
    this.#relay.close();
    this.#sending.close();
    this.#receiving.close();
    this.#answers.clear();
    this.#early = undefined;
    this.#conditions.end(new Error(`the connection was ended (by ${end.by})`));
  }
}
