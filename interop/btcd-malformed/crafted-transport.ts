/** The dialling side of BIP 324, which can also send packets that no transport sends. */
import {
  type BitcoinTransport,
  bitcoinMessages,
  bytesOfText,
  commandOf,
  concatBytes,
  ellswiftLength,
  generateEllswift,
  type KnownMessage,
  networks,
  PacketCipher,
  type TransportResult,
  type UnknownMessage,
  V2Transport,
} from "@satwire/btcwire";

const { magic } = networks.simnet;

/** Our transport for what comes; for what is sent, the same keys by hand. */
export class CraftedTransport implements BitcoinTransport<KnownMessage> {
  readonly #keyPair = generateEllswift((length) => crypto.getRandomValues(new Uint8Array(length)));
  readonly #reader = V2Transport.initiator({
    network: { magic },
    messages: bitcoinMessages,
    garbage: new Uint8Array(0),
    keyPair: this.#keyPair,
  });
  /** Until it has the peer's key. */
  #received: Uint8Array = new Uint8Array(0);
  #cipher: PacketCipher | undefined;

  get protocol(): "detecting" | "v1" | "v2" {
    return this.#reader.protocol;
  }
  get established(): boolean {
    return this.#cipher !== undefined && this.#reader.established;
  }
  get sessionId(): Uint8Array | undefined {
    return this.#reader.sessionId;
  }
  get failure(): BitcoinTransport<KnownMessage>["failure"] {
    return this.#reader.failure;
  }
  get shouldRetryV1(): boolean {
    return this.#reader.shouldRetryV1;
  }
  get bytesBuffered(): number {
    return this.#reader.bytesBuffered;
  }

  open(): Uint8Array | undefined {
    return this.#reader.open();
  }

  push(chunk: Uint8Array): TransportResult<KnownMessage> {
    if (this.#cipher === undefined) {
      this.#received = concatBytes(this.#received, chunk);
      if (this.#received.length >= ellswiftLength) {
        const { privateKey, publicKey: ours } = this.#keyPair;
        const theirs = this.#received.subarray(0, ellswiftLength);
        this.#cipher = new PacketCipher({ privateKey, ours, theirs, initiator: true, magic });
        this.#cipher.encrypt(new Uint8Array(0)); // the version packet, which the reader sends
      }
    }
    return this.#reader.push(chunk);
  }

  /** A packet with any contents, of any length. */
  packet(contents: Uint8Array, ignore = false): Uint8Array {
    return this.#cipher!.encrypt(contents, { ignore });
  }

  /** Messages in their long form, which BIP 324 allows for all. */
  encode(message: KnownMessage | UnknownMessage): Uint8Array {
    return this.packet(concatBytes(longType(commandOf(message)), bitcoinMessages.encode(message)));
  }

  end(): ReturnType<BitcoinTransport<KnownMessage>["end"]> {
    return this.#reader.end();
  }

  destroy(): void {
    this.#reader.destroy();
    this.#cipher?.destroy();
  }
}

/** A zero and the command: up to 12 characters, each for one byte. */
export function longType(command: string): Uint8Array {
  const type = new Uint8Array(13);
  type.set(bytesOfText(command), 1);
  return type;
}
