// Random messages of the sets outside the default one.
import fc from "fast-check";
import type { MessageBase, MessageCodec } from "../message.ts";
import * as opt from "../opt-in/index.ts";
import { arbitraryMessage, arbitraryMessages, type MessageOptions } from "./messages.ts";
import {
  bytes,
  features,
  hash,
  point,
  record,
  signature,
  someBytes,
  u16,
  u32,
  u64,
  u8,
  unknownRecords,
} from "./values.ts";

type Arbitrary<T> = fc.Arbitrary<T>;

const ascii = (minLength: number, maxLength: number): Arbitrary<Uint8Array> =>
  fc
    .string({ unit: fc.constantFrom("a", "Z", "0", "9", ".", "-"), minLength, maxLength })
    .map((text) => new TextEncoder().encode(text));
const nonce: Arbitrary<Uint8Array> = /* @__PURE__ */ fc
  .tuple(point, point)
  .map(([first, second]) => Uint8Array.of(...first, ...second));
const partialSignature: Arbitrary<Uint8Array> = /* @__PURE__ */ signature.map((pair) =>
  pair.slice(0, 32),
);

/** Arbitraries by the names of the messages. */
export type ArbitrariesOf<M extends MessageBase> = {
  readonly [K in M as K["type"]]: Arbitrary<K>;
};

/** Arbitraries of {@link opt.taprootGossipMessages}. */
export function arbitraryTaprootGossip(
  options: MessageOptions = {},
): ArbitrariesOf<opt.TaprootGossipMessage> {
  return {
    announcement_signatures_2: arbitraryMessage(
      opt.announcementSignatures2,
      { channelId: hash, shortChannelId: u64, partialSignature },
      options,
    ),
    channel_announcement_2: arbitraryMessage(
      opt.channelAnnouncement2,
      {
        chainHash: hash,
        features,
        shortChannelId: u64,
        capacitySatoshis: u64,
        nodeId1: point,
        nodeId2: point,
        bitcoinKey1: point,
        bitcoinKey2: point,
        merkleRootHash: hash,
        outpoint: record({ txid: hash, index: u16 }),
        signature,
      },
      options,
    ),
    node_announcement_2: arbitraryMessage(
      opt.nodeAnnouncement2,
      {
        features,
        color: bytes(3),
        blockHeight: u32,
        alias: ascii(1, 32),
        nodeId: point,
        ipv4Addrs: addresses("ipv4", 4),
        ipv6Addrs: addresses("ipv6", 16),
        torV3Addrs: addresses("torv3", 35),
        dnsHostnames: fc.array(record({ hostname: ascii(1, 40), port: u16 }), { maxLength: 3 }),
        signature,
      },
      options,
    ),
    channel_update_2: arbitraryMessage(
      opt.channelUpdate2,
      {
        chainHash: hash,
        shortChannelId: u64,
        blockHeight: u32,
        disableFlags: u8,
        secondPeer: fc.constant(true),
        cltvExpiryDelta: u16,
        htlcMinimumMsat: u64,
        htlcMaximumMsat: u64,
        feeBaseMsat: u32,
        feeProportionalMillionths: u32,
        signature,
      },
      options,
    ),
  };
}

/** Arbitraries of {@link opt.taprootChannelMessages}. */
export function arbitraryTaprootChannels(
  options: MessageOptions = {},
): ArbitrariesOf<opt.TaprootChannelMessage> {
  const base = arbitraryMessages({ unknown: false });
  const signed = record({ partialSignature, publicNonce: nonce });
  const nonces = fc.array(record({ fundingTxid: hash, publicNonce: nonce }), { maxLength: 3 });
  const of = <M extends B, B extends MessageBase>(
    codec: MessageCodec<M>,
    original: Arbitrary<B>,
    extras: { [K in Exclude<keyof M, keyof B>]-?: Arbitrary<Exclude<M[K], undefined>> },
  ): Arbitrary<M> => extended(codec, original, extras, options);
  return {
    open_channel: of(opt.taprootOpenChannel, base.open_channel, { nextLocalNonce: nonce }),
    accept_channel: of(opt.taprootAcceptChannel, base.accept_channel, { nextLocalNonce: nonce }),
    funding_created: of(opt.taprootFundingCreated, base.funding_created, {
      partialSignatureWithNonce: signed,
    }),
    funding_signed: of(opt.taprootFundingSigned, base.funding_signed, {
      partialSignatureWithNonce: signed,
    }),
    channel_ready: of(opt.taprootChannelReady, base.channel_ready, { nextLocalNonce: nonce }),
    shutdown: of(opt.taprootShutdown, base.shutdown, { shutdownNonce: nonce }),
    closing_signed: of(opt.taprootClosingSigned, base.closing_signed, { partialSignature }),
    closing_complete: of(opt.taprootClosingComplete, base.closing_complete, {
      closerNoClosee: signed,
      noCloserClosee: signed,
      closerAndClosee: signed,
    }),
    closing_sig: of(opt.taprootClosingSig, base.closing_sig, {
      closerNoClosee: partialSignature,
      noCloserClosee: partialSignature,
      closerAndClosee: partialSignature,
      nextCloseeNonce: nonce,
    }),
    commitment_signed: of(opt.taprootCommitmentSigned, base.commitment_signed, {
      partialSignatureWithNonce: signed,
    }),
    revoke_and_ack: of(opt.taprootRevokeAndAck, base.revoke_and_ack, {
      nextLocalNonce: nonce,
      nextLocalNonces: nonces,
    }),
    channel_reestablish: of(opt.taprootChannelReestablish, base.channel_reestablish, {
      nextLocalNonce: nonce,
      nextLocalNonces: nonces,
    }),
  };
}

/** Arbitraries of {@link opt.dynamicCommitmentMessages}. */
export function arbitraryDynamicCommitments(
  options: MessageOptions = {},
): ArbitrariesOf<opt.DynamicCommitmentMessage> {
  const parameters = {
    dustLimitSatoshis: u64,
    maxHtlcValueInFlightMsat: u64,
    htlcMinimumMsat: u64,
    channelReserveSatoshis: u64,
    toSelfDelay: u16,
    maxAcceptedHtlcs: u16,
    channelType: features,
  };
  const signed = { channelId: hash, signature };
  return {
    dyn_propose: arbitraryMessage(opt.dynPropose, { channelId: hash, ...parameters }, options),
    dyn_ack: arbitraryMessage(opt.dynAck, { ...signed, localNonce: nonce }, options),
    dyn_reject: arbitraryMessage(
      opt.dynReject,
      { channelId: hash, updateRejections: features },
      options,
    ),
    dyn_commit: arbitraryMessage(
      opt.dynCommit,
      { ...signed, ...parameters, localNonce: nonce },
      options,
    ),
    kickoff_sig: arbitraryMessage(opt.kickoffSig, signed, options),
  };
}

/** Arbitraries of {@link opt.commandoMessages}. Pieces are any bytes, not JSON. */
export function arbitraryCommando(): ArbitrariesOf<opt.CommandoMessage> {
  const fields = { id: u64, json: someBytes };
  const options = { unknown: false };
  return {
    commando_msg_cmd_continues: arbitraryMessage(opt.commandoMsgCmdContinues, fields, options),
    commando_msg_cmd_term: arbitraryMessage(opt.commandoMsgCmdTerm, fields, options),
    commando_msg_reply_continues: arbitraryMessage(opt.commandoMsgReplyContinues, fields, options),
    commando_msg_reply_term: arbitraryMessage(opt.commandoMsgReplyTerm, fields, options),
  };
}

/** Arbitraries of {@link opt.lsps0Messages}. Payloads are any bytes, not JSON. */
export function arbitraryLsps0(): ArbitrariesOf<opt.Lsps0Message> {
  return { lsps0: arbitraryMessage(opt.lsps0, { payload: someBytes }, { unknown: false }) };
}

function addresses<Type extends string>(
  type: Type,
  length: number,
): Arbitrary<readonly { type: Type; address: Uint8Array; port: number }[]> {
  const address = record({ type: fc.constant(type), address: bytes(length), port: u16 });
  return fc.array(address, { maxLength: 3 });
}

/** A message of the spec with records that a draft adds, each of them sometimes absent. */
function extended<M extends B, B extends MessageBase>(
  codec: MessageCodec<M>,
  original: Arbitrary<B>,
  extras: { [K in Exclude<keyof M, keyof B>]-?: Arbitrary<Exclude<M[K], undefined>> },
  { unknown = true }: MessageOptions,
): Arbitrary<M> {
  const types = Object.values<readonly [number | bigint, unknown]>(codec.tlvs);
  const known = types.map(([type]) => BigInt(type));
  const model: Record<string, Arbitrary<unknown>> = unknown
    ? { ...extras, unknown: unknownRecords(known) }
    : { ...extras };
  return fc
    .tuple(original, fc.record(model, { requiredKeys: [], noNullPrototype: true }))
    .map(([message, records]) => ({ ...message, ...records }) as unknown as M);
}
