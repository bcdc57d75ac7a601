// lnd's dynamic commitments (August 2026): both sides agree on new parameters of an open channel. The
// messages are not those of the draft (bolts #1117), which has the numbers 111 to 117, other names, other
// record types and u64 where lnd writes a bigsize. lnd also reads TLV 20, a u64, in
// `channel_reestablish`: the count of such changes.
import { rest, u16 } from "@satwire/codec";
import { bytes16, channelId, signature } from "../fields.ts";
import { bigSize } from "../integers.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { publicNonce } from "./musig.ts";

/** The parameters that can be changed; absent ones stay as they are. */
export interface DynamicParameters {
  /** TLV 0: the sender's limit. */
  readonly dustLimitSatoshis?: bigint;
  /** TLV 2: the sender's limit. */
  readonly maxHtlcValueInFlightMsat?: bigint;
  /** TLV 4: the sender's limit. */
  readonly htlcMinimumMsat?: bigint;
  /** TLV 6: what the receiver must keep. */
  readonly channelReserveSatoshis?: bigint;
  /** TLV 8: blocks, for the receiver. */
  readonly toSelfDelay?: number;
  /** TLV 10: the sender's limit. */
  readonly maxAcceptedHtlcs?: number;
  /** TLV 12: feature bits. */
  readonly channelType?: Uint8Array;
}

const parameters = {
  dustLimitSatoshis: [0, bigSize],
  maxHtlcValueInFlightMsat: [2, bigSize],
  htlcMinimumMsat: [4, bigSize],
  channelReserveSatoshis: [6, bigSize],
  toSelfDelay: [8, u16],
  maxAcceptedHtlcs: [10, u16],
  channelType: [12, rest],
} as const;

/** `dyn_propose`: proposes new parameters. */
export interface DynPropose extends MessageBase<"dyn_propose">, DynamicParameters {
  readonly channelId: Uint8Array;
}

/** Codec of {@link DynPropose}: message 111. */
export const dynPropose: MessageCodec<DynPropose> = /* @__PURE__ */ message(
  111,
  "dyn_propose",
  { channelId },
  parameters,
);

/** `dyn_ack`: agrees to a proposal. */
export interface DynAck extends MessageBase<"dyn_ack"> {
  readonly channelId: Uint8Array;
  /** Over the parameters of the proposal. */
  readonly signature: Uint8Array;
  /** TLV 14: for the first commitment, if the proposal is a taproot channel. 66 bytes. */
  readonly localNonce?: Uint8Array;
}

/** Codec of {@link DynAck}: message 113. */
export const dynAck: MessageCodec<DynAck> = /* @__PURE__ */ message(
  113,
  "dyn_ack",
  { channelId, signature },
  { localNonce: [14, publicNonce] },
);

/** `dyn_reject`: refuses a proposal. */
export interface DynReject extends MessageBase<"dyn_reject"> {
  readonly channelId: Uint8Array;
  /** A bit for each refused parameter, numbered by its TLV type, as in a feature vector. Empty: all. */
  readonly updateRejections: Uint8Array;
}

/** Codec of {@link DynReject}: message 115. */
export const dynReject: MessageCodec<DynReject> = /* @__PURE__ */ message(115, "dyn_reject", {
  channelId,
  updateRejections: bytes16,
});

/** `dyn_commit`: carries the agreed parameters out; proposal and agreement in one. */
export interface DynCommit extends MessageBase<"dyn_commit">, DynamicParameters {
  readonly channelId: Uint8Array;
  /** As in `dyn_ack`. */
  readonly signature: Uint8Array;
  /** TLV 14: as in `dyn_ack`. */
  readonly localNonce?: Uint8Array;
}

/** Codec of {@link DynCommit}: message 117. */
export const dynCommit: MessageCodec<DynCommit> = /* @__PURE__ */ message(
  117,
  "dyn_commit",
  { channelId, signature },
  { ...parameters, localNonce: [14, publicNonce] },
);

/** `kickoff_sig`: signs the kickoff transaction of a change that moves the funding output. */
export interface KickoffSig extends MessageBase<"kickoff_sig"> {
  readonly channelId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Codec of {@link KickoffSig}: message 777. */
export const kickoffSig: MessageCodec<KickoffSig> = /* @__PURE__ */ message(777, "kickoff_sig", {
  channelId,
  signature,
});

/** The messages of this chapter. */
export type DynamicCommitmentMessage = DynPropose | DynAck | DynReject | DynCommit | KickoffSig;

/** All codecs of this chapter, for a set of one's own. */
export const dynamicCommitmentMessages: readonly MessageCodec<DynamicCommitmentMessage>[] = [
  dynPropose,
  dynAck,
  dynReject,
  dynCommit,
  kickoffSig,
];
