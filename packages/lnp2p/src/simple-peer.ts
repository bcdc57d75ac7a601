// One Lightning peer over one connection: dial or accept, BOLT 8, init, messages, end.
import type { Init, KnownMessage, MessageBase } from "@satwire/lnwire";
import {
  type ByteStream,
  defaultDialer,
  type Dialer,
  FramedStream,
  type FramedStreamEnd,
  formatHostPort,
  type HostPort,
  NetError,
} from "@satwire/net";
import { NoiseChannel } from "@satwire/noise";
import type { ConnectionEvent, ConnectionState } from "./connection-event.ts";
import { PeerError, type PeerErrorCode } from "./errors.ts";
import { EventLog } from "./event-log.ts";
import { Inbox } from "./inbox.ts";
import type { NodeAddress } from "./node-address.ts";
import { Outbox } from "./outbox.ts";
import type { P2PConnection, WaitOptions } from "./p2p-connection.ts";
import { PeerMachine, type ReceivedMessage, type SendableMessage } from "./peer-machine.ts";
import {
  checkNodeId,
  type CompleteOptions,
  completeOptions,
  type SimplePeerOptions,
} from "./peer-options.ts";
import { PhaseTimer } from "./phase-timer.ts";
import { type PingOptions, Pings } from "./pings.ts";
import { streamFailure } from "./stream-failure.ts";

/**
 * A Lightning peer: connects once, tells what happens, carries messages both ways.
 *
 * @example
 * ```ts
 * await using peer = new SimplePeer({ target: parseNodeAddress("02…ab@node.example") });
 * await peer.connect();
 * for await (const message of peer.receiveMessages()) {
 *   if (message.type === "channel_update") console.log(message.shortChannelId);
 * }
 * ```
 */
export class SimplePeer<M extends MessageBase = KnownMessage> implements P2PConnection<M> {
  readonly localPublicKey: Uint8Array;
  readonly #options: CompleteOptions<M>;
  readonly #origin: { target: NodeAddress; dialer: Dialer } | { stream: ByteStream };
  readonly #machine: PeerMachine<M>;
  readonly #events: EventLog = new EventLog();
  readonly #inbox: Inbox<ReceivedMessage<M>>;
  readonly #outbox: Outbox;
  readonly #pings: Pings;
  readonly #timer: PhaseTimer;
  readonly #finished: Promise<void>;
  #resolveFinished: () => void = () => {};
  #settleConnect: (error?: PeerError) => void = () => {};
  #state: ConnectionState = "disconnected";
  #wasUsed = false;
  #isFinished = false;
  #hasPeerEnded = false;
  #failure: PeerError | undefined;
  #remoteInit: Init | undefined;
  #remoteFeatures: Uint8Array | undefined;
  #dialing: AbortController | undefined;
  #stream: ByteStream | undefined;
  #channel: NoiseChannel | undefined;
  #framed: FramedStream | undefined;

  /** @throws PeerError `invalid_option` */
  constructor(options: SimplePeerOptions<M>) {
    this.#options = completeOptions<M>(options);
    if ("stream" in options) {
      this.#origin = { stream: options.stream };
    } else {
      checkNodeId(options.target.publicKey, this.#options.crypto);
      this.#origin = { target: options.target, dialer: options.dialer ?? defaultDialer };
    }
    const { localKey, messages, rules, clock, receiveCapacity, sendCapacity } = this.#options;
    this.localPublicKey = Uint8Array.from(localKey.publicKey);
    this.#machine = new PeerMachine<M>(messages, rules);
    this.#timer = new PhaseTimer(clock);
    this.#pings = new Pings(clock);
    this.#inbox = new Inbox({
      capacity: receiveCapacity,
      onSpace: () => this.#framed?.resume(),
    });
    this.#outbox = new Outbox({
      capacity: sendCapacity,
      write: (frame) => this.#framed?.send(frame) ?? false,
    });
    this.#finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get #isClosing(): boolean {
    return this.#state === "closing" || this.#isFinished;
  }

  get isConnected(): boolean {
    return this.#state === "connected";
  }

  get remotePublicKey(): Uint8Array | undefined {
    return "target" in this.#origin ? this.#origin.target.publicKey : this.#channel?.remoteKey;
  }

  get localAddress(): HostPort | undefined {
    return this.#stream?.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#stream?.remoteAddress;
  }

  /** The peer's `init`, once it was accepted. */
  get remoteInit(): Init | undefined {
    return this.#remoteInit;
  }

  /** The peer's feature bits, both sets of its `init` joined, once it was accepted. */
  get remoteFeatures(): Uint8Array | undefined {
    return this.#remoteFeatures;
  }

  /**
   * Dials or takes the accepted connection, does the handshake, exchanges `init`. A peer connects once.
   *
   * @throws PeerError why it failed, once the socket is closed; `aborted`, `already_connected`, `closed`
   */
  connect({ signal }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isFinished || this.#wasUsed) {
        reject(this.#isFinished ? this.#closedError() : this.#alreadyConnected());
        return;
      }
      const onAbort = (): void => this.#fail("aborted", "connecting was aborted", signal?.reason);
      this.#settleConnect = (error) => {
        signal?.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#wasUsed = true;
      this.#enter("connecting");
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      if ("stream" in this.#origin) this.#open(this.#origin.stream);
      else this.#dial(this.#origin);
    });
  }

  /**
   * Sends a message; resolves when it was handed to the socket.
   *
   * @throws PeerError `invalid_message`, `not_connected`, `closed`, `send_queue_full`, `aborted`
   */
  async sendMessage(message: SendableMessage<M>, options: WaitOptions = {}): Promise<void> {
    this.#requireConnected();
    await this.#outbox.send(this.#machine.encode(message), options);
  }

  /**
   * Sends a `ping` and waits for its `pong`; resolves with the milliseconds in between.
   *
   * @throws PeerError `ping_timeout` (the connection stays open), and as {@link sendMessage}
   */
  async ping(options: PingOptions = {}): Promise<number> {
    return this.#pings.send(options, (message) => this.sendMessage(message, options));
  }

  receiveMessages(): AsyncIterableIterator<ReceivedMessage<M>, undefined> {
    return this.#inbox.read();
  }

  connectionEvents(): AsyncIterableIterator<ConnectionEvent, undefined> {
    return this.#events.read();
  }

  close(): Promise<void> {
    if (this.#isClosing) return this.#finished;
    const wasConnected = this.#state === "connected";
    if (this.#wasUsed) this.#enter("closing");
    this.#wasUsed = true;
    if (wasConnected) {
      this.#timer.set(() => this.#framed?.destroy(), this.#options.timeouts.closeMs);
      this.#outbox.finish(() => this.#framed?.end());
      this.#framed?.resume(); // to see the end of the peer; messages are dropped from here on
    } else {
      this.#abandon();
    }
    return this.#finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dial({ target, dialer }: { target: NodeAddress; dialer: Dialer }): void {
    const dialing = new AbortController();
    this.#dialing = dialing;
    const where = formatHostPort(target.address);
    const { dialMs } = this.#options.timeouts;
    this.#timer.set(
      () => this.#fail("dial_timeout", `${where} did not answer within ${dialMs} ms`),
      dialMs,
    );
    const dialed = (async () => dialer(target.address, { signal: dialing.signal }))();
    dialed.then(
      (stream) => {
        // A dialer may come back with a stream after it was told to stop.
        if (this.#dialing === dialing) this.#open(stream);
        else stream.destroy();
      },
      (cause: unknown) => {
        const reason = cause instanceof NetError ? cause.message : `dialing ${where} failed`;
        if (this.#dialing === dialing) this.#fail("dial_failed", reason, cause);
      },
    );
  }

  #open(stream: ByteStream): void {
    const { localKey, crypto, timeouts } = this.#options;
    this.#dialing = undefined;
    this.#stream = stream;
    this.#enter("handshaking");
    try {
      this.#channel =
        "target" in this.#origin
          ? NoiseChannel.initiator({ localKey, crypto, remoteKey: this.#origin.target.publicKey })
          : NoiseChannel.responder({ localKey, crypto });
    } catch (cause) {
      stream.destroy();
      this.#fail("handshake_failed", "the handshake could not be started", cause);
      return;
    }
    const { handshakeMs } = timeouts;
    this.#timer.set(
      () => this.#fail("handshake_timeout", `no handshake within ${handshakeMs} ms`),
      handshakeMs,
    );
    this.#framed = new FramedStream(stream, this.#channel, {
      onEstablished: () => this.#sendInit(),
      onMessage: (frame) => this.#receive(frame),
      onDrain: () => this.#outbox.drained(),
      onPeerEnd: () => this.#receiveEnd(),
      onClose: (end, undelivered) => this.#onClose(end, undelivered),
    });
    this.#framed.start();
  }

  #sendInit(): void {
    const { initMs } = this.#options.timeouts;
    this.#enter("initializing");
    this.#timer.set(() => this.#fail("init_timeout", `no init within ${initMs} ms`), initMs);
    this.#framed?.send(this.#machine.init);
  }

  #receive(frame: Uint8Array): void {
    const effect = this.#machine.receive(frame);
    // Messages that come after the end began are dropped; the onInit hook may have begun it just now.
    if (this.#failure !== undefined || this.#isClosing) return;
    switch (effect.type) {
      case "ready":
        this.#timer.clear();
        this.#remoteInit = effect.init;
        this.#remoteFeatures = effect.features;
        this.#enter("connected");
        this.#settleConnect();
        break;
      case "deliver":
        if (effect.note !== undefined) this.#note(effect.note);
        this.#inbox.push(effect.message);
        if (this.#inbox.isFull) this.#framed?.pause();
        break;
      case "reply":
        this.#outbox.reply(this.#machine.encode(effect.message));
        break;
      case "pong":
        this.#pings.receive(effect.length);
        break;
      case "ignore":
        break;
      case "fail":
        this.#failWith(effect.error);
        break;
    }
  }

  /** The peer has ended its side. What is queued is still sent, if it reads on; nothing is added to it. */
  #receiveEnd(): void {
    if (this.#state !== "connected") return; // the deadline of the phase holds
    this.#hasPeerEnded = true;
    this.#outbox.close(this.#closedError());
    this.#timer.set(() => this.#framed?.destroy(), this.#options.timeouts.closeMs);
  }

  #onClose(end: FramedStreamEnd, undelivered: readonly Uint8Array[]): void {
    const leftover: ReceivedMessage<M>[] = [];
    if (this.#failure === undefined && this.#state !== "closing") {
      for (const frame of undelivered) {
        const effect = this.#machine.receive(frame);
        if (effect.type === "deliver") leftover.push(effect.message);
        if (effect.type === "fail") {
          this.#failure = effect.error;
          break;
        }
      }
      this.#failure ??= streamFailure(end, this.#state, this.#machine.warning);
    }
    this.#finish(leftover, end.by === "peer" ? "the peer ended the connection" : undefined);
  }

  #fail(code: PeerErrorCode, text: string, cause?: unknown): void {
    this.#failWith(new PeerError(code, text, { phase: this.#state, cause }));
  }

  #failWith(error: PeerError): void {
    if (this.#failure !== undefined || this.#isClosing) return;
    this.#failure = error;
    this.#abandon();
  }

  /** Drops whatever stage the connection is in; the end follows at once or when the socket is closed. */
  #abandon(): void {
    const dialing = this.#dialing;
    this.#dialing = undefined;
    dialing?.abort(this.#failure);
    if (this.#framed !== undefined) {
      this.#framed.destroy();
    } else {
      if ("stream" in this.#origin) this.#origin.stream.destroy();
      this.#finish([], undefined);
    }
  }

  #finish(leftover: ReceivedMessage<M>[], details: string | undefined): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#timer.clear();
    this.#options.forgetKey();
    this.#state = "disconnected";
    const closed = this.#closedError();
    this.#outbox.close(closed);
    this.#pings.close(closed);
    this.#inbox.close(leftover, this.#failure);
    const text = this.#failure?.message ?? details;
    this.#events.add(this.#event("state", text, this.#failure), { last: true });
    this.#settleConnect(this.#failure ?? closed);
    this.#resolveFinished();
  }

  #requireConnected(): void {
    if (this.#state === "connected" && !this.#hasPeerEnded) return;
    if (this.#isClosing || this.#hasPeerEnded) throw this.#closedError();
    throw new PeerError("not_connected", "there is no connection yet", { phase: this.#state });
  }

  #closedError(): PeerError {
    const why = this.#failure === undefined ? "" : `: ${this.#failure.message}`;
    return new PeerError("closed", `the connection is closed${why}`, {
      phase: this.#state,
      cause: this.#failure,
    });
  }

  #alreadyConnected(): PeerError {
    return new PeerError("already_connected", "a peer connects once", { phase: this.#state });
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#events.add(this.#event("state"));
  }

  #note(details: string): void {
    this.#events.add(this.#event("note", details));
  }

  #event(type: ConnectionEvent["type"], details?: string, error?: PeerError): ConnectionEvent {
    return {
      type,
      state: this.#state,
      timestamp: this.#options.clock.now(),
      ...(error === undefined ? {} : { error }),
      ...(details === undefined ? {} : { details }),
    };
  }
}
