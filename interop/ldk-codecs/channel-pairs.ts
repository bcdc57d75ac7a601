/** BOLT 2: HTLCs, commitments, reconnection and closing. */
import * as ln from "@satwire/lnwire";
import {
  ChannelReestablish,
  ClosingSigned,
  ClosingSignedFeeRange,
  CommitmentSigned,
  OnionPacket,
  RevokeAndACK,
  Shutdown,
  UpdateAddHTLC,
  UpdateFailHTLC,
  UpdateFailMalformedHTLC,
  UpdateFee,
  UpdateFulfillHTLC,
} from "lightningdevkit";
import { fromChannelId, toChannelId, toOptionalHash, toOptionalU64 } from "./fields.ts";
import {
  asU16,
  asU32,
  asU64,
  mustRead,
  optional,
  type Pair,
  pair,
  readPayload,
  unlessNull,
} from "./pair.ts";

/** `extra_fee` of bLIP 25: LDK's name for it is `skimmed_fee_msat`. */
export const extraFeeType = 65_537n;

/** Rust's `None` is a point of zeros in the bindings. */
const pointOrNone = (bytes: Uint8Array): Uint8Array | undefined =>
  bytes[0] === 0 ? undefined : bytes;

const noId = new Uint8Array(32);

export const channelPairs: readonly Pair[] = [
  pair<ln.Shutdown, Shutdown>(ln.shutdown, Shutdown, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      scriptpubkey: message.get_scriptpubkey(),
    }),
    make: ({ channelId, scriptpubkey }) =>
      Shutdown.constructor_new(toChannelId(channelId), scriptpubkey),
  }),
  pair<ln.ClosingSigned, ClosingSigned>(ln.closingSigned, ClosingSigned, {
    fields(message) {
      const range = unlessNull(message.get_fee_range());
      return {
        channelId: fromChannelId(message.get_channel_id()),
        feeSatoshis: asU64(message.get_fee_satoshis()),
        signature: message.get_signature(),
        feeRange: range && {
          minFeeSatoshis: asU64(range.get_min_fee_satoshis()),
          maxFeeSatoshis: asU64(range.get_max_fee_satoshis()),
        },
      };
    },
    make: ({ channelId, feeSatoshis, signature, feeRange }) =>
      ClosingSigned.constructor_new(
        toChannelId(channelId),
        feeSatoshis,
        signature,
        feeRange === undefined
          ? null
          : ClosingSignedFeeRange.constructor_new(feeRange.minFeeSatoshis, feeRange.maxFeeSatoshis),
      ),
  }),
  pair<ln.UpdateAddHtlc, UpdateAddHTLC>(ln.updateAddHtlc, UpdateAddHTLC, {
    fields(message) {
      const fee = optional<bigint>(message.get_skimmed_fee_msat());
      const record = { type: extraFeeType, value: ln.encode(ln.u64, asU64(fee ?? 0n)) };
      return {
        channelId: fromChannelId(message.get_channel_id()),
        id: asU64(message.get_htlc_id()),
        amountMsat: asU64(message.get_amount_msat()),
        paymentHash: message.get_payment_hash(),
        cltvExpiry: asU32(message.get_cltv_expiry()),
        onionRoutingPacket: message.get_onion_routing_packet().write(),
        pathKey: pointOrNone(message.get_blinding_point()),
        ...(fee === undefined ? {} : { unknown: [record] }),
      };
    },
    make(message) {
      const fee = message.unknown?.find(({ type }) => type === extraFeeType);
      return UpdateAddHTLC.constructor_new(
        toChannelId(message.channelId),
        message.id,
        message.amountMsat,
        message.paymentHash,
        message.cltvExpiry,
        toOptionalU64(fee && ln.decode(ln.u64, fee.value)),
        mustRead(OnionPacket, message.onionRoutingPacket),
        message.pathKey ?? null,
      );
    },
  }),
  pair<ln.UpdateFulfillHtlc, UpdateFulfillHTLC>(ln.updateFulfillHtlc, UpdateFulfillHTLC, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      id: asU64(message.get_htlc_id()),
      paymentPreimage: message.get_payment_preimage(),
      attributionData: undefined,
    }),
    make: ({ channelId, id, paymentPreimage }) =>
      UpdateFulfillHTLC.constructor_new(toChannelId(channelId), id, paymentPreimage),
  }),
  // The bindings cannot make this and the next one from nothing: their setters go over a message that was read.
  pair<ln.UpdateFailHtlc, UpdateFailHTLC, "reason">(ln.updateFailHtlc, UpdateFailHTLC, {
    hidden: ["reason"],
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      id: asU64(message.get_htlc_id()),
      attributionData: undefined,
    }),
    make(message) {
      const blank = { ...message, channelId: noId, id: 0n };
      const made = readPayload(UpdateFailHTLC, ln.updateFailHtlc, blank);
      made.set_channel_id(toChannelId(message.channelId));
      made.set_htlc_id(message.id);
      return made;
    },
  }),
  pair<ln.UpdateFailMalformedHtlc, UpdateFailMalformedHTLC, "sha256OfOnion">(
    ln.updateFailMalformedHtlc,
    UpdateFailMalformedHTLC,
    {
      hidden: ["sha256OfOnion"],
      fields: (message) => ({
        channelId: fromChannelId(message.get_channel_id()),
        id: asU64(message.get_htlc_id()),
        failureCode: asU16(message.get_failure_code()),
      }),
      make(message) {
        const blank = { ...message, channelId: noId, id: 0n, failureCode: 0 };
        const made = readPayload(UpdateFailMalformedHTLC, ln.updateFailMalformedHtlc, blank);
        made.set_channel_id(toChannelId(message.channelId));
        made.set_htlc_id(message.id);
        made.set_failure_code(message.failureCode);
        return made;
      },
    },
  ),
  pair<ln.CommitmentSigned, CommitmentSigned>(ln.commitmentSigned, CommitmentSigned, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      signature: message.get_signature(),
      htlcSignatures: message.get_htlc_signatures(),
      fundingTxid: undefined,
    }),
    make: ({ channelId, signature, htlcSignatures }) =>
      CommitmentSigned.constructor_new(
        toChannelId(channelId),
        signature,
        [...htlcSignatures],
        null,
      ),
  }),
  pair<ln.RevokeAndAck, RevokeAndACK>(ln.revokeAndAck, RevokeAndACK, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      perCommitmentSecret: message.get_per_commitment_secret(),
      nextPerCommitmentPoint: message.get_next_per_commitment_point(),
    }),
    make: ({ channelId, perCommitmentSecret, nextPerCommitmentPoint }) =>
      RevokeAndACK.constructor_new(
        toChannelId(channelId),
        perCommitmentSecret,
        nextPerCommitmentPoint,
      ),
  }),
  pair<ln.UpdateFee, UpdateFee>(ln.updateFee, UpdateFee, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      feeratePerKw: asU32(message.get_feerate_per_kw()),
    }),
    make: ({ channelId, feeratePerKw }) =>
      UpdateFee.constructor_new(toChannelId(channelId), feeratePerKw),
  }),
  pair<ln.ChannelReestablish, ChannelReestablish>(ln.channelReestablish, ChannelReestablish, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      nextCommitmentNumber: asU64(message.get_next_local_commitment_number()),
      nextRevocationNumber: asU64(message.get_next_remote_commitment_number()),
      yourLastPerCommitmentSecret: message.get_your_last_per_commitment_secret(),
      myCurrentPerCommitmentPoint: message.get_my_current_per_commitment_point(),
      nextFunding: undefined,
      myCurrentFundingLocked: undefined,
    }),
    make: (message) =>
      ChannelReestablish.constructor_new(
        toChannelId(message.channelId),
        message.nextCommitmentNumber,
        message.nextRevocationNumber,
        message.yourLastPerCommitmentSecret,
        message.myCurrentPerCommitmentPoint,
        toOptionalHash(undefined),
      ),
  }),
];
