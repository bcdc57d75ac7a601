import { expect, test } from "vitest";
import {
  channelReestablish,
  commitmentSigned,
  decodeMessage,
  encodeMessage,
  fromHex,
  revokeAndAck,
  startBatch,
  updateFee,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const txid = `a1${"a2".repeat(30)}a3`;
const otherTxid = `b1${"b2".repeat(30)}b3`;
const secret = `c1${"c2".repeat(30)}c3`;
const point = `02d1${"d2".repeat(30)}d3`;
const signatures = ["61", "72", "83"].map((byte) => `${byte.repeat(63)}0a`) as [
  string,
  string,
  string,
];

const batch = { type: "start_batch", channelId: fromHex(channel), batchSize: 0x0102 } as const;
const batchHex = `007f${channel}0102`; // 36 bytes

describeMessage({
  codec: startBatch,
  id: 127,
  value: batch,
  fields: { channelId: channel, batchSize: "0102" },
  more: [
    [
      "with the type of the messages that follow",
      { ...batch, messageType: 132 },
      `${batchHex}01020084`,
    ],
    [
      "with the greatest numbers",
      { ...batch, batchSize: 65535, messageType: 65535 },
      `007f${channel}ffff0102ffff`,
    ],
    ["with zeros", { ...batch, batchSize: 0, messageType: 0 }, `007f${channel}0000${"01020000"}`],
  ],
  badValues: [
    ["a channel id of 33 bytes", { channelId: new Uint8Array(33) }, "wrong_length", ["channelId"]],
    ["a size beyond 16 bits", { batchSize: 65536 }, "out_of_range", ["batchSize"]],
    ["a negative size", { batchSize: -1 }, "out_of_range", ["batchSize"]],
    ["a type beyond 16 bits", { messageType: 65536 }, "out_of_range", ["messageType"]],
    ["a type by its name", { messageType: "ping" }, "out_of_range", ["messageType"]],
  ],
  badHex: [
    ["a type of one byte", `${batchHex}010184`, "short_read", ["messageType"], 38],
    ["a type without bytes", `${batchHex}0100`, "short_read", ["messageType"], 38],
    ["a type of three bytes", `${batchHex}0103000084`, "trailing_bytes", ["messageType"], 40],
    ["two types", `${batchHex}01020084${"01020084"}`, "out_of_order", [], 40],
    ["a type in an even record", `${batchHex}00020084`, "unknown_required", [], 36],
  ],
});

const commitment = {
  type: "commitment_signed",
  channelId: fromHex(channel),
  signature: fromHex(signatures[0]),
  htlcSignatures: [fromHex(signatures[1]), fromHex(signatures[2])],
} as const;
const commitmentHex = `0084${channel}${signatures[0]}`; // 98 bytes
const htlcsHex = `0002${signatures[1]}${signatures[2]}`; // 130 bytes

describeMessage({
  codec: commitmentSigned,
  id: 132,
  value: commitment,
  fields: { channelId: channel, signature: signatures[0], htlcSignatures: htlcsHex },
  more: [
    ["without HTLCs", { ...commitment, htlcSignatures: [] }, `${commitmentHex}0000`],
    [
      "with the transaction that is spent",
      { ...commitment, fundingTxid: fromHex(txid) },
      `${commitmentHex}${htlcsHex}0120${txid}`,
    ],
    [
      "with that transaction and without HTLCs",
      { ...commitment, htlcSignatures: [], fundingTxid: fromHex(txid) },
      `${commitmentHex}0000${"0120"}${txid}`,
    ],
    [
      "with more HTLCs than one byte can count",
      { ...commitment, htlcSignatures: Array.from({ length: 966 }, () => fromHex(signatures[2])) },
      `${commitmentHex}03c6${signatures[2].repeat(966)}`,
    ],
  ],
  badValues: [
    ["a signature of 65 bytes", { signature: new Uint8Array(65) }, "wrong_length", ["signature"]],
    [
      "an HTLC's signature of 63 bytes",
      { htlcSignatures: [new Uint8Array(64), new Uint8Array(63)] },
      "wrong_length",
      ["htlcSignatures", 1],
    ],
    [
      "more signatures than can be counted",
      { htlcSignatures: Array.from({ length: 65536 }, () => new Uint8Array(64)) },
      "too_long",
      ["htlcSignatures"],
    ],
    [
      "one signature more than fits a message",
      { htlcSignatures: Array.from({ length: 1023 }, () => new Uint8Array(64)) },
      "too_long",
      [],
    ],
    [
      "a transaction id of 31 bytes",
      { fundingTxid: new Uint8Array(31) },
      "wrong_length",
      ["fundingTxid"],
    ],
  ],
  badHex: [
    // The count is checked first: no list is made for signatures that cannot be there.
    [
      "more signatures than bytes",
      `${commitmentHex}ffff${signatures[1]}`,
      "short_read",
      ["htlcSignatures"],
      100,
    ],
    [
      "one signature less than announced",
      `${commitmentHex}0003${signatures[1]}${signatures[2]}`,
      "short_read",
      ["htlcSignatures", 2],
      228,
    ],
    [
      "a transaction id of 31 bytes",
      `${commitmentHex}0000${"011f"}${"a2".repeat(31)}`,
      "short_read",
      ["fundingTxid"],
      102,
    ],
    [
      "a transaction id of 33 bytes",
      `${commitmentHex}0000${"0121"}${"a2".repeat(33)}`,
      "trailing_bytes",
      ["fundingTxid"],
      134,
    ],
  ],
});

test("as many signatures of HTLCs as fit a message go both ways", () => {
  const htlcSignatures = Array.from({ length: 1022 }, (_, i) => new Uint8Array(64).fill(i));
  const message = { ...commitment, htlcSignatures };
  const frame = encodeMessage(message);
  expect(frame.length).toBe(2 + 32 + 64 + 2 + 1022 * 64);
  expect(decodeMessage(frame)).toStrictEqual(message);
});

describeMessage({
  codec: revokeAndAck,
  id: 133,
  value: {
    type: "revoke_and_ack",
    channelId: fromHex(channel),
    perCommitmentSecret: fromHex(secret),
    nextPerCommitmentPoint: fromHex(point),
  },
  fields: { channelId: channel, perCommitmentSecret: secret, nextPerCommitmentPoint: point },
  badValues: [
    [
      "a secret of 33 bytes",
      { perCommitmentSecret: new Uint8Array(33) },
      "wrong_length",
      ["perCommitmentSecret"],
    ],
    [
      "a point of 32 bytes",
      { nextPerCommitmentPoint: new Uint8Array(32).fill(2) },
      "wrong_length",
      ["nextPerCommitmentPoint"],
    ],
    [
      "a point that starts with 5",
      { nextPerCommitmentPoint: new Uint8Array(33).fill(5) },
      "invalid_value",
      ["nextPerCommitmentPoint"],
    ],
  ],
  badHex: [
    [
      "a point that starts with 4",
      `0085${channel}${secret}04${"d2".repeat(32)}`,
      "invalid_value",
      ["nextPerCommitmentPoint"],
      66,
    ],
  ],
});

describeMessage({
  codec: updateFee,
  id: 134,
  value: { type: "update_fee", channelId: fromHex(channel), feeratePerKw: 0x51525354 },
  fields: { channelId: channel, feeratePerKw: "51525354" },
  more: [
    [
      "with the greatest feerate",
      { type: "update_fee", channelId: fromHex(channel), feeratePerKw: 0xffffffff },
      `0086${channel}ffffffff`,
    ],
  ],
  badValues: [
    ["a channel id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
    ["a feerate beyond 32 bits", { feeratePerKw: 2 ** 32 }, "out_of_range", ["feeratePerKw"]],
    ["a negative feerate", { feeratePerKw: -1 }, "out_of_range", ["feeratePerKw"]],
    ["a feerate that is a bigint", { feeratePerKw: 253n }, "out_of_range", ["feeratePerKw"]],
  ],
  badHex: [
    ["a feerate of three bytes", `0086${channel}515253`, "short_read", ["feeratePerKw"], 34],
  ],
});

const reestablish = {
  type: "channel_reestablish",
  channelId: fromHex(channel),
  nextCommitmentNumber: 0x0102030405060708n,
  nextRevocationNumber: 0x1112131415161718n,
  yourLastPerCommitmentSecret: fromHex(secret),
  myCurrentPerCommitmentPoint: fromHex(point),
} as const;
const reestablishHex = `0088${channel}0102030405060708${"1112131415161718"}${secret}${point}`; // 115
const locked = (myCurrentFundingLockedTxid: Uint8Array, retransmitFlags: number) => ({
  myCurrentFundingLockedTxid,
  retransmitFlags,
});

describeMessage({
  codec: channelReestablish,
  id: 136,
  value: reestablish,
  fields: {
    channelId: channel,
    nextCommitmentNumber: "0102030405060708",
    nextRevocationNumber: "1112131415161718",
    yourLastPerCommitmentSecret: secret,
    myCurrentPerCommitmentPoint: point,
  },
  more: [
    [
      "with a funding transaction that is not settled",
      { ...reestablish, nextFunding: { nextFundingTxid: fromHex(txid), retransmitFlags: 1 } },
      `${reestablishHex}0121${txid}01`,
    ],
    [
      "with the funding transaction that was locked",
      {
        ...reestablish,
        myCurrentFundingLocked: locked(fromHex(otherTxid), 2),
      },
      `${reestablishHex}0521${otherTxid}02`,
    ],
    [
      "with both and an unknown record between them",
      {
        ...reestablish,
        nextFunding: { nextFundingTxid: fromHex(txid), retransmitFlags: 255 },
        myCurrentFundingLocked: locked(fromHex(otherTxid), 0),
        unknown: [{ type: 3n, value: fromHex("33") }],
      },
      `${reestablishHex}0121${txid}ff${"030133"}0521${otherTxid}00`,
    ],
    [
      "with the greatest numbers and no secret yet",
      {
        ...reestablish,
        nextCommitmentNumber: 2n ** 64n - 1n,
        nextRevocationNumber: 0n,
        yourLastPerCommitmentSecret: new Uint8Array(32),
      },
      `0088${channel}${"ff".repeat(8)}${"00".repeat(8)}${"00".repeat(32)}${point}`,
    ],
  ],
  badValues: [
    [
      "a number that is no bigint",
      { nextCommitmentNumber: 1 },
      "invalid_value",
      ["nextCommitmentNumber"],
    ],
    [
      "a number beyond 64 bits",
      { nextRevocationNumber: 2n ** 64n },
      "out_of_range",
      ["nextRevocationNumber"],
    ],
    [
      "a secret of 31 bytes",
      { yourLastPerCommitmentSecret: new Uint8Array(31) },
      "wrong_length",
      ["yourLastPerCommitmentSecret"],
    ],
    [
      "a point of zeros",
      { myCurrentPerCommitmentPoint: new Uint8Array(33) },
      "invalid_value",
      ["myCurrentPerCommitmentPoint"],
    ],
    [
      "a next transaction id of 33 bytes",
      { nextFunding: { nextFundingTxid: new Uint8Array(33), retransmitFlags: 0 } },
      "wrong_length",
      ["nextFunding", "nextFundingTxid"],
    ],
    [
      "a next transaction without flags",
      { nextFunding: { nextFundingTxid: new Uint8Array(32) } },
      "missing_field",
      ["nextFunding", "retransmitFlags"],
    ],
    [
      "a locked transaction id of 31 bytes",
      { myCurrentFundingLocked: locked(new Uint8Array(31), 0) },
      "wrong_length",
      ["myCurrentFundingLocked", "myCurrentFundingLockedTxid"],
    ],
    [
      "flags beyond 8 bits",
      { myCurrentFundingLocked: locked(new Uint8Array(32), 256) },
      "out_of_range",
      ["myCurrentFundingLocked", "retransmitFlags"],
    ],
  ],
  badHex: [
    [
      "a point that starts with 6",
      `0088${channel}${"00".repeat(16)}${secret}06${"d2".repeat(32)}`,
      "invalid_value",
      ["myCurrentPerCommitmentPoint"],
      82,
    ],
    [
      "a next transaction without flags",
      `${reestablishHex}0120${txid}`,
      "short_read",
      ["nextFunding", "retransmitFlags"],
      149,
    ],
    [
      "a next transaction id of 31 bytes",
      `${reestablishHex}011f${"a2".repeat(31)}`,
      "short_read",
      ["nextFunding", "nextFundingTxid"],
      117,
    ],
    [
      "a byte behind the flags of the next transaction",
      `${reestablishHex}0122${txid}0100`,
      "trailing_bytes",
      ["nextFunding"],
      150,
    ],
    [
      "a locked transaction without flags",
      `${reestablishHex}0520${otherTxid}`,
      "short_read",
      ["myCurrentFundingLocked", "retransmitFlags"],
      149,
    ],
    [
      "a locked transaction id without bytes",
      `${reestablishHex}0500`,
      "short_read",
      ["myCurrentFundingLocked", "myCurrentFundingLockedTxid"],
      117,
    ],
    [
      "a byte behind the flags of the locked transaction",
      `${reestablishHex}0522${otherTxid}0200`,
      "trailing_bytes",
      ["myCurrentFundingLocked"],
      150,
    ],
    ["a record beyond the end", `${reestablishHex}0521${otherTxid}`, "short_read", [], 117],
    [
      "the locked transaction before the next one",
      `${reestablishHex}0521${otherTxid}00${"0121"}${txid}00`,
      "out_of_order",
      [],
      150,
    ],
  ],
});
