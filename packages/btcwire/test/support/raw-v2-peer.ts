// The other side of a v2 connection, step by step, so that each can be done wrong.
import { concatBytes, equalBytes } from "@satwire/codec";
import type { EllswiftKeyPair } from "../../src/transport/ellswift.ts";
import { bytesOfText } from "../../src/fields.ts";
import { PacketCipher, packetExpansion } from "../../src/transport/packet-cipher.ts";
import { keyPairs, seededCrypto } from "./seeded-crypto.ts";
import { magic } from "./transport-pairs.ts";

/** Contents of a packet: a short id or a command, and a payload. */
export function contentsOf(type: number | string, payload: Uint8Array): Uint8Array {
  const start =
    typeof type === "number" ? Uint8Array.of(type) : bytesOfText(`\0${type.padEnd(12, "\0")}`);
  return concatBytes(start, payload);
}

export class RawV2Peer {
  /** Sent as it is; what is authenticated is this, too, unless a test says otherwise. */
  garbage: Uint8Array;
  readonly #initiator: boolean;
  readonly #keyPair: EllswiftKeyPair;
  #cipher: PacketCipher | undefined;
  #hasSent = false;
  #received: Uint8Array = new Uint8Array(0);

  constructor(
    initiator: boolean,
    garbage: Uint8Array = new Uint8Array(0),
    keyPair: EllswiftKeyPair = keyPairs[initiator ? 0 : 1],
  ) {
    this.#initiator = initiator;
    this.garbage = garbage;
    this.#keyPair = keyPair;
  }

  get key(): Uint8Array {
    return this.#keyPair.publicKey;
  }

  get cipher(): PacketCipher {
    if (this.#cipher === undefined) throw new Error("the key has not come");
    return this.#cipher;
  }

  /** The first packet that is sent or read authenticates garbage. */
  get terminator(): Uint8Array {
    return this.cipher.sendTerminator;
  }

  /** Key and garbage. */
  get opening(): Uint8Array {
    return concatBytes(this.key, this.garbage);
  }

  /** Takes what the tested side has sent; its first 64 bytes are its key. */
  receive(bytes: Uint8Array | undefined): void {
    this.#received = concatBytes(this.#received, bytes ?? new Uint8Array(0));
    if (this.#cipher !== undefined || this.#received.length < 64) return;
    this.#cipher = new PacketCipher({
      privateKey: this.#keyPair.privateKey.slice(),
      ours: this.key,
      theirs: this.#received.subarray(0, 64),
      initiator: this.#initiator,
      magic,
      crypto: seededCrypto(0),
    });
    this.#received = this.#received.slice(64);
  }

  /** A packet; the first authenticates the garbage. */
  packet(contents: Uint8Array, ignore = false): Uint8Array {
    const aad = this.#hasSent ? new Uint8Array(0) : this.garbage;
    this.#hasSent = true;
    return this.cipher.encrypt(contents, { aad, ignore });
  }

  message(type: number | string, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
    return this.packet(contentsOf(type, payload));
  }

  version(contents: Uint8Array = new Uint8Array(0)): Uint8Array {
    return this.packet(contents);
  }

  /** Garbage that the tested side has sent; takes its terminator, too. */
  readGarbage(): Uint8Array {
    const { receiveTerminator } = this.cipher;
    for (let at = 0; at + 16 <= this.#received.length; at++) {
      if (!equalBytes(this.#received.subarray(at, at + 16), receiveTerminator)) continue;
      const garbage = this.#received.slice(0, at);
      this.#received = this.#received.slice(at + 16);
      return garbage;
    }
    throw new Error("no terminator");
  }

  /** The contents of the next packet; decoys come as `undefined`. */
  readPacket(aad: Uint8Array = new Uint8Array(0)): Uint8Array | undefined {
    const length = this.cipher.decryptLength(this.#received.subarray(0, 3));
    const end = length + packetExpansion;
    const packet = this.cipher.decrypt(this.#received.subarray(3, end), { aad });
    if (packet === undefined) throw new Error("the packet does not authenticate");
    this.#received = this.#received.slice(end);
    return packet.ignore ? undefined : packet.contents;
  }

  /** Bytes that have come and were not read. */
  get unread(): number {
    return this.#received.length;
  }
}
