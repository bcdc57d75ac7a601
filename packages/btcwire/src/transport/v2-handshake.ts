// BIP 324 "Handshake: key exchange and version negotiation", up to the peer's garbage terminator.
// Bytes: chunks are only read during the call; what is returned is fresh. Keys are overwritten as soon as they are
// not needed.
import { concatBytes } from "@satwire/codec";
import { writeCommand } from "./command.ts";
import { type EllswiftKeyPair, ellswiftLength, generateEllswift } from "./ellswift.ts";
import { TransportError } from "../errors.ts";
import { PacketCipher } from "./packet-cipher.ts";
import type { V2Crypto } from "./v2-crypto.ts";

/** The most garbage that either side sends behind its key, in bytes (BIP 324 `MAX_GARBAGE_LEN`). */
export const maxGarbageLength = 4095;

const terminatorLength = 16;
const maxGarbageAndTerminator: number = /* @__PURE__ */ maxGarbageLength + terminatorLength;
const prefixLength = 16;
const magicLength = 4;
const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What {@link V2Handshake} is made with. */
export interface V2HandshakeOptions {
  readonly initiator: boolean;
  /** The network's magic, 4 bytes. */
  readonly magic: Uint8Array;
  readonly crypto: V2Crypto;
  readonly garbage?: Uint8Array | undefined;
  readonly keyPair?: EllswiftKeyPair | undefined;
}

/** One side of a v2 handshake. `read` is called until `outcome` is there. */
export class V2Handshake {
  /** How it ended, if it has: `v1` for a peer that began with the prefix of v1, `v2` behind its terminator. */
  outcome: "v1" | "v2" | undefined;
  /** Encrypts and decrypts once the peer's key is there. Whoever takes it destroys it. */
  cipher: PacketCipher | undefined;

  readonly #initiator: boolean;
  readonly #crypto: V2Crypto;
  /** What a v1 peer of this network sends first. */
  readonly #prefix: Uint8Array;
  readonly #theirs: Uint8Array = new Uint8Array(ellswiftLength);
  #keyReceived = 0;
  #given: EllswiftKeyPair | undefined;
  #keyPair: EllswiftKeyPair | undefined;
  /** What this side sends behind its key. */
  #garbage: Uint8Array | undefined;
  #reply: Uint8Array = noBytes;
  /** The peer's garbage and, until that is found, its terminator. */
  #received: Uint8Array = noBytes;
  #receivedLength = 0;

  /** @throws RangeError if the garbage is too long or a key has not its length; what the crypto backend throws */
  constructor({ initiator, magic, crypto, garbage, keyPair }: V2HandshakeOptions) {
    if (garbage !== undefined && garbage.length > maxGarbageLength) {
      throw new RangeError(`${garbage.length} bytes of garbage, at most ${maxGarbageLength}`);
    }
    this.#initiator = initiator;
    this.#prefix = new Uint8Array(prefixLength);
    this.#prefix.set(magic);
    writeCommand(this.#prefix, magicLength, "version");
    this.#crypto = crypto;
    if (garbage !== undefined) this.#garbage = Uint8Array.from(garbage);
    if (keyPair !== undefined) {
      const { privateKey, publicKey } = keyPair;
      if (privateKey.length !== 32 || publicKey.length !== ellswiftLength) {
        throw new RangeError("a key pair has 32 and 64 bytes");
      }
      this.#given = {
        privateKey: Uint8Array.from(privateKey),
        publicKey: Uint8Array.from(publicKey),
      };
    }
    if (initiator) this.#createKey();
  }

  /** Key and garbage of the initiator, until the peer's key is there. */
  get opening(): Uint8Array | undefined {
    return this.#initiator ? this.#keyAndGarbage() : undefined;
  }

  /** Received bytes that are held. */
  get bytesBuffered(): number {
    return this.cipher === undefined ? this.#keyReceived : this.#receivedLength;
  }

  /** Whether anything has come. */
  get hasBegun(): boolean {
    return this.#keyReceived > 0;
  }

  /** Whether nothing has come that a v1 peer of this network would not send. */
  get peerMayBeV1(): boolean {
    const received = Math.min(this.#keyReceived, magicLength);
    const isStart = isAt(this.#prefix, 0, this.#theirs.subarray(0, received));
    return isStart && this.#keyReceived < ellswiftLength;
  }

  /** The 16 bytes that a v1 peer began with, for the transport that reads on. */
  get prefix(): Uint8Array {
    return this.#prefix;
  }

  /** The peer's garbage, which its first packet authenticates; empty after {@link V2Handshake.destroy}. */
  get receivedGarbage(): Uint8Array {
    return this.#received;
  }

  /** What is to be sent since the last call. */
  takeReply(): Uint8Array {
    const reply = this.#reply;
    this.#reply = noBytes;
    return reply;
  }

  /**
   * Takes what belongs to the handshake from the start of `chunk` and returns how many bytes that were.
   *
   * @throws TransportError `wrong_network`, `v1_peer`, `garbage_terminator`; what the crypto backend throws
   */
  read(chunk: Uint8Array): number {
    let position = this.#readKey(chunk, 0, prefixLength);
    if (position > 0) this.#checkPrefix();
    if (this.outcome !== undefined) return position;
    position = this.#readKey(chunk, position, ellswiftLength);
    if (this.#keyReceived < ellswiftLength) return position;
    if (this.cipher === undefined) this.#exchangeKeys();
    return this.#readGarbage(chunk, position);
  }

  /** Overwrites the keys of the handshake, not those of the cipher. Idempotent. */
  destroy(): void {
    this.#given?.privateKey.fill(0);
    this.#keyPair?.privateKey.fill(0);
    this.#given = this.#keyPair = this.#garbage = undefined;
    this.#received = this.#reply = noBytes;
    this.#receivedLength = 0;
  }

  /** Reads on until `end` bytes of the peer's key are there. */
  #readKey(chunk: Uint8Array, position: number, end: number): number {
    const taken = Math.min(end - this.#keyReceived, chunk.length - position);
    if (taken <= 0) return position;
    this.#theirs.set(chunk.subarray(position, position + taken), this.#keyReceived);
    this.#keyReceived += taken;
    return position + taken;
  }

  #checkPrefix(): void {
    const theirs = this.#theirs.subarray(0, Math.min(this.#keyReceived, prefixLength));
    const isWhole = theirs.length === prefixLength;
    if (isAt(this.#prefix, 0, theirs)) {
      if (!isWhole) return;
      // That a key begins like this is as good as impossible: 2^-128.
      if (this.#initiator) throw new TransportError("v1_peer", "the peer answers with v1 frames");
      this.outcome = "v1";
      this.destroy();
      return;
    }
    if (isWhole && isAt(this.#prefix, magicLength, theirs.subarray(magicLength))) {
      throw new TransportError("wrong_network", "the peer sends v1 frames of another network");
    }
    if (this.#keyPair !== undefined) return;
    this.#createKey();
    this.#reply = this.#keyAndGarbage() as Uint8Array;
  }

  #createKey(): void {
    this.#keyPair = this.#given ?? generateEllswift((length) => this.#random(length));
    this.#given = undefined;
    if (this.#garbage !== undefined) return;
    const [low = 0, high = 0] = this.#random(2);
    this.#garbage = this.#random((low | (high << 8)) & maxGarbageLength); // each length as likely
  }

  #random(length: number): Uint8Array {
    const bytes = this.#crypto.randomBytes(length);
    if (bytes.length === length) return bytes;
    throw new RangeError(`${length} random bytes were asked for, ${bytes.length} came`);
  }

  #keyAndGarbage(): Uint8Array | undefined {
    if (this.#keyPair === undefined || this.#garbage === undefined) return undefined;
    return concatBytes(this.#keyPair.publicKey, this.#garbage);
  }

  #exchangeKeys(): void {
    const { privateKey, publicKey } = this.#keyPair as EllswiftKeyPair;
    const garbage = this.#garbage as Uint8Array;
    try {
      this.cipher = new PacketCipher({
        privateKey,
        ours: publicKey,
        theirs: this.#theirs,
        initiator: this.#initiator,
        magic: this.#prefix.subarray(0, magicLength),
        crypto: this.#crypto,
      });
    } finally {
      privateKey.fill(0);
      this.#keyPair = this.#garbage = undefined;
    }
    const version = this.cipher.encrypt(noBytes, { aad: garbage });
    this.#reply = concatBytes(this.#reply, this.cipher.sendTerminator, version);
    this.#received = new Uint8Array(maxGarbageAndTerminator);
  }

  #readGarbage(chunk: Uint8Array, position: number): number {
    const before = this.#receivedLength;
    const taken = Math.min(maxGarbageAndTerminator - before, chunk.length - position);
    const end = before + taken;
    this.#received.set(chunk.subarray(position, position + taken), before);
    this.#receivedLength = end;
    const terminator = (this.cipher as PacketCipher).receiveTerminator;
    // What came earlier holds no terminator, at most the beginning of one.
    let at = Math.max(0, before - terminatorLength + 1);
    for (; at + terminatorLength <= end; at++) {
      if (!isAt(this.#received, at, terminator)) continue;
      this.#received = this.#received.slice(0, at);
      this.#receivedLength = at;
      this.outcome = "v2";
      return position + at + terminatorLength - before;
    }
    if (end < maxGarbageAndTerminator) return position + taken;
    const text = `no garbage terminator in ${maxGarbageAndTerminator} bytes behind the key`;
    throw new TransportError("garbage_terminator", text);
  }
}

function isAt(source: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) if (source[at + i] !== part[i]) return false;
  return true;
}
