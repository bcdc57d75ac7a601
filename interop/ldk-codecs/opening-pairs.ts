/** BOLT 2: channels are opened. */
import * as ln from "@satwire/lnwire";
import {
  AcceptChannel,
  AcceptChannelV2,
  ChannelReady,
  CommonAcceptChannelFields,
  CommonOpenChannelFields,
  FundingCreated,
  FundingSigned,
  OpenChannel,
  OpenChannelV2,
} from "lightningdevkit";
import {
  fromChannelId,
  fromFeatures,
  fromPresence,
  toChannelId,
  toChannelType,
  toOptionalBytes,
  toOptionalU64,
  toPresence,
} from "./fields.ts";
import { asU16, asU32, asU64, asU8, optional, type Pair, pair, unlessNull } from "./pair.ts";

type Common = CommonOpenChannelFields | CommonAcceptChannelFields;

/** What LDK's getters of all four messages share. */
const commonFields = (common: Common) => {
  const channelType = unlessNull(common.get_channel_type());
  return {
    temporaryChannelId: fromChannelId(common.get_temporary_channel_id()),
    dustLimitSatoshis: asU64(common.get_dust_limit_satoshis()),
    maxHtlcValueInFlightMsat: asU64(common.get_max_htlc_value_in_flight_msat()),
    htlcMinimumMsat: asU64(common.get_htlc_minimum_msat()),
    toSelfDelay: asU16(common.get_to_self_delay()),
    maxAcceptedHtlcs: asU16(common.get_max_accepted_htlcs()),
    fundingPubkey: common.get_funding_pubkey(),
    revocationBasepoint: common.get_revocation_basepoint(),
    paymentBasepoint: common.get_payment_basepoint(),
    delayedPaymentBasepoint: common.get_delayed_payment_basepoint(),
    htlcBasepoint: common.get_htlc_basepoint(),
    firstPerCommitmentPoint: common.get_first_per_commitment_point(),
    upfrontShutdownScript: optional<Uint8Array>(common.get_shutdown_scriptpubkey()),
    channelType: channelType && fromFeatures(channelType),
  };
};

const toCommonOpen = (message: ln.OpenChannel | ln.OpenChannel2): CommonOpenChannelFields =>
  CommonOpenChannelFields.constructor_new(
    message.chainHash,
    toChannelId(message.temporaryChannelId),
    message.fundingSatoshis,
    message.dustLimitSatoshis,
    message.maxHtlcValueInFlightMsat,
    message.htlcMinimumMsat,
    message.type === "open_channel" ? message.feeratePerKw : message.commitmentFeeratePerkw,
    message.toSelfDelay,
    message.maxAcceptedHtlcs,
    message.fundingPubkey,
    message.revocationBasepoint,
    message.paymentBasepoint,
    message.delayedPaymentBasepoint,
    message.htlcBasepoint,
    message.firstPerCommitmentPoint,
    message.channelFlags,
    toOptionalBytes(message.upfrontShutdownScript),
    toChannelType(message.channelType),
  );

const toCommonAccept = (message: ln.AcceptChannel | ln.AcceptChannel2): CommonAcceptChannelFields =>
  CommonAcceptChannelFields.constructor_new(
    toChannelId(message.temporaryChannelId),
    message.dustLimitSatoshis,
    message.maxHtlcValueInFlightMsat,
    message.htlcMinimumMsat,
    message.minimumDepth,
    message.toSelfDelay,
    message.maxAcceptedHtlcs,
    message.fundingPubkey,
    message.revocationBasepoint,
    message.paymentBasepoint,
    message.delayedPaymentBasepoint,
    message.htlcBasepoint,
    message.firstPerCommitmentPoint,
    toOptionalBytes(message.upfrontShutdownScript),
    toChannelType(message.channelType),
  );

export const openingPairs: readonly Pair[] = [
  pair<ln.OpenChannel, OpenChannel>(ln.openChannel, OpenChannel, {
    fields(message) {
      const common = message.get_common_fields();
      return {
        ...commonFields(common),
        chainHash: common.get_chain_hash(),
        fundingSatoshis: asU64(common.get_funding_satoshis()),
        pushMsat: asU64(message.get_push_msat()),
        channelReserveSatoshis: asU64(message.get_channel_reserve_satoshis()),
        feeratePerKw: asU32(common.get_commitment_feerate_sat_per_1000_weight()),
        channelFlags: asU8(common.get_channel_flags()),
      };
    },
    make: (message) =>
      OpenChannel.constructor_new(
        toCommonOpen(message),
        message.pushMsat,
        message.channelReserveSatoshis,
      ),
  }),
  pair<ln.OpenChannel2, OpenChannelV2>(ln.openChannel2, OpenChannelV2, {
    fields(message) {
      const common = message.get_common_fields();
      return {
        ...commonFields(common),
        chainHash: common.get_chain_hash(),
        fundingFeeratePerkw: asU32(message.get_funding_feerate_sat_per_1000_weight()),
        commitmentFeeratePerkw: asU32(common.get_commitment_feerate_sat_per_1000_weight()),
        fundingSatoshis: asU64(common.get_funding_satoshis()),
        locktime: asU32(message.get_locktime()),
        secondPerCommitmentPoint: message.get_second_per_commitment_point(),
        channelFlags: asU8(common.get_channel_flags()),
        requireConfirmedInputs: fromPresence(message.get_require_confirmed_inputs()),
      };
    },
    make: (message) =>
      OpenChannelV2.constructor_new(
        toCommonOpen(message),
        message.fundingFeeratePerkw,
        message.locktime,
        message.secondPerCommitmentPoint,
        toPresence(message.requireConfirmedInputs),
      ),
  }),
  pair<ln.AcceptChannel, AcceptChannel>(ln.acceptChannel, AcceptChannel, {
    fields(message) {
      const common = message.get_common_fields();
      return {
        ...commonFields(common),
        channelReserveSatoshis: asU64(message.get_channel_reserve_satoshis()),
        minimumDepth: asU32(common.get_minimum_depth()),
      };
    },
    make: (message) =>
      AcceptChannel.constructor_new(toCommonAccept(message), message.channelReserveSatoshis),
  }),
  pair<ln.AcceptChannel2, AcceptChannelV2>(ln.acceptChannel2, AcceptChannelV2, {
    fields(message) {
      const common = message.get_common_fields();
      return {
        ...commonFields(common),
        fundingSatoshis: asU64(message.get_funding_satoshis()),
        minimumDepth: asU32(common.get_minimum_depth()),
        secondPerCommitmentPoint: message.get_second_per_commitment_point(),
        requireConfirmedInputs: fromPresence(message.get_require_confirmed_inputs()),
      };
    },
    make: (message) =>
      AcceptChannelV2.constructor_new(
        toCommonAccept(message),
        message.fundingSatoshis,
        message.secondPerCommitmentPoint,
        toPresence(message.requireConfirmedInputs),
      ),
  }),
  pair<ln.FundingCreated, FundingCreated>(ln.fundingCreated, FundingCreated, {
    fields: (message) => ({
      temporaryChannelId: fromChannelId(message.get_temporary_channel_id()),
      fundingTxid: message.get_funding_txid(),
      fundingOutputIndex: asU16(message.get_funding_output_index()),
      signature: message.get_signature(),
    }),
    make: (message) =>
      FundingCreated.constructor_new(
        toChannelId(message.temporaryChannelId),
        message.fundingTxid,
        message.fundingOutputIndex,
        message.signature,
      ),
  }),
  pair<ln.FundingSigned, FundingSigned>(ln.fundingSigned, FundingSigned, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      signature: message.get_signature(),
    }),
    make: ({ channelId, signature }) =>
      FundingSigned.constructor_new(toChannelId(channelId), signature),
  }),
  pair<ln.ChannelReady, ChannelReady>(ln.channelReady, ChannelReady, {
    fields(message) {
      const alias = optional<bigint>(message.get_short_channel_id_alias());
      return {
        channelId: fromChannelId(message.get_channel_id()),
        secondPerCommitmentPoint: message.get_next_per_commitment_point(),
        shortChannelId: alias === undefined ? undefined : asU64(alias),
      };
    },
    make: ({ channelId, secondPerCommitmentPoint, shortChannelId }) =>
      ChannelReady.constructor_new(
        toChannelId(channelId),
        secondPerCommitmentPoint,
        toOptionalU64(shortChannelId),
      ),
  }),
];
