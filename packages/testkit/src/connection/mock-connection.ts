// A connection without a peer: a test says what the peer does. It keeps the promises of a real one, and the same
// compliance suite runs over both.
import type { Timer } from "@satwire/actor";
import { type Init, joinFeatures, type KnownMessage, type MessageBase } from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";
import type { WaitOptions } from "../conditions.ts";
import {
  completeMockConfig,
  type CompleteMockConfig,
  type MockConnectionConfig,
  type MockEvent,
  type MockFailure,
  type PeerMessage,
} from "./mock-config.ts";
import { eventOf, MockEventLog } from "./mock-event-log.ts";
import { type FailingCall, MockFailures } from "./mock-failures.ts";
import { phaseAfter, phasesTo } from "./mock-phases.ts";
import {
  type ExpectationOptions,
  type MessageMatch,
  type MockCall,
  type MockCallName,
  MockRecord,
} from "./mock-record.ts";
import { MockTraffic } from "./mock-traffic.ts";
import type {
  ConnectionError,
  ConnectionEvent,
  ConnectionState,
  ConnectionWaitOptions,
  PeerConnection,
  PeerErrorCode,
  PingOptions,
  ReceivedMessage,
  SendableMessage,
} from "./peer-connection.ts";

/**
 * A connection for tests of what is built on connections.
 *
 * Without latency, and without a clock that has to be moved, what the peer sends is there at once.
 *
 * @example
 * ```ts
 * const mock = connectedMock();
 * mock.push({ type: "ping", numPongBytes: 3, ignored: new Uint8Array(0) });
 * await mock.nextSent("pong"); // a connection answers pings by itself
 * ```
 */
export class MockConnection<M extends MessageBase = KnownMessage> implements PeerConnection<M> {
  readonly localPublicKey: Uint8Array;
  readonly remotePublicKey: Uint8Array;
  readonly #config: CompleteMockConfig<M>;
  readonly #record: MockRecord<SendableMessage<M>>;
  readonly #events = new MockEventLog();
  readonly #traffic: MockTraffic<M>;
  readonly #failures = new MockFailures();
  readonly #finished: Promise<void>;
  #resolveFinished: () => void = () => {};
  #closed: Promise<void> | undefined;
  #settleConnect: ((error?: ConnectionError) => void) | undefined;
  #connectFailure: MockFailure | undefined;
  #state: ConnectionState = "disconnected";
  #wasUsed = false;
  #isOpen = false;
  #remoteInit: Init | undefined;
  #isFinished = false;
  #failure: ConnectionError | undefined;
  #stepTimer: Timer | undefined;
  #closeTimer: Timer | undefined;

  /** @throws RangeError for a config that makes no sense */
  constructor(config: MockConnectionConfig<M> = {}) {
    this.#config = completeMockConfig(config);
    this.localPublicKey = Uint8Array.from(this.#config.localPublicKey);
    this.remotePublicKey = Uint8Array.from(this.#config.remotePublicKey);
    this.#record = new MockRecord(this.#config.clock);
    this.#traffic = new MockTraffic(this.#config, this, {
      isConnected: () => this.isConnected,
      makeError: (code, text, cause) => this.#error(code, text, cause),
      onSent: (message) => this.#record.sentOut(message),
      onNote: (details) => this.pushEvent({ details }),
      onFailure: (error) => this.#failWith(error),
      onFaultEnd: () => this.#endNow(undefined),
    });
    this.#finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
    this.#begin();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isConnected(): boolean {
    return this.#state === "connected";
  }

  get localAddress(): HostPort | undefined {
    return this.#isOpen ? this.#config.localAddress : undefined;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#isOpen ? this.#config.remoteAddress : undefined;
  }

  get remoteInit(): Init | undefined {
    return this.#remoteInit;
  }

  get remoteFeatures(): Uint8Array | undefined {
    const init = this.#remoteInit;
    return init === undefined ? undefined : joinFeatures(init.globalfeatures, init.features);
  }

  connect({ signal }: ConnectionWaitOptions = {}): Promise<void> {
    this.#record.called("connect");
    return new Promise((resolve, reject) => {
      if (this.#isFinished || this.#wasUsed) {
        const again = this.#error("already_connected", "a peer connects once");
        reject(this.#isFinished ? this.#closedError() : again);
        return;
      }
      const onAbort = (): void =>
        this.#failWith(this.#error("aborted", "connecting was aborted", signal?.reason));
      this.#settleConnect = (error) => {
        this.#settleConnect = undefined;
        signal?.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#connectFailure = this.#failures.take("connect") ?? this.#config.connectError;
      this.#enter("connecting");
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#goOn();
    });
  }

  async sendMessage(
    message: SendableMessage<M>,
    options: ConnectionWaitOptions = {},
  ): Promise<void> {
    this.#record.called("sendMessage", message);
    await this.#send(message, options);
  }

  async ping(options: PingOptions = {}): Promise<number> {
    this.#record.called("ping");
    const planned = this.#failures.take("ping");
    if (planned !== undefined) throw this.#failed(planned);
    return this.#traffic.ping(options, (message) => this.#send(message, options));
  }

  receiveMessages(): AsyncIterableIterator<ReceivedMessage<M>, undefined> {
    this.#record.called("receiveMessages");
    return this.#traffic.read();
  }

  connectionEvents(): AsyncIterableIterator<ConnectionEvent, undefined> {
    this.#record.called("connectionEvents");
    return this.#events.read();
  }

  close(): Promise<void> {
    this.#record.called("close");
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * The peer sends these, once it is connected. False if the connection is at its end: nobody gets them.
   *
   * @throws RangeError if more than 10,000 messages wait
   */
  push(...messages: readonly PeerMessage<M>[]): boolean {
    if (this.#isClosing) return false;
    for (const message of messages) this.#traffic.push(message);
    return true;
  }

  /** The peer sends bytes as one message, well-formed or not. @throws RangeError as {@link push} */
  pushFrame(frame: Uint8Array): boolean {
    if (this.#isClosing) return false;
    this.#traffic.push(frame);
    return true;
  }

  /** Adds an event as it is; it is told, and changes nothing. */
  pushEvent(event: MockEvent): void {
    this.#events.add(eventOf(event, this.#state, this.#config.clock));
  }

  /**
   * Goes to a state, through those in between, without `connect` or with it: then `connect` resolves at `connected`.
   * `"disconnected"` is what {@link end} does, without latency.
   *
   * @throws RangeError for a state that is past: connections never go back
   */
  setState(state: ConnectionState): void {
    if (state === this.#state && (state !== "disconnected" || this.#isFinished)) return;
    if (state === "disconnected") return this.#endNow(undefined);
    if (this.#isFinished) throw new RangeError(`a connection at its end does not go to ${state}`);
    for (const phase of phasesTo(state, this.#state)) this.#enter(phase);
    if (this.#settleConnect !== undefined && !this.#isClosing) this.#goOn();
  }

  /**
   * The peer ends the connection after what it has sent: in order, or with an error as when a connection breaks.
   * Before it is connected there is no order to end in.
   */
  end(error?: MockFailure): void {
    if (this.#state === "connected") {
      this.#traffic.afterIncoming(() => this.#endNow(error));
    } else {
      this.#endNow(error);
    }
  }

  /**
   * Makes the next call of a kind fail; a second failure is for the call after it. `connect` fails while it dials,
   * `close` after it has closed.
   *
   * @throws RangeError if 1000 failures of the kind are planned
   */
  failNext(call: FailingCall, failure: MockFailure): void {
    this.#failures.plan(call, failure);
  }

  /** The calls of the methods of a connection, oldest first; 10,000 are kept. */
  get calls(): readonly MockCall<SendableMessage<M>>[] {
    return this.#record.calls;
  }

  /** What has reached the peer, pings and pongs included, oldest first; 10,000 are kept. */
  get sent(): readonly SendableMessage<M>[] {
    return this.#record.sent;
  }

  /**
   * Takes the oldest message that has reached the peer and was not taken before, once there is one; those that do
   * not match are left for later.
   *
   * @throws AssertionError when the time is up, or the connection has ended
   */
  nextSent<K extends SendableMessage<M>["type"]>(
    type: K,
    options?: WaitOptions,
  ): Promise<Extract<SendableMessage<M>, { readonly type: K }>>;
  nextSent(
    match?: MessageMatch<SendableMessage<M>>,
    options?: WaitOptions,
  ): Promise<SendableMessage<M>>;
  nextSent(
    match?: MessageMatch<SendableMessage<M>>,
    options: WaitOptions = {},
  ): Promise<SendableMessage<M>> {
    return this.#record.take(match, options);
  }

  /** Expects messages to reach the peer from now on; see {@link assertExpectations}. @throws RangeError */
  expectSend(match?: MessageMatch<SendableMessage<M>>, options?: ExpectationOptions): void {
    this.#record.expectSent(match, options);
  }

  /** Expects calls of a method from now on; see {@link assertExpectations}. @throws RangeError */
  expectCall(name: MockCallName, options?: ExpectationOptions): void {
    this.#record.expectCall(name, options);
  }

  /** @throws AssertionError that lists the expectations that are not met */
  assertExpectations(): void {
    this.#record.assertExpectations();
  }

  get #isClosing(): boolean {
    return this.#state === "closing" || this.#isFinished;
  }

  #begin(): void {
    const { isConnected, events, messages } = this.#config;
    if (isConnected) {
      for (const phase of phasesTo("connected", "disconnected")) {
        this.#enter(phase, events === undefined);
      }
    }
    for (const event of events ?? []) this.pushEvent(event);
    this.push(...messages);
  }

  /** The next phase of `connect` follows after a way there and back. */
  #goOn(): void {
    const from = this.#state;
    const next = phaseAfter(from);
    const isDialing = from === "connecting" && this.#connectFailure !== undefined;
    if (next === undefined || !(this.#config.advancesItself || isDialing)) return;
    this.#later(() => {
      if (this.#state !== from) return;
      if (isDialing) this.#failWith(this.#failed(this.#connectFailure as MockFailure));
      else this.#enter(next);
      if (!this.#isClosing) this.#goOn();
    });
  }

  /** Runs after a way there and back, or in a microtask if that takes no time. */
  #later(run: () => void): void {
    const { clock, latencyMs } = this.#config;
    this.#stepTimer?.cancel();
    if (latencyMs === 0) void Promise.resolve().then(run);
    else this.#stepTimer = clock.setTimer(run, 2 * latencyMs);
  }

  async #send(message: SendableMessage<M>, options: ConnectionWaitOptions): Promise<void> {
    this.#requireConnected();
    const failure = this.#failures.take("send") ?? this.#config.sendMessageError;
    if (failure !== undefined) throw this.#failed(failure);
    await this.#traffic.send(message, options);
  }

  #close(): Promise<void> {
    const failure = this.#failures.take("close") ?? this.#config.closeError;
    const closed = this.#finished.then(() => {
      if (failure !== undefined) throw this.#failed(failure);
    });
    closed.catch(() => {}); // whoever does not look at it must not bring the process down
    if (this.#isFinished) return closed;
    const { state } = this;
    if (this.#wasUsed && state !== "closing") this.#enter("closing");
    this.#wasUsed = true;
    if (state === "connected") {
      const { clock, closeMs } = this.#config;
      this.#closeTimer = clock.setTimer(() => this.#finish(), closeMs);
      this.#traffic.finish(() => this.#later(() => this.#finish()));
    } else {
      this.#finish();
    }
    return closed;
  }

  #endNow(failure: MockFailure | undefined): void {
    if (this.#state === "closing") return this.#finish();
    if (failure !== undefined) return this.#failWith(this.#failed(failure));
    const text = "the peer ended the connection";
    if (this.#state === "connected") this.#finish(text);
    else this.#failWith(this.#error("closed_by_peer", text));
  }

  #failWith(error: ConnectionError): void {
    if (this.#isClosing) return;
    this.#failure = error;
    this.#finish();
  }

  #finish(details: string | undefined = this.#failure?.message): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#wasUsed = true;
    this.#stepTimer?.cancel();
    this.#closeTimer?.cancel();
    this.#state = "disconnected";
    const closed = this.#closedError();
    this.#traffic.close(closed, this.#failure);
    const event: MockEvent = { type: "state", error: this.#failure, details };
    this.#events.add(eventOf(event, this.#state, this.#config.clock), { last: true });
    this.#settleConnect?.(this.#failure ?? closed);
    this.#record.end();
    this.#resolveFinished();
  }

  #requireConnected(): void {
    if (this.#state === "connected") return;
    if (this.#isClosing) throw this.#closedError();
    throw this.#error("not_connected", "there is no connection yet");
  }

  #enter(state: ConnectionState, isTold = true): void {
    this.#wasUsed = true;
    this.#state = state;
    if (state === "handshaking") this.#isOpen = true;
    if (state === "connected") this.#remoteInit = this.#config.remoteInit;
    if (isTold) this.pushEvent({ type: "state" });
    if (state !== "connected") return;
    this.#settleConnect?.();
    this.#traffic.open();
  }

  #closedError(): ConnectionError {
    const why = this.#failure === undefined ? "" : `: ${this.#failure.message}`;
    return this.#error("closed", `the connection is closed${why}`, this.#failure);
  }

  #error(code: PeerErrorCode, text: string, cause?: unknown): ConnectionError {
    const details = { phase: this.#state, ...(cause === undefined ? {} : { cause }) };
    return this.#config.createError(code, text, details);
  }

  #failed(failure: MockFailure): ConnectionError {
    if (typeof failure !== "string") return failure;
    return this.#error(failure, `the mock was told to fail with ${failure}`);
  }
}
