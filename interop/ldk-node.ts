/**
 * LDK (compiled to WASM) as a Lightning node on 127.0.0.1, to be spoken to in tests: its noise
 * handshake, framing, init, ping and gossip checks were written by others. There is no chain and no
 * channel behind it.
 *
 * LDK has no threads or timers here. It runs inside socket events, `sendCustom` and `tick`, and after
 * each of these the conditions that callers wait for are looked at again.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import {
  CustomMessageHandler,
  ErroringMessageHandler,
  IgnoringMessageHandler,
  type Init,
  InitFeatures,
  initializeWasmFromBinary,
  KeysManager,
  Logger,
  Network,
  NetworkGraph,
  NodeFeatures,
  Option_CVec_ThirtyTwoBytesZZ_Some,
  Option_TypeZ,
  Option_UtxoLookupZ,
  P2PGossipSync,
  PeerManager,
  Recipient,
  Result_COption_TypeZDecodeErrorZ,
  Result_NoneLightningErrorZ,
  Result_NoneNoneZ,
  Result_PublicKeyNoneZ_OK,
  TwoTuple_PublicKeyTypeZ,
  Type,
} from "lightningdevkit";
import { Conditions, type WaitOptions } from "@satwire/testkit";
import { createChannelManager } from "./ldk-channels.ts";
import { LdkSocket } from "./ldk-socket.ts";

const NETWORKS = {
  bitcoin: Network.LDKNetwork_Bitcoin,
  testnet: Network.LDKNetwork_Testnet,
  signet: Network.LDKNetwork_Signet,
  regtest: Network.LDKNetwork_Regtest,
} as const;

/** BOLT 1: a message is at most 65535 bytes, two of them the type. LDK aborts above that. */
const MAX_PAYLOAD_BYTES = 65_533;
/** BOLT 1: the first type of the custom range. */
const FIRST_CUSTOM_TYPE = 32_768;

export interface LdkNodeOptions {
  /** The node key is derived from this number. @default counted up from 2^20 */
  readonly seed?: number;
  /** Chain that gossip and, with `channels`, `networks` are checked against. @default "bitcoin" */
  readonly network?: keyof typeof NETWORKS;
  /**
   * Run a real `ChannelManager`: LDK then requires feature bits of its peers, and sends and checks
   * `networks`. Without it every feature is optional and `networks` is neither sent nor checked.
   * @default false
   */
  readonly channels?: boolean;
  /**
   * Told each line of LDK's log, of every level, e.g. "Received message Ping(…) from …". Called from
   * inside LDK: may neither throw nor use the node.
   */
  readonly log?: (line: string) => void;
}

/** A custom message that LDK received, in order of arrival. */
export interface LdkCustomMessage {
  readonly from: Uint8Array;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** A connected peer, with what LDK read in its `init`. */
export interface LdkPeer {
  readonly nodeId: Uint8Array;
  /** Feature bits, big-endian as on the wire (bit 0 is the lowest bit of the last byte). */
  readonly features: Uint8Array;
  /** TLV 1, when it was there. */
  readonly networks: readonly Uint8Array[] | undefined;
  /** The peer dialled LDK. */
  readonly inbound: boolean;
}

let loading: Promise<void> | undefined;
let lastSeed = 2 ** 20;

/** The WASM instance is shared by all nodes of a process; the bindings print LDK's version. */
function load(): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve("lightningdevkit/liblightningjs.wasm");
  loading ??= readFile(wasm).then(initializeWasmFromBinary);
  return loading;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** One LDK peer manager with its sockets. */
export class LdkNode implements AsyncDisposable {
  /** 33 bytes. */
  readonly nodeId: Uint8Array;
  readonly #peers: PeerManager;
  readonly #graph: NetworkGraph;
  readonly #connected = new Map<string, LdkPeer>();
  readonly #received: LdkCustomMessage[] = [];
  readonly #sockets: LdkSocket[] = [];
  readonly #dialling = new Set<Socket>();
  readonly #servers: Server[] = [];
  readonly #conditions = new Conditions();
  #disposed: Promise<void> | undefined;

  /**
   * LDK reads and handles, or takes and writes, one custom message after the other and never returns
   * to us between the two steps, so one `Type` object over this slot stands for all of them. (The
   * bindings keep an entry for ever for each object that is made, and search through them.)
   */
  #current: { type: number; payload: Uint8Array } = { type: 0, payload: new Uint8Array() };
  readonly #currentAsType = Type.new_impl({
    type_id: () => this.#current.type,
    debug_str: () => `custom message ${this.#current.type}`,
    write: () => this.#current.payload,
  });
  #outgoing: { to: Uint8Array; type: number; payload: Uint8Array } | undefined;

  private constructor(options: LdkNodeOptions) {
    const { seed = lastSeed++, network = "bitcoin", channels = false, log } = options;
    const seedBytes = new Uint8Array(32);
    new DataView(seedBytes.buffer).setUint32(0, seed);
    const keys = KeysManager.constructor_new(seedBytes, 0n, 0);
    const logger = Logger.new_impl({ log: (record) => log?.(record.get_args()) });
    this.#graph = NetworkGraph.constructor_new(NETWORKS[network], logger);
    const gossip = P2PGossipSync.constructor_new(
      this.#graph,
      Option_UtxoLookupZ.constructor_none(),
      logger,
    );
    const channelHandler = channels
      ? createChannelManager(
          NETWORKS[network],
          keys,
          this.#graph,
          logger,
        ).as_ChannelMessageHandler()
      : ErroringMessageHandler.constructor_new().as_ChannelMessageHandler();
    this.#peers = PeerManager.constructor_new(
      channelHandler,
      gossip.as_RoutingMessageHandler(),
      IgnoringMessageHandler.constructor_new().as_OnionMessageHandler(),
      this.#customMessageHandler(),
      0,
      crypto.getRandomValues(new Uint8Array(32)),
      logger,
      keys.as_NodeSigner(),
    );
    const nodeId = keys.as_NodeSigner().get_node_id(Recipient.LDKRecipient_Node);
    if (!(nodeId instanceof Result_PublicKeyNoneZ_OK)) throw new Error("LDK has no node id");
    this.nodeId = nodeId.res;
  }

  /** Loads LDK (once in a process) and makes a node, which does nothing until told to. */
  static async start(options: LdkNodeOptions = {}): Promise<LdkNode> {
    await load();
    return new LdkNode(options);
  }

  /** Accepts connections on a port that the system chooses. */
  async listen(): Promise<{ readonly host: "127.0.0.1"; readonly port: number }> {
    this.#refuseIfDisposed();
    const server = createServer((socket) => this.#adopt(socket, undefined));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  }

  /** Dials; resolves when TCP is up and act one is written. `waitForPeer` waits for init. */
  async connect(remoteNodeId: Uint8Array, host: string, port: number): Promise<void> {
    this.#refuseIfDisposed();
    const socket = connect({ host, port });
    this.#dialling.add(socket);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve).once("error", reject);
        socket.once("close", () => reject(new Error("the socket was closed while dialling")));
      });
    } finally {
      this.#dialling.delete(socket);
    }
    this.#adopt(socket, remoteNodeId);
  }

  /** Node ids of the peers that have completed init. */
  peers(): Uint8Array[] {
    return [...this.#connected.values()].map((peer) => peer.nodeId);
  }

  /** Resolves when `init` went both ways, with what LDK read in the peer's. */
  async waitForPeer(nodeId: Uint8Array, options: WaitOptions = {}): Promise<LdkPeer> {
    const id = hex(nodeId);
    return this.#conditions.find(
      () => this.#connected.get(id),
      `init with ${id}`,
      waiting(options),
    );
  }

  /** Resolves when there is no initialised connection with this node (at once if there is none). */
  async waitForDisconnect(nodeId: Uint8Array, options: WaitOptions = {}): Promise<void> {
    const id = hex(nodeId);
    const isGone = (): boolean => !this.#connected.has(id);
    await this.#conditions.until(isGone, `the end of ${id}`, waiting(options));
  }

  /** Makes LDK hang up. */
  disconnect(nodeId: Uint8Array): void {
    this.#peers.disconnect_by_node_id(nodeId);
    this.#conditions.recheck();
  }

  /**
   * Encrypts and queues one message; the types below 32768 are sent too, so any payload, however
   * wrong, can be put under any type.
   */
  sendCustom(nodeId: Uint8Array, type: number, payload: Uint8Array): void {
    if (!this.#connected.has(hex(nodeId))) throw new Error(`${hex(nodeId)} is not connected`);
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError(`payload of ${payload.length}`);
    this.#outgoing = { to: nodeId, type, payload };
    this.#peers.process_events();
    this.#conditions.recheck();
  }

  /** Messages of an odd type from 32768 on. LDK drops other odd types and hangs up on even ones. */
  get customMessages(): readonly LdkCustomMessage[] {
    return this.#received;
  }

  /** Resolves when `count` custom messages have arrived since the start. */
  async waitForCustom(count: number, options: WaitOptions = {}): Promise<void> {
    const isThere = (): boolean => this.#received.length >= count;
    await this.#conditions.until(isThere, `custom message ${count}`, waiting(options));
  }

  /**
   * LDK's ten-second timer: pings each peer, and hangs up on one that sent nothing at all after the
   * last ping or has not completed the handshake since the last tick.
   */
  tick(): void {
    this.#peers.timer_tick_occurred();
    this.#conditions.recheck();
  }

  /** What LDK's gossip checks (signatures included; no chain lookup) have let through. */
  graphCounts(): { readonly channels: number; readonly nodes: number } {
    const graph = this.#graph.read_only();
    try {
      return { channels: graph.list_channels().length, nodes: graph.list_nodes().length };
    } finally {
      graph.free(); // a lock, which no collector gives back
    }
  }

  /** Resolves when the graph has at least these counts. */
  async waitForGraph(
    atLeast: { readonly channels?: number; readonly nodes?: number },
    options: WaitOptions = {},
  ): Promise<void> {
    const isThere = (): boolean => {
      const { channels, nodes } = this.graphCounts();
      return channels >= (atLeast.channels ?? 0) && nodes >= (atLeast.nodes ?? 0);
    };
    await this.#conditions.until(isThere, "gossip in the graph", waiting(options));
  }

  /** Bytes over all sockets since the start, handshakes included. */
  get traffic(): { readonly bytesRead: number; readonly bytesWritten: number } {
    const total = { bytesRead: 0, bytesWritten: 0 };
    for (const socket of this.#sockets) {
      total.bytesRead += socket.bytesRead;
      total.bytesWritten += socket.bytesWritten;
    }
    return total;
  }

  /** Closes listeners and sockets and rejects whoever still waits. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    const servers = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const socket of [...this.#dialling, ...this.#sockets]) socket.destroy();
    await Promise.all([...servers, ...this.#sockets.map((socket) => socket.closed)]);
    this.#conditions.end(new Error("the LDK node was disposed of"));
  }

  #refuseIfDisposed(): void {
    if (this.#disposed !== undefined) throw new Error("the LDK node was disposed of");
  }

  #adopt(socket: Socket, remoteNodeId: Uint8Array | undefined): void {
    if (this.#disposed !== undefined) {
      socket.destroy();
      return;
    }
    this.#sockets.push(
      new LdkSocket(this.#peers, socket, remoteNodeId, () => this.#conditions.recheck()),
    );
  }

  #customMessageHandler(): CustomMessageHandler {
    return CustomMessageHandler.new_impl(
      {
        handle_custom_message: (_message, from) => {
          this.#received.push({ from, ...this.#current });
          return Result_NoneLightningErrorZ.constructor_ok();
        },
        get_and_clear_pending_msg: () => {
          const message = this.#outgoing;
          if (message === undefined) return [];
          this.#outgoing = undefined;
          this.#current = message;
          return [TwoTuple_PublicKeyTypeZ.constructor_new(message.to, this.#currentAsType)];
        },
        peer_connected: (nodeId, init, inbound) => {
          this.#connected.set(hex(nodeId), readInit(nodeId, init, inbound));
          return Result_NoneNoneZ.constructor_ok();
        },
        peer_disconnected: (nodeId) => {
          this.#connected.delete(hex(nodeId));
        },
        provided_node_features: () => NodeFeatures.constructor_empty(),
        provided_init_features: () => InitFeatures.constructor_empty(),
      },
      {
        read: (signedType, payload) => {
          const type = signedType & 0xffff; // the bindings pass a u16 as if it had a sign
          this.#current = { type, payload };
          return Result_COption_TypeZDecodeErrorZ.constructor_ok(
            type >= FIRST_CUSTOM_TYPE && type % 2 === 1
              ? Option_TypeZ.constructor_some(this.#currentAsType)
              : Option_TypeZ.constructor_none(),
          );
        },
      },
    );
  }
}

/** LDK's handshakes take long on a machine that is busy. */
function waiting(options: WaitOptions): WaitOptions {
  return { timeoutMs: 30_000, ...options };
}

function readInit(nodeId: Uint8Array, init: Init, inbound: boolean): LdkPeer {
  const networks = init.get_networks();
  return {
    nodeId,
    features: init.get_features().write().subarray(2), // after its u16 length
    networks: networks instanceof Option_CVec_ThirtyTwoBytesZZ_Some ? networks.some : undefined,
    inbound: Boolean(inbound), // 0 or 1, whatever its type says
  };
}
