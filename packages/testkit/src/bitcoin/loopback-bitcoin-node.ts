// A Bitcoin node to test against: both transports over any byte stream, on a chain that it can mine.
import { type Clock, systemClock } from "@satwire/actor";
import {
  type BitcoinMessage,
  bitcoinMessages,
  type BitcoinTransport,
  defaultV2Crypto,
  type KnownMessage,
  maxUserAgentLength,
  minimumProtocolVersion,
  type NetAddressV2,
  servicesOf,
  toHex,
  V1Transport,
  type V2Crypto,
  V2Transport,
  type Version,
} from "@satwire/btcwire";
import type { ByteStream, HostPort } from "@satwire/net";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { createRng, type Rng } from "../determinism/rng.ts";
import { Doors, type LoopbackDialOptions, type LoopbackListenOptions } from "../doors.ts";
import { type MessageFault, MessageFaults } from "../message-faults.ts";
import { BitcoinHandshake } from "./bitcoin-handshake.ts";
import { type BitcoinMisbehaviour, checkedMisbehaviour } from "./bitcoin-misbehaviour.ts";
import { BitcoinResponder } from "./bitcoin-responder.ts";
import { FakeChain } from "./fake-chain.ts";
import { LoopbackBitcoinConnection } from "./loopback-bitcoin-connection.ts";
import { PeerAnnouncer } from "./peer-announcer.ts";

/** What a {@link LoopbackBitcoinNode} is made from. */
export interface LoopbackBitcoinNodeOptions {
  /**
   * What is served, which may be shared by several nodes.
   * @default the first block of regtest alone
   */
  readonly chain?: FakeChain | undefined;
  /** Bits of `serviceFlag`. @default network, bloom, witness, compactFilters, networkLimited and, unless v1 only, p2pV2 */
  readonly services?: bigint | undefined;
  /** The protocol version. @default 70016 */
  readonly version?: number | undefined;
  /** The least version of a peer. @default 31800 */
  readonly minVersion?: number | undefined;
  /** @default "/satwire-testkit/" */
  readonly userAgent?: string | undefined;
  /** Whether transactions are wanted, as `version` says it. @default true */
  readonly relay?: boolean | undefined;
  /**
   * What is spoken with those who dial: `any` leaves it to them. `dial` takes v1 for `any`.
   * @default "any"
   */
  readonly transport?: "v1" | "v2" | "any" | undefined;
  /** What `getaddr` is answered with: the first 1000 of these. @default none */
  readonly addresses?: readonly NetAddressV2[] | undefined;
  /** Satoshis per 1,000 virtual bytes that are sent as `feefilter`. @default none is sent */
  readonly feerate?: bigint | undefined;
  /** Milliseconds for the handshake. @default 60000 */
  readonly handshakeTimeoutMs?: number | undefined;
  /** What happens to a peer that sends a malformed payload: btcd hangs up, Bitcoin Core ignores it. @default "disconnect" */
  readonly malformed?: "disconnect" | "ignore" | undefined;
  /** What goes wrong with single messages, on all connections together. @default nothing */
  readonly faults?: readonly MessageFault<BitcoinMessage>[] | undefined;
  /** What the node does against the rules. @default nothing */
  readonly misbehaves?: readonly BitcoinMisbehaviour[] | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Nonces, and keys unless there is `v2Crypto`. Two nodes that talk to each other need different ones. @default a random one */
  readonly rng?: Rng | undefined;
  /** @default `defaultV2Crypto` with random bytes of `rng` */
  readonly v2Crypto?: V2Crypto | undefined;
  /** Called with each message after the node's own answer to it is on its way. */
  readonly onMessage?:
    | ((message: BitcoinMessage, connection: LoopbackBitcoinConnection) => void)
    | undefined;
}

/** Options of {@link LoopbackBitcoinNode.dial}. */
export interface LoopbackBitcoinDialOptions extends LoopbackDialOptions {
  /** @default that of the node, v1 for `any` */
  readonly transport?: "v1" | "v2" | undefined;
}

/** Options of {@link LoopbackBitcoinNode.attach}. */
export interface LoopbackBitcoinAttachOptions {
  /**
   * Whether the stream was opened for this node, which then says `version` first.
   * @default false
   */
  readonly isOutgoing?: boolean | undefined;
  /** @default that of the node; for one that is outgoing v1 for `any` */
  readonly transport?: "v1" | "v2" | undefined;
}

/**
 * A node that speaks the wire for real and serves a {@link FakeChain}: headers, blocks, compact blocks, filters,
 * transactions, addresses. It takes transactions of its peers and tells them of new ones and of new blocks. It does not
 * follow the chains of its peers.
 *
 * @example
 * ```ts
 * const chain = FakeChain.generate({ blocks: 200, seed: 7 });
 * await using node = new LoopbackBitcoinNode({ chain });
 * const { host, port } = await node.listen();
 * // … let the client connect
 * const connection = await node.nextConnection();
 * chain.mine();
 * await connection.received.waitFor("getdata");
 * ```
 */
export class LoopbackBitcoinNode implements AsyncDisposable {
  readonly chain: FakeChain;
  /** What goes wrong with messages, on all connections together. */
  readonly faults: MessageFaults<BitcoinMessage>;
  readonly #options: LoopbackBitcoinNodeOptions;
  readonly #misbehaviour: ReadonlySet<BitcoinMisbehaviour>;
  readonly #clock: Clock;
  readonly #conditions: Conditions;
  readonly #rng: Rng;
  readonly #connections = new Set<LoopbackBitcoinConnection>();
  /** Those that are ready and that `nextConnection` has not given out. */
  readonly #unseen = new Set<LoopbackBitcoinConnection>();
  /** Nonces of `version` of connections that were dialed and are open. */
  readonly #ownNonces = new Set<bigint>();
  readonly #doors = new Doors();
  readonly #subscriptions: readonly Disposable[];
  #count = 0;
  #closed: Promise<void> | undefined;

  /** @throws RangeError for an option that is none */
  constructor(options: LoopbackBitcoinNodeOptions = {}) {
    this.#options = options;
    const { chain = new FakeChain(), clock = systemClock, rng, handshakeTimeoutMs = 1 } = options;
    const { faults = [], misbehaves = [], userAgent = "", transport = "any" } = options;
    this.#misbehaviour = checkedMisbehaviour(misbehaves);
    if (!["v1", "v2", "any"].includes(transport)) {
      throw new RangeError(`transport is ${String(transport)}, expected v1, v2 or any`);
    }
    if (!(handshakeTimeoutMs > 0)) {
      throw new RangeError(`handshakeTimeoutMs is ${handshakeTimeoutMs}, expected a time above 0`);
    }
    if (userAgent.length > maxUserAgentLength) {
      throw new RangeError(`a user agent has at most ${maxUserAgentLength} bytes`);
    }
    this.chain = chain;
    this.faults = new MessageFaults(faults);
    this.#clock = clock;
    this.#conditions = new Conditions(clock);
    this.#rng = rng ?? createRng(toHex(defaultV2Crypto.randomBytes(16)));
    this.#subscriptions = [
      chain.onTip(() => {
        for (const connection of this.#connections) connection.announce();
      }),
      chain.onTransaction((entry) => {
        for (const connection of this.#connections) connection.announce(entry);
      }),
    ];
  }

  /** Connections that are open now, oldest first. */
  get connections(): readonly LoopbackBitcoinConnection[] {
    return [...this.#connections];
  }

  /**
   * Accepts connections until it is closed; by default over TCP at a free port of 127.0.0.1. Resolves with where.
   *
   * @throws NetError as the given `listen`; `closed` if the node is or becomes closed
   */
  listen(options: LoopbackListenOptions = {}): Promise<HostPort> {
    return this.#doors.listen(options, (stream) => void this.attach(stream));
  }

  /**
   * Opens a connection and says `version` first. Resolves when the stream is open: see `ready` of the connection.
   *
   * @throws NetError as the dialer; `closed` if the node is or becomes closed
   */
  async dial(
    address: HostPort,
    { transport, ...options }: LoopbackBitcoinDialOptions = {},
  ): Promise<LoopbackBitcoinConnection> {
    const stream = await this.#doors.dial(address, options);
    return this.attach(stream, { isOutgoing: true, transport });
  }

  /** Takes a stream that is open already; drops it if the node is closed. */
  attach(
    stream: ByteStream,
    { isOutgoing = false, transport }: LoopbackBitcoinAttachOptions = {},
  ): LoopbackBitcoinConnection {
    const spoken = transport ?? this.#options.transport ?? "any";
    return this.#connect(stream, !isOutgoing, isOutgoing && spoken === "any" ? "v1" : spoken);
  }

  /**
   * The next connection whose handshake is done, oldest first; each is given out once.
   *
   * @throws AssertionError when the time is up, or the node is closed
   */
  nextConnection(options?: WaitOptions): Promise<LoopbackBitcoinConnection> {
    const take = (): LoopbackBitcoinConnection | undefined => {
      const [first] = this.#unseen;
      if (first !== undefined) this.#unseen.delete(first);
      return first;
    };
    return this.#conditions.find(take, "a connection", options);
  }

  /**
   * Waits until every peer that is ready has handled what was sent to it, see `LoopbackBitcoinConnection.sync`.
   *
   * @throws AssertionError if one of them does not answer its ping
   */
  async sync(options?: WaitOptions): Promise<void> {
    const ready = this.connections.filter(({ isReady }) => isReady);
    await Promise.all(ready.map((connection) => connection.sync(options)));
  }

  /**
   * Stops listening and drops every connection; resolves when all of them are closed. Every call returns the
   * same promise. The chain is not the node's: it stays.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    const closings: Promise<unknown>[] = [this.#doors.close()];
    for (const connection of this.#connections) {
      closings.push(connection.closed);
      connection.destroy();
    }
    await Promise.all(closings);
    this.#conditions.end(new Error("the node was closed"));
  }

  #connect(
    stream: ByteStream,
    isInbound: boolean,
    transport: "v1" | "v2" | "any",
  ): LoopbackBitcoinConnection {
    const { chain } = this;
    const options = this.#options;
    const rng = this.#rng.fork(`connection ${this.#count++}`);
    const nonce = (): bigint => (BigInt(rng.u32()) << 32n) | BigInt(rng.u32());
    const services = options.services ?? this.#defaultServices();
    const ownNonce = nonce();
    if (!isInbound) this.#ownNonces.add(ownNonce);
    const handshake = new BitcoinHandshake({
      isInbound,
      version: () => this.#versionOf(services, ownNonce),
      minVersion: options.minVersion ?? minimumProtocolVersion,
      isOwnNonce: (theirs) => this.#ownNonces.has(theirs),
    });
    const announcer = new PeerAnnouncer(chain, nonce);
    const { addresses = [], feerate } = options;
    const connection = new LoopbackBitcoinConnection(stream, {
      transport: this.#transportOf(transport, isInbound, rng),
      takesV1: transport !== "v2",
      isInbound,
      clock: this.#clock,
      handshake,
      announcer,
      responder: new BitcoinResponder({
        chain,
        handshake,
        announcer,
        services,
        isInbound,
        addresses,
        feerate,
        nonce,
      }),
      handshakeTimeoutMs: options.handshakeTimeoutMs ?? 60_000,
      toleratesMalformed: options.malformed === "ignore",
      misbehaviour: this.#misbehaviour,
      nonce,
      faults: this.faults,
      onReady: (ready) => {
        this.#unseen.add(ready);
        this.#conditions.recheck();
      },
      onMessage: (message, from) => options.onMessage?.(message, from),
      onClose: () => {
        this.#connections.delete(connection);
        this.#unseen.delete(connection);
        this.#ownNonces.delete(ownNonce);
      },
    });
    this.#connections.add(connection);
    if (this.#closed !== undefined) connection.destroy();
    return connection;
  }

  #transportOf(
    transport: "v1" | "v2" | "any",
    isInbound: boolean,
    rng: Rng,
  ): BitcoinTransport<KnownMessage> {
    const { network } = this.chain;
    const options = { network, messages: bitcoinMessages, malformed: "report" } as const;
    if (transport === "v1") return new V1Transport(options);
    const crypto = this.#options.v2Crypto ?? {
      ...defaultV2Crypto,
      randomBytes: (length: number) => rng.bytes(length),
    };
    return isInbound
      ? V2Transport.responder({ ...options, crypto })
      : V2Transport.initiator({ ...options, crypto });
  }

  #defaultServices(): bigint {
    const always = servicesOf("network", "bloom", "witness", "compactFilters", "networkLimited");
    return this.#options.transport === "v1" ? always : always | servicesOf("p2pV2");
  }

  #versionOf(services: bigint, nonce: bigint): Version {
    const { version = 70_016, userAgent = "/satwire-testkit/", relay = true } = this.#options;
    const nowhere = { services: 0n, ip: new Uint8Array(16), port: 0 };
    return {
      type: "version",
      version,
      services,
      timestamp: BigInt(Math.floor(this.#clock.now() / 1000)),
      addrRecv: nowhere,
      addrFrom: { ...nowhere, services },
      nonce,
      userAgent,
      startHeight: this.chain.height,
      relay,
    };
  }
}
