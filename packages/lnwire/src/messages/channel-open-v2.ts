// BOLT 2 "Channel Establishment v2": both sides may fund; the transaction is built interactively.
import { rest, u16, u32, u64, u8 } from "@satwire/codec";
import { chainHash, channelId, point, presence } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `open_channel2` (BOLT 2): asks to open a channel that both sides may fund. */
export interface OpenChannel2 extends MessageBase<"open_channel2"> {
  readonly chainHash: Uint8Array;
  /** Follows from the sender's revocation basepoint: see `temporaryChannelIdV2`. */
  readonly temporaryChannelId: Uint8Array;
  /** Satoshis per 1000 weight units, of the funding transaction. */
  readonly fundingFeeratePerkw: number;
  /** Satoshis per 1000 weight units, of the first commitment. */
  readonly commitmentFeeratePerkw: number;
  /** What the sender puts in. */
  readonly fundingSatoshis: bigint;
  readonly dustLimitSatoshis: bigint;
  readonly maxHtlcValueInFlightMsat: bigint;
  readonly htlcMinimumMsat: bigint;
  /** Blocks. */
  readonly toSelfDelay: number;
  readonly maxAcceptedHtlcs: number;
  /** Of the funding transaction. */
  readonly locktime: number;
  readonly fundingPubkey: Uint8Array;
  readonly revocationBasepoint: Uint8Array;
  readonly paymentBasepoint: Uint8Array;
  readonly delayedPaymentBasepoint: Uint8Array;
  readonly htlcBasepoint: Uint8Array;
  readonly firstPerCommitmentPoint: Uint8Array;
  readonly secondPerCommitmentPoint: Uint8Array;
  /** Bit 0: announce the channel. */
  readonly channelFlags: number;
  /** TLV 0: empty for none. */
  readonly upfrontShutdownScript?: Uint8Array;
  /** TLV 1: feature bits. */
  readonly channelType?: Uint8Array;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link OpenChannel2}: message 64, BOLT 2 "The `open_channel2` Message". */
export const openChannel2: MessageCodec<OpenChannel2> = /* @__PURE__ */ message(
  64,
  "open_channel2",
  {
    chainHash,
    temporaryChannelId: channelId,
    fundingFeeratePerkw: u32,
    commitmentFeeratePerkw: u32,
    fundingSatoshis: u64,
    dustLimitSatoshis: u64,
    maxHtlcValueInFlightMsat: u64,
    htlcMinimumMsat: u64,
    toSelfDelay: u16,
    maxAcceptedHtlcs: u16,
    locktime: u32,
    fundingPubkey: point,
    revocationBasepoint: point,
    paymentBasepoint: point,
    delayedPaymentBasepoint: point,
    htlcBasepoint: point,
    firstPerCommitmentPoint: point,
    secondPerCommitmentPoint: point,
    channelFlags: u8,
  },
  {
    upfrontShutdownScript: [0, rest],
    channelType: [1, rest],
    requireConfirmedInputs: [2, presence],
  },
);

/** `accept_channel2` (BOLT 2): agrees to a channel that both sides may fund. */
export interface AcceptChannel2 extends MessageBase<"accept_channel2"> {
  /** As in `open_channel2`. */
  readonly temporaryChannelId: Uint8Array;
  /** What the sender puts in; may be 0. */
  readonly fundingSatoshis: bigint;
  readonly dustLimitSatoshis: bigint;
  readonly maxHtlcValueInFlightMsat: bigint;
  readonly htlcMinimumMsat: bigint;
  /** Confirmations that the funding transaction needs. */
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
  readonly secondPerCommitmentPoint: Uint8Array;
  /** TLV 0: empty for none. */
  readonly upfrontShutdownScript?: Uint8Array;
  /** TLV 1: feature bits, as in `open_channel2`. */
  readonly channelType?: Uint8Array;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link AcceptChannel2}: message 65, BOLT 2 "The `accept_channel2` Message". */
export const acceptChannel2: MessageCodec<AcceptChannel2> = /* @__PURE__ */ message(
  65,
  "accept_channel2",
  {
    temporaryChannelId: channelId,
    fundingSatoshis: u64,
    dustLimitSatoshis: u64,
    maxHtlcValueInFlightMsat: u64,
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
    secondPerCommitmentPoint: point,
  },
  {
    upfrontShutdownScript: [0, rest],
    channelType: [1, rest],
    requireConfirmedInputs: [2, presence],
  },
);

/** The messages of this chapter. */
export type ChannelOpenV2Message = OpenChannel2 | AcceptChannel2;

/** All codecs of this chapter, for a set of one's own. */
export const channelOpenV2Messages: readonly MessageCodec<ChannelOpenV2Message>[] = [
  openChannel2,
  acceptChannel2,
];
