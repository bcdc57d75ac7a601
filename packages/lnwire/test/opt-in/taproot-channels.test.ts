import { expect, test } from "vitest";
import {
  type TaprootChannelMessage,
  type TaprootOpenChannel,
  taprootAcceptChannel,
  taprootChannelMessages,
  taprootChannelReady,
  taprootFundingCreated,
  taprootFundingSigned,
  taprootOpenChannel,
} from "../../src/opt-in/index.ts";
import {
  decodeMessage,
  fromHex,
  lightningMessages,
  messageSet,
  replaceMessages,
  toHex,
  u32,
  withTlvs,
  type KnownMessage,
  type MessageCodec,
  type UnknownMessage,
} from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";
import {
  hash1,
  hash2,
  noSig,
  nonce,
  signed,
  point1,
  point2,
  point3,
  point4,
  point5,
  point6,
  signature,
  short,
  badNonce,
  badSigned,
  badSignature,
} from "../support/taproot-values.ts";
import { thrown } from "../support/thrown.ts";

const limits = {
  dustLimitSatoshis: 546n,
  maxHtlcValueInFlightMsat: 2n,
  channelReserveSatoshis: 3n,
  htlcMinimumMsat: 4n,
  toSelfDelay: 144,
  maxAcceptedHtlcs: 483,
};
const limitsHex = {
  dustLimitSatoshis: "0000000000000222",
  maxHtlcValueInFlightMsat: "0000000000000002",
  channelReserveSatoshis: "0000000000000003",
  htlcMinimumMsat: "0000000000000004",
};
const keys = {
  fundingPubkey: fromHex(point1),
  revocationBasepoint: fromHex(point2),
  paymentBasepoint: fromHex(point3),
  delayedPaymentBasepoint: fromHex(point4),
  htlcBasepoint: fromHex(point5),
  firstPerCommitmentPoint: fromHex(point6),
};
const keysHex = {
  fundingPubkey: point1,
  revocationBasepoint: point2,
  paymentBasepoint: point3,
  delayedPaymentBasepoint: point4,
  htlcBasepoint: point5,
  firstPerCommitmentPoint: point6,
};

describeOptIn({
  codec: taprootOpenChannel,
  id: 32,
  name: "open_channel",
  value: {
    type: "open_channel",
    chainHash: fromHex(hash1),
    temporaryChannelId: fromHex(hash2),
    fundingSatoshis: 1_000_000n,
    pushMsat: 1n,
    ...limits,
    feeratePerKw: 253,
    ...keys,
    channelFlags: 0,
    upfrontShutdownScript: fromHex(""),
    channelType: fromHex("01"),
    nextLocalNonce: fromHex(nonce),
  },
  fields: {
    chainHash: hash1,
    temporaryChannelId: hash2,
    fundingSatoshis: "00000000000f4240",
    pushMsat: "0000000000000001",
    ...limitsHex,
    feeratePerKw: "000000fd",
    toSelfDelay: "0090",
    maxAcceptedHtlcs: "01e3",
    ...keysHex,
    channelFlags: "00",
  },
  records: {
    upfrontShutdownScript: "0000",
    channelType: "010101",
    nextLocalNonce: `0442${nonce}`,
  },
  badValues: [
    ["a nonce of 65 bytes", { nextLocalNonce: short }, "wrong_length", ["nextLocalNonce"]],
  ],
  badRecords: badNonce("04", "nextLocalNonce"),
});

describeOptIn({
  codec: taprootAcceptChannel,
  id: 33,
  name: "accept_channel",
  value: {
    type: "accept_channel",
    temporaryChannelId: fromHex(hash2),
    ...limits,
    minimumDepth: 3,
    ...keys,
    upfrontShutdownScript: fromHex(""),
    channelType: fromHex("01"),
    nextLocalNonce: fromHex(nonce),
  },
  fields: {
    temporaryChannelId: hash2,
    ...limitsHex,
    minimumDepth: "00000003",
    toSelfDelay: "0090",
    maxAcceptedHtlcs: "01e3",
    ...keysHex,
  },
  records: {
    upfrontShutdownScript: "0000",
    channelType: "010101",
    nextLocalNonce: `0442${nonce}`,
  },
  badValues: [
    ["a nonce of 65 bytes", { nextLocalNonce: short }, "wrong_length", ["nextLocalNonce"]],
  ],
  badRecords: badNonce("04", "nextLocalNonce"),
});

describeOptIn({
  codec: taprootFundingCreated,
  id: 34,
  name: "funding_created",
  value: {
    type: "funding_created",
    temporaryChannelId: fromHex(hash2),
    fundingTxid: fromHex(hash1),
    fundingOutputIndex: 258,
    signature: fromHex(noSig),
    partialSignatureWithNonce: signature,
  },
  fields: {
    temporaryChannelId: hash2,
    fundingTxid: hash1,
    fundingOutputIndex: "0102",
    signature: noSig,
  },
  records: { partialSignatureWithNonce: `0262${signed}` },
  badValues: badSignature,
  badRecords: badSigned("02", "partialSignatureWithNonce"),
});

describeOptIn({
  codec: taprootFundingSigned,
  id: 35,
  name: "funding_signed",
  value: {
    type: "funding_signed",
    channelId: fromHex(hash1),
    signature: fromHex(noSig),
    partialSignatureWithNonce: signature,
  },
  fields: { channelId: hash1, signature: noSig },
  records: { partialSignatureWithNonce: `0262${signed}` },
  badValues: badSignature,
  badRecords: badSigned("02", "partialSignatureWithNonce"),
});

describeOptIn({
  codec: taprootChannelReady,
  id: 36,
  name: "channel_ready",
  value: {
    type: "channel_ready",
    channelId: fromHex(hash1),
    secondPerCommitmentPoint: fromHex(point1),
    shortChannelId: 1n,
    nextLocalNonce: fromHex(nonce),
  },
  fields: { channelId: hash1, secondPerCommitmentPoint: point1 },
  records: { shortChannelId: "01080000000000000001", nextLocalNonce: `0442${nonce}` },
  badValues: [
    ["a nonce of 65 bytes", { nextLocalNonce: short }, "wrong_length", ["nextLocalNonce"]],
  ],
  badRecords: badNonce("04", "nextLocalNonce"),
});

test("the chapter has its twelve messages, all of them with names and numbers of the spec", () => {
  expect(taprootChannelMessages).toHaveLength(12);
  for (const { id, name } of taprootChannelMessages) {
    expect(lightningMessages.codecs.find((codec) => codec.name === name)?.id).toBe(id);
  }
});

test("the fields of the spec's messages are still there", () => {
  for (const { name, fields, tlvs } of taprootChannelMessages) {
    const original = lightningMessages.codecs.find((codec) => codec.name === name);
    expect(Object.keys(fields)).toEqual(Object.keys(original?.fields ?? {}));
    expect(tlvs).toMatchObject(original?.tlvs ?? {});
    expect(Object.keys(tlvs).length).toBeGreaterThan(Object.keys(original?.tlvs ?? {}).length);
  }
});

const ready = `0024${hash1}${point1}0442${nonce}`;

test("in place of the spec's messages, they make the default set read what it refuses", () => {
  const error = thrown(() => decodeMessage(fromHex(ready)));
  expect(error).toMatchObject({ code: "unknown_required", path: ["channel_ready"] });

  const codecs = replaceMessages(lightningMessages.codecs, taprootChannelMessages);
  const set = messageSet(codecs);
  const message:
    | Exclude<KnownMessage, { type: TaprootChannelMessage["type"] }>
    | TaprootChannelMessage
    | UnknownMessage = set.decode(fromHex(ready));
  if (message.type !== "channel_ready") throw new Error(message.type);
  const read: Uint8Array | undefined = message.nextLocalNonce;
  expect(toHex(read ?? new Uint8Array(0))).toBe(nonce);
  expect(toHex(set.encode(message))).toBe(ready);
  expect(set.codecs.map(({ id }) => id)).toEqual(lightningMessages.codecs.map(({ id }) => id));
  expect(set.decode(fromHex("001200080000"))).toMatchObject({ type: "ping", numPongBytes: 8 });
});

test("beside the spec's messages they are refused", () => {
  expect(() => messageSet([...lightningMessages.codecs, ...taprootChannelMessages])).toThrow(
    new RangeError(
      "two messages of a set share a number or a name: open_channel (32) and open_channel (32)",
    ),
  );
});

test("more records go on top of them", () => {
  interface LeasedChannel extends TaprootOpenChannel {
    readonly leaseExpiry?: number;
  }
  const leased: MessageCodec<LeasedChannel> = withTlvs(taprootOpenChannel, {
    leaseExpiry: [65536, u32],
  });
  expect(Object.keys(leased.tlvs)).toEqual([
    ...Object.keys(taprootOpenChannel.tlvs),
    "leaseExpiry",
  ]);
  const taken = (): unknown =>
    withTlvs<LeasedChannel, TaprootOpenChannel>(taprootOpenChannel, { leaseExpiry: [4, u32] });
  expect(taken).toThrow(new RangeError("TLV type 4 belongs to two fields"));
});
