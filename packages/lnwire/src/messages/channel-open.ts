// BOLT 2 "Channel Establishment v1": one side funds.
import { rest, u16, u32, u64, u8 } from "@satwire/codec";
import { bytes32, chainHash, channelId, point, sha256, signature } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { shortChannelId } from "../short-channel-id.ts";

/** `open_channel` (BOLT 2): asks to open a channel that the sender funds. */
export interface OpenChannel extends MessageBase<"open_channel"> {
  readonly chainHash: Uint8Array;
  /** Chosen by the sender, until the funding transaction gives the channel its id. */
  readonly temporaryChannelId: Uint8Array;
  readonly fundingSatoshis: bigint;
  /** What the receiver owns from the start. */
  readonly pushMsat: bigint;
  readonly dustLimitSatoshis: bigint;
  readonly maxHtlcValueInFlightMsat: bigint;
  readonly channelReserveSatoshis: bigint;
  readonly htlcMinimumMsat: bigint;
  /** Satoshis per 1000 weight units. */
  readonly feeratePerKw: number;
  /** Blocks. */
  readonly toSelfDelay: number;
  readonly maxAcceptedHtlcs: number;
  readonly fundingPubkey: Uint8Array;
  readonly revocationBasepoint: Uint8Array;
  readonly paymentBasepoint: Uint8Array;
  readonly delayedPaymentBasepoint: Uint8Array;
  readonly htlcBasepoint: Uint8Array;
  readonly firstPerCommitmentPoint: Uint8Array;
  /** Bit 0: announce the channel. */
  readonly channelFlags: number;
  /** TLV 0: empty for none. */
  readonly upfrontShutdownScript?: Uint8Array;
  /** TLV 1: feature bits. */
  readonly channelType?: Uint8Array;
}

/** Codec of {@link OpenChannel}: message 32, BOLT 2 "The `open_channel` Message". */
export const openChannel: MessageCodec<OpenChannel> = /* @__PURE__ */ message(
  32,
  "open_channel",
  {
    chainHash,
    temporaryChannelId: bytes32,
    fundingSatoshis: u64,
    pushMsat: u64,
    dustLimitSatoshis: u64,
    maxHtlcValueInFlightMsat: u64,
    channelReserveSatoshis: u64,
    htlcMinimumMsat: u64,
    feeratePerKw: u32,
    toSelfDelay: u16,
    maxAcceptedHtlcs: u16,
    fundingPubkey: point,
    revocationBasepoint: point,
    paymentBasepoint: point,
    delayedPaymentBasepoint: point,
    htlcBasepoint: point,
    firstPerCommitmentPoint: point,
    channelFlags: u8,
  },
  { upfrontShutdownScript: [0, rest], channelType: [1, rest] },
);

/** `accept_channel` (BOLT 2): agrees to a channel. */
export interface AcceptChannel extends MessageBase<"accept_channel"> {
  /** As in `open_channel`. */
  readonly temporaryChannelId: Uint8Array;
  readonly dustLimitSatoshis: bigint;
  readonly maxHtlcValueInFlightMsat: bigint;
  readonly channelReserveSatoshis: bigint;
  readonly htlcMinimumMsat: bigint;
  /** Confirmations that the funding transaction needs; 0 for a channel that is used at once. */
  readonly minimumDepth: number;
  /** Blocks. */
  readonly toSelfDelay: number;
  readonly maxAcceptedHtlcs: number;
  readonly fundingPubkey: Uint8Array;
  readonly revocationBasepoint: Uint8Array;
  readonly paymentBasepoint: Uint8Array;
  readonly delayedPaymentBasepoint: Uint8Array;
  readonly htlcBasepoint: Uint8Array;
  readonly firstPerCommitmentPoint: Uint8Array;
  /** TLV 0: empty for none. */
  readonly upfrontShutdownScript?: Uint8Array;
  /** TLV 1: feature bits, as in `open_channel`. */
  readonly channelType?: Uint8Array;
}

/** Codec of {@link AcceptChannel}: message 33, BOLT 2 "The `accept_channel` Message". */
export const acceptChannel: MessageCodec<AcceptChannel> = /* @__PURE__ */ message(
  33,
  "accept_channel",
  {
    temporaryChannelId: bytes32,
    dustLimitSatoshis: u64,
    maxHtlcValueInFlightMsat: u64,
    channelReserveSatoshis: u64,
    htlcMinimumMsat: u64,
    minimumDepth: u32,
    toSelfDelay: u16,
    maxAcceptedHtlcs: u16,
    fundingPubkey: point,
    revocationBasepoint: point,
    paymentBasepoint: point,
    delayedPaymentBasepoint: point,
    htlcBasepoint: point,
    firstPerCommitmentPoint: point,
  },
  { upfrontShutdownScript: [0, rest], channelType: [1, rest] },
);

/** `funding_created` (BOLT 2): names the funding output and signs the peer's first commitment. */
export interface FundingCreated extends MessageBase<"funding_created"> {
  readonly temporaryChannelId: Uint8Array;
  /** As it is hashed, not in the order of display. */
  readonly fundingTxid: Uint8Array;
  readonly fundingOutputIndex: number;
  readonly signature: Uint8Array;
}

/** Codec of {@link FundingCreated}: message 34, BOLT 2 "The `funding_created` Message". */
export const fundingCreated: MessageCodec<FundingCreated> = /* @__PURE__ */ message(
  34,
  "funding_created",
  { temporaryChannelId: bytes32, fundingTxid: sha256, fundingOutputIndex: u16, signature },
);

/** `funding_signed` (BOLT 2): signs the funder's first commitment. */
export interface FundingSigned extends MessageBase<"funding_signed"> {
  readonly channelId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Codec of {@link FundingSigned}: message 35, BOLT 2 "The `funding_signed` Message". */
export const fundingSigned: MessageCodec<FundingSigned> = /* @__PURE__ */ message(
  35,
  "funding_signed",
  { channelId, signature },
);

/** `channel_ready` (BOLT 2): the funding transaction is deep enough; the channel may be used. */
export interface ChannelReady extends MessageBase<"channel_ready"> {
  readonly channelId: Uint8Array;
  readonly secondPerCommitmentPoint: Uint8Array;
  /** TLV 1: the alias that the peer shall use for this channel. */
  readonly shortChannelId?: bigint;
}

/** Codec of {@link ChannelReady}: message 36, BOLT 2 "The `channel_ready` Message". */
export const channelReady: MessageCodec<ChannelReady> = /* @__PURE__ */ message(
  36,
  "channel_ready",
  { channelId, secondPerCommitmentPoint: point },
  { shortChannelId: [1, shortChannelId] },
);

/** The messages of this chapter. */
export type ChannelOpenMessage =
  | OpenChannel
  | AcceptChannel
  | FundingCreated
  | FundingSigned
  | ChannelReady;

/** All codecs of this chapter, for a set of one's own. */
export const channelOpenMessages: readonly MessageCodec<ChannelOpenMessage>[] = [
  openChannel,
  acceptChannel,
  fundingCreated,
  fundingSigned,
  channelReady,
];
