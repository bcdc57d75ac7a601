import { expect, test } from "vitest";
import {
  type TaprootChannelMessage,
  taprootAcceptChannel,
  taprootChannelMessages,
  taprootChannelReady,
  taprootChannelReestablish,
  taprootClosingComplete,
  taprootClosingSig,
  taprootClosingSigned,
  taprootCommitmentSigned,
  taprootFundingCreated,
  taprootFundingSigned,
  type TaprootOpenChannel,
  taprootOpenChannel,
  taprootRevokeAndAck,
  taprootShutdown,
} from "../../src/opt-in/index.ts";
import {
  decodeMessage,
  fromHex,
  type KnownMessage,
  lightningMessages,
  type MessageCodec,
  messageSet,
  replaceMessages,
  toHex,
  u32,
  type UnknownMessage,
  withTlvs,
} from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";
import { thrown } from "../support/thrown.ts";

const hash1 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const hash2 = "f0".repeat(32);
const sig = "a1".repeat(32) + "a2".repeat(32);
const noSig = "00".repeat(64);
const partial = "55".repeat(32);
const nonce = `02${"11".repeat(32)}03${"22".repeat(32)}`;
const signed = partial + nonce;
const points = ["31", "32", "33", "34", "35", "36"].map((byte) => `02${byte.repeat(32)}`);
const [point1, point2, point3, point4, point5, point6] = points as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const signature = { partialSignature: fromHex(partial), publicNonce: fromHex(nonce) };
const short = new Uint8Array(65);

/** A record of `length` bytes of zero. */
const zeros = (type: string, length: number): string =>
  `${type}${length.toString(16).padStart(2, "0")}${"00".repeat(length)}`;

/** What every nonce record has in common; `type` is one byte in hex. */
const badNonce = (type: string, key: string) =>
  [
    [`${key} of 65 bytes`, zeros(type, 65), "short_read", [key], 2],
    [`${key} of 67 bytes`, zeros(type, 67), "trailing_bytes", [key], 68],
  ] as const;
const badPartial = (type: string, key: string) =>
  [
    [`${key} of 31 bytes`, zeros(type, 31), "short_read", [key], 2],
    [`${key} of 98 bytes`, zeros(type, 98), "trailing_bytes", [key], 34],
  ] as const;
const badSigned = (type: string, key: string) =>
  [
    [`${key} of 32 bytes`, zeros(type, 32), "short_read", [key, "publicNonce"], 34],
    [`${key} of 97 bytes`, zeros(type, 97), "short_read", [key, "publicNonce"], 34],
    [`${key} of 99 bytes`, zeros(type, 99), "trailing_bytes", [key], 100],
  ] as const;

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

const badSignature = [
  [
    "a partial signature of 31 bytes",
    {
      partialSignatureWithNonce: { ...signature, partialSignature: new Uint8Array(31) },
    },
    "wrong_length",
    ["partialSignatureWithNonce", "partialSignature"],
  ],
  [
    "a signature without nonce",
    { partialSignatureWithNonce: { partialSignature: fromHex(partial) } },
    "missing_field",
    ["partialSignatureWithNonce", "publicNonce"],
  ],
] as const;

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

describeOptIn({
  codec: taprootShutdown,
  id: 38,
  name: "shutdown",
  value: {
    type: "shutdown",
    channelId: fromHex(hash1),
    scriptpubkey: fromHex("5120"),
    shutdownNonce: fromHex(nonce),
  },
  fields: { channelId: hash1, scriptpubkey: "00025120" },
  records: { shutdownNonce: `0842${nonce}` },
  badValues: [["a nonce of 65 bytes", { shutdownNonce: short }, "wrong_length", ["shutdownNonce"]]],
  badRecords: badNonce("08", "shutdownNonce"),
});

describeOptIn({
  codec: taprootClosingSigned,
  id: 39,
  name: "closing_signed",
  value: {
    type: "closing_signed",
    channelId: fromHex(hash1),
    feeSatoshis: 1000n,
    signature: fromHex(noSig),
    feeRange: { minFeeSatoshis: 1n, maxFeeSatoshis: 2n },
    partialSignature: fromHex(partial),
  },
  fields: { channelId: hash1, feeSatoshis: "00000000000003e8", signature: noSig },
  records: {
    feeRange: "01100000000000000001" + "0000000000000002",
    partialSignature: `0620${partial}`,
  },
  badValues: [
    [
      "a partial signature of 65 bytes",
      { partialSignature: short },
      "wrong_length",
      ["partialSignature"],
    ],
  ],
  badRecords: badPartial("06", "partialSignature"),
});

const closing = {
  channelId: fromHex(hash1),
  closerScriptpubkey: fromHex("5120"),
  closeeScriptpubkey: fromHex("0014ab"),
  feeSatoshis: 1000n,
  locktime: 0x01020304,
  closerOutputOnly: fromHex(sig),
  closeeOutputOnly: fromHex(sig),
  closerAndCloseeOutputs: fromHex(sig),
};
const closingHex = {
  channelId: hash1,
  closerScriptpubkey: "00025120",
  closeeScriptpubkey: "00030014ab",
  feeSatoshis: "00000000000003e8",
  locktime: "01020304",
};
const closingRecords = {
  closerOutputOnly: `0140${sig}`,
  closeeOutputOnly: `0240${sig}`,
  closerAndCloseeOutputs: `0340${sig}`,
};

describeOptIn({
  codec: taprootClosingComplete,
  id: 40,
  name: "closing_complete",
  value: {
    type: "closing_complete",
    ...closing,
    closerNoClosee: signature,
    noCloserClosee: { ...signature, partialSignature: fromHex(hash1) },
    closerAndClosee: { ...signature, partialSignature: fromHex(hash2) },
  },
  fields: closingHex,
  records: {
    ...closingRecords,
    closerNoClosee: `0562${signed}`,
    noCloserClosee: `0662${hash1}${nonce}`,
    closerAndClosee: `0762${hash2}${nonce}`,
  },
  badValues: [
    [
      "bytes for a signature with nonce",
      { closerNoClosee: fromHex(signed) },
      "missing_field",
      ["closerNoClosee", "partialSignature"],
    ],
    [
      "a nonce of 65 bytes",
      { noCloserClosee: { ...signature, publicNonce: short } },
      "wrong_length",
      ["noCloserClosee", "publicNonce"],
    ],
  ],
  badRecords: [
    ...badSigned("05", "closerNoClosee"),
    ...badSigned("06", "noCloserClosee"),
    ...badSigned("07", "closerAndClosee"),
    ["the nonce of closing_sig", zeros("16", 66), "unknown_required", [], 0],
  ],
});

describeOptIn({
  codec: taprootClosingSig,
  id: 41,
  name: "closing_sig",
  value: {
    type: "closing_sig",
    ...closing,
    closerNoClosee: fromHex(partial),
    noCloserClosee: fromHex(hash1),
    closerAndClosee: fromHex(hash2),
    nextCloseeNonce: fromHex(nonce),
  },
  fields: closingHex,
  records: {
    ...closingRecords,
    closerNoClosee: `0520${partial}`,
    noCloserClosee: `0620${hash1}`,
    closerAndClosee: `0720${hash2}`,
    nextCloseeNonce: `1642${nonce}`,
  },
  badValues: [
    [
      "a signature of 98 bytes",
      { closerNoClosee: fromHex(signed) },
      "wrong_length",
      ["closerNoClosee"],
    ],
    ["a nonce of 65 bytes", { nextCloseeNonce: short }, "wrong_length", ["nextCloseeNonce"]],
  ],
  badRecords: [
    ...badPartial("05", "closerNoClosee"),
    ...badPartial("06", "noCloserClosee"),
    ...badPartial("07", "closerAndClosee"),
    ...badNonce("16", "nextCloseeNonce"),
  ],
});

describeOptIn({
  codec: taprootCommitmentSigned,
  id: 132,
  name: "commitment_signed",
  value: {
    type: "commitment_signed",
    channelId: fromHex(hash1),
    signature: fromHex(noSig),
    htlcSignatures: [fromHex(sig)],
    fundingTxid: fromHex(hash2),
    partialSignatureWithNonce: signature,
  },
  fields: { channelId: hash1, signature: noSig, htlcSignatures: `0001${sig}` },
  records: { fundingTxid: `0120${hash2}`, partialSignatureWithNonce: `0262${signed}` },
  badValues: badSignature,
  badRecords: badSigned("02", "partialSignatureWithNonce"),
});

const entry1 = { fundingTxid: fromHex(hash1), publicNonce: fromHex(nonce) };
const entry2 = { fundingTxid: fromHex(hash2), publicNonce: fromHex(nonce) };
const badEntries = [
  [
    "a nonce map of 97 bytes",
    zeros("16", 97),
    "short_read",
    ["nextLocalNonces", 0, "publicNonce"],
    34,
  ],
  [
    "a nonce map of 99 bytes",
    zeros("16", 99),
    "short_read",
    ["nextLocalNonces", 1, "fundingTxid"],
    100,
  ],
  ...badNonce("04", "nextLocalNonce"),
] as const;
const badEntryValues = [
  ["a nonce of 65 bytes", { nextLocalNonce: short }, "wrong_length", ["nextLocalNonce"]],
  [
    "a second entry without nonce",
    { nextLocalNonces: [entry1, { fundingTxid: fromHex(hash2) }] },
    "missing_field",
    ["nextLocalNonces", 1, "publicNonce"],
  ],
  [
    "an entry with a txid of 31 bytes",
    { nextLocalNonces: [{ ...entry1, fundingTxid: new Uint8Array(31) }] },
    "wrong_length",
    ["nextLocalNonces", 0, "fundingTxid"],
  ],
] as const;

describeOptIn({
  codec: taprootRevokeAndAck,
  id: 133,
  name: "revoke_and_ack",
  value: {
    type: "revoke_and_ack",
    channelId: fromHex(hash1),
    perCommitmentSecret: fromHex(hash2),
    nextPerCommitmentPoint: fromHex(point1),
    nextLocalNonce: fromHex(nonce),
    nextLocalNonces: [entry1, entry2],
  },
  fields: { channelId: hash1, perCommitmentSecret: hash2, nextPerCommitmentPoint: point1 },
  records: {
    nextLocalNonce: `0442${nonce}`,
    nextLocalNonces: `16c4${hash1}${nonce}${hash2}${nonce}`,
  },
  more: [
    [
      "with a nonce map that is empty",
      {
        type: "revoke_and_ack",
        channelId: fromHex(hash1),
        perCommitmentSecret: fromHex(hash2),
        nextPerCommitmentPoint: fromHex(point1),
        nextLocalNonces: [],
      },
      `0085${hash1}${hash2}${point1}1600`,
    ],
  ],
  badValues: badEntryValues,
  badRecords: badEntries,
});

describeOptIn({
  codec: taprootChannelReestablish,
  id: 136,
  name: "channel_reestablish",
  value: {
    type: "channel_reestablish",
    channelId: fromHex(hash1),
    nextCommitmentNumber: 1n,
    nextRevocationNumber: 2n,
    yourLastPerCommitmentSecret: fromHex(hash2),
    myCurrentPerCommitmentPoint: fromHex(point1),
    nextFunding: { nextFundingTxid: fromHex(hash1), retransmitFlags: 1 },
    nextLocalNonce: fromHex(nonce),
    myCurrentFundingLocked: { myCurrentFundingLockedTxid: fromHex(hash2), retransmitFlags: 0 },
    // The order of the sender, whatever it is, and the same transaction twice.
    nextLocalNonces: [entry2, entry1, entry2],
  },
  fields: {
    channelId: hash1,
    nextCommitmentNumber: "0000000000000001",
    nextRevocationNumber: "0000000000000002",
    yourLastPerCommitmentSecret: hash2,
    myCurrentPerCommitmentPoint: point1,
  },
  records: {
    nextFunding: `0121${hash1}01`,
    nextLocalNonce: `0442${nonce}`,
    myCurrentFundingLocked: `0521${hash2}00`,
    nextLocalNonces: `16fd0126${hash2}${nonce}${hash1}${nonce}${hash2}${nonce}`,
  },
  badValues: badEntryValues,
  badRecords: badEntries,
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
