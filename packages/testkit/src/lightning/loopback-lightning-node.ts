// A Lightning node to test against: real BOLT 8 over any byte stream, init, pings, gossip queries.
import {
  chainHashOf,
  encodeMessage,
  featureVector,
  type Init,
  type LightningMessage,
} from "@satwire/lnwire";
import {
  type ByteStream,
  type HostPort,
  type Listen,
  type Listener,
  listenTcp,
  NetError,
  parseHostPort,
} from "@satwire/net";
import { createLocalKey, type DestroyableLocalKey, generatePrivateKey } from "@satwire/noise";
import { checkIdsPerReply } from "./gossip-responder.ts";
import { GossipStore } from "./gossip-store.ts";
import { LoopbackConnection } from "./loopback-connection.ts";

/** What a {@link LoopbackLightningNode} is made from. */
export interface LoopbackLightningNodeOptions {
  /**
   * Node key, 32 bytes.
   * @default a new one
   */
  readonly privateKey?: Uint8Array | undefined;
  /** @default bits 1, 7, 9, 11, 13, 15 and 45 */
  readonly features?: Uint8Array | undefined;
  /** @default the chain of the gossip */
  readonly networks?: readonly Uint8Array[] | undefined;
  /**
   * Gossip to answer queries from.
   * @default none, on regtest
   */
  readonly gossip?: GossipStore | undefined;
  /**
   * Channels in one `reply_channel_range`, from 1 to 8000: small numbers force many replies.
   * @default 8000, with timestamps 4000
   */
  readonly idsPerReply?: number | undefined;
  /** Replaces the `init` to send; `undefined` sends none. */
  readonly init?: Init | undefined;
  /** @default true */
  readonly answersPings?: boolean | undefined;
  /**
   * Even message types that do not end the connection, besides those of `@satwire/lnwire`.
   * @default none
   */
  readonly alsoKnownTypes?: readonly number[] | undefined;
  /** Called with each message, `init` included, after the node's own answer to it. */
  readonly onMessage?:
    | ((message: LightningMessage, connection: LoopbackConnection) => void)
    | undefined;
}

/** Options of {@link LoopbackLightningNode.listen}. */
export interface LoopbackListenOptions {
  /** @default listenTcp */
  readonly listen?: Listen | undefined;
  /** @default a free port of 127.0.0.1 */
  readonly address?: HostPort | undefined;
  /**
   * Open connections at most; one more is dropped at once.
   * @default 1000
   */
  readonly maxConnections?: number | undefined;
}

/** Where a node listens. */
export interface LoopbackAddress {
  readonly publicKey: Uint8Array;
  readonly address: HostPort;
}

/**
 * A node without a chain, a wallet or channels, that speaks the wire for real.
 *
 * @example
 * ```ts
 * await using node = new LoopbackLightningNode({ gossip: generateGossip({ nodes: 5, channels: 9, seed: 1 }) });
 * const peer = new SimplePeer({ target: await node.listen() });
 * ```
 */
export class LoopbackLightningNode implements AsyncDisposable {
  readonly #options: LoopbackLightningNodeOptions;
  readonly #localKey: DestroyableLocalKey;
  readonly #connections = new Set<LoopbackConnection>();
  readonly #listeners: Listener[] = [];
  #closed: Promise<void> | undefined;

  /** @throws KeyError for an unusable private key, RangeError for an unusable `idsPerReply` */
  constructor(options: LoopbackLightningNodeOptions = {}) {
    this.#options = options;
    if (options.idsPerReply !== undefined) checkIdsPerReply(options.idsPerReply);
    const privateKey = options.privateKey?.slice() ?? generatePrivateKey();
    this.#localKey = createLocalKey(privateKey);
    privateKey.fill(0);
  }

  /** The node id, 33 bytes. */
  get publicKey(): Uint8Array {
    return this.#localKey.publicKey;
  }

  /** Connections that are open now, oldest first. */
  get connections(): readonly LoopbackConnection[] {
    return [...this.#connections];
  }

  /**
   * Accepts connections until it is closed; by default over TCP at a free port of 127.0.0.1.
   *
   * @throws NetError as the given `listen`; `closed` if the node is or becomes closed
   */
  async listen({
    listen = listenTcp,
    address = parseHostPort("127.0.0.1:0", { allowPortZero: true }),
    maxConnections = 1000,
  }: LoopbackListenOptions = {}): Promise<LoopbackAddress> {
    const listener = await listen(address, (stream) => this.attach(stream), { maxConnections });
    if (this.#closed !== undefined) {
      await listener.close();
      throw new NetError("closed", "the node is closed");
    }
    this.#listeners.push(listener);
    return { publicKey: this.publicKey, address: listener.address };
  }

  /** Answers the handshake on a stream that somebody else opened; drops it if the node is closed. */
  attach(stream: ByteStream): LoopbackConnection {
    const { networks, features, answersPings = true, alsoKnownTypes = [] } = this.#options;
    const { onMessage, idsPerReply } = this.#options;
    const gossip = this.#options.gossip ?? new GossipStore(chainHashOf("regtest"));
    const init: Init = {
      type: "init",
      globalfeatures: new Uint8Array(0),
      features: features ?? featureVector([1, 7, 9, 11, 13, 15, 45]),
      networks: networks ?? [gossip.chainHash],
    };
    const opening = "init" in this.#options ? this.#options.init : init;
    const connection = new LoopbackConnection(stream, {
      localKey: this.#localKey,
      opening: opening === undefined ? undefined : encodeMessage(opening),
      gossip,
      idsPerReply,
      answersPings,
      alsoKnownTypes,
      onMessage,
      onClose: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    if (this.#closed !== undefined) connection.destroy();
    return connection;
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

  async #close(): Promise<void> {
    const closings: Promise<unknown>[] = this.#listeners.map((listener) => listener.close());
    for (const connection of this.#connections) {
      closings.push(connection.closed);
      connection.destroy();
    }
    await Promise.all(closings);
    this.#localKey.destroy();
  }
}
