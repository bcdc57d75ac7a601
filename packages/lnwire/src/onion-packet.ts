// BOLT 4 "Packet Structure": the outside of an onion. What is inside is encrypted for each hop in turn.
import { bytes, type Codec, struct, u8 } from "@satwire/codec";
import { bytes32 } from "./fields.ts";

/** An onion from outside: 1366 bytes for payments, any number from 66 for messages. */
export interface OnionPacket {
  /** 0 is the only one there is. */
  readonly version: number;
  /**
   * 33 bytes. Whether they are a point is not checked here: who made the onion is at fault for a bad one, not
   * the peer that delivers it.
   */
  readonly publicKey: Uint8Array;
  /** Encrypted. */
  readonly hopPayloads: Uint8Array;
  /** 32 bytes. */
  readonly hmac: Uint8Array;
}

const publicKey: Codec<Uint8Array> = /* @__PURE__ */ bytes(33);
const hmacLength = 32;
const hopPayloads: Codec<Uint8Array> = {
  read: (reader) => reader.take(Math.max(0, reader.remaining - hmacLength)),
  write: (writer, value) => writer.put(value),
};

/**
 * `onion_packet` and `onion_message_packet`, up to the end of the bytes.
 *
 * @example
 * ```ts
 * const { publicKey } = decode(onionPacket, htlc.onionRoutingPacket);
 * ```
 */
export const onionPacket: Codec<OnionPacket> = /* @__PURE__ */ struct({
  version: u8,
  publicKey,
  hopPayloads,
  hmac: bytes32,
});
