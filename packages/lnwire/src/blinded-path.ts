// BOLT 4 "Route Blinding": a way to a node that does not say which node it is.
import { type Codec, EncodeError, prefixedArray, rest, struct, u16, u32, u8 } from "@satwire/codec";
import { bytes16, point } from "./fields.ts";
import { tu32, tu64 } from "./integers.ts";
import { shortChannelId } from "./short-channel-id.ts";
import { type TlvRecord, tlvs } from "./tlv.ts";

/** `sciddir_or_pubkey` (BOLT 1): a node by its key, or in 9 bytes as one end of a channel. */
export type SciddirOrPubkey =
  | { readonly type: "pubkey"; readonly pubkey: Uint8Array }
  | {
      readonly type: "sciddir";
      /** 0 for the node that comes first in the channel's announcement, 1 for the other. */
      readonly direction: 0 | 1;
      readonly shortChannelId: bigint;
    };

/** `sciddir_or_pubkey`: the first byte, 0 to 3, says which of the two it is. */
export const sciddirOrPubkey: Codec<SciddirOrPubkey> = {
  read(reader) {
    const start = reader.offset;
    const first = reader.u8();
    if (first === 0 || first === 1) {
      return { type: "sciddir", direction: first, shortChannelId: shortChannelId.read(reader) };
    }
    if (first !== 2 && first !== 3) {
      const text = `${first} starts neither a channel's direction nor a point`;
      throw reader.error("invalid_value", text, start);
    }
    reader.offset = start;
    return { type: "pubkey", pubkey: point.read(reader) };
  },
  write(writer, value) {
    if (value.type === "pubkey") {
      point.write(writer, value.pubkey);
      return;
    }
    if (value.direction !== 0 && value.direction !== 1) {
      const text = `direction ${String(value.direction)} is neither 0 nor 1`;
      throw new EncodeError("invalid_value", text);
    }
    writer.u8(value.direction);
    shortChannelId.write(writer, value.shortChannelId);
  },
};

/** One hop of a blinded path. */
export interface BlindedPathHop {
  readonly blindedNodeId: Uint8Array;
  /** For this hop alone. */
  readonly encryptedRecipientData: Uint8Array;
}

/** `blinded_path` (BOLT 4). */
export interface BlindedPath {
  /** Where the path begins: the only node that can be seen. */
  readonly firstNodeId: SciddirOrPubkey;
  readonly firstPathKey: Uint8Array;
  /** At least one hop in a path that can be used. */
  readonly path: readonly BlindedPathHop[];
}

const hop: Codec<BlindedPathHop> = /* @__PURE__ */ struct({
  blindedNodeId: point,
  encryptedRecipientData: bytes16,
});
const hops: Codec<readonly BlindedPathHop[]> = /* @__PURE__ */ prefixedArray(u8, hop);

/** `blinded_path`: at most 255 hops. */
export const blindedPath: Codec<BlindedPath> = /* @__PURE__ */ struct({
  firstNodeId: sciddirOrPubkey,
  firstPathKey: point,
  path: hops,
});

/** What a hop of a blinded path charges and asks for. */
export interface PaymentRelay {
  /** Blocks. */
  readonly cltvExpiryDelta: number;
  /** Millionths of the amount. */
  readonly feeProportionalMillionths: number;
  readonly feeBaseMsat: number;
}

/** What payments a hop of a blinded path takes. */
export interface PaymentConstraints {
  /** Block height. */
  readonly maxCltvExpiry: number;
  readonly htlcMinimumMsat: bigint;
}

/** `encrypted_data_tlv` (BOLT 4): what a hop finds when it has decrypted `encryptedRecipientData`. */
export interface EncryptedDataTlv {
  /** TLV 1: zeros, so that all hops' data are of one length. */
  readonly padding?: Uint8Array;
  /** TLV 2: the channel to the next node. */
  readonly shortChannelId?: bigint;
  /** TLV 4: the next node. */
  readonly nextNodeId?: Uint8Array;
  /** TLV 6: for the recipient to know its own path again. */
  readonly pathId?: Uint8Array;
  /** TLV 8: where two paths are joined. */
  readonly nextPathKeyOverride?: Uint8Array;
  /** TLV 10. */
  readonly paymentRelay?: PaymentRelay;
  /** TLV 12. */
  readonly paymentConstraints?: PaymentConstraints;
  /** TLV 14: feature bits. */
  readonly allowedFeatures?: Uint8Array;
  readonly unknown?: readonly TlvRecord[];
}

const paymentRelay: Codec<PaymentRelay> = /* @__PURE__ */ struct({
  cltvExpiryDelta: u16,
  feeProportionalMillionths: u32,
  feeBaseMsat: tu32,
});
const paymentConstraints: Codec<PaymentConstraints> = /* @__PURE__ */ struct({
  maxCltvExpiry: u32,
  htlcMinimumMsat: tu64,
});

/** Codec of {@link EncryptedDataTlv}. */
export const encryptedDataTlv: Codec<EncryptedDataTlv> = /* @__PURE__ */ tlvs<EncryptedDataTlv>({
  padding: [1, rest],
  shortChannelId: [2, shortChannelId],
  nextNodeId: [4, point],
  pathId: [6, rest],
  nextPathKeyOverride: [8, point],
  paymentRelay: [10, paymentRelay],
  paymentConstraints: [12, paymentConstraints],
  allowedFeatures: [14, rest],
});
