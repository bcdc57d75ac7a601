// "Simple taproot channels" (bolts #995 as of March 2026): what it adds to messages of BOLT 2. Types and
// sizes are the same in lnd (August 2026), which has two records more, reads some values more narrowly
// (both are said where they are) and refuses nonces whose points are not on the curve.
import { type Codec, repeated, struct } from "@satwire/codec";
import { sha256 } from "../fields.ts";
import { type MessageCodec, withTlvs } from "../message.ts";
import {
  type ClosingComplete,
  closingComplete,
  type ClosingSig,
  closingSig,
  type ClosingSigned,
  closingSigned,
  type Shutdown,
  shutdown,
} from "../messages/channel-close.ts";
import {
  type AcceptChannel,
  acceptChannel,
  type ChannelReady,
  channelReady,
  type FundingCreated,
  fundingCreated,
  type FundingSigned,
  fundingSigned,
  type OpenChannel,
  openChannel,
} from "../messages/channel-open.ts";
import {
  type ChannelReestablish,
  channelReestablish,
  type CommitmentSigned,
  commitmentSigned,
  type RevokeAndAck,
  revokeAndAck,
} from "../messages/commitment.ts";
import {
  partialSignature,
  type PartialSignatureWithNonce,
  partialSignatureWithNonce,
  publicNonce,
} from "./musig.ts";

/** The nonce for the next commitment that spends one funding transaction. */
export interface NonceEntry {
  /** As it is hashed, not in the order of display. */
  readonly fundingTxid: Uint8Array;
  /** 66 bytes. */
  readonly publicNonce: Uint8Array;
}

const nonceEntry: Codec<NonceEntry> = /* @__PURE__ */ struct({ fundingTxid: sha256, publicNonce });

/**
 * `next_local_nonces`: one entry for each active commitment, in the order in which they were sent. lnd
 * sorts them by `fundingTxid` and refuses a repeated one and more than 16; the draft has no such rule.
 */
export const nonceEntries: Codec<readonly NonceEntry[]> = /* @__PURE__ */ repeated(nonceEntry);

/** `open_channel` of a taproot channel. */
export interface TaprootOpenChannel extends OpenChannel {
  /** TLV 4: the sender's nonce for its first commitment, 66 bytes. */
  readonly nextLocalNonce?: Uint8Array;
}

/** Codec of {@link TaprootOpenChannel}. */
export const taprootOpenChannel: MessageCodec<TaprootOpenChannel> = /* @__PURE__ */ withTlvs(
  openChannel,
  { nextLocalNonce: [4, publicNonce] },
);

/** `accept_channel` of a taproot channel. */
export interface TaprootAcceptChannel extends AcceptChannel {
  /** TLV 4: the sender's nonce for its first commitment, 66 bytes. */
  readonly nextLocalNonce?: Uint8Array;
}

/** Codec of {@link TaprootAcceptChannel}. */
export const taprootAcceptChannel: MessageCodec<TaprootAcceptChannel> = /* @__PURE__ */ withTlvs(
  acceptChannel,
  { nextLocalNonce: [4, publicNonce] },
);

/** `funding_created` of a taproot channel. */
export interface TaprootFundingCreated extends FundingCreated {
  /** TLV 2: takes the place of `signature`, which is then all zero. */
  readonly partialSignatureWithNonce?: PartialSignatureWithNonce;
}

/** Codec of {@link TaprootFundingCreated}. */
export const taprootFundingCreated: MessageCodec<TaprootFundingCreated> = /* @__PURE__ */ withTlvs(
  fundingCreated,
  { partialSignatureWithNonce: [2, partialSignatureWithNonce] },
);

/** `funding_signed` of a taproot channel. */
export interface TaprootFundingSigned extends FundingSigned {
  /** TLV 2: takes the place of `signature`, which is then all zero. */
  readonly partialSignatureWithNonce?: PartialSignatureWithNonce;
}

/** Codec of {@link TaprootFundingSigned}. */
export const taprootFundingSigned: MessageCodec<TaprootFundingSigned> = /* @__PURE__ */ withTlvs(
  fundingSigned,
  { partialSignatureWithNonce: [2, partialSignatureWithNonce] },
);

/** `channel_ready` of a taproot channel. */
export interface TaprootChannelReady extends ChannelReady {
  /** TLV 4: the sender's nonce for its next commitment, 66 bytes. */
  readonly nextLocalNonce?: Uint8Array;
}

/** Codec of {@link TaprootChannelReady}. */
export const taprootChannelReady: MessageCodec<TaprootChannelReady> = /* @__PURE__ */ withTlvs(
  channelReady,
  { nextLocalNonce: [4, publicNonce] },
);

/** `shutdown` of a taproot channel. */
export interface TaprootShutdown extends Shutdown {
  /** TLV 8: the sender's nonce for its first `closing_sig`, 66 bytes. */
  readonly shutdownNonce?: Uint8Array;
}

/** Codec of {@link TaprootShutdown}. */
export const taprootShutdown: MessageCodec<TaprootShutdown> = /* @__PURE__ */ withTlvs(shutdown, {
  shutdownNonce: [8, publicNonce],
});

/**
 * `closing_signed` of a taproot channel. The draft still names the type of its record, but closes with
 * `closing_complete` only; lnd does both.
 */
export interface TaprootClosingSigned extends ClosingSigned {
  /** TLV 6: takes the place of `signature`, which is then all zero. 32 bytes. */
  readonly partialSignature?: Uint8Array;
}

/** Codec of {@link TaprootClosingSigned}. */
export const taprootClosingSigned: MessageCodec<TaprootClosingSigned> = /* @__PURE__ */ withTlvs(
  closingSigned,
  { partialSignature: [6, partialSignature] },
);

/** `closing_complete` of a taproot channel. lnd refuses one that has signatures of TLV 1 to 3 as well. */
export interface TaprootClosingComplete extends ClosingComplete {
  /** TLV 5: for the transaction with only the closer's output. */
  readonly closerNoClosee?: PartialSignatureWithNonce;
  /** TLV 6: for the transaction with only the closee's output. */
  readonly noCloserClosee?: PartialSignatureWithNonce;
  /** TLV 7: for the transaction with both outputs. */
  readonly closerAndClosee?: PartialSignatureWithNonce;
}

/** Codec of {@link TaprootClosingComplete}. */
export const taprootClosingComplete: MessageCodec<TaprootClosingComplete> =
  /* @__PURE__ */ withTlvs(closingComplete, {
    closerNoClosee: [5, partialSignatureWithNonce],
    noCloserClosee: [6, partialSignatureWithNonce],
    closerAndClosee: [7, partialSignatureWithNonce],
  });

/** `closing_sig` of a taproot channel. lnd refuses one that has signatures of TLV 1 to 3 as well. */
export interface TaprootClosingSig extends ClosingSig {
  /** TLV 5: for the transaction with only the closer's output, 32 bytes. */
  readonly closerNoClosee?: Uint8Array;
  /** TLV 6: for the transaction with only the closee's output, 32 bytes. */
  readonly noCloserClosee?: Uint8Array;
  /** TLV 7: for the transaction with both outputs, 32 bytes. */
  readonly closerAndClosee?: Uint8Array;
  /** TLV 22: the sender's nonce for its next `closing_sig`, 66 bytes. */
  readonly nextCloseeNonce?: Uint8Array;
}

/** Codec of {@link TaprootClosingSig}. */
export const taprootClosingSig: MessageCodec<TaprootClosingSig> = /* @__PURE__ */ withTlvs(
  closingSig,
  {
    closerNoClosee: [5, partialSignature],
    noCloserClosee: [6, partialSignature],
    closerAndClosee: [7, partialSignature],
    nextCloseeNonce: [22, publicNonce],
  },
);

/** `commitment_signed` of a taproot channel. */
export interface TaprootCommitmentSigned extends CommitmentSigned {
  /** TLV 2: takes the place of `signature`, which is then all zero. */
  readonly partialSignatureWithNonce?: PartialSignatureWithNonce;
}

/** Codec of {@link TaprootCommitmentSigned}. */
export const taprootCommitmentSigned: MessageCodec<TaprootCommitmentSigned> =
  /* @__PURE__ */ withTlvs(commitmentSigned, {
    partialSignatureWithNonce: [2, partialSignatureWithNonce],
  });

/** `revoke_and_ack` of a taproot channel. */
export interface TaprootRevokeAndAck extends RevokeAndAck {
  /** TLV 4: lnd's, for channels of the staging feature (180/181) only. 66 bytes. Not in the draft. */
  readonly nextLocalNonce?: Uint8Array;
  /** TLV 22: for channels of the final feature (80/81). */
  readonly nextLocalNonces?: readonly NonceEntry[];
}

/** Codec of {@link TaprootRevokeAndAck}. */
export const taprootRevokeAndAck: MessageCodec<TaprootRevokeAndAck> = /* @__PURE__ */ withTlvs(
  revokeAndAck,
  { nextLocalNonce: [4, publicNonce], nextLocalNonces: [22, nonceEntries] },
);

/** `channel_reestablish` of a taproot channel. */
export interface TaprootChannelReestablish extends ChannelReestablish {
  /** TLV 4: lnd's, for channels of the staging feature (180/181) only. 66 bytes. Not in the draft. */
  readonly nextLocalNonce?: Uint8Array;
  /** TLV 22: for channels of the final feature (80/81). */
  readonly nextLocalNonces?: readonly NonceEntry[];
}

/** Codec of {@link TaprootChannelReestablish}. */
export const taprootChannelReestablish: MessageCodec<TaprootChannelReestablish> =
  /* @__PURE__ */ withTlvs(channelReestablish, {
    nextLocalNonce: [4, publicNonce],
    nextLocalNonces: [22, nonceEntries],
  });

/** The messages of this chapter. Their names are those of BOLT 2. */
export type TaprootChannelMessage =
  | TaprootOpenChannel
  | TaprootAcceptChannel
  | TaprootFundingCreated
  | TaprootFundingSigned
  | TaprootChannelReady
  | TaprootShutdown
  | TaprootClosingSigned
  | TaprootClosingComplete
  | TaprootClosingSig
  | TaprootCommitmentSigned
  | TaprootRevokeAndAck
  | TaprootChannelReestablish;

/**
 * All codecs of this chapter. Each takes the place of the one of BOLT 2: they cannot be in one set.
 *
 * @example
 * ```ts
 * const set = messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages));
 * ```
 */
export const taprootChannelMessages: readonly MessageCodec<TaprootChannelMessage>[] = [
  taprootOpenChannel,
  taprootAcceptChannel,
  taprootFundingCreated,
  taprootFundingSigned,
  taprootChannelReady,
  taprootShutdown,
  taprootClosingSigned,
  taprootClosingComplete,
  taprootClosingSig,
  taprootCommitmentSigned,
  taprootRevokeAndAck,
  taprootChannelReestablish,
];
