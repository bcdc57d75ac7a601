// BOLT 2 "Channel Close": both sides agree on a closing transaction.
import { type Codec, struct, u32, u64 } from "@satwire/codec";
import { bytes16, channelId, signature } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `shutdown` (BOLT 2): no more HTLCs; the channel is to be closed. */
export interface Shutdown extends MessageBase<"shutdown"> {
  readonly channelId: Uint8Array;
  /** Where the sender wants its funds. */
  readonly scriptpubkey: Uint8Array;
}

/** Codec of {@link Shutdown}: message 38, BOLT 2 "Closing Initiation". */
export const shutdown: MessageCodec<Shutdown> = /* @__PURE__ */ message(38, "shutdown", {
  channelId,
  scriptpubkey: bytes16,
});

/** The fees that a side would accept, in satoshis. */
export interface FeeRange {
  readonly minFeeSatoshis: bigint;
  readonly maxFeeSatoshis: bigint;
}

const feeRange: Codec<FeeRange> = /* @__PURE__ */ struct({
  minFeeSatoshis: u64,
  maxFeeSatoshis: u64,
});

/** `closing_signed` (BOLT 2): proposes a fee and signs the closing transaction that pays it. */
export interface ClosingSigned extends MessageBase<"closing_signed"> {
  readonly channelId: Uint8Array;
  readonly feeSatoshis: bigint;
  readonly signature: Uint8Array;
  /** TLV 1: what the sender would accept. */
  readonly feeRange?: FeeRange;
}

/** Codec of {@link ClosingSigned}: message 39, BOLT 2 "Legacy Closing Negotiation". */
export const closingSigned: MessageCodec<ClosingSigned> = /* @__PURE__ */ message(
  39,
  "closing_signed",
  { channelId, feeSatoshis: u64, signature },
  { feeRange: [1, feeRange] },
);

/** What `closing_complete` and `closing_sig` have in common: all but the type (BOLT 2, `closing_tlvs`). */
interface Closing<Name extends string> extends MessageBase<Name> {
  readonly channelId: Uint8Array;
  readonly closerScriptpubkey: Uint8Array;
  readonly closeeScriptpubkey: Uint8Array;
  readonly feeSatoshis: bigint;
  readonly locktime: number;
  /** TLV 1: a signature for the transaction with only the closer's output. */
  readonly closerOutputOnly?: Uint8Array;
  /** TLV 2: a signature for the transaction with only the closee's output. */
  readonly closeeOutputOnly?: Uint8Array;
  /** TLV 3: a signature for the transaction with both outputs. */
  readonly closerAndCloseeOutputs?: Uint8Array;
}

const closingFields = {
  channelId,
  closerScriptpubkey: bytes16,
  closeeScriptpubkey: bytes16,
  feeSatoshis: u64,
  locktime: u32,
};
const closingTlvs = {
  closerOutputOnly: [1, signature],
  closeeOutputOnly: [2, signature],
  closerAndCloseeOutputs: [3, signature],
} as const;

/** `closing_complete` (BOLT 2): the closer signs the closing transactions that it would accept. */
export interface ClosingComplete extends Closing<"closing_complete"> {}

/** Codec of {@link ClosingComplete}: message 40, BOLT 2 "Closing Negotiation". */
export const closingComplete: MessageCodec<ClosingComplete> = /* @__PURE__ */ message(
  40,
  "closing_complete",
  closingFields,
  closingTlvs,
);

/** `closing_sig` (BOLT 2): the closee signs one of the transactions of `closing_complete`. */
export interface ClosingSig extends Closing<"closing_sig"> {}

/** Codec of {@link ClosingSig}: message 41, BOLT 2 "Closing Negotiation". */
export const closingSig: MessageCodec<ClosingSig> = /* @__PURE__ */ message(
  41,
  "closing_sig",
  closingFields,
  closingTlvs,
);

/** The messages of this chapter. */
export type ChannelCloseMessage = Shutdown | ClosingSigned | ClosingComplete | ClosingSig;

/** All codecs of this chapter, for a set of one's own. */
export const channelCloseMessages: readonly MessageCodec<ChannelCloseMessage>[] = [
  shutdown,
  closingSigned,
  closingComplete,
  closingSig,
];
