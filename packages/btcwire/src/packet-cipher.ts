// BIP 324: what two sides encrypt packets with once each has the other's key.
// Bytes: what is returned is fresh and belongs to the caller; what is given is only read during the call.

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
}

/** A decrypted packet. */
export interface Packet {
  readonly contents: Uint8Array;
  /** Whether it is a decoy. */
  readonly ignore: boolean;
}

/** Bytes of a packet besides its contents: length, header and tag. */
export const packetExpansion = 20;

/** The ciphers of one connection, both directions. */
export class PacketCipher {
  /** 32 bytes. */
  readonly sessionId: Uint8Array;
  /** The 16 bytes that end what this side sends as garbage, and those that end the other's. */
  readonly sendTerminator: Uint8Array;
  readonly receiveTerminator: Uint8Array;

  constructor(_options: PacketCipherOptions) {
    throw new Error("to be written");
  }

  /** A packet: 20 bytes more than its contents. */
  encrypt(_contents: Uint8Array, _options?: { aad?: Uint8Array; ignore?: boolean }): Uint8Array {
    throw new Error("to be written");
  }

  /** The length of the contents, from the 3 bytes in front of a packet. Once per packet, in order. */
  decryptLength(_bytes: Uint8Array): number {
    throw new Error("to be written");
  }

  /** A packet without its first 3 bytes; undefined if it does not authenticate. */
  decrypt(_bytes: Uint8Array, _options?: { aad?: Uint8Array }): Packet | undefined {
    throw new Error("to be written");
  }

  /** Overwrites every key. Idempotent. */
  destroy(): void {}
}
