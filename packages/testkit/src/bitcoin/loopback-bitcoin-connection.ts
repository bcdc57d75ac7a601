// One connection of a loopback Bitcoin node.
import type { Clock, Timer } from "@satwire/actor";
import {
  type BitcoinMessage,
  type BitcoinTransport,
  type KnownMessage,
  type TransportEvent,
  type Version,
} from "@satwire/btcwire";
import { type ByteStream, FramedStream, type FramedStreamEnd, type HostPort } from "@satwire/net";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { MessageFaultLane } from "../message-fault-lane.ts";
import { MessageFaults } from "../message-faults.ts";
import { MessageLog } from "../message-log.ts";
import type { BitcoinHandshake, BitcoinViolation } from "./bitcoin-handshake.ts";
import { type BitcoinMisbehaviour, spoil } from "./bitcoin-misbehaviour.ts";
import type { BitcoinResponder } from "./bitcoin-responder.ts";
import type { MempoolEntry } from "./mempool.ts";
import type { PeerAnnouncer } from "./peer-announcer.ts";
import { type TamperedFraming, tamperedFraming } from "./tampered-framing.ts";

/** Requests of a peer whose answers are not made yet; above it nothing is read until there are fewer. */
const maxRequests = 16;

/** Messages that may be held by a fault before no more answers are made. */
const maxHeldMessages = 100;

/** What a connection takes from its node. */
export interface LoopbackBitcoinConnectionSetup {
  readonly transport: BitcoinTransport<KnownMessage>;
  /** Whether v1 is taken for v2. */
  readonly takesV1: boolean;
  readonly isInbound: boolean;
  readonly clock: Clock;
  readonly handshake: BitcoinHandshake;
  readonly announcer: PeerAnnouncer;
  readonly responder: BitcoinResponder;
  readonly handshakeTimeoutMs: number;
  readonly toleratesMalformed: boolean;
  readonly misbehaviour: ReadonlySet<BitcoinMisbehaviour>;
  readonly nonce: () => bigint;
  /** Those of the node. */
  readonly faults: MessageFaults<BitcoinMessage>;
  readonly onReady: (connection: LoopbackBitcoinConnection) => void;
  readonly onMessage: (message: BitcoinMessage, connection: LoopbackBitcoinConnection) => void;
  readonly onClose: (connection: LoopbackBitcoinConnection) => void;
}

/**
 * The node's side of one connection. It is as strict as nodes are: see `violation` for what it hangs up on. A v1
 * frame with a wrong checksum and what is no command are ignored, as Bitcoin Core does.
 */
export class LoopbackBitcoinConnection {
  /** What went out: the last 1000 messages and the counts of all. Bytes of `sendBytes` are not in it. */
  readonly sent: MessageLog<BitcoinMessage>;
  /** What came: the last 1000 messages and the counts of all. */
  readonly received: MessageLog<BitcoinMessage>;
  /** What goes wrong on this connection, before what goes wrong on all of the node. */
  readonly faults: MessageFaults<BitcoinMessage>;
  readonly #setup: LoopbackBitcoinConnectionSetup;
  readonly #stream: ByteStream;
  readonly #framed: FramedStream<BitcoinMessage | Uint8Array, TransportEvent<KnownMessage>>;
  readonly #framing: TamperedFraming;
  readonly #conditions: Conditions;
  readonly #sending: MessageFaultLane<BitcoinMessage>;
  readonly #receiving: MessageFaultLane<BitcoinMessage>;
  /** Answers that are being made, in the order of their requests. */
  readonly #answers: Iterator<BitcoinMessage>[] = [];
  readonly #ignored: Record<string, number> = {};
  /** Nonces of `sync` that no pong has come for. */
  readonly #pings = new Set<bigint>();
  readonly #timer: Timer;
  readonly #closed: Promise<FramedStreamEnd>;
  #violation: BitcoinViolation | undefined;
  #end: FramedStreamEnd | undefined;
  #isEnding = false;
  #isDeaf = false;
  #isPausedByUser = false;
  #isAnnouncing = false;

  constructor(stream: ByteStream, setup: LoopbackBitcoinConnectionSetup) {
    const { clock, transport, misbehaviour, handshakeTimeoutMs } = setup;
    this.#setup = setup;
    this.#stream = stream;
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
        if (!(message instanceof Uint8Array)) this.#handle(message);
      },
    });
    const tampering = (["wrongMagic", "badChecksum"] as const).find((each) =>
      misbehaviour.has(each),
    );
    this.#framing = tamperedFraming(transport, tampering);
    let close: (end: FramedStreamEnd) => void = () => {};
    this.#closed = new Promise((resolve) => {
      close = resolve;
    });
    this.#timer = clock.setTimer(() => this.#refuse("handshake_timeout"), handshakeTimeoutMs, {
      background: true,
    });
    this.#framed = new FramedStream(stream, this.#framing, {
      onEstablished: () => {
        for (const message of setup.handshake.open()) this.#sending.take(message);
      },
      onMessage: (event) => this.#receive(event),
      onDrain: () => this.#pump(),
      onClose: (end) => {
        this.#finish(end);
        setup.onClose(this);
        close(end);
      },
    });
    this.#framed.start();
  }

  get localAddress(): HostPort | undefined {
    return this.#stream.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#stream.remoteAddress;
  }

  /** True for a connection that this node has dialed. */
  get isOutgoing(): boolean {
    return !this.#setup.isInbound;
  }

  /** How the two sides talk; `detecting` until that is sure. */
  get protocol(): "detecting" | "v1" | "v2" {
    return this.#setup.transport.protocol;
  }

  /** What both sides of a v2 connection can compare, once it is known: 32 bytes. */
  get sessionId(): Uint8Array | undefined {
    return this.#setup.transport.sessionId;
  }

  /** The peer's `version`, once it has come. */
  get remoteVersion(): Version | undefined {
    return this.#setup.handshake.remoteVersion;
  }

  /** Whether both sides have said `version` and the peer its `verack`. */
  get isReady(): boolean {
    return this.#setup.handshake.isDone && this.#end === undefined;
  }

  /** Why this node hung up, if it did. */
  get violation(): BitcoinViolation | undefined {
    return this.#violation;
  }

  /**
   * How many frames and messages were not looked at, by reason: those of `IgnoredFrame`, `malformed`, and `handshake` for
   * what came at the wrong time.
   */
  get ignored(): Readonly<Record<string, number>> {
    const { ignored } = this.#setup.handshake;
    return ignored === 0 ? this.#ignored : { ...this.#ignored, handshake: ignored };
  }

  /** Resolves with how the connection ended. */
  get closed(): Promise<FramedStreamEnd> {
    return this.#closed;
  }

  /** Resolves when the handshake is done. @throws AssertionError if it does not come to that */
  async ready(options?: WaitOptions): Promise<void> {
    await this.#conditions.until(() => this.#setup.handshake.isDone, "the peer's verack", options);
  }

  /**
   * Sends a ping and waits for its pong: then the peer has handled whatever was sent before.
   *
   * @throws AssertionError if it does not come, or the connection ends
   */
  async sync(options?: WaitOptions): Promise<void> {
    await this.ready(options);
    const nonce = this.#setup.nonce();
    this.#pings.add(nonce);
    try {
      this.send({ type: "ping", nonce });
      await this.#conditions.until(() => !this.#pings.has(nonce), "the pong", options);
    } finally {
      this.#pings.delete(nonce);
    }
  }

  /**
   * Sends a message, at once when the transport can: nothing keeps it behind the handshake. False if there is no room for
   * more by now; the message is sent all the same, unless the connection has ended.
   *
   * @throws EncodeError if the message is none that could be sent.
   */
  send(message: BitcoinMessage): boolean {
    this.#framing.check(message);
    this.#sending.take(message);
    return this.#framed.hasRoom;
  }

  /** Puts bytes on the wire as they are: over v2 those of no packet. Faults are not asked about it. */
  sendBytes(bytes: Uint8Array): boolean {
    return this.#framed.send(bytes);
  }

  /** Reads no more: what the peer sends fills the buffers between the two, then the peer has to wait. */
  pauseReading(): void {
    this.#isPausedByUser = true;
    this.#framed.pause();
  }

  /** Undoes `pauseReading`. */
  resumeReading(): void {
    this.#isPausedByUser = false;
    this.#updateReading();
  }

  /** Sends what is queued, then ends the connection. Answers that are not made yet are dropped. */
  end(): void {
    this.#isEnding = true;
    this.#answers.length = 0;
    this.#framed.end();
    this.resumeReading(); // the peer's end must be seen
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

  /** There may be something new to announce. */
  announce(entry?: MempoolEntry): void {
    if (!this.isReady) return;
    if (entry !== undefined) this.#setup.announcer.addTransaction(entry);
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    // Once for all of a turn.
    queueMicrotask(() => this.#pump());
  }

  #receive(event: TransportEvent<KnownMessage>): void {
    if (this.#isDeaf) return;
    const { toleratesMalformed, takesV1 } = this.#setup;
    switch (event.type) {
      case "ready":
        if (event.protocol === "v1" && !takesV1) this.#refuse("v1_refused");
        return;
      case "ignored":
        this.#count(event.reason);
        return;
      case "malformed":
        this.#count("malformed");
        if (!toleratesMalformed) this.#refuse("malformed_message");
        return;
      case "message":
        this.#receiving.take(event.message);
    }
  }

  #handle(message: BitcoinMessage): void {
    if (this.#end !== undefined || this.#violation !== undefined) return;
    const { responder, misbehaviour, onMessage, onReady } = this.#setup;
    const wasReady = this.isReady;
    if (message.type === "pong" && message.nonce !== undefined) this.#pings.delete(message.nonce);
    const { messages, violation, isReady } = responder.take(message);
    if (violation !== undefined) {
      this.received.add(message);
      this.#refuse(violation);
      return;
    }
    const isSilent = misbehaviour.has("neverAnswers") && wasReady && message.type !== "ping";
    if (messages !== undefined && !isSilent) this.#answers.push(messages[Symbol.iterator]());
    if (isReady === true) {
      this.#timer.cancel();
      if (misbehaviour.has("lateNegotiation")) this.#answers.push(one({ type: "sendaddrv2" }));
    }
    this.#pump();
    this.received.add(message);
    if (isReady === true) {
      onReady(this);
      if (misbehaviour.has("neverReads")) this.pauseReading();
    }
    onMessage(message, this);
  }

  /** Sends answers, then announcements, as far as there is room. */
  #pump(): void {
    if (this.#isEnding || this.#end !== undefined) return;
    while (this.#framed.hasRoom && this.#sending.heldCount < maxHeldMessages) {
      const [answer] = this.#answers;
      if (answer === undefined) break;
      const next = answer.next();
      if (next.done === true) this.#answers.shift();
      else this.#sending.take(next.value);
      if (this.#isEnding) return; // by a fault
    }
    if (this.#isAnnouncing && this.#framed.hasRoom && this.#answers.length === 0) {
      this.#isAnnouncing = false;
      const repeats = this.#setup.misbehaviour.has("repeatsAnnouncements") ? 2 : 1;
      for (const message of this.#setup.announcer.take()) {
        for (let i = 0; i < repeats; i++) this.#sending.take(message);
      }
    }
    this.#updateReading();
  }

  /** A peer that does not take its answers is not asked what else it wants. */
  #updateReading(): void {
    if (this.#isPausedByUser) return;
    if (this.#answers.length > maxRequests) this.#framed.pause();
    else this.#framed.resume();
  }

  #write(message: BitcoinMessage | Uint8Array): void {
    if (this.#isEnding || this.#end !== undefined) return;
    if (message instanceof Uint8Array) {
      this.#framed.send(message);
      return;
    }
    const spoilt = spoil(message, this.#setup.misbehaviour, this.remoteVersion);
    if (spoilt === undefined) return;
    this.sent.add(spoilt);
    this.#framed.send(spoilt);
  }

  #count(reason: string): void {
    this.#ignored[reason] = (this.#ignored[reason] ?? 0) + 1;
  }

  #refuse(violation: BitcoinViolation): void {
    this.#violation ??= violation;
    this.destroy();
  }

  /** A fault ends the connection: what was sent goes out, what comes is not looked at. */
  #hangUp(): void {
    this.#isDeaf = true;
    this.end();
  }

  #finish(end: FramedStreamEnd): void {
    this.#end = end;
    this.#timer.cancel();
    this.#sending.close();
    this.#receiving.close();
    this.#answers.length = 0;
    this.#conditions.end(new Error(`the connection was ended by ${end.by}`));
  }
}

function one<T>(value: T): Iterator<T> {
  return [value][Symbol.iterator]();
}
