// A Bitcoin client that does what a test tells it to: a raw connection, none of the node's code.
import {
  type BitcoinMessage,
  bitcoinMessages,
  type BitcoinTransport,
  blockHashOf,
  formatHash,
  type KnownMessage,
  networks,
  V1Transport,
  V2Transport,
  type Version,
} from "@satwire/btcwire";
import { type ByteStream, memoryPair } from "@satwire/net";
import {
  type LoopbackBitcoinConnection,
  type LoopbackBitcoinNode,
  RawBitcoinConnection,
  type RawEnd,
} from "../../src/index.ts";

/** The messages of a type. */
type OfType<T extends BitcoinMessage["type"]> = Extract<BitcoinMessage, { readonly type: T }>;

/** A `version` of today, with what a test wants to be different. */
export function clientVersion(fields: Partial<Omit<Version, "type">> = {}): Version {
  const nowhere = { services: 0n, ip: new Uint8Array(16), port: 0 };
  return {
    type: "version",
    version: 70016,
    services: 8n,
    timestamp: 1_700_000_000n,
    addrRecv: nowhere,
    addrFrom: nowhere,
    nonce: 77n,
    userAgent: "/client/",
    startHeight: 0,
    relay: true,
    ...fields,
  };
}

/** How a client talks. */
export interface ClientOptions {
  readonly protocol?: "v1" | "v2" | undefined;
  readonly network?: "regtest" | "simnet" | "mainnet" | undefined;
  /** Bytes that each direction of the connection holds. */
  readonly capacityBytes?: number | undefined;
}

export interface GreetOptions {
  readonly version?: Partial<Omit<Version, "type">> | undefined;
  /** What is said between `version` and `verack`. */
  readonly wishes?: readonly BitcoinMessage[] | undefined;
}

/** A raw connection, and what these tests say and hear again and again. */
export class BitcoinClient {
  readonly raw: RawBitcoinConnection;
  readonly transport: BitcoinTransport<KnownMessage>;

  constructor(
    stream: ByteStream,
    { protocol = "v1", network = "regtest" }: ClientOptions = {},
    dials = true,
  ) {
    const options = { network: networks[network], messages: bitcoinMessages };
    if (protocol === "v1") this.transport = new V1Transport(options);
    else {
      this.transport = dials ? V2Transport.initiator(options) : V2Transport.responder(options);
    }
    this.raw = RawBitcoinConnection.start(stream, { transport: this.transport });
  }

  /** A client that has dialed a node, over memory, and that node's side of it. */
  static dial(
    node: LoopbackBitcoinNode,
    options: ClientOptions = {},
  ): { client: BitcoinClient; connection: LoopbackBitcoinConnection } {
    const { capacityBytes } = options;
    const [ours, theirs] = memoryPair(capacityBytes === undefined ? {} : { capacityBytes });
    return { connection: node.attach(theirs), client: new BitcoinClient(ours, options) };
  }

  /** Dials a node and greets it. */
  static async join(
    node: LoopbackBitcoinNode,
    { version, wishes, ...options }: ClientOptions & GreetOptions = {},
  ): Promise<{ client: BitcoinClient; connection: LoopbackBitcoinConnection }> {
    const joined = BitcoinClient.dial(node, options);
    await joined.client.greet({ version, wishes });
    await joined.connection.ready();
    await joined.client.sync();
    joined.client.raw.takeEvents();
    return joined;
  }

  /** How the connection ended, once it has. */
  get closed(): Promise<RawEnd> {
    return this.raw.ended();
  }

  send(...messages: BitcoinMessage[]): void {
    this.raw.send(...messages);
  }

  /** Says what comes up to `verack`, and takes what the node says. */
  async greet({ version, wishes = [] }: GreetOptions = {}): Promise<Version> {
    this.send(clientVersion(version));
    const theirs = await this.take("version");
    await this.take("verack");
    this.send(...wishes, { type: "verack" });
    return theirs;
  }

  /** The oldest message of a type that nobody has taken. */
  take<T extends BitcoinMessage["type"]>(type: T): Promise<OfType<T>> {
    return this.raw.take(type);
  }

  /** Resolves when the node has handled all that was sent, and its answers are there. */
  sync(): Promise<void> {
    return this.raw.sync();
  }

  /** All messages that came and were not taken. */
  get messages(): BitcoinMessage[] {
    return [...this.raw.messages];
  }

  /** Sends something and returns all that comes of it. */
  async ask(...messages: BitcoinMessage[]): Promise<BitcoinMessage[]> {
    this.raw.takeEvents();
    this.send(...messages);
    await this.sync();
    return this.messages;
  }
}

/** Messages in short, to compare what matters. */
export function brief(message: BitcoinMessage): string {
  switch (message.type) {
    case "headers":
      return `headers ${message.headers.map((header) => nameOf(blockHashOf(header))).join(" ")}`;
    case "block":
    case "cmpctblock":
    case "merkleblock":
      return `${message.type} ${nameOf(blockHashOf(message.header))}`;
    case "inv":
    case "getdata":
    case "notfound":
      return `${message.type} ${message.inventory.map(({ type, hash }) => `${type}:${nameOf(hash)}`).join(" ")}`;
    default:
      return message.type;
  }
}

/** The first digits of a hash that are not those of every hash. */
export function nameOf(hash: Uint8Array): string {
  return formatHash(hash).slice(0, 10);
}
