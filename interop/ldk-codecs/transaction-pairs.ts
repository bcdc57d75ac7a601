/** BOLT 2: interactive transactions, quiescence and splices. */
import * as ln from "@satwire/lnwire";
import {
  SpliceAck,
  SpliceInit,
  SpliceLocked,
  Stfu,
  TransactionU16LenLimited,
  TxAbort,
  TxAckRbf,
  TxAddInput,
  TxAddOutput,
  TxComplete,
  TxInitRbf,
  TxRemoveInput,
  TxRemoveOutput,
  TxSignatures,
} from "lightningdevkit";
import {
  fromChannelId,
  fromPresence,
  toChannelId,
  toOptionalHash,
  toOptionalS64,
  toOptionalSignature,
  toPresence,
} from "./fields.ts";
import { asU32, asU64, asU8, optional, type Pair, pair, resultOf } from "./pair.ts";

export const transactionPairs: readonly Pair[] = [
  pair<ln.TxAddInput, TxAddInput>(ln.txAddInput, TxAddInput, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      serialId: asU64(message.get_serial_id()),
      prevtx: message.get_prevtx().as_transaction(),
      prevtxVout: asU32(message.get_prevtx_out()),
      sequence: asU32(message.get_sequence()),
      sharedInputTxid: optional<Uint8Array>(message.get_shared_input_txid()),
    }),
    make: (message) =>
      TxAddInput.constructor_new(
        toChannelId(message.channelId),
        message.serialId,
        resultOf<TransactionU16LenLimited>(
          TransactionU16LenLimited.constructor_new(message.prevtx),
        ),
        message.prevtxVout,
        message.sequence,
        toOptionalHash(message.sharedInputTxid),
      ),
  }),
  pair<ln.TxAddOutput, TxAddOutput>(ln.txAddOutput, TxAddOutput, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      serialId: asU64(message.get_serial_id()),
      sats: asU64(message.get_sats()),
      script: message.get_script(),
    }),
    make: ({ channelId, serialId, sats, script }) =>
      TxAddOutput.constructor_new(toChannelId(channelId), serialId, sats, script),
  }),
  pair<ln.TxRemoveInput, TxRemoveInput>(ln.txRemoveInput, TxRemoveInput, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      serialId: asU64(message.get_serial_id()),
    }),
    make: ({ channelId, serialId }) =>
      TxRemoveInput.constructor_new(toChannelId(channelId), serialId),
  }),
  pair<ln.TxRemoveOutput, TxRemoveOutput>(ln.txRemoveOutput, TxRemoveOutput, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      serialId: asU64(message.get_serial_id()),
    }),
    make: ({ channelId, serialId }) =>
      TxRemoveOutput.constructor_new(toChannelId(channelId), serialId),
  }),
  pair<ln.TxComplete, TxComplete>(ln.txComplete, TxComplete, {
    fields: (message) => ({ channelId: fromChannelId(message.get_channel_id()) }),
    make: ({ channelId }) => TxComplete.constructor_new(toChannelId(channelId)),
  }),
  pair<ln.TxSignatures, TxSignatures>(ln.txSignatures, TxSignatures, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      txid: message.get_tx_hash(),
      witnesses: message.get_witnesses(),
      sharedInputSignature: optional<Uint8Array>(message.get_shared_input_signature()),
    }),
    make: ({ channelId, txid, witnesses, sharedInputSignature }) =>
      TxSignatures.constructor_new(
        toChannelId(channelId),
        txid,
        [...witnesses],
        toOptionalSignature(sharedInputSignature),
      ),
  }),
  pair<ln.TxInitRbf, TxInitRbf>(ln.txInitRbf, TxInitRbf, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      locktime: asU32(message.get_locktime()),
      feerate: asU32(message.get_feerate_sat_per_1000_weight()),
      fundingOutputContribution: optional<bigint>(message.get_funding_output_contribution()),
      requireConfirmedInputs: undefined,
    }),
    make: ({ channelId, locktime, feerate, fundingOutputContribution }) =>
      TxInitRbf.constructor_new(
        toChannelId(channelId),
        locktime,
        feerate,
        toOptionalS64(fundingOutputContribution),
      ),
  }),
  pair<ln.TxAckRbf, TxAckRbf>(ln.txAckRbf, TxAckRbf, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      fundingOutputContribution: optional<bigint>(message.get_funding_output_contribution()),
      requireConfirmedInputs: undefined,
    }),
    make: ({ channelId, fundingOutputContribution }) =>
      TxAckRbf.constructor_new(toChannelId(channelId), toOptionalS64(fundingOutputContribution)),
  }),
  pair<ln.TxAbort, TxAbort>(ln.txAbort, TxAbort, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      data: message.get_data(),
    }),
    make: ({ channelId, data }) => TxAbort.constructor_new(toChannelId(channelId), data),
  }),
  pair<ln.Stfu, Stfu>(ln.stfu, Stfu, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      initiator: asU8(message.get_initiator()) === 1,
    }),
    make: ({ channelId, initiator }) =>
      Stfu.constructor_new(toChannelId(channelId), initiator ? 1 : 0),
  }),
  pair<ln.SpliceInit, SpliceInit>(ln.spliceInit, SpliceInit, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      fundingContributionSatoshis: message.get_funding_contribution_satoshis(),
      fundingFeeratePerkw: asU32(message.get_funding_feerate_perkw()),
      locktime: asU32(message.get_locktime()),
      fundingPubkey: message.get_funding_pubkey(),
      requireConfirmedInputs: fromPresence(message.get_require_confirmed_inputs()),
    }),
    make: (message) =>
      SpliceInit.constructor_new(
        toChannelId(message.channelId),
        message.fundingContributionSatoshis,
        message.fundingFeeratePerkw,
        message.locktime,
        message.fundingPubkey,
        toPresence(message.requireConfirmedInputs),
      ),
  }),
  pair<ln.SpliceAck, SpliceAck>(ln.spliceAck, SpliceAck, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      fundingContributionSatoshis: message.get_funding_contribution_satoshis(),
      fundingPubkey: message.get_funding_pubkey(),
      requireConfirmedInputs: fromPresence(message.get_require_confirmed_inputs()),
    }),
    make: (message) =>
      SpliceAck.constructor_new(
        toChannelId(message.channelId),
        message.fundingContributionSatoshis,
        message.fundingPubkey,
        toPresence(message.requireConfirmedInputs),
      ),
  }),
  pair<ln.SpliceLocked, SpliceLocked>(ln.spliceLocked, SpliceLocked, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      spliceTxid: message.get_splice_txid(),
    }),
    make: ({ channelId, spliceTxid }) =>
      SpliceLocked.constructor_new(toChannelId(channelId), spliceTxid),
  }),
];
