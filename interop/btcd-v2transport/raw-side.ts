/**
 * A side of BIP 324 that can send what our transport never sends: decoys in front of the version packet, a version
 * packet with contents, garbage that looks like its terminator, packets that are too long.
 */
import {
  type BitcoinTransport,
  concatBytes,
  ellswiftLength,
  generateEllswift,
  PacketCipher,
  type TransportResult,
  type UnknownMessage,
  V2Transport,
} from "@satwire/btcwire";
import { type Blob, contentsOf, opaqueMessages } from "./contents.ts";

/** What a {@link RawSide} sends. */
export interface RawSideOptions {
  readonly initiator: boolean;
  readonly magic: Uint8Array;
  /** For who is called, from the ciphers, so that it can hold parts of the terminator. */
  readonly garbage?: Uint8Array | ((cipher: PacketCipher) => Uint8Array);
  /** Lengths of decoys in front of the version packet. */
  readonly decoys?: readonly number[];
  /** Contents of the version packet. */
  readonly version?: Uint8Array;
}

const none: Uint8Array = new Uint8Array(0);

export class RawSide implements BitcoinTransport<Blob> {
  readonly #options: RawSideOptions;
  readonly #keyPair = generateEllswift((length) => crypto.getRandomValues(new Uint8Array(length)));
  /** Reads what comes. What it would send is dropped: its keys are the same. */
  #reader: V2Transport<Blob> | undefined;
  #cipher: PacketCipher | undefined;
  #received: Uint8Array = none;

  constructor(options: RawSideOptions) {
    this.#options = options;
  }

  get protocol(): "detecting" | "v1" | "v2" {
    return this.#reader?.protocol ?? "detecting";
  }
  get established(): boolean {
    return this.#cipher !== undefined;
  }
  get sessionId(): Uint8Array | undefined {
    return this.#reader?.sessionId;
  }
  get failure(): BitcoinTransport<Blob>["failure"] {
    return this.#reader?.failure;
  }
  get shouldRetryV1(): boolean {
    return this.#reader?.shouldRetryV1 ?? false;
  }
  get bytesBuffered(): number {
    return this.#reader?.bytesBuffered ?? this.#received.length;
  }

  open(): Uint8Array | undefined {
    if (!this.#options.initiator) return undefined;
    return concatBytes(this.#keyPair.publicKey, this.#garbage());
  }

  push(chunk: Uint8Array): TransportResult<Blob> {
    if (this.#reader !== undefined) return this.#result(this.#reader, chunk);
    this.#received = concatBytes(this.#received, chunk);
    if (this.#received.length < ellswiftLength) return { events: [] };
    const { initiator, magic, decoys = [], version = none } = this.#options;
    const { privateKey, publicKey } = this.#keyPair;
    const theirs = this.#received.subarray(0, ellswiftLength);
    const cipher = new PacketCipher({ privateKey, ours: publicKey, theirs, initiator, magic });
    this.#cipher = cipher;
    const garbage = this.#garbage();
    const options = { network: { magic }, messages: opaqueMessages, keyPair: this.#keyPair };
    this.#reader = initiator ? V2Transport.initiator(options) : V2Transport.responder(options);
    const packets = [...decoys.map((length) => new Uint8Array(length)), version].map(
      (contents, i, all) =>
        cipher.encrypt(contents, { ignore: i < all.length - 1, aad: i === 0 ? garbage : none }),
    );
    const opening = initiator ? none : concatBytes(publicKey, garbage);
    const reply = concatBytes(opening, cipher.sendTerminator, ...packets);
    return { ...this.#result(this.#reader, this.#received), reply };
  }

  /** A packet with any contents. */
  encrypt(contents: Uint8Array): Uint8Array {
    return this.#cipher!.encrypt(contents);
  }

  encode(message: Blob | UnknownMessage): Uint8Array {
    return this.encrypt(contentsOf({ type: "message", message, wireLength: 0 }));
  }

  end(): ReturnType<BitcoinTransport<Blob>["end"]> {
    return this.#reader?.end();
  }

  destroy(): void {
    this.#reader?.destroy();
    this.#cipher?.destroy();
  }

  #garbage(): Uint8Array {
    const { garbage = none } = this.#options;
    return garbage instanceof Uint8Array ? garbage : garbage(this.#cipher!);
  }

  #result(reader: V2Transport<Blob>, chunk: Uint8Array): TransportResult<Blob> {
    const { events, failure } = reader.push(chunk);
    return failure === undefined ? { events } : { events, failure };
  }
}
