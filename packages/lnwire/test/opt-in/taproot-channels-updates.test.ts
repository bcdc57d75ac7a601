// Closing, commitments and reconnection of taproot channels.
import {
  taprootChannelReestablish,
  taprootClosingComplete,
  taprootClosingSig,
  taprootClosingSigned,
  taprootCommitmentSigned,
  taprootRevokeAndAck,
  taprootShutdown,
} from "../../src/opt-in/index.ts";
import { fromHex } from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";
import {
  hash1,
  hash2,
  sig,
  noSig,
  partial,
  nonce,
  signed,
  point1,
  signature,
  short,
  zeros,
  badNonce,
  badPartial,
  badSigned,
  badSignature,
} from "../support/taproot-values.ts";

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
