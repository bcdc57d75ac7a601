// All that a test of a peer needs, made from one seed and ended in one call. The verbs are those of the harness that
// this one takes its shape from.
import {
  ActorSystem,
  type ActorRef,
  type AnyMessage,
  type Clock,
  type Receive,
  serviceKey,
  type ServiceKey,
  systemClock,
  type Timer,
} from "@satwire/actor";
import type { KnownMessage } from "@satwire/lnwire";
import type { ActorTestkit } from "../actors/actor-testkit.ts";
import { createActorTestkit } from "../actors/actor-testkit.ts";
import type { TurnOrder } from "../actors/seeded-scheduler.ts";
import { assertEqual } from "../assert.ts";
import { AssertionError } from "../assertion-error.ts";
import { LeakCheck } from "../checks/leak-check.ts";
import type {
  MockConnectionConfig,
  MockEvent,
  MockFailure,
  PeerMessage,
} from "../connection/mock-config.ts";
import { MockConnection } from "../connection/mock-connection.ts";
import type { ExpectationOptions, MessageMatch } from "../connection/mock-record.ts";
import type {
  ConnectionState,
  PeerErrorCode,
  SendableMessage,
} from "../connection/peer-connection.ts";
import { createRng, type Rng } from "../determinism/rng.ts";
import { VirtualClock } from "../determinism/virtual-clock.ts";
import { SimNetwork } from "../network/sim-network.ts";
import type { SimNetworkOptions } from "../network/sim-network-options.ts";
import { MessageCounter } from "./message-counter.ts";
import type {
  ConnectionResult,
  MessageReceived,
  PeerActorConfig,
  PeerActorFactory,
  PeerActorLike,
  PeerMessageSink,
} from "./peer-actor-like.ts";

/** Options of {@link createHarness}. */
export interface HarnessOptions<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
> {
  /** Everything random comes from it. @default 1 */
  readonly seed?: number | string | undefined;
  /**
   * Whether time stands still until `clock.advance(ms)` or `until(promise)` moves it; else it is the system's.
   * @default true
   */
  readonly virtualTime?: boolean | undefined;
  /** The order of actors' turns, in virtual time. @default "fifo" */
  readonly schedule?: TurnOrder | undefined;
  /** Makes peer actors. @default none: `createPeerActor` fails */
  readonly peerActor?: PeerActorFactory<N, A> | undefined;
  /** The mock. Its clock is that of the harness. */
  readonly connection?: Omit<MockConnectionConfig, "clock"> | undefined;
  /** The network. Its clock and seed are those of the harness. */
  readonly network?: Omit<SimNetworkOptions<Clock>, "clock" | "seed"> | undefined;
}

/**
 * Time, randomness, a network, a mock and a system of actors for one test. What is not asked for is not made.
 *
 * @example
 * ```ts
 * await using harness = createHarness({ seed: 7, peerActor: (config) => new PeerActor(config) });
 * const counter = harness.createMessageCounter();
 * const sink = harness.createServiceKey("sink", counter.handle);
 * await harness.startPeerActor(harness.createPeerActor(sink));
 * harness.setupMessageIterator(warning);
 * await harness.until(counter.waitFor(1));
 * ```
 */
export class Harness<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
  C extends Clock = VirtualClock,
> implements AsyncDisposable
{
  readonly clock: C;
  readonly rng: Rng;
  readonly connection: MockConnection;
  readonly #options: HarnessOptions<N, A>;
  readonly #leaks: LeakCheck;
  readonly #peerActors = new Set<A>();
  readonly #timers = new Set<Timer>();
  #actors: ActorTestkit | undefined;
  #system: ActorSystem | undefined;
  #network: SimNetwork<C> | undefined;
  #spawned = 0;
  #closed: Promise<void> | undefined;

  /** Use {@link createHarness}, which knows the type of the clock. @throws RangeError as `MockConnection` */
  constructor(options: HarnessOptions<N, A>, clock: C) {
    this.#options = options;
    this.clock = clock;
    this.rng = createRng(options.seed ?? 1);
    this.#leaks = new LeakCheck(clock instanceof VirtualClock ? { clock } : {});
    this.connection = new MockConnection({ ...options.connection, clock });
  }

  /** The actors' system, made when it is first asked for. */
  get system(): ActorSystem {
    if (this.#system === undefined) {
      if (this.#closed !== undefined) throw cleanedUp();
      const { clock } = this;
      const { schedule } = this.#options;
      if (clock instanceof VirtualClock) {
        const seed = `${this.#options.seed ?? 1}/actors`;
        this.#actors = createActorTestkit({ clock, seed, schedule });
        this.#system = this.#actors.system;
      } else {
        this.#system = new ActorSystem({ clock });
      }
      const system = this.#system;
      this.#leaks.watch("a live actor", () => system.actors.length);
    }
    return this.#system;
  }

  /** Probes, steps and events of the system, in virtual time. @throws AssertionError in real time */
  get actors(): ActorTestkit {
    void this.system;
    if (this.#actors !== undefined) return this.#actors;
    throw new AssertionError("the actors of a harness in real time have no testkit");
  }

  /** The network, made when it is first asked for. */
  get network(): SimNetwork<C> {
    const { network, seed = 1 } = this.#options;
    if (this.#network === undefined && this.#closed !== undefined) throw cleanedUp();
    this.#network ??= new SimNetwork<C>({ ...network, clock: this.clock, seed: `${seed}/network` });
    return this.#network;
  }

  /** Gives what the promise gives; virtual time is moved for as long as that takes. */
  until<T>(promise: PromiseLike<T>): Promise<T> {
    if (this.clock instanceof VirtualClock) return this.clock.runUntil(promise);
    return Promise.resolve(promise);
  }

  /**
   * What is open and was not when the harness was made: timers of the clock, actors, resources of the process, and
   * what its `trackDialer` and `trackListen` have counted. To be asked after `cleanupAll`.
   */
  leakCheck(): LeakCheck {
    return this.#leaks;
  }

  /** Makes the actors' system now. */
  withActorSystem(): this {
    void this.system;
    return this;
  }

  /** The mock. */
  getMock(): MockConnection {
    return this.connection;
  }

  /** Expects what every user of a connection does: read its messages and its events, and close it. */
  setupBasicExpectations(): void {
    for (const name of ["receiveMessages", "connectionEvents", "close"] as const) {
      this.connection.expectCall(name);
    }
  }

  /** The peer sends these. @throws RangeError as `MockConnection.push` */
  setupMessageIterator(...messages: readonly PeerMessage<KnownMessage>[]): void {
    this.connection.push(...messages);
  }

  /** The connection tells these events. */
  setupEventIterator(...events: readonly MockEvent[]): void {
    for (const event of events) this.connection.pushEvent(event);
  }

  /** Expects `connect` to be called. */
  expectConnect(): void {
    this.connection.expectCall("connect");
  }

  /** Expects `connect` to be called, and makes it fail. */
  expectConnectWithError(failure: MockFailure): void {
    this.connection.failNext("connect", failure);
    this.expectConnect();
  }

  /**
   * Takes the connection to a state, now or after so many milliseconds; not if the connection is past it by then.
   *
   * @throws RangeError for a state that is past now
   */
  simulateConnectionStateChange(state: ConnectionState, afterMs = 0): void {
    const { connection } = this;
    if (afterMs === 0) {
      connection.setState(state);
      return;
    }
    const timer = this.clock.setTimer(() => {
      this.#timers.delete(timer);
      try {
        connection.setState(state);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }, afterMs);
    this.#timers.add(timer);
  }

  /** Expects messages to reach the peer. @throws RangeError for `times` that is no whole number above 0 */
  expectSendMessage(
    match?: MessageMatch<SendableMessage<KnownMessage>>,
    options?: ExpectationOptions,
  ): void {
    this.connection.expectSend(match, options);
  }

  /** Expects a `pong` of so many bytes to reach the peer. */
  expectPongResponse(numPongBytes: number): void {
    const isPongOf = (message: SendableMessage<KnownMessage>): boolean =>
      message.type === "pong" && message.ignored.length === numPongBytes;
    Object.defineProperty(isPongOf, "name", { value: `a pong of ${numPongBytes} bytes` });
    this.connection.expectSend(isPongOf);
  }

  /** @throws AssertionError that lists the expectations that are not met */
  assertExpectations(): void {
    this.connection.assertExpectations();
  }

  /** What a peer actor with these sinks is made from. */
  createPeerActorConfig(...messageSinks: readonly PeerMessageSink<N>[]): PeerActorConfig<N> {
    const actorId = this.#id("peer-actor");
    const { connection, system } = this;
    return { connection, system, actorId, messageSinks, autoConnect: true };
  }

  /** A peer actor, not started, whose messages go to these services. @throws AssertionError without a factory */
  createPeerActor(...keys: readonly ServiceKey<N>[]): A {
    const { peerActor } = this.#options;
    if (peerActor === undefined) {
      const how = "createHarness({ peerActor: (config) => new PeerActor(config) })";
      throw new AssertionError(`this harness does not know how peer actors are made: ${how}`);
    }
    const sinks = keys.map((key) => ({ serviceKey: key }));
    const actor = peerActor(this.createPeerActorConfig(...sinks));
    this.#peerActors.add(actor);
    return actor;
  }

  /** Starts a peer actor; gives what its `start` gives. */
  startPeerActor(actor: A): ReturnType<A["start"]> {
    return this.until(actor.start()) as ReturnType<A["start"]>;
  }

  /** Stops a peer actor; gives what its `stop` gives. */
  stopPeerActor(actor: A): ReturnType<A["stop"]> {
    this.#peerActors.delete(actor);
    return this.until(actor.stop()) as ReturnType<A["stop"]>;
  }

  /** Adds a sink to a peer actor. @throws AssertionError if it is there already */
  async addServiceKey(actor: A, key: ServiceKey<N>): Promise<void> {
    const isAdded = await this.until(Promise.resolve(actor.addServiceKey(key)));
    if (!isAdded)
      throw new AssertionError(`the peer actor has the service key ${key.name} already`);
  }

  /** Takes a sink from a peer actor. @throws AssertionError if it is not there */
  async removeServiceKey(actor: A, key: ServiceKey<N>): Promise<void> {
    const isRemoved = await this.until(Promise.resolve(actor.removeServiceKey(key)));
    if (!isRemoved) throw new AssertionError(`the peer actor has no service key ${key.name}`);
  }

  /** @throws AssertionError unless the peer actor has so many sinks */
  async requireServiceKeyCount(actor: A, count: number): Promise<void> {
    const keys = await this.until(Promise.resolve(actor.getServiceKeys()));
    assertEqual(keys.length, count, "service keys of the peer actor");
  }

  /** @throws AssertionError if the peer actor says that it is connected */
  async requireActorDisconnected(actor: A): Promise<void> {
    const { isConnected } = await this.until(Promise.resolve(actor.getStatus()));
    assertEqual(isConnected, false, "whether the peer actor is connected");
  }

  /** Asks a peer actor to connect, which it must accept. @throws AssertionError */
  async requireConnectRequestAccepted(
    actor: A,
  ): Promise<{ readonly connection: Promise<ConnectionResult> }> {
    const response = await this.until(actor.ref.ask({ type: "ConnectRequest" }));
    assertEqual(response.success, true, "whether the request to connect was accepted");
    return response;
  }

  /** The attempt must fail, for this reason if one is named; gives the error. @throws AssertionError */
  async requireConnectionFailed(
    { connection }: { readonly connection: Promise<ConnectionResult> },
    code?: PeerErrorCode,
  ): Promise<unknown> {
    const { success, error } = await this.until(connection);
    assertEqual(success, false, "whether there is a connection");
    const actual = (error as { readonly code?: unknown } | undefined)?.code;
    if (code !== undefined) assertEqual(actual, code, "why there is no connection");
    return error;
  }

  /** Has a peer actor send a message. @throws what the connection throws */
  async sendMessage(actor: A, message: SendableMessage<KnownMessage>): Promise<void> {
    await this.until(actor.ref.ask({ type: "SendMessageRequest", message }));
  }

  /** A new service with one actor that handles its messages. @throws ActorError as `ActorSystem.spawn` */
  createServiceKey<M extends AnyMessage = N>(name: string, handler: Receive<M>): ServiceKey<M> {
    const key = serviceKey<M>(name);
    this.registerServiceKey(key, handler);
    return key;
  }

  /** One actor more for a service. @throws ActorError as `ActorSystem.spawn` */
  registerServiceKey<M extends AnyMessage>(key: ServiceKey<M>, handler: Receive<M>): ActorRef<M> {
    return this.system.spawn(this.#id(key.name), key, handler);
  }

  /** Counts messages: `createServiceKey("sink", counter.handle)`. */
  createMessageCounter<M = N>(): MessageCounter<M> {
    return new MessageCounter<M>(this.clock);
  }

  /**
   * Stops the peer actors, closes the mock, ends the system and the network. Every call returns the same promise.
   *
   * @throws what could not be ended, several in an AggregateError
   */
  cleanupAll(): Promise<void> {
    this.#closed ??= this.#cleanUp();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cleanupAll();
  }

  async #cleanUp(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    const steps = [
      ...[...this.#peerActors].map((actor) => () => this.until(actor.stop())),
      // A failure of `close` is one that the test has planned.
      () => this.until(this.connection.close().catch(() => {})),
      () => this.#actors?.close() ?? this.#system?.shutdown(),
      () => this.#network?.close(),
    ];
    const errors: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "the harness could not end everything");
  }

  #id(name: string): string {
    this.#spawned++;
    return `${name}-${this.#spawned}`;
  }
}

function cleanedUp(): AssertionError {
  return new AssertionError("the harness has been cleaned up");
}

/** A harness for one test, in virtual time unless it says otherwise. @throws RangeError as `MockConnection` */
export function createHarness<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
>(options?: HarnessOptions<N, A> & { readonly virtualTime?: true | undefined }): Harness<N, A>;
export function createHarness<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
>(options: HarnessOptions<N, A>): Harness<N, A, Clock>;
export function createHarness<N extends AnyMessage, A extends PeerActorLike<N>>(
  options: HarnessOptions<N, A> = {},
): Harness<N, A, Clock> {
  const { virtualTime = true } = options;
  return new Harness(options, virtualTime ? new VirtualClock() : systemClock);
}

/**
 * {@link createHarness} for those who have the config of a mock, and perhaps a way to make peer actors.
 *
 * @throws RangeError as `MockConnection`
 */
export function newTestHarness<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
>(config: HarnessOptions["connection"] = {}, peerActor?: PeerActorFactory<N, A>): Harness<N, A> {
  return createHarness<N, A>({ connection: config, peerActor });
}
