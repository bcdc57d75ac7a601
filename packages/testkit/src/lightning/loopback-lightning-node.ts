// A Lightning node to test against: real BOLT 8 over any byte stream, init, pings, gossip.
import { type Address, chainHashOf, type Init, type MessageBase } from "@satwire/lnwire";
import { type ByteStream, type HostPort, parseIp } from "@satwire/net";
import { createLocalKey, type DestroyableLocalKey, generatePrivateKey } from "@satwire/noise";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { Doors, type LoopbackDialOptions, type LoopbackListenOptions } from "../doors.ts";
import { MessageFaults } from "../message-faults.ts";
import { GossipIntake } from "./gossip-intake.ts";
import { checkIdsPerReply } from "./gossip-responder.ts";
import { GossipStore } from "./gossip-store.ts";
import { LoopbackLightningConnection } from "./loopback-connection.ts";
import type { LoopbackMessage } from "./loopback-setup.ts";
import {
  type CompleteOptions,
  completeOptions,
  type LoopbackAddress,
  type LoopbackLightningAttachOptions,
  type LoopbackLightningNodeOptions,
} from "./loopback-options.ts";
import { type Conduct, conductOf } from "./misbehaviour.ts";

/** A function that is called with the messages of a type. */
type Handler<M extends MessageBase> = (
  message: LoopbackMessage<M>,
  connection: LoopbackLightningConnection<M>,
) => void;

/**
 * A node without a chain, a wallet or channels, that speaks the wire for real.
 *
 * @example
 * ```ts
 * const gossip = GossipStore.generate({ nodes: 5, channels: 9, seed: 1 });
 * await using node = new LoopbackLightningNode({ gossip });
 * const peer = new SimplePeer({ target: await node.listen() });
 * ```
 */
export class LoopbackLightningNode<M extends MessageBase = never> implements AsyncDisposable {
  /** What it knows of the network. */
  readonly gossip: GossipStore;
  /** What goes wrong on its connections, counted over all of them. */
  readonly faults: MessageFaults<LoopbackMessage<M>>;
  readonly #options: LoopbackLightningNodeOptions<M>;
  readonly #complete: CompleteOptions;
  readonly #conduct: Conduct;
  readonly #intake: GossipIntake;
  readonly #localKey: DestroyableLocalKey;
  readonly #conditions: Conditions;
  readonly #connections = new Set<LoopbackLightningConnection<M>>();
  /** Those that are ready and that `nextConnection` has not given out. */
  readonly #unseen = new Set<LoopbackLightningConnection<M>>();
  readonly #handlers = new Map<string, Set<Handler<M>>>();
  readonly #doors = new Doors();
  #closed: Promise<void> | undefined;

  /** @throws KeyError for an unusable private key, RangeError for other options that cannot be used */
  constructor(options: LoopbackLightningNodeOptions<M> = {}) {
    this.#options = options;
    this.#complete = completeOptions(options);
    const { crypto, verifier, clock } = this.#complete;
    if (options.idsPerReply !== undefined) checkIdsPerReply(options.idsPerReply);
    this.gossip = options.gossip ?? new GossipStore(chainHashOf("regtest"));
    this.faults = new MessageFaults(options.faults ?? []);
    const misbehaves = options.misbehaves ?? [];
    const conduct = conductOf(misbehaves);
    const { answersPings = true, relaysGossip = false } = options;
    this.#conduct = answersPings ? conduct : { ...conduct, pongLength: () => undefined };
    this.#intake = new GossipIntake({ store: this.gossip, relays: relaysGossip, verifier });
    this.#conditions = new Conditions(clock);
    const privateKey = options.privateKey?.slice() ?? generatePrivateKey(crypto);
    this.#localKey = createLocalKey(privateKey, crypto);
    privateKey.fill(0);
  }

  /** The node id, 33 bytes. */
  get publicKey(): Uint8Array {
    return this.#localKey.publicKey;
  }

  /** Connections that are open now, oldest first. */
  get connections(): readonly LoopbackLightningConnection<M>[] {
    return [...this.#connections];
  }

  /**
   * Accepts connections until it is closed; by default over TCP at a free port of 127.0.0.1.
   *
   * @throws NetError as the given `listen`; `closed` if the node is or becomes closed
   */
  async listen(options: LoopbackListenOptions = {}): Promise<LoopbackAddress> {
    const address = await this.#doors.listen(options, (stream) => void this.attach(stream));
    return { publicKey: this.publicKey, address };
  }

  /**
   * Opens a connection to another node; resolves as soon as there is a stream, before the handshake: see
   * `LoopbackLightningConnection.ready`.
   *
   * @throws NetError as the dialer; `closed` if the node is or becomes closed. KeyError if the target's key is none
   */
  async dial(
    { publicKey, address }: LoopbackAddress,
    options: LoopbackDialOptions = {},
  ): Promise<LoopbackLightningConnection<M>> {
    const stream = await this.#doors.dial(address, options);
    return this.attach(stream, { remoteKey: publicKey });
  }

  /**
   * Takes a stream that is open already; drops it if the node is closed. Whoever opened it begins the handshake:
   * with a `remoteKey` that is this node.
   *
   * @throws KeyError for a `remoteKey` that is none; the stream is destroyed then
   */
  attach(
    stream: ByteStream,
    { remoteKey }: LoopbackLightningAttachOptions = {},
  ): LoopbackLightningConnection<M> {
    const { idsPerReply, fullInformation, alsoKnownTypes = [] } = this.#options;
    let connection: LoopbackLightningConnection<M>;
    try {
      connection = new LoopbackLightningConnection<M>(stream, {
        ...this.#complete,
        localKey: this.#localKey,
        remoteKey,
        alsoKnownTypes,
        opening: this.#opening(stream),
        gossip: this.gossip,
        intake: this.#intake,
        answerOptions: { idsPerReply, fullInformation },
        conduct: this.#conduct,
        faults: this.faults,
        onReady: (ready) => {
          this.#unseen.add(ready);
          this.#conditions.recheck();
        },
        onMessage: (message, from) => this.#tell(message, from),
        onClose: (closed) => {
          this.#connections.delete(closed);
          this.#unseen.delete(closed);
        },
      });
    } catch (error) {
      stream.destroy();
      throw error;
    }
    this.#connections.add(connection);
    if (this.#closed !== undefined) connection.destroy();
    return connection;
  }

  /**
   * The next connection that is ready, handshake and `init` done, oldest first; each is given out once.
   *
   * @throws AssertionError when the time is up, or the node is closed
   */
  nextConnection(options?: WaitOptions): Promise<LoopbackLightningConnection<M>> {
    const take = (): LoopbackLightningConnection<M> | undefined => {
      const [first] = this.#unseen;
      if (first !== undefined) this.#unseen.delete(first);
      return first;
    };
    return this.#conditions.find(take, "a connection", options);
  }

  /**
   * Calls `handler` with each message of a type, after the node's own answer to it and after `onMessage`.
   *
   * @example
   * ```ts
   * node.on("open_channel", (message, connection) => connection.send(acceptChannelFor(message)));
   * ```
   */
  on<T extends LoopbackMessage<M>["type"]>(
    type: T,
    handler: (
      message: Extract<LoopbackMessage<M>, { readonly type: T }>,
      connection: LoopbackLightningConnection<M>,
    ) => void,
  ): Disposable {
    const own: Handler<M> = (message, connection) =>
      handler(message as Extract<LoopbackMessage<M>, { readonly type: T }>, connection);
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(own));
    return { [Symbol.dispose]: () => void handlers.delete(own) };
  }

  /**
   * Waits until every peer that is ready has handled what was sent to it, see `LoopbackLightningConnection.sync`.
   *
   * @throws AssertionError if one of them does not answer its ping
   */
  async sync(options?: WaitOptions): Promise<void> {
    const ready = this.connections.filter(({ isReady }) => isReady);
    await Promise.all(ready.map((connection) => connection.sync(options)));
  }

  /**
   * Stops listening and drops every connection; resolves when all of them are closed. Every call returns the
   * same promise.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #opening(stream: ByteStream): readonly (LoopbackMessage<M> | Uint8Array)[] {
    const { init, networks = [this.gossip.chainHash], tellsRemoteAddress } = this.#options;
    if ("init" in this.#options) {
      if (init === undefined) return [];
      return "type" in init ? [init] : init;
    }
    const remoteAddr =
      tellsRemoteAddress === true && stream.remoteAddress !== undefined
        ? addressOf(stream.remoteAddress)
        : undefined;
    const own: Init = {
      type: "init",
      globalfeatures: new Uint8Array(0),
      features: this.#complete.features,
      networks,
      ...(remoteAddr === undefined ? {} : { remoteAddr }),
    };
    return [own];
  }

  #tell(message: LoopbackMessage<M>, connection: LoopbackLightningConnection<M>): void {
    this.#options.onMessage?.(message, connection);
    for (const handle of this.#handlers.get(message.type) ?? []) handle(message, connection);
  }

  async #close(): Promise<void> {
    const closings: Promise<unknown>[] = [this.#doors.close()];
    for (const connection of this.#connections) {
      closings.push(connection.closed);
      connection.destroy();
    }
    await Promise.all(closings);
    this.#conditions.end(new Error("the node was closed"));
    this.#localKey.destroy();
  }
}

function addressOf({ host, port }: HostPort): Address | undefined {
  const address = parseIp(host);
  if (address === undefined) return undefined;
  return { type: address.length === 4 ? "ipv4" : "ipv6", address, port };
}
