// BOLT 2 "Normal Operation" and "Message Retransmission": commitments, their fees, and reconnection.
import { type Codec, prefixedArray, struct, u16, u32, u64, u8 } from "@satwire/codec";
import { bytes32, channelId, point, sha256, signature } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `start_batch` (BOLT 2): the messages that follow belong together. */
export interface StartBatch extends MessageBase<"start_batch"> {
  readonly channelId: Uint8Array;
  /** How many messages follow: 2 to 20. */
  readonly batchSize: number;
  /** TLV 1: the type of all of them; only 132 (`commitment_signed`) has a meaning. */
  readonly messageType?: number;
}

/** Codec of {@link StartBatch}: message 127, BOLT 2 "Batching channel messages". */
export const startBatch: MessageCodec<StartBatch> = /* @__PURE__ */ message(
  127,
  "start_batch",
  { channelId, batchSize: u16 },
  { messageType: [1, u16] },
);

const htlcSignatures: Codec<readonly Uint8Array[]> = /* @__PURE__ */ prefixedArray(u16, signature);

/** `commitment_signed` (BOLT 2): signs the peer's new commitment transaction. */
export interface CommitmentSigned extends MessageBase<"commitment_signed"> {
  readonly channelId: Uint8Array;
  readonly signature: Uint8Array;
  /** One per HTLC that is not dust, in the order of the outputs. At most 966. */
  readonly htlcSignatures: readonly Uint8Array[];
  /** TLV 1: the funding transaction that is spent, while several are valid. */
  readonly fundingTxid?: Uint8Array;
}

/** Codec of {@link CommitmentSigned}: message 132, BOLT 2 "Committing Updates So Far". */
export const commitmentSigned: MessageCodec<CommitmentSigned> = /* @__PURE__ */ message(
  132,
  "commitment_signed",
  { channelId, signature, htlcSignatures },
  { fundingTxid: [1, sha256] },
);

/** `revoke_and_ack` (BOLT 2): revokes the sender's old commitment. */
export interface RevokeAndAck extends MessageBase<"revoke_and_ack"> {
  readonly channelId: Uint8Array;
  readonly perCommitmentSecret: Uint8Array;
  readonly nextPerCommitmentPoint: Uint8Array;
}

/** Codec of {@link RevokeAndAck}: message 133, BOLT 2 "Completing the Transition to the Updated State". */
export const revokeAndAck: MessageCodec<RevokeAndAck> = /* @__PURE__ */ message(
  133,
  "revoke_and_ack",
  { channelId, perCommitmentSecret: bytes32, nextPerCommitmentPoint: point },
);

/** `update_fee` (BOLT 2): the feerate of the next commitments. */
export interface UpdateFee extends MessageBase<"update_fee"> {
  readonly channelId: Uint8Array;
  /** Satoshis per 1000 weight units. */
  readonly feeratePerKw: number;
}

/** Codec of {@link UpdateFee}: message 134, BOLT 2 "Updating Fees". */
export const updateFee: MessageCodec<UpdateFee> = /* @__PURE__ */ message(134, "update_fee", {
  channelId,
  feeratePerKw: u32,
});

/** A funding transaction that is not settled yet. */
export interface NextFunding {
  readonly nextFundingTxid: Uint8Array;
  /** Bit 0: `commitment_signed` is to be sent again. */
  readonly retransmitFlags: number;
}

/** The funding transaction that the sender last locked. */
export interface MyCurrentFundingLocked {
  readonly myCurrentFundingLockedTxid: Uint8Array;
  /** Bit 0: `announcement_signatures` are to be sent again. */
  readonly retransmitFlags: number;
}

const nextFunding: Codec<NextFunding> = /* @__PURE__ */ struct({
  nextFundingTxid: sha256,
  retransmitFlags: u8,
});

const myCurrentFundingLocked: Codec<MyCurrentFundingLocked> = /* @__PURE__ */ struct({
  myCurrentFundingLockedTxid: sha256,
  retransmitFlags: u8,
});

/** `channel_reestablish` (BOLT 2): what each side last saw, after a reconnection. */
export interface ChannelReestablish extends MessageBase<"channel_reestablish"> {
  readonly channelId: Uint8Array;
  /** Number of the next commitment that the sender expects. */
  readonly nextCommitmentNumber: bigint;
  /** Number of the next `revoke_and_ack` that the sender expects. */
  readonly nextRevocationNumber: bigint;
  /** All zero if there is none yet. */
  readonly yourLastPerCommitmentSecret: Uint8Array;
  readonly myCurrentPerCommitmentPoint: Uint8Array;
  /** TLV 1. */
  readonly nextFunding?: NextFunding;
  /** TLV 5. */
  readonly myCurrentFundingLocked?: MyCurrentFundingLocked;
}

/** Codec of {@link ChannelReestablish}: message 136, BOLT 2 "Message Retransmission". */
export const channelReestablish: MessageCodec<ChannelReestablish> = /* @__PURE__ */ message(
  136,
  "channel_reestablish",
  {
    channelId,
    nextCommitmentNumber: u64,
    nextRevocationNumber: u64,
    yourLastPerCommitmentSecret: bytes32,
    myCurrentPerCommitmentPoint: point,
  },
  { nextFunding: [1, nextFunding], myCurrentFundingLocked: [5, myCurrentFundingLocked] },
);

/** The messages of this chapter. */
export type CommitmentMessage =
  | StartBatch
  | CommitmentSigned
  | RevokeAndAck
  | UpdateFee
  | ChannelReestablish;

/** All codecs of this chapter, for a set of one's own. */
export const commitmentMessages: readonly MessageCodec<CommitmentMessage>[] = [
  startBatch,
  commitmentSigned,
  revokeAndAck,
  updateFee,
  channelReestablish,
];
