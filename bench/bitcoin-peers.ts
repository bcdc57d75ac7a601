/**
 * Scope: what the Bitcoin benches use of bcoin and of bitcore, typed. Neither has types of its own.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** What is used of bcoin 1.0. */
export interface Bcoin {
  readonly Block: {
    fromRaw(bytes: Buffer): {
      readonly txs: readonly BcoinTransaction[];
      readonly merkleRoot: string;
      createMerkleRoot(encoding: "hex"): string | null;
    };
  };
  readonly TX: { fromRaw(bytes: Buffer): BcoinTransaction };
  readonly packets: {
    readonly InvPacket: { fromRaw(payload: Buffer): { toRaw(): Buffer } };
    readonly HeadersPacket: {
      fromRaw(payload: Buffer): {
        readonly items: readonly { hash(): Buffer; verifyPOW(): boolean }[];
      };
    };
    readonly PingPacket: { new (nonce: Buffer): { toRaw(): Buffer } };
  };
}

export interface BcoinTransaction {
  hash(): Buffer;
  toRaw(): Buffer;
  /** Forgets the bytes and hashes that it keeps. */
  refresh(): void;
}

/**
 * bcoin on one of its two backends for hashes, with modules of its own: `js` is JavaScript, `node` is
 * `node:crypto`. The third, native code, is built by an install script, and none is run here.
 */
export function loadBcoin(backend: "js" | "node"): Bcoin {
  const fromBcoin = createRequire(require.resolve("bcoin"));
  for (const path of Object.keys(require.cache)) {
    if (/[\\/](bcoin|bcrypto)[\\/]lib[\\/]/.test(path)) delete require.cache[path];
  }
  process.env["NODE_BACKEND"] = backend;
  fromBcoin("bcrypto/lib/hash256");
  // Without a native module, what counts bits of bloom filters loads with this one only.
  process.env["NODE_BACKEND"] = "js";
  return {
    Block: require("bcoin/lib/primitives/block"),
    TX: require("bcoin/lib/primitives/tx"),
    packets: require("bcoin/lib/net/packets"),
  } as Bcoin;
}

/** What is used of bitcore. */
export interface Bitcore {
  readonly Block: {
    fromBuffer(bytes: Buffer): {
      readonly transactions: readonly BitcoreTransaction[];
      validMerkleRoot(): boolean;
    };
  };
  readonly Transaction: new () => { fromBuffer(bytes: Buffer): BitcoreTransaction };
  readonly messages: {
    readonly Inventory: { fromBuffer(payload: Buffer): { getPayload(): Buffer } };
    readonly Headers: {
      fromBuffer(payload: Buffer): {
        readonly headers: readonly { _getHash(): Buffer; validProofOfWork(): boolean }[];
      };
    };
  };
}

interface BitcoreTransaction {
  _getHash(): Buffer;
  toBuffer(): Buffer;
}

/** bitcore-lib, and the messages of bitcore-p2p without its sockets, whose dependencies are not installed. */
export function loadBitcore(): Bitcore {
  const fromMessages = createRequire(require.resolve("bitcore-p2p/lib/messages"));
  const { Block, Transaction } = fromMessages("bitcore-lib") as Bitcore;
  const Messages = require("bitcore-p2p/lib/messages") as new () => Bitcore["messages"];
  return { Block, Transaction, messages: new Messages() };
}

interface BcoinFramer {
  packet(command: string, payload: Buffer): Buffer;
}

interface BcoinParser {
  on(event: "packet", listener: (packet: { readonly data: Buffer }) => void): void;
  feed(chunk: Buffer): void;
}

/** Frames a message with bcoin and parses the frame; returns the payload that came out. */
export function bcoinFraming(
  backend: "js" | "node",
  command: string,
  payload: Buffer,
): () => Buffer {
  loadBcoin(backend);
  const Framer = require("bcoin/lib/net/framer") as new (network: string) => BcoinFramer;
  const Parser = require("bcoin/lib/net/parser") as new (network: string) => BcoinParser;
  const framer = new Framer("main");
  const parser = new Parser("main");
  let data: Buffer = Buffer.alloc(0);
  parser.on("packet", (packet) => {
    data = packet.data;
  });
  return () => {
    parser.feed(framer.packet(command, payload));
    return data;
  };
}

/** What bitcore-p2p wants to have of the package `buffers`, which is not installed, for one whole frame. */
interface FrameQueue {
  readonly length: number;
  get(index: number): number | undefined;
  slice(start: number, end: number): Buffer;
  skip(count: number): void;
}

interface BitcoreMessages {
  readonly network: unknown;
  readonly builder: { readonly commands: Record<string, { fromBuffer(payload: Buffer): Buffer }> };
  parseBuffer(queue: FrameQueue): Buffer | undefined;
}

interface BitcoreMessage {
  getPayload: () => Buffer;
  toBuffer(): Buffer;
}

/** The same with bitcore-p2p. */
export function bitcoreFraming(command: string, payload: Buffer): () => Buffer {
  const Messages = require("bitcore-p2p/lib/messages") as {
    new (): BitcoreMessages;
    readonly Message: new (options: { command: string; network: unknown }) => BitcoreMessage;
  };
  const messages = new Messages();
  messages.builder.commands[command] = { fromBuffer: (bytes) => bytes };
  const message = new Messages.Message({ command, network: messages.network });
  message.getPayload = () => payload;
  return () => {
    const frame = message.toBuffer();
    const queue: FrameQueue = {
      length: frame.length,
      get: (index) => frame[index],
      slice: (start, end) => frame.subarray(start, end),
      skip: () => undefined,
    };
    return messages.parseBuffer(queue) as Buffer;
  };
}
