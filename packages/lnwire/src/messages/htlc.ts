// BOLT 2 "Adding an HTLC" and "Removing an HTLC".
import { bytes, type Codec, fixedArray, struct, u16, u32, u64 } from "@satwire/codec";
import { bytes16, bytes32, channelId, point, sha256 } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

const onionRoutingPacket: Codec<Uint8Array> = /* @__PURE__ */ bytes(1366);

/** `update_add_htlc` (BOLT 2): offers an HTLC. */
export interface UpdateAddHtlc extends MessageBase<"update_add_htlc"> {
  readonly channelId: Uint8Array;
  /** Counts the HTLCs that the sender has offered in this channel, from 0. */
  readonly id: bigint;
  readonly amountMsat: bigint;
  readonly paymentHash: Uint8Array;
  /** Block height. */
  readonly cltvExpiry: number;
  /** 1366 bytes; `onionPacket` takes them apart. */
  readonly onionRoutingPacket: Uint8Array;
  /** TLV 0 (`blinded_path`): set when the HTLC travels inside a blinded path. */
  readonly pathKey?: Uint8Array;
}

/** Codec of {@link UpdateAddHtlc}: message 128, BOLT 2 "Adding an HTLC". */
export const updateAddHtlc: MessageCodec<UpdateAddHtlc> = /* @__PURE__ */ message(
  128,
  "update_add_htlc",
  {
    channelId,
    id: u64,
    amountMsat: u64,
    paymentHash: sha256,
    cltvExpiry: u32,
    onionRoutingPacket,
  },
  { pathKey: [0, point] },
);

/** Who held an HTLC for how long, in a form that only its sender can verify (BOLT 4). */
export interface AttributionData {
  /** One for each of 20 hops, in units of 100 ms, encrypted. */
  readonly htlcHoldTimes: readonly number[];
  /** 210 codes of 4 bytes, one after the other: 840 bytes. */
  readonly truncatedHmacs: Uint8Array;
}

const htlcHoldTimes: Codec<readonly number[]> = /* @__PURE__ */ fixedArray(20, u32);
const truncatedHmacs: Codec<Uint8Array> = /* @__PURE__ */ bytes(210 * 4);
const attributionData: Codec<AttributionData> = /* @__PURE__ */ struct({
  htlcHoldTimes,
  truncatedHmacs,
});

/** `update_fulfill_htlc` (BOLT 2): pays an HTLC with its preimage. */
export interface UpdateFulfillHtlc extends MessageBase<"update_fulfill_htlc"> {
  readonly channelId: Uint8Array;
  readonly id: bigint;
  readonly paymentPreimage: Uint8Array;
  /** TLV 1. */
  readonly attributionData?: AttributionData;
}

/** Codec of {@link UpdateFulfillHtlc}: message 130, BOLT 2 "Removing an HTLC". */
export const updateFulfillHtlc: MessageCodec<UpdateFulfillHtlc> = /* @__PURE__ */ message(
  130,
  "update_fulfill_htlc",
  { channelId, id: u64, paymentPreimage: bytes32 },
  { attributionData: [1, attributionData] },
);

/** `update_fail_htlc` (BOLT 2): gives an HTLC back. */
export interface UpdateFailHtlc extends MessageBase<"update_fail_htlc"> {
  readonly channelId: Uint8Array;
  readonly id: bigint;
  /** Encrypted for the HTLC's sender. */
  readonly reason: Uint8Array;
  /** TLV 1. */
  readonly attributionData?: AttributionData;
}

/** Codec of {@link UpdateFailHtlc}: message 131, BOLT 2 "Removing an HTLC". */
export const updateFailHtlc: MessageCodec<UpdateFailHtlc> = /* @__PURE__ */ message(
  131,
  "update_fail_htlc",
  { channelId, id: u64, reason: bytes16 },
  { attributionData: [1, attributionData] },
);

/** `update_fail_malformed_htlc` (BOLT 2): gives back an HTLC whose onion cannot be read. */
export interface UpdateFailMalformedHtlc extends MessageBase<"update_fail_malformed_htlc"> {
  readonly channelId: Uint8Array;
  readonly id: bigint;
  readonly sha256OfOnion: Uint8Array;
  /** Bit 15 (`BADONION`) must be set. */
  readonly failureCode: number;
}

/** Codec of {@link UpdateFailMalformedHtlc}: message 135, BOLT 2 "Removing an HTLC". */
export const updateFailMalformedHtlc: MessageCodec<UpdateFailMalformedHtlc> =
  /* @__PURE__ */ message(135, "update_fail_malformed_htlc", {
    channelId,
    id: u64,
    sha256OfOnion: sha256,
    failureCode: u16,
  });

/** The messages of this chapter. */
export type HtlcMessage =
  | UpdateAddHtlc
  | UpdateFulfillHtlc
  | UpdateFailHtlc
  | UpdateFailMalformedHtlc;

/** All codecs of this chapter, for a set of one's own. */
export const htlcMessages: readonly MessageCodec<HtlcMessage>[] = [
  updateAddHtlc,
  updateFulfillHtlc,
  updateFailHtlc,
  updateFailMalformedHtlc,
];
