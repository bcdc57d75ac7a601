import {
  fromHex,
  type SpliceAck,
  spliceAck,
  type SpliceInit,
  spliceInit,
  spliceLocked,
  stfu,
} from "../../src/index.ts";
import { badFields, badPoints } from "../support/bad-fields.ts";
import { describeMessage, frameHex } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const txid = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const pubkey = `03a1${"5c".repeat(31)}`;
const channelId = fromHex(channel);

describeMessage({
  codec: stfu,
  id: 2,
  value: { type: "stfu", channelId, initiator: true },
  fields: { channelId: channel, initiator: "01" },
  more: [["in answer", { type: "stfu", channelId, initiator: false }, `0002${channel}00`]],
  badValues: [
    ...badFields({ channelId: "hash" }),
    ["an initiator of 1", { initiator: 1 }, "invalid_value", ["initiator"]],
    ["an initiator of 0", { initiator: 0 }, "invalid_value", ["initiator"]],
    ["no word on the initiator", { initiator: null }, "invalid_value", ["initiator"]],
  ],
  badHex: [
    ["an initiator of 2", `0002${channel}02`, "invalid_value", ["initiator"], 34],
    ["an initiator of 255", `0002${channel}ff`, "invalid_value", ["initiator"], 34],
  ],
});

const initFields = {
  channelId: channel,
  fundingContributionSatoshis: "0102030405060708",
  fundingFeeratePerkw: "11121314",
  locktime: "21222324",
  fundingPubkey: pubkey,
};
const init: SpliceInit = {
  type: "splice_init",
  channelId,
  fundingContributionSatoshis: 0x0102030405060708n,
  fundingFeeratePerkw: 0x11121314,
  locktime: 0x21222324,
  fundingPubkey: fromHex(pubkey),
};
const initHex = frameHex(80, initFields);

describeMessage({
  codec: spliceInit,
  id: 80,
  value: init,
  fields: initFields,
  more: [
    [
      "with the largest numbers",
      {
        ...init,
        fundingContributionSatoshis: 2n ** 63n - 1n,
        fundingFeeratePerkw: 0xffffffff,
        locktime: 0xffffffff,
      },
      `0050${channel}7fffffffffffffff${"ff".repeat(8)}${pubkey}`,
    ],
    [
      "with zeros",
      { ...init, fundingContributionSatoshis: 0n, fundingFeeratePerkw: 0, locktime: 0 },
      `0050${channel}${"00".repeat(16)}${pubkey}`,
    ],
    [
      "that takes out of the channel",
      { ...init, fundingContributionSatoshis: -2n },
      `0050${channel}fffffffffffffffe${"11121314"}${"21222324"}${pubkey}`,
    ],
    [
      "that takes out the most",
      { ...init, fundingContributionSatoshis: -(2n ** 63n) },
      `0050${channel}8000000000000000${"11121314"}${"21222324"}${pubkey}`,
    ],
    ["that wants confirmed inputs", { ...init, requireConfirmedInputs: true }, `${initHex}0200`],
    [
      "that wants confirmed inputs, behind an unknown record",
      {
        ...init,
        requireConfirmedInputs: true,
        unknown: [{ type: 1n, value: fromHex("ab") }],
      },
      `${initHex}0101ab0200`,
    ],
  ],
  badValues: badFields({
    channelId: "hash",
    fundingContributionSatoshis: "s64",
    fundingFeeratePerkw: "u32",
    locktime: "u32",
    fundingPubkey: "point",
    requireConfirmedInputs: "presence",
  }),
  badHex: [
    ...badPoints(80, initFields, ["fundingPubkey"]),
    [
      "a byte in the wish for confirmed inputs",
      `${initHex}020100`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      85,
    ],
    ["the wish for confirmed inputs cut short", `${initHex}0201`, "short_read", [], 85],
    ["the wish for confirmed inputs twice", `${initHex}02000200`, "out_of_order", [], 85],
  ],
});

const ackFields = {
  channelId: channel,
  fundingContributionSatoshis: "0102030405060708",
  fundingPubkey: pubkey,
};
const ack: SpliceAck = {
  type: "splice_ack",
  channelId,
  fundingContributionSatoshis: 0x0102030405060708n,
  fundingPubkey: fromHex(pubkey),
};
const ackHex = frameHex(81, ackFields);

describeMessage({
  codec: spliceAck,
  id: 81,
  value: ack,
  fields: ackFields,
  more: [
    [
      "that adds the most",
      { ...ack, fundingContributionSatoshis: 2n ** 63n - 1n },
      `0051${channel}7fffffffffffffff${pubkey}`,
    ],
    [
      "that adds nothing",
      { ...ack, fundingContributionSatoshis: 0n },
      `0051${channel}0000000000000000${pubkey}`,
    ],
    [
      "that takes out of the channel",
      { ...ack, fundingContributionSatoshis: -256n },
      `0051${channel}ffffffffffffff00${pubkey}`,
    ],
    [
      "that takes out the most",
      { ...ack, fundingContributionSatoshis: -(2n ** 63n) },
      `0051${channel}8000000000000000${pubkey}`,
    ],
    ["that wants confirmed inputs", { ...ack, requireConfirmedInputs: true }, `${ackHex}0200`],
  ],
  badValues: badFields({
    channelId: "hash",
    fundingContributionSatoshis: "s64",
    fundingPubkey: "point",
    requireConfirmedInputs: "presence",
  }),
  badHex: [
    ...badPoints(81, ackFields, ["fundingPubkey"]),
    [
      "a byte in the wish for confirmed inputs",
      `${ackHex}020100`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      77,
    ],
    ["the wish for confirmed inputs cut short", `${ackHex}0201`, "short_read", [], 77],
  ],
});

describeMessage({
  codec: spliceLocked,
  id: 77,
  value: { type: "splice_locked", channelId, spliceTxid: fromHex(txid) },
  fields: { channelId: channel, spliceTxid: txid },
  badValues: badFields({ channelId: "hash", spliceTxid: "hash" }),
  badHex: [
    [
      "a transaction id of 31 bytes",
      `004d${channel}${txid.slice(2)}`,
      "short_read",
      ["spliceTxid"],
      34,
    ],
  ],
});
