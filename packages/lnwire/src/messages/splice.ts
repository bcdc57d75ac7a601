// BOLT 2 "Channel Quiescence" and "Channel Splicing": a new funding transaction for a channel at rest.
import { flag, u32 } from "@satwire/codec";
import { channelId, point, presence, sha256 } from "../fields.ts";
import { s64 } from "../integers.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `stfu` (BOLT 2): the sender makes no more updates until something else is settled. */
export interface Stfu extends MessageBase<"stfu"> {
  readonly channelId: Uint8Array;
  /** Whether the sender began; false in the answer. */
  readonly initiator: boolean;
}

/** Codec of {@link Stfu}: message 2, BOLT 2 "Channel Quiescence". */
export const stfu: MessageCodec<Stfu> = /* @__PURE__ */ message(2, "stfu", {
  channelId,
  initiator: flag,
});

/** `splice_init` (BOLT 2): asks to replace the funding transaction. */
export interface SpliceInit extends MessageBase<"splice_init"> {
  readonly channelId: Uint8Array;
  /** Satoshis that the sender puts in, or takes out if negative. */
  readonly fundingContributionSatoshis: bigint;
  /** Satoshis per 1000 weight units. */
  readonly fundingFeeratePerkw: number;
  readonly locktime: number;
  readonly fundingPubkey: Uint8Array;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link SpliceInit}: message 80, BOLT 2 "The `splice_init` Message". */
export const spliceInit: MessageCodec<SpliceInit> = /* @__PURE__ */ message(
  80,
  "splice_init",
  {
    channelId,
    fundingContributionSatoshis: s64,
    fundingFeeratePerkw: u32,
    locktime: u32,
    fundingPubkey: point,
  },
  { requireConfirmedInputs: [2, presence] },
);

/** `splice_ack` (BOLT 2): agrees to replace the funding transaction. */
export interface SpliceAck extends MessageBase<"splice_ack"> {
  readonly channelId: Uint8Array;
  /** Satoshis that the sender puts in, or takes out if negative. */
  readonly fundingContributionSatoshis: bigint;
  readonly fundingPubkey: Uint8Array;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link SpliceAck}: message 81, BOLT 2 "The `splice_ack` Message". */
export const spliceAck: MessageCodec<SpliceAck> = /* @__PURE__ */ message(
  81,
  "splice_ack",
  { channelId, fundingContributionSatoshis: s64, fundingPubkey: point },
  { requireConfirmedInputs: [2, presence] },
);

/** `splice_locked` (BOLT 2): the new funding transaction is deep enough. */
export interface SpliceLocked extends MessageBase<"splice_locked"> {
  readonly channelId: Uint8Array;
  /** As it is hashed, not in the order of display. */
  readonly spliceTxid: Uint8Array;
}

/** Codec of {@link SpliceLocked}: message 77, BOLT 2 "The `splice_locked` Message". */
export const spliceLocked: MessageCodec<SpliceLocked> = /* @__PURE__ */ message(
  77,
  "splice_locked",
  { channelId, spliceTxid: sha256 },
);

/** The messages of this chapter. */
export type SpliceMessage = Stfu | SpliceInit | SpliceAck | SpliceLocked;

/** All codecs of this chapter, for a set of one's own. */
export const spliceMessages: readonly MessageCodec<SpliceMessage>[] = [
  stfu,
  spliceInit,
  spliceAck,
  spliceLocked,
];
