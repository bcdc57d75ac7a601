// BOLT 2 "Interactive Transaction Construction": both sides add to one transaction.
import { type Codec, prefixedArray, u16, u32, u64 } from "@satwire/codec";
import { bytes16, channelId, presence, sha256, signature } from "../fields.ts";
import { s64 } from "../integers.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `tx_add_input` (BOLT 2): adds an input. */
export interface TxAddInput extends MessageBase<"tx_add_input"> {
  readonly channelId: Uint8Array;
  /** Even from the initiator, odd from the other side. */
  readonly serialId: bigint;
  /** The transaction whose output is spent; empty for a channel's own output (TLV 0). */
  readonly prevtx: Uint8Array;
  readonly prevtxVout: number;
  /** At most 0xfffffffd. */
  readonly sequence: number;
  /** TLV 0: the funding transaction that is spliced. */
  readonly sharedInputTxid?: Uint8Array;
}

/** Codec of {@link TxAddInput}: message 66, BOLT 2 "The `tx_add_input` Message". */
export const txAddInput: MessageCodec<TxAddInput> = /* @__PURE__ */ message(
  66,
  "tx_add_input",
  { channelId, serialId: u64, prevtx: bytes16, prevtxVout: u32, sequence: u32 },
  { sharedInputTxid: [0, sha256] },
);

/** `tx_add_output` (BOLT 2): adds an output. */
export interface TxAddOutput extends MessageBase<"tx_add_output"> {
  readonly channelId: Uint8Array;
  /** Even from the initiator, odd from the other side. */
  readonly serialId: bigint;
  /** Satoshis. */
  readonly sats: bigint;
  readonly script: Uint8Array;
}

/** Codec of {@link TxAddOutput}: message 67, BOLT 2 "The `tx_add_output` Message". */
export const txAddOutput: MessageCodec<TxAddOutput> = /* @__PURE__ */ message(67, "tx_add_output", {
  channelId,
  serialId: u64,
  sats: u64,
  script: bytes16,
});

/** `tx_remove_input` (BOLT 2): takes back an input that the sender added. */
export interface TxRemoveInput extends MessageBase<"tx_remove_input"> {
  readonly channelId: Uint8Array;
  readonly serialId: bigint;
}

/** Codec of {@link TxRemoveInput}: message 68, BOLT 2 "The `tx_remove_input` and `tx_remove_output` Messages". */
export const txRemoveInput: MessageCodec<TxRemoveInput> = /* @__PURE__ */ message(
  68,
  "tx_remove_input",
  { channelId, serialId: u64 },
);

/** `tx_remove_output` (BOLT 2): takes back an output that the sender added. */
export interface TxRemoveOutput extends MessageBase<"tx_remove_output"> {
  readonly channelId: Uint8Array;
  readonly serialId: bigint;
}

/** Codec of {@link TxRemoveOutput}: message 69, BOLT 2 "The `tx_remove_input` and `tx_remove_output` Messages". */
export const txRemoveOutput: MessageCodec<TxRemoveOutput> = /* @__PURE__ */ message(
  69,
  "tx_remove_output",
  { channelId, serialId: u64 },
);

/** `tx_complete` (BOLT 2): nothing more to add; two in a row end the construction. */
export interface TxComplete extends MessageBase<"tx_complete"> {
  readonly channelId: Uint8Array;
}

/** Codec of {@link TxComplete}: message 70, BOLT 2 "The `tx_complete` Message". */
export const txComplete: MessageCodec<TxComplete> = /* @__PURE__ */ message(70, "tx_complete", {
  channelId,
});

const witnesses: Codec<readonly Uint8Array[]> = /* @__PURE__ */ prefixedArray(u16, bytes16);

/** `tx_signatures` (BOLT 2): the witnesses of the sender's inputs. */
export interface TxSignatures extends MessageBase<"tx_signatures"> {
  readonly channelId: Uint8Array;
  /** As it is hashed, not in the order of display. */
  readonly txid: Uint8Array;
  /** One serialized witness stack per input of the sender, ascending by `serialId`. */
  readonly witnesses: readonly Uint8Array[];
  /** TLV 0: for the funding output that is spliced. */
  readonly sharedInputSignature?: Uint8Array;
}

/** Codec of {@link TxSignatures}: message 71, BOLT 2 "The `tx_signatures` Message". */
export const txSignatures: MessageCodec<TxSignatures> = /* @__PURE__ */ message(
  71,
  "tx_signatures",
  { channelId, txid: sha256, witnesses },
  { sharedInputSignature: [0, signature] },
);

/** `tx_init_rbf` (BOLT 2): asks to replace the transaction with one that pays more. */
export interface TxInitRbf extends MessageBase<"tx_init_rbf"> {
  readonly channelId: Uint8Array;
  readonly locktime: number;
  /** Satoshis per 1000 weight units. */
  readonly feerate: number;
  /** TLV 0: satoshis that the sender adds to the funding output, or takes out of it. */
  readonly fundingOutputContribution?: bigint;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link TxInitRbf}: message 72, BOLT 2 "The `tx_init_rbf` Message". */
export const txInitRbf: MessageCodec<TxInitRbf> = /* @__PURE__ */ message(
  72,
  "tx_init_rbf",
  { channelId, locktime: u32, feerate: u32 },
  { fundingOutputContribution: [0, s64], requireConfirmedInputs: [2, presence] },
);

/** `tx_ack_rbf` (BOLT 2): agrees to replace the transaction. */
export interface TxAckRbf extends MessageBase<"tx_ack_rbf"> {
  readonly channelId: Uint8Array;
  /** TLV 0: satoshis that the sender adds to the funding output, or takes out of it. */
  readonly fundingOutputContribution?: bigint;
  /** TLV 2: the receiver must only add confirmed inputs. */
  readonly requireConfirmedInputs?: true;
}

/** Codec of {@link TxAckRbf}: message 73, BOLT 2 "The `tx_ack_rbf` Message". */
export const txAckRbf: MessageCodec<TxAckRbf> = /* @__PURE__ */ message(
  73,
  "tx_ack_rbf",
  { channelId },
  { fundingOutputContribution: [0, s64], requireConfirmedInputs: [2, presence] },
);

/** `tx_abort` (BOLT 2): gives up the construction; the channel lives on, if there is one. */
export interface TxAbort extends MessageBase<"tx_abort"> {
  readonly channelId: Uint8Array;
  /** Mostly text; see `printableText` before showing it. */
  readonly data: Uint8Array;
}

/** Codec of {@link TxAbort}: message 74, BOLT 2 "The `tx_abort` Message". */
export const txAbort: MessageCodec<TxAbort> = /* @__PURE__ */ message(74, "tx_abort", {
  channelId,
  data: bytes16,
});

/** The messages of this chapter. */
export type InteractiveTxMessage =
  | TxAddInput
  | TxAddOutput
  | TxRemoveInput
  | TxRemoveOutput
  | TxComplete
  | TxSignatures
  | TxInitRbf
  | TxAckRbf
  | TxAbort;

/** All codecs of this chapter, for a set of one's own. */
export const interactiveTxMessages: readonly MessageCodec<InteractiveTxMessage>[] = [
  txAddInput,
  txAddOutput,
  txRemoveInput,
  txRemoveOutput,
  txComplete,
  txSignatures,
  txInitRbf,
  txAckRbf,
  txAbort,
];
