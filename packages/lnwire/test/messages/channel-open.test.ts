import {
  acceptChannel,
  type AcceptChannel,
  type ChannelReady,
  channelReady,
  fromHex,
  type FundingCreated,
  fundingCreated,
  type FundingSigned,
  fundingSigned,
  type OpenChannel,
  openChannel,
} from "../../src/index.ts";
import { badFields, badPoints } from "../support/bad-fields.ts";
import {
  basepointFields,
  basepointNames,
  basepoints,
  basepointTypes,
  pointHex,
} from "../support/basepoints.ts";
import { describeMessage, frameHex } from "../support/describe-message.ts";

const chain = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const temporary = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const txid = "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f";
const signature = `c1${"d2".repeat(62)}c3`;

const u64Max = 2n ** 64n - 1n;
const script = `0014${"b1".repeat(20)}`;
const longScript = "6a" + "b2".repeat(252);
const longType = "80" + "b3".repeat(31);

const pointsHex = Object.values(basepointFields).join("");

const openFields = {
  chainHash: chain,
  temporaryChannelId: temporary,
  fundingSatoshis: "0102030405060708",
  pushMsat: "1112131415161718",
  dustLimitSatoshis: "2122232425262728",
  maxHtlcValueInFlightMsat: "3132333435363738",
  channelReserveSatoshis: "4142434445464748",
  htlcMinimumMsat: "5152535455565758",
  feeratePerKw: "61626364",
  toSelfDelay: "7172",
  maxAcceptedHtlcs: "8182",
  ...basepointFields,
  channelFlags: "91",
};
const open: OpenChannel = {
  type: "open_channel",
  chainHash: fromHex(chain),
  temporaryChannelId: fromHex(temporary),
  fundingSatoshis: 0x0102030405060708n,
  pushMsat: 0x1112131415161718n,
  dustLimitSatoshis: 0x2122232425262728n,
  maxHtlcValueInFlightMsat: 0x3132333435363738n,
  channelReserveSatoshis: 0x4142434445464748n,
  htlcMinimumMsat: 0x5152535455565758n,
  feeratePerKw: 0x61626364,
  toSelfDelay: 0x7172,
  maxAcceptedHtlcs: 0x8182,
  ...basepoints,
  channelFlags: 0x91,
};
const openHex = frameHex(32, openFields);

describeMessage({
  codec: openChannel,
  id: 32,
  value: open,
  fields: openFields,
  more: [
    [
      "with the largest numbers",
      {
        ...open,
        fundingSatoshis: u64Max,
        pushMsat: u64Max,
        dustLimitSatoshis: u64Max,
        maxHtlcValueInFlightMsat: u64Max,
        channelReserveSatoshis: u64Max,
        htlcMinimumMsat: u64Max,
        feeratePerKw: 0xffffffff,
        toSelfDelay: 0xffff,
        maxAcceptedHtlcs: 0xffff,
        channelFlags: 0xff,
      },
      `0020${chain}${temporary}${"ff".repeat(6 * 8 + 4 + 2 + 2)}${pointsHex}ff`,
    ],
    [
      "with zeros",
      {
        ...open,
        fundingSatoshis: 0n,
        pushMsat: 0n,
        dustLimitSatoshis: 0n,
        maxHtlcValueInFlightMsat: 0n,
        channelReserveSatoshis: 0n,
        htlcMinimumMsat: 0n,
        feeratePerKw: 0,
        toSelfDelay: 0,
        maxAcceptedHtlcs: 0,
        channelFlags: 0,
      },
      `0020${chain}${temporary}${"00".repeat(6 * 8 + 4 + 2 + 2)}${pointsHex}00`,
    ],
    [
      "with a shutdown script",
      { ...open, upfrontShutdownScript: fromHex(script) },
      `${openHex}0016${script}`,
    ],
    [
      "with an empty shutdown script",
      { ...open, upfrontShutdownScript: fromHex("") },
      `${openHex}0000`,
    ],
    [
      "with a shutdown script of 253 bytes",
      { ...open, upfrontShutdownScript: fromHex(longScript) },
      `${openHex}00fd00fd${longScript}`,
    ],
    [
      "with a channel type",
      { ...open, channelType: fromHex("401000") },
      `${openHex}${"0103"}401000`,
    ],
    ["with an empty channel type", { ...open, channelType: fromHex("") }, `${openHex}0100`],
    [
      "with all records",
      { ...open, upfrontShutdownScript: fromHex(script), channelType: fromHex(longType) },
      `${openHex}0016${script}` + `0120${longType}`,
    ],
  ],
  badValues: [
    ...badFields({
      chainHash: "hash",
      temporaryChannelId: "hash",
      fundingSatoshis: "u64",
      pushMsat: "u64",
      dustLimitSatoshis: "u64",
      maxHtlcValueInFlightMsat: "u64",
      channelReserveSatoshis: "u64",
      htlcMinimumMsat: "u64",
      feeratePerKw: "u32",
      toSelfDelay: "u16",
      maxAcceptedHtlcs: "u16",
      ...basepointTypes,
      channelFlags: "u8",
      upfrontShutdownScript: "bytes",
      channelType: "bytes",
    }),
    [
      "one byte of script more than fits a message",
      { upfrontShutdownScript: new Uint8Array(65535 - 321 - 4 + 1) },
      "too_long",
      [],
    ],
  ],
  badHex: [
    ...badPoints(32, openFields, basepointNames),
    ["a script longer than the message", `${openHex}0017${script}`, "short_read", [], 323],
    ["a channel type longer than the message", `${openHex}0101`, "short_read", [], 323],
    ["the channel type before the script", `${openHex}01000000`, "out_of_order", [], 323],
    ["two scripts", `${openHex}00000000`, "out_of_order", [], 323],
    ["two channel types", `${openHex}01021000${"0100"}`, "out_of_order", [], 325],
  ],
});

const acceptFields = {
  temporaryChannelId: temporary,
  dustLimitSatoshis: "0102030405060708",
  maxHtlcValueInFlightMsat: "1112131415161718",
  channelReserveSatoshis: "2122232425262728",
  htlcMinimumMsat: "3132333435363738",
  minimumDepth: "41424344",
  toSelfDelay: "5152",
  maxAcceptedHtlcs: "6162",
  ...basepointFields,
};
const accept: AcceptChannel = {
  type: "accept_channel",
  temporaryChannelId: fromHex(temporary),
  dustLimitSatoshis: 0x0102030405060708n,
  maxHtlcValueInFlightMsat: 0x1112131415161718n,
  channelReserveSatoshis: 0x2122232425262728n,
  htlcMinimumMsat: 0x3132333435363738n,
  minimumDepth: 0x41424344,
  toSelfDelay: 0x5152,
  maxAcceptedHtlcs: 0x6162,
  ...basepoints,
};
const acceptHex = frameHex(33, acceptFields);

describeMessage({
  codec: acceptChannel,
  id: 33,
  value: accept,
  fields: acceptFields,
  more: [
    [
      "with the largest numbers",
      {
        ...accept,
        dustLimitSatoshis: u64Max,
        maxHtlcValueInFlightMsat: u64Max,
        channelReserveSatoshis: u64Max,
        htlcMinimumMsat: u64Max,
        minimumDepth: 0xffffffff,
        toSelfDelay: 0xffff,
        maxAcceptedHtlcs: 0xffff,
      },
      `0021${temporary}${"ff".repeat(4 * 8 + 4 + 2 + 2)}${pointsHex}`,
    ],
    [
      "with zeros",
      {
        ...accept,
        dustLimitSatoshis: 0n,
        maxHtlcValueInFlightMsat: 0n,
        channelReserveSatoshis: 0n,
        htlcMinimumMsat: 0n,
        minimumDepth: 0,
        toSelfDelay: 0,
        maxAcceptedHtlcs: 0,
      },
      `0021${temporary}${"00".repeat(4 * 8 + 4 + 2 + 2)}${pointsHex}`,
    ],
    [
      "with a shutdown script",
      { ...accept, upfrontShutdownScript: fromHex(script) },
      `${acceptHex}0016${script}`,
    ],
    [
      "with an empty shutdown script",
      { ...accept, upfrontShutdownScript: fromHex("") },
      `${acceptHex}0000`,
    ],
    ["with a channel type", { ...accept, channelType: fromHex("1000") }, `${acceptHex}01021000`],
    ["with an empty channel type", { ...accept, channelType: fromHex("") }, `${acceptHex}0100`],
    [
      "with all records",
      { ...accept, upfrontShutdownScript: fromHex(longScript), channelType: fromHex(longType) },
      `${acceptHex}00fd00fd${longScript}` + `0120${longType}`,
    ],
  ],
  badValues: badFields({
    temporaryChannelId: "hash",
    dustLimitSatoshis: "u64",
    maxHtlcValueInFlightMsat: "u64",
    channelReserveSatoshis: "u64",
    htlcMinimumMsat: "u64",
    minimumDepth: "u32",
    toSelfDelay: "u16",
    maxAcceptedHtlcs: "u16",
    ...basepointTypes,
    upfrontShutdownScript: "bytes",
    channelType: "bytes",
  }),
  badHex: [
    ...badPoints(33, acceptFields, basepointNames),
    ["a script longer than the message", `${acceptHex}0001`, "short_read", [], 274],
    ["a channel type longer than the message", `${acceptHex}010310`, "short_read", [], 274],
    ["the channel type before the script", `${acceptHex}01000000`, "out_of_order", [], 274],
  ],
});

const createdFields = {
  temporaryChannelId: temporary,
  fundingTxid: txid,
  fundingOutputIndex: "0102",
  signature,
};
const created: FundingCreated = {
  type: "funding_created",
  temporaryChannelId: fromHex(temporary),
  fundingTxid: fromHex(txid),
  fundingOutputIndex: 0x0102,
  signature: fromHex(signature),
};

describeMessage({
  codec: fundingCreated,
  id: 34,
  value: created,
  fields: createdFields,
  more: [
    [
      "with the first output",
      { ...created, fundingOutputIndex: 0 },
      `0022${temporary}${txid}0000${signature}`,
    ],
    [
      "with the last output that has a number",
      { ...created, fundingOutputIndex: 0xffff },
      `0022${temporary}${txid}ffff${signature}`,
    ],
  ],
  badValues: badFields({
    temporaryChannelId: "hash",
    fundingTxid: "hash",
    fundingOutputIndex: "u16",
    signature: "signature",
  }),
  badHex: [
    [
      "a signature of 65 bytes, whose last announces a record",
      `0022${temporary}${txid}0102${signature}01`,
      "short_read",
      [],
      133,
    ],
  ],
});

const signed: FundingSigned = {
  type: "funding_signed",
  channelId: fromHex(txid),
  signature: fromHex(signature),
};

describeMessage({
  codec: fundingSigned,
  id: 35,
  value: signed,
  fields: { channelId: txid, signature },
  badValues: badFields({ channelId: "hash", signature: "signature" }),
  badHex: [
    [
      "a signature of 63 bytes",
      `0023${txid}${signature.slice(0, -2)}`,
      "short_read",
      ["signature"],
      34,
    ],
  ],
});

const readyFields = { channelId: txid, secondPerCommitmentPoint: pointHex("02a7") };
const ready: ChannelReady = {
  type: "channel_ready",
  channelId: fromHex(txid),
  secondPerCommitmentPoint: fromHex(pointHex("02a7")),
};
const readyHex = frameHex(36, readyFields);

describeMessage({
  codec: channelReady,
  id: 36,
  value: ready,
  fields: readyFields,
  more: [
    [
      "with an alias",
      { ...ready, shortChannelId: 0x083a84_00034d_0001n },
      `${readyHex}0108${"083a84"}00034d${"0001"}`,
    ],
    [
      "with the largest alias",
      { ...ready, shortChannelId: u64Max },
      `${readyHex}0108${"ff".repeat(8)}`,
    ],
    ["with an alias of zero", { ...ready, shortChannelId: 0n }, `${readyHex}0108${"00".repeat(8)}`],
  ],
  badValues: badFields({
    channelId: "hash",
    secondPerCommitmentPoint: "point",
    shortChannelId: "u64",
  }),
  badHex: [
    ...badPoints(36, readyFields, ["secondPerCommitmentPoint"]),
    ["an empty alias", `${readyHex}0100`, "short_read", ["shortChannelId"], 69],
    [
      "an alias of 7 bytes",
      `${readyHex}0107${"11".repeat(7)}`,
      "short_read",
      ["shortChannelId"],
      69,
    ],
    [
      "an alias of 9 bytes",
      `${readyHex}0109${"11".repeat(9)}`,
      "trailing_bytes",
      ["shortChannelId"],
      77,
    ],
    ["an alias longer than the message", `${readyHex}010811`, "short_read", [], 69],
    [
      "two aliases",
      `${readyHex}0108${"11".repeat(8)}0108${"22".repeat(8)}`,
      "out_of_order",
      [],
      77,
    ],
  ],
});
