// BOLT 1 "Fundamental Types" as codecs. Byte fields are read as views.
import { bytes, type Codec, EncodeError, prefixedBytes, u16 } from "@satwire/codec";

/** 32 bytes: hashes, ids of channels, secrets. */
export const bytes32: Codec<Uint8Array> = /* @__PURE__ */ bytes(32);
/** `chain_hash`: the genesis block's hash in wire order, 32 bytes. */
export const chainHash: Codec<Uint8Array> = bytes32;
/** `channel_id`: 32 bytes; all zero means every channel with the peer. */
export const channelId: Codec<Uint8Array> = bytes32;
/** `signature`: compact ECDSA, r then s, 64 bytes. */
export const signature: Codec<Uint8Array> = /* @__PURE__ */ bytes(64);
/** A byte string behind a `u16` length. */
export const bytes16: Codec<Uint8Array> = /* @__PURE__ */ prefixedBytes(u16);

/** A value behind its length in bytes, a `u16`. */
/* @__NO_SIDE_EFFECTS__ */
export function prefixed16<T>(codec: Codec<T>): Codec<T> {
  return {
    read: (reader) => reader.within(reader.u16(), codec),
    write(writer, value) {
      // How long it is turns out only when it has been written.
      const start = writer.length;
      writer.u16(0);
      codec.write(writer, value);
      writer.patchU16(start, writer.length - start - 2);
    },
  };
}

/**
 * `point`: a compressed public key, 33 bytes starting with 2 or 3.
 *
 * Whether it lies on the curve is found out by whoever uses it: checking here would cost more than
 * reading the rest of the message.
 */
export const point: Codec<Uint8Array> = {
  read(reader) {
    const start = reader.offset;
    const value = reader.take(33);
    if (!isCompressed(value)) {
      throw reader.error("invalid_value", `a point cannot start with ${value[0]}`, start);
    }
    return value;
  },
  write(writer, value) {
    if (value?.length !== 33) {
      throw new EncodeError("wrong_length", `expected 33 bytes, got ${value?.length}`);
    }
    if (!isCompressed(value)) {
      throw new EncodeError("invalid_value", `a point cannot start with ${value[0]}`);
    }
    writer.put(value);
  },
};

/** `sha256` and transaction ids: 32 bytes as they are hashed, not in the order of display. */
export const sha256: Codec<Uint8Array> = bytes32;

/** Whether bytes begin like a `point`. */
export function isCompressed(bytes: Uint8Array): boolean {
  return bytes[0] === 2 || bytes[0] === 3;
}

/** A record that says all by being there: no bytes. */
export const presence: Codec<true> = {
  read: () => true,
  write(_writer, value) {
    if (value !== true) {
      throw new EncodeError("invalid_value", `${String(value)} is not true: leave the field out`);
    }
  },
};
