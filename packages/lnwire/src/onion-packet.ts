// BOLT 4 "Packet Structure": the outside of an onion. What is inside is encrypted for each hop in turn.
import { bytes, type Codec, u8 } from "@satwire/codec";
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

/**
 * `onion_packet` and `onion_message_packet`, up to the end of the bytes.
 *
 * @example
 * ```ts
 * const { publicKey } = decode(onionPacket, htlc.onionRoutingPacket);
 * ```
 */
export const onionPacket: Codec<OnionPacket> = {
  read(reader) {
    const version = reader.u8();
    const key = publicKey.read(reader);
    const hopPayloads = reader.take(Math.max(0, reader.remaining - hmacLength));
    return { version, publicKey: key, hopPayloads, hmac: bytes32.read(reader) };
  },
  write(writer, packet) {
    u8.write(writer, packet.version);
    publicKey.write(writer, packet.publicKey);
    writer.put(packet.hopPayloads);
    bytes32.write(writer, packet.hmac);
  },
};
