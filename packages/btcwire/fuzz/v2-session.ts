// The two sides of a v2 connection, with keys that are always the same, and the peer's ciphers.
import { sha256 } from "@noble/hashes/sha2.js";
import { defaultV2Crypto, type EllswiftKeyPair, generateEllswift, toHex } from "../src/index.ts";
import type { V2Crypto } from "../src/transport/v2-crypto.ts";
import { FSChaCha20 } from "../src/transport/fs-chacha20.ts";
import { FSChaCha20Poly1305 } from "../src/transport/fs-chacha20-poly1305.ts";
import { packetExpansion, packetPrefixLength } from "../src/transport/packet-cipher.ts";
import { derivePacketKeys, sharedSecret } from "../src/transport/packet-keys.ts";
import { randomFrom } from "../../../tools/fuzz/random.ts";
import { magic } from "./v1-frame.ts";

/** The side that is tested. */
export type Side = "initiator" | "responder";

const keysOf = (seed: number): EllswiftKeyPair => {
  const random = randomFrom(seed);
  return generateEllswift((length) => random.bytes(length));
};

/** The tested side's keys. */
export const ours: EllswiftKeyPair = keysOf(1);
/** The peer's, unless it sends 64 other bytes. */
export const theirs: EllswiftKeyPair = keysOf(2);
/** The tested side's garbage. */
export const ourGarbage: Uint8Array = randomFrom(3).bytes(20);

/** Bytes of a key of the peer that a curve has never seen. */
export const keyLength = 64;

const realX = defaultV2Crypto.sharedX(ours.privateKey, theirs.publicKey);

/** The curve's work is done once; with any other key of the peer both sides share a hash of it. */
export const crypto: V2Crypto = {
  ...defaultV2Crypto,
  sharedX: (_privateKey, key) =>
    toHex(key) === toHex(theirs.publicKey) ? realX.slice() : sha256(key),
};

/** What the peer encrypts with, down to what no peer would send. */
export class PeerCipher {
  readonly terminator: Uint8Array;
  readonly #lengths: FSChaCha20;
  readonly #packets: FSChaCha20Poly1305;

  /** @param key the peer's, 64 bytes */
  constructor(tested: Side, key: Uint8Array) {
    const [first, second] = tested === "responder" ? [key, ours.publicKey] : [ours.publicKey, key];
    const x = crypto.sharedX(ours.privateKey, key);
    const keys = derivePacketKeys(sharedSecret(first, second, x), magic);
    const isInitiator = tested === "responder";
    this.terminator = isInitiator ? keys.initiatorTerminator : keys.responderTerminator;
    this.#lengths = new FSChaCha20(
      crypto,
      isInitiator ? keys.initiatorLength : keys.responderLength,
    );
    this.#packets = new FSChaCha20Poly1305(
      crypto,
      isInitiator ? keys.initiatorPacket : keys.responderPacket,
    );
  }

  /** The next length, encrypted; nothing of the packet. */
  length(length: number): Uint8Array {
    const bytes = Uint8Array.of(length, length >>> 8, length >>> 16);
    this.#lengths.crypt(bytes);
    return bytes;
  }

  /** @param header all eight bits of it */
  packet(header: number, contents: Uint8Array, aad: Uint8Array): Uint8Array {
    const packet = new Uint8Array(packetExpansion + contents.length);
    packet.set(this.length(contents.length));
    packet[packetPrefixLength - 1] = header;
    packet.set(contents, packetPrefixLength);
    this.#packets.seal(aad, packet, 3, 1 + contents.length, packet, 3);
    return packet;
  }
}
