// BIP 324: what two sides encrypt packets with once each has the other's key.
// Bytes: what is returned is fresh and belongs to the caller; what is given is only read during the call, unless it
// is encrypted in place.
import { defaultV2Crypto } from "#default-v2-crypto";
import { ellswiftLength } from "./ellswift.ts";
import { TransportError } from "../errors.ts";
import { FSChaCha20 } from "./fs-chacha20.ts";
import { FSChaCha20Poly1305 } from "./fs-chacha20-poly1305.ts";
import { derivePacketKeys, sharedSecret } from "./packet-keys.ts";
import { tagLength, type V2Crypto } from "./v2-crypto.ts";

/** What {@link PacketCipher} is made with. */
export interface PacketCipherOptions {
  /** The ephemeral private key, 32 bytes. It is not kept. */
  readonly privateKey: Uint8Array;
  /** The ElligatorSwift encodings of both public keys, 64 bytes each. */
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
  /** Whether this side has dialled. */
  readonly initiator: boolean;
  /** The network's magic, 4 bytes. */
  readonly magic: Uint8Array;
  /** @default {@link defaultV2Crypto} */
  readonly crypto?: V2Crypto | undefined;
}

/** What goes with a packet that is encrypted. */
export interface EncryptOptions {
  /** What is authenticated besides: the garbage that this side has sent, for its first packet. @default nothing */
  readonly aad?: Uint8Array | undefined;
  /** Whether it is a decoy. @default false */
  readonly ignore?: boolean | undefined;
}

/** What goes with a packet that is decrypted. */
export interface DecryptOptions {
  /** What is authenticated besides: the garbage that the peer has sent, for its first packet. @default nothing */
  readonly aad?: Uint8Array | undefined;
}

/** A decrypted packet. */
export interface Packet {
  /** A view: its buffer has one byte more. */
  readonly contents: Uint8Array;
  /** Whether it is a decoy. */
  readonly ignore: boolean;
}

/** Bytes of a packet besides its contents: length, header and tag. */
export const packetExpansion = 20;

/** Bytes of a packet in front of its contents: length and header. */
export const packetPrefixLength = 4;

const lengthLength = 3;
const headerLength = 1;
const maxContentsLength = 0xff_ffff;
const ignoreBit = 0x80;
const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * The ciphers of one connection, both directions. Packets have an order: each is encrypted once, and is decrypted
 * once, as they came. After one that does not authenticate the connection is over.
 */
export class PacketCipher {
  /** What both sides can compare to find out that nobody is between them: 32 bytes. */
  readonly sessionId: Uint8Array;
  /** The 16 bytes that end what this side sends as garbage, and those that end the other's. */
  readonly sendTerminator: Uint8Array;
  readonly receiveTerminator: Uint8Array;

  readonly #sendLength: FSChaCha20;
  readonly #sendPacket: FSChaCha20Poly1305;
  readonly #receiveLength: FSChaCha20;
  readonly #receivePacket: FSChaCha20Poly1305;
  #isDestroyed = false;

  /**
   * @throws RangeError if something has not its length; what the crypto backend throws, as for a private key that is
   * not within the order of the curve
   */
  constructor(options: PacketCipherOptions) {
    const { privateKey, ours, theirs, initiator, magic, crypto = defaultV2Crypto } = options;
    requireLength("privateKey", privateKey, 32);
    requireLength("ours", ours, ellswiftLength);
    requireLength("theirs", theirs, ellswiftLength);
    requireLength("magic", magic, 4);
    const x = crypto.sharedX(privateKey, theirs);
    const [first, second] = initiator ? [ours, theirs] : [theirs, ours];
    const secret = sharedSecret(first, second, x);
    const keys = derivePacketKeys(secret, magic);
    const initiatorLength = new FSChaCha20(crypto, keys.initiatorLength);
    const initiatorPacket = new FSChaCha20Poly1305(crypto, keys.initiatorPacket);
    const responderLength = new FSChaCha20(crypto, keys.responderLength);
    const responderPacket = new FSChaCha20Poly1305(crypto, keys.responderPacket);
    const { initiatorTerminator, responderTerminator, sessionId } = keys;
    this.#sendLength = initiator ? initiatorLength : responderLength;
    this.#sendPacket = initiator ? initiatorPacket : responderPacket;
    this.#receiveLength = initiator ? responderLength : initiatorLength;
    this.#receivePacket = initiator ? responderPacket : initiatorPacket;
    this.sendTerminator = initiator ? initiatorTerminator : responderTerminator;
    this.receiveTerminator = initiator ? responderTerminator : initiatorTerminator;
    this.sessionId = sessionId;
    for (const bytes of [x, secret]) bytes.fill(0);
    keys.initiatorLength.fill(0);
    keys.initiatorPacket.fill(0);
    keys.responderLength.fill(0);
    keys.responderPacket.fill(0);
  }

  /**
   * `v2_enc_packet`: a packet, 20 bytes more than its contents.
   *
   * @throws RangeError if the contents have more than 2^24 − 1 bytes; TransportError `destroyed`; what the crypto
   * backend throws
   */
  encrypt(contents: Uint8Array, options: EncryptOptions = {}): Uint8Array {
    const packet = new Uint8Array(contents.length + packetExpansion);
    packet.set(contents, packetPrefixLength);
    this.encryptInPlace(packet, options);
    return packet;
  }

  /**
   * `encrypt` without a copy, for long contents: they are in `packet` already, behind {@link packetPrefixLength} bytes
   * and in front of 16, both of which are overwritten.
   *
   * @throws as `encrypt` does
   */
  encryptInPlace(packet: Uint8Array, { aad = noBytes, ignore = false }: EncryptOptions = {}): void {
    this.#checkUsable();
    const contentsLength = packet.length - packetExpansion;
    checkContentsLength(contentsLength);
    const prefix = packet.subarray(0, lengthLength);
    for (let i = 0; i < lengthLength; i++) prefix[i] = contentsLength >>> (8 * i);
    this.#sendLength.crypt(prefix);
    packet[lengthLength] = ignore ? ignoreBit : 0;
    const length = headerLength + contentsLength;
    this.#sendPacket.seal(aad, packet, lengthLength, length, packet, lengthLength);
  }

  /**
   * The length of the contents, from the 3 bytes in front of a packet. Once per packet, in order. Nothing tells
   * whether it is right before the packet is decrypted.
   *
   * @throws RangeError unless there are 3 bytes; TransportError `destroyed`; what the crypto backend throws
   */
  decryptLength(bytes: Uint8Array): number {
    this.#checkUsable();
    requireLength("a length", bytes, lengthLength);
    const length = new Uint8Array(lengthLength); // not `slice`, which a Buffer shares its bytes with
    length.set(bytes);
    this.#receiveLength.crypt(length);
    const [low = 0, middle = 0, high = 0] = length;
    return low | (middle << 8) | (high << 16);
  }

  /**
   * A packet without its first 3 bytes; undefined if it does not authenticate.
   *
   * @throws TransportError `destroyed`; what the crypto backend throws
   */
  decrypt(bytes: Uint8Array, { aad = noBytes }: DecryptOptions = {}): Packet | undefined {
    this.#checkUsable();
    const length = bytes.length - tagLength;
    if (length < headerLength) return undefined;
    const opened = new Uint8Array(length);
    if (!this.#receivePacket.open(aad, bytes, 0, length, opened, 0)) return undefined;
    const [header = 0] = opened;
    // BIP 324: "The other bits are ignored".
    return { contents: opened.subarray(headerLength), ignore: (header & ignoreBit) !== 0 };
  }

  /** Overwrites every key and what is left of keystreams. Idempotent. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#sendLength.destroy();
    this.#sendPacket.destroy();
    this.#receiveLength.destroy();
    this.#receivePacket.destroy();
  }

  // Without this, packets would be encrypted with a key of zeros.
  #checkUsable(): void {
    if (this.#isDestroyed) throw new TransportError("destroyed", "the keys were overwritten");
  }
}

function requireLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new RangeError(`${name}: ${length} bytes expected, ${bytes.length} found`);
}

function checkContentsLength(length: number): void {
  if (length >= 0 && length <= maxContentsLength) return;
  throw new RangeError(`contents of ${length} bytes, at most ${maxContentsLength}`);
}
