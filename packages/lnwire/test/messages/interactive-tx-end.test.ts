import {
  fromHex,
  type TxAckRbf,
  txAckRbf,
  type TxInitRbf,
  txInitRbf,
  type TxSignatures,
  txSignatures,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { describeMessage } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const txid = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const sharedSignature = `c1${"d2".repeat(62)}c3`;
const channelId = fromHex(channel);

const signatures: TxSignatures = {
  type: "tx_signatures",
  channelId,
  txid: fromHex(txid),
  witnesses: [fromHex("a1a2a3"), fromHex("b1")],
};
const beforeWitnesses = `0047${channel}${txid}`;
const signaturesHex = `${beforeWitnesses}0002${"0003"}a1a2a3${"0001"}b1`;

describeMessage({
  codec: txSignatures,
  id: 71,
  value: signatures,
  fields: { channelId: channel, txid, witnesses: "0002" + "0003a1a2a3" + "0001b1" },
  more: [
    ["without witnesses", { ...signatures, witnesses: [] }, `${beforeWitnesses}0000`],
    [
      "with an empty witness",
      { ...signatures, witnesses: [fromHex("")] },
      `${beforeWitnesses}0001${"0000"}`,
    ],
    [
      "with 256 witnesses, the last of 256 bytes",
      {
        ...signatures,
        witnesses: [...Array.from({ length: 255 }, () => fromHex("")), fromHex("a4".repeat(256))],
      },
      `${beforeWitnesses}0100${"0000".repeat(255)}0100${"a4".repeat(256)}`,
    ],
    [
      "with a signature for the shared input",
      { ...signatures, sharedInputSignature: fromHex(sharedSignature) },
      `${signaturesHex}0040${sharedSignature}`,
    ],
    [
      "with nothing but a signature for the shared input",
      { ...signatures, witnesses: [], sharedInputSignature: fromHex(sharedSignature) },
      `${beforeWitnesses}0000${"0040"}${sharedSignature}`,
    ],
  ],
  badValues: [
    ...badFields({ channelId: "hash", txid: "hash", sharedInputSignature: "signature" }),
    ["a witness of letters", { witnesses: ["a1"] }, "invalid_value", ["witnesses", 0]],
    [
      "a witness longer than its length",
      { witnesses: [fromHex("a1"), new Uint8Array(65536)] },
      "too_long",
      ["witnesses", 1],
    ],
    [
      "more witnesses than can be counted",
      { witnesses: Array.from({ length: 65536 }, () => fromHex("")) },
      "too_long",
      ["witnesses"],
    ],
    [
      "one byte of witness more than fits a message",
      { witnesses: [new Uint8Array(65535 - 70 + 1)] },
      "too_long",
      [],
    ],
  ],
  badHex: [
    [
      "more witnesses than bytes",
      `${beforeWitnesses}ffff${"0003"}a1a2a3`,
      "short_read",
      ["witnesses"],
      68,
    ],
    [
      "one witness less than announced",
      `${beforeWitnesses}0003${"0003"}a1a2a3${"0001"}b1`,
      "short_read",
      ["witnesses", 2],
      76,
    ],
    [
      "one witness more than announced",
      // Its length and its byte look like a record of type 0.
      `${beforeWitnesses}0001${"0003"}a1a2a3${"0001"}b1`,
      "short_read",
      ["sharedInputSignature"],
      75,
    ],
    [
      "a first witness longer than the message",
      `${beforeWitnesses}0001${"0004"}a1a2a3`,
      "short_read",
      ["witnesses", 0],
      70,
    ],
    [
      "a second witness longer than the message",
      `${beforeWitnesses}0002${"0003"}a1a2a3${"ffff"}b1`,
      "short_read",
      ["witnesses", 1],
      75,
    ],
    [
      "an empty signature for the shared input",
      `${signaturesHex}0000`,
      "short_read",
      ["sharedInputSignature"],
      78,
    ],
    [
      "a signature of 63 bytes",
      `${signaturesHex}003f${sharedSignature.slice(2)}`,
      "short_read",
      ["sharedInputSignature"],
      78,
    ],
    [
      "a signature of 65 bytes",
      `${signaturesHex}0041${sharedSignature}01`,
      "trailing_bytes",
      ["sharedInputSignature"],
      142,
    ],
    ["a signature cut short", `${signaturesHex}0040${"c1".repeat(63)}`, "short_read", [], 78],
  ],
});

const initRbf: TxInitRbf = {
  type: "tx_init_rbf",
  channelId,
  locktime: 0x01020304,
  feerate: 0x11121314,
};
const initRbfHex = `0048${channel}01020304${"11121314"}`;

describeMessage({
  codec: txInitRbf,
  id: 72,
  value: initRbf,
  fields: { channelId: channel, locktime: "01020304", feerate: "11121314" },
  more: [
    [
      "with the largest numbers",
      {
        ...initRbf,
        locktime: 0xffffffff,
        feerate: 0xffffffff,
        fundingOutputContribution: 2n ** 63n - 1n,
      },
      `0048${channel}${"ff".repeat(8)}0008${"7fffffffffffffff"}`,
    ],
    [
      "with zeros",
      { ...initRbf, locktime: 0, feerate: 0, fundingOutputContribution: 0n },
      `0048${channel}${"00".repeat(8)}0008${"00".repeat(8)}`,
    ],
    [
      "that adds to the channel",
      { ...initRbf, fundingOutputContribution: 0x2122232425262728n },
      `${initRbfHex}00082122232425262728`,
    ],
    [
      "that takes out of the channel",
      { ...initRbf, fundingOutputContribution: -2n },
      `${initRbfHex}0008${"ff".repeat(7)}fe`,
    ],
    [
      "that takes out the most",
      { ...initRbf, fundingOutputContribution: -(2n ** 63n) },
      `${initRbfHex}0008${"80"}${"00".repeat(7)}`,
    ],
    [
      "that wants confirmed inputs",
      { ...initRbf, requireConfirmedInputs: true },
      `${initRbfHex}0200`,
    ],
    [
      "with all records, and an unknown one between them",
      {
        ...initRbf,
        fundingOutputContribution: 1n,
        requireConfirmedInputs: true,
        unknown: [{ type: 1n, value: fromHex("ab") }],
      },
      `${initRbfHex}0008${"00".repeat(7)}01` + "0101ab" + "0200",
    ],
  ],
  badValues: badFields({
    channelId: "hash",
    locktime: "u32",
    feerate: "u32",
    fundingOutputContribution: "s64",
    requireConfirmedInputs: "presence",
  }),
  badHex: [
    ["an empty contribution", `${initRbfHex}0000`, "short_read", ["fundingOutputContribution"], 44],
    [
      "a contribution of 7 bytes",
      `${initRbfHex}0007${"11".repeat(7)}`,
      "short_read",
      ["fundingOutputContribution"],
      44,
    ],
    [
      "a contribution of 9 bytes",
      `${initRbfHex}0009${"11".repeat(9)}`,
      "trailing_bytes",
      ["fundingOutputContribution"],
      52,
    ],
    ["a contribution cut short", `${initRbfHex}0008${"11".repeat(7)}`, "short_read", [], 44],
    [
      "a byte in the wish for confirmed inputs",
      `${initRbfHex}020100`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      44,
    ],
    [
      "the wish before the contribution",
      `${initRbfHex}0200${"0008"}${"11".repeat(8)}`,
      "out_of_order",
      [],
      44,
    ],
  ],
});

const ackRbf: TxAckRbf = { type: "tx_ack_rbf", channelId };
const ackRbfHex = `0049${channel}`;

describeMessage({
  codec: txAckRbf,
  id: 73,
  value: ackRbf,
  fields: { channelId: channel },
  more: [
    [
      "that adds to the channel",
      { ...ackRbf, fundingOutputContribution: 0x0102030405060708n },
      `${ackRbfHex}00080102030405060708`,
    ],
    [
      "that adds the most",
      { ...ackRbf, fundingOutputContribution: 2n ** 63n - 1n },
      `${ackRbfHex}00087fffffffffffffff`,
    ],
    [
      "that takes out of the channel",
      { ...ackRbf, fundingOutputContribution: -256n },
      `${ackRbfHex}0008${"ff".repeat(7)}00`,
    ],
    [
      "that takes out the most",
      { ...ackRbf, fundingOutputContribution: -(2n ** 63n) },
      `${ackRbfHex}00088000000000000000`,
    ],
    [
      "that wants confirmed inputs",
      { ...ackRbf, requireConfirmedInputs: true },
      `${ackRbfHex}0200`,
    ],
    [
      "with all records",
      { ...ackRbf, fundingOutputContribution: 0n, requireConfirmedInputs: true },
      `${ackRbfHex}0008${"00".repeat(8)}` + "0200",
    ],
  ],
  badValues: badFields({
    channelId: "hash",
    fundingOutputContribution: "s64",
    requireConfirmedInputs: "presence",
  }),
  badHex: [
    ["an empty contribution", `${ackRbfHex}0000`, "short_read", ["fundingOutputContribution"], 36],
    [
      "a contribution of 7 bytes",
      `${ackRbfHex}0007${"11".repeat(7)}`,
      "short_read",
      ["fundingOutputContribution"],
      36,
    ],
    [
      "a contribution of 9 bytes",
      `${ackRbfHex}0009${"11".repeat(9)}`,
      "trailing_bytes",
      ["fundingOutputContribution"],
      44,
    ],
    [
      "a byte in the wish for confirmed inputs",
      `${ackRbfHex}020100`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      36,
    ],
    [
      "the wish before the contribution",
      `${ackRbfHex}0200${"0008"}${"11".repeat(8)}`,
      "out_of_order",
      [],
      36,
    ],
  ],
});
