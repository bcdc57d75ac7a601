// Random valid messages, one arbitrary each. Records that no codec knows are among them.
import fc from "fast-check";
import * as ln from "../index.ts";
import {
  address,
  addresses,
  bytes,
  features,
  hash,
  onionPacket,
  pairs,
  point,
  record,
  s64,
  shortChannelIds,
  signature,
  someBytes,
  u16,
  u32,
  u64,
  u8,
  unknownRecords,
} from "./values.ts";

type Arbitrary<T> = fc.Arbitrary<T>;

/** An arbitrary for each field of a message, TLV records included. */
export type FieldArbitraries<M> = {
  [K in keyof Omit<M, "type" | "unknown">]-?: Arbitrary<Exclude<M[K], undefined>>;
};

/** What to leave out of random messages. */
export interface MessageOptions {
  /** Whether there are odd TLV records that the codec does not know. @default true */
  readonly unknown?: boolean | undefined;
}

/**
 * Random messages of one kind: fields that are TLV records are sometimes absent, and odd records that the codec
 * does not know are sometimes there.
 */
export function arbitraryMessage<M extends ln.MessageBase>(
  codec: ln.MessageCodec<M>,
  fields: FieldArbitraries<M>,
  { unknown = true }: MessageOptions = {},
): Arbitrary<M> {
  const tlvs = Object.entries<readonly [number | bigint, unknown]>(codec.tlvs);
  const required = Object.keys(codec.fields);
  const optional = tlvs.map(([key]) => key);
  const model: Record<string, Arbitrary<unknown>> = { type: fc.constant(codec.name) };
  // In the order of the wire, as decoding gives them.
  for (const key of [...required, ...optional]) model[key] = fields[key as keyof typeof fields];
  const requiredKeys = ["type", ...required];
  if (unknown) model["unknown"] = unknownRecords(tlvs.map(([, [type]]) => BigInt(type)));
  return fc.record(model, { requiredKeys, noNullPrototype: true }) as unknown as Arbitrary<M>;
}

/** Arbitraries by the spec's names of the messages. */
export type MessageArbitraries = {
  readonly [M in ln.KnownMessage as M["type"]]: Arbitrary<M>;
};

const present: Arbitrary<true> = /* @__PURE__ */ fc.constant(true);
const basepoints = {
  fundingPubkey: point,
  revocationBasepoint: point,
  paymentBasepoint: point,
  delayedPaymentBasepoint: point,
  htlcBasepoint: point,
  firstPerCommitmentPoint: point,
};
const limits = {
  dustLimitSatoshis: u64,
  maxHtlcValueInFlightMsat: u64,
  htlcMinimumMsat: u64,
  toSelfDelay: u16,
  maxAcceptedHtlcs: u16,
};
const openingTlvs = { upfrontShutdownScript: someBytes, channelType: features };
const closing = {
  channelId: hash,
  closerScriptpubkey: someBytes,
  closeeScriptpubkey: someBytes,
  feeSatoshis: u64,
  locktime: u32,
  closerOutputOnly: signature,
  closeeOutputOnly: signature,
  closerAndCloseeOutputs: signature,
};
const rbfTlvs = { fundingOutputContribution: s64, requireConfirmedInputs: present };

/** An arbitrary for every message of the default set, by the spec's name. */
export function arbitraryMessages(options: MessageOptions = {}): MessageArbitraries {
  const of = <M extends ln.MessageBase>(
    codec: ln.MessageCodec<M>,
    fields: FieldArbitraries<M>,
  ): Arbitrary<M> => arbitraryMessage(codec, fields, options);
  const attributionData: Arbitrary<ln.AttributionData> = record<ln.AttributionData>({
    htlcHoldTimes: fc.array(u32, { minLength: 20, maxLength: 20 }),
    truncatedHmacs: bytes(840),
  });
  return {
    // BOLT 1
    warning: of(ln.warning, { channelId: hash, data: someBytes }),
    init: of(ln.init, {
      globalfeatures: features,
      features,
      networks: fc.array(hash, { maxLength: 3 }),
      remoteAddr: address,
    }),
    error: of(ln.error, { channelId: hash, data: someBytes }),
    ping: of(ln.ping, { numPongBytes: u16, ignored: someBytes }),
    pong: of(ln.pong, { ignored: someBytes }),
    peer_storage: of(ln.peerStorage, { blob: someBytes }),
    peer_storage_retrieval: of(ln.peerStorageRetrieval, { blob: someBytes }),

    // BOLT 2: opening
    open_channel: of(ln.openChannel, {
      chainHash: hash,
      temporaryChannelId: hash,
      fundingSatoshis: u64,
      pushMsat: u64,
      channelReserveSatoshis: u64,
      feeratePerKw: u32,
      channelFlags: u8,
      ...limits,
      ...basepoints,
      ...openingTlvs,
    }),
    accept_channel: of(ln.acceptChannel, {
      temporaryChannelId: hash,
      channelReserveSatoshis: u64,
      minimumDepth: u32,
      ...limits,
      ...basepoints,
      ...openingTlvs,
    }),
    funding_created: of(ln.fundingCreated, {
      temporaryChannelId: hash,
      fundingTxid: hash,
      fundingOutputIndex: u16,
      signature,
    }),
    funding_signed: of(ln.fundingSigned, { channelId: hash, signature }),
    channel_ready: of(ln.channelReady, {
      channelId: hash,
      secondPerCommitmentPoint: point,
      shortChannelId: u64,
    }),
    open_channel2: of(ln.openChannel2, {
      chainHash: hash,
      temporaryChannelId: hash,
      fundingFeeratePerkw: u32,
      commitmentFeeratePerkw: u32,
      fundingSatoshis: u64,
      locktime: u32,
      secondPerCommitmentPoint: point,
      channelFlags: u8,
      requireConfirmedInputs: present,
      ...limits,
      ...basepoints,
      ...openingTlvs,
    }),
    accept_channel2: of(ln.acceptChannel2, {
      temporaryChannelId: hash,
      fundingSatoshis: u64,
      minimumDepth: u32,
      secondPerCommitmentPoint: point,
      requireConfirmedInputs: present,
      ...limits,
      ...basepoints,
      ...openingTlvs,
    }),

    // BOLT 2: interactive transactions, quiescence, splices
    tx_add_input: of(ln.txAddInput, {
      channelId: hash,
      serialId: u64,
      prevtx: someBytes,
      prevtxVout: u32,
      sequence: u32,
      sharedInputTxid: hash,
    }),
    tx_add_output: of(ln.txAddOutput, {
      channelId: hash,
      serialId: u64,
      sats: u64,
      script: someBytes,
    }),
    tx_remove_input: of(ln.txRemoveInput, { channelId: hash, serialId: u64 }),
    tx_remove_output: of(ln.txRemoveOutput, { channelId: hash, serialId: u64 }),
    tx_complete: of(ln.txComplete, { channelId: hash }),
    tx_signatures: of(ln.txSignatures, {
      channelId: hash,
      txid: hash,
      witnesses: fc.array(someBytes, { maxLength: 4 }),
      sharedInputSignature: signature,
    }),
    tx_init_rbf: of(ln.txInitRbf, { channelId: hash, locktime: u32, feerate: u32, ...rbfTlvs }),
    tx_ack_rbf: of(ln.txAckRbf, { channelId: hash, ...rbfTlvs }),
    tx_abort: of(ln.txAbort, { channelId: hash, data: someBytes }),
    stfu: of(ln.stfu, { channelId: hash, initiator: fc.boolean() }),
    splice_init: of(ln.spliceInit, {
      channelId: hash,
      fundingContributionSatoshis: s64,
      fundingFeeratePerkw: u32,
      locktime: u32,
      fundingPubkey: point,
      requireConfirmedInputs: present,
    }),
    splice_ack: of(ln.spliceAck, {
      channelId: hash,
      fundingContributionSatoshis: s64,
      fundingPubkey: point,
      requireConfirmedInputs: present,
    }),
    splice_locked: of(ln.spliceLocked, { channelId: hash, spliceTxid: hash }),

    // BOLT 2: closing
    shutdown: of(ln.shutdown, { channelId: hash, scriptpubkey: someBytes }),
    closing_signed: of(ln.closingSigned, {
      channelId: hash,
      feeSatoshis: u64,
      signature,
      feeRange: record({ minFeeSatoshis: u64, maxFeeSatoshis: u64 }),
    }),
    closing_complete: of(ln.closingComplete, closing),
    closing_sig: of(ln.closingSig, closing),

    // BOLT 2: HTLCs and commitments
    update_add_htlc: of(ln.updateAddHtlc, {
      channelId: hash,
      id: u64,
      amountMsat: u64,
      paymentHash: hash,
      cltvExpiry: u32,
      onionRoutingPacket: bytes(1366),
      pathKey: point,
    }),
    update_fulfill_htlc: of(ln.updateFulfillHtlc, {
      channelId: hash,
      id: u64,
      paymentPreimage: hash,
      attributionData,
    }),
    update_fail_htlc: of(ln.updateFailHtlc, {
      channelId: hash,
      id: u64,
      reason: someBytes,
      attributionData,
    }),
    update_fail_malformed_htlc: of(ln.updateFailMalformedHtlc, {
      channelId: hash,
      id: u64,
      sha256OfOnion: hash,
      failureCode: u16,
    }),
    start_batch: of(ln.startBatch, { channelId: hash, batchSize: u16, messageType: u16 }),
    commitment_signed: of(ln.commitmentSigned, {
      channelId: hash,
      signature,
      htlcSignatures: fc.array(signature, { maxLength: 4 }),
      fundingTxid: hash,
    }),
    revoke_and_ack: of(ln.revokeAndAck, {
      channelId: hash,
      perCommitmentSecret: hash,
      nextPerCommitmentPoint: point,
    }),
    update_fee: of(ln.updateFee, { channelId: hash, feeratePerKw: u32 }),
    channel_reestablish: of(ln.channelReestablish, {
      channelId: hash,
      nextCommitmentNumber: u64,
      nextRevocationNumber: u64,
      yourLastPerCommitmentSecret: hash,
      myCurrentPerCommitmentPoint: point,
      nextFunding: record({ nextFundingTxid: hash, retransmitFlags: u8 }),
      myCurrentFundingLocked: record({ myCurrentFundingLockedTxid: hash, retransmitFlags: u8 }),
    }),

    // BOLT 7 and 4
    channel_announcement: of(ln.channelAnnouncement, {
      nodeSignature1: signature,
      nodeSignature2: signature,
      bitcoinSignature1: signature,
      bitcoinSignature2: signature,
      features,
      chainHash: hash,
      shortChannelId: u64,
      nodeId1: point,
      nodeId2: point,
      bitcoinKey1: point,
      bitcoinKey2: point,
    }),
    node_announcement: of(ln.nodeAnnouncement, {
      signature,
      features,
      timestamp: u32,
      nodeId: point,
      rgbColor: bytes(3),
      alias: bytes(32),
      addresses,
    }),
    channel_update: of(ln.channelUpdate, {
      signature,
      chainHash: hash,
      shortChannelId: u64,
      timestamp: u32,
      messageFlags: u8,
      channelFlags: u8,
      cltvExpiryDelta: u16,
      htlcMinimumMsat: u64,
      feeBaseMsat: u32,
      feeProportionalMillionths: u32,
      htlcMaximumMsat: u64,
    }),
    announcement_signatures: of(ln.announcementSignatures, {
      channelId: hash,
      shortChannelId: u64,
      nodeSignature: signature,
      bitcoinSignature: signature,
    }),
    query_short_channel_ids: of(ln.queryShortChannelIds, {
      chainHash: hash,
      shortChannelIds,
      queryFlags: fc.array(u64, { maxLength: 12 }),
    }),
    reply_short_channel_ids_end: of(ln.replyShortChannelIdsEnd, {
      chainHash: hash,
      fullInformation: fc.boolean(),
    }),
    query_channel_range: of(ln.queryChannelRange, {
      chainHash: hash,
      firstBlocknum: u32,
      numberOfBlocks: u32,
      queryOption: u64,
    }),
    reply_channel_range: of(ln.replyChannelRange, {
      chainHash: hash,
      firstBlocknum: u32,
      numberOfBlocks: u32,
      syncComplete: fc.boolean(),
      shortChannelIds,
      timestamps: pairs,
      checksums: pairs,
    }),
    gossip_timestamp_filter: of(ln.gossipTimestampFilter, {
      chainHash: hash,
      firstTimestamp: u32,
      timestampRange: u32,
    }),
    onion_message: of(ln.onionMessage, { pathKey: point, onionMessagePacket: onionPacket }),
  };
}

/** A message of any kind of the default set. */
export function anyMessage(options: MessageOptions = {}): Arbitrary<ln.KnownMessage> {
  return fc.oneof(...Object.values<Arbitrary<ln.KnownMessage>>(arbitraryMessages(options)));
}

/** A message whose type is not among `known`. */
export const unknownMessage = (known: readonly number[]): Arbitrary<ln.UnknownMessage> =>
  record({
    type: fc.constant("unknown" as const),
    id: u16.filter((id) => !known.includes(id)),
    payload: someBytes,
  });
