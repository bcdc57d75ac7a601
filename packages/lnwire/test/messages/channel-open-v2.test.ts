import {
  type AcceptChannel2,
  acceptChannel2,
  fromHex,
  type OpenChannel2,
  openChannel2,
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

const u64Max = 2n ** 64n - 1n;
const script = `0020${"b1".repeat(32)}`;
const longType = "80" + "b3".repeat(31);

const points = { ...basepointFields, secondPerCommitmentPoint: pointHex("02a7") };
const pointValues = { ...basepoints, secondPerCommitmentPoint: fromHex(pointHex("02a7")) };
const pointTypes = { ...basepointTypes, secondPerCommitmentPoint: "point" } as const;
const pointNames = [...basepointNames, "secondPerCommitmentPoint"] as const;
const pointsHex = Object.values(points).join("");

const openFields = {
  chainHash: chain,
  temporaryChannelId: temporary,
  fundingFeeratePerkw: "01020304",
  commitmentFeeratePerkw: "11121314",
  fundingSatoshis: "2122232425262728",
  dustLimitSatoshis: "3132333435363738",
  maxHtlcValueInFlightMsat: "4142434445464748",
  htlcMinimumMsat: "5152535455565758",
  toSelfDelay: "6162",
  maxAcceptedHtlcs: "7172",
  locktime: "81828384",
  ...points,
  channelFlags: "91",
};
const open: OpenChannel2 = {
  type: "open_channel2",
  chainHash: fromHex(chain),
  temporaryChannelId: fromHex(temporary),
  fundingFeeratePerkw: 0x01020304,
  commitmentFeeratePerkw: 0x11121314,
  fundingSatoshis: 0x2122232425262728n,
  dustLimitSatoshis: 0x3132333435363738n,
  maxHtlcValueInFlightMsat: 0x4142434445464748n,
  htlcMinimumMsat: 0x5152535455565758n,
  toSelfDelay: 0x6162,
  maxAcceptedHtlcs: 0x7172,
  locktime: 0x81828384,
  ...pointValues,
  channelFlags: 0x91,
};
const openHex = frameHex(64, openFields);

describeMessage({
  codec: openChannel2,
  id: 64,
  value: open,
  fields: openFields,
  more: [
    [
      "with the largest numbers",
      {
        ...open,
        fundingFeeratePerkw: 0xffffffff,
        commitmentFeeratePerkw: 0xffffffff,
        fundingSatoshis: u64Max,
        dustLimitSatoshis: u64Max,
        maxHtlcValueInFlightMsat: u64Max,
        htlcMinimumMsat: u64Max,
        toSelfDelay: 0xffff,
        maxAcceptedHtlcs: 0xffff,
        locktime: 0xffffffff,
        channelFlags: 0xff,
      },
      `0040${chain}${temporary}${"ff".repeat(2 * 4 + 4 * 8 + 2 * 2 + 4)}${pointsHex}ff`,
    ],
    [
      "with zeros",
      {
        ...open,
        fundingFeeratePerkw: 0,
        commitmentFeeratePerkw: 0,
        fundingSatoshis: 0n,
        dustLimitSatoshis: 0n,
        maxHtlcValueInFlightMsat: 0n,
        htlcMinimumMsat: 0n,
        toSelfDelay: 0,
        maxAcceptedHtlcs: 0,
        locktime: 0,
        channelFlags: 0,
      },
      `0040${chain}${temporary}${"00".repeat(2 * 4 + 4 * 8 + 2 * 2 + 4)}${pointsHex}00`,
    ],
    [
      "with a shutdown script",
      { ...open, upfrontShutdownScript: fromHex(script) },
      `${openHex}0022${script}`,
    ],
    [
      "with an empty shutdown script",
      { ...open, upfrontShutdownScript: fromHex("") },
      `${openHex}0000`,
    ],
    ["with a channel type", { ...open, channelType: fromHex("401000") }, `${openHex}0103401000`],
    ["with an empty channel type", { ...open, channelType: fromHex("") }, `${openHex}0100`],
    ["that wants confirmed inputs", { ...open, requireConfirmedInputs: true }, `${openHex}0200`],
    [
      "with all records",
      {
        ...open,
        upfrontShutdownScript: fromHex(script),
        channelType: fromHex(longType),
        requireConfirmedInputs: true,
      },
      `${openHex}0022${script}` + `0120${longType}` + "0200",
    ],
  ],
  badValues: [
    ...badFields({
      chainHash: "hash",
      temporaryChannelId: "hash",
      fundingFeeratePerkw: "u32",
      commitmentFeeratePerkw: "u32",
      fundingSatoshis: "u64",
      dustLimitSatoshis: "u64",
      maxHtlcValueInFlightMsat: "u64",
      htlcMinimumMsat: "u64",
      toSelfDelay: "u16",
      maxAcceptedHtlcs: "u16",
      locktime: "u32",
      ...pointTypes,
      channelFlags: "u8",
      upfrontShutdownScript: "bytes",
      channelType: "bytes",
      requireConfirmedInputs: "presence",
    }),
    [
      "one byte of script more than fits a message",
      { upfrontShutdownScript: new Uint8Array(65535 - 346 - 4 + 1) },
      "too_long",
      [],
    ],
  ],
  badHex: [
    ...badPoints(64, openFields, pointNames),
    ["a script longer than the message", `${openHex}0023${script}`, "short_read", [], 348],
    ["a channel type longer than the message", `${openHex}0101`, "short_read", [], 348],
    [
      "a byte in the wish for confirmed inputs",
      `${openHex}020100`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      348,
    ],
    ["the wish for confirmed inputs cut short", `${openHex}0201`, "short_read", [], 348],
    ["the wish for confirmed inputs twice", `${openHex}02000200`, "out_of_order", [], 348],
    ["the wish before the channel type", `${openHex}02000100`, "out_of_order", [], 348],
    ["the channel type before the script", `${openHex}01000000`, "out_of_order", [], 348],
  ],
});

const acceptFields = {
  temporaryChannelId: temporary,
  fundingSatoshis: "0102030405060708",
  dustLimitSatoshis: "1112131415161718",
  maxHtlcValueInFlightMsat: "2122232425262728",
  htlcMinimumMsat: "3132333435363738",
  minimumDepth: "41424344",
  toSelfDelay: "5152",
  maxAcceptedHtlcs: "6162",
  ...points,
};
const accept: AcceptChannel2 = {
  type: "accept_channel2",
  temporaryChannelId: fromHex(temporary),
  fundingSatoshis: 0x0102030405060708n,
  dustLimitSatoshis: 0x1112131415161718n,
  maxHtlcValueInFlightMsat: 0x2122232425262728n,
  htlcMinimumMsat: 0x3132333435363738n,
  minimumDepth: 0x41424344,
  toSelfDelay: 0x5152,
  maxAcceptedHtlcs: 0x6162,
  ...pointValues,
};
const acceptHex = frameHex(65, acceptFields);

describeMessage({
  codec: acceptChannel2,
  id: 65,
  value: accept,
  fields: acceptFields,
  more: [
    [
      "with the largest numbers",
      {
        ...accept,
        fundingSatoshis: u64Max,
        dustLimitSatoshis: u64Max,
        maxHtlcValueInFlightMsat: u64Max,
        htlcMinimumMsat: u64Max,
        minimumDepth: 0xffffffff,
        toSelfDelay: 0xffff,
        maxAcceptedHtlcs: 0xffff,
      },
      `0041${temporary}${"ff".repeat(4 * 8 + 4 + 2 * 2)}${pointsHex}`,
    ],
    [
      "with zeros",
      {
        ...accept,
        fundingSatoshis: 0n,
        dustLimitSatoshis: 0n,
        maxHtlcValueInFlightMsat: 0n,
        htlcMinimumMsat: 0n,
        minimumDepth: 0,
        toSelfDelay: 0,
        maxAcceptedHtlcs: 0,
      },
      `0041${temporary}${"00".repeat(4 * 8 + 4 + 2 * 2)}${pointsHex}`,
    ],
    [
      "with a shutdown script",
      { ...accept, upfrontShutdownScript: fromHex(script) },
      `${acceptHex}0022${script}`,
    ],
    [
      "with an empty shutdown script",
      { ...accept, upfrontShutdownScript: fromHex("") },
      `${acceptHex}0000`,
    ],
    ["with a channel type", { ...accept, channelType: fromHex("1000") }, `${acceptHex}01021000`],
    ["with an empty channel type", { ...accept, channelType: fromHex("") }, `${acceptHex}0100`],
    [
      "that wants confirmed inputs",
      { ...accept, requireConfirmedInputs: true },
      `${acceptHex}0200`,
    ],
    [
      "with all records",
      {
        ...accept,
        upfrontShutdownScript: fromHex(script),
        channelType: fromHex(longType),
        requireConfirmedInputs: true,
      },
      `${acceptHex}0022${script}` + `0120${longType}` + "0200",
    ],
  ],
  badValues: badFields({
    temporaryChannelId: "hash",
    fundingSatoshis: "u64",
    dustLimitSatoshis: "u64",
    maxHtlcValueInFlightMsat: "u64",
    htlcMinimumMsat: "u64",
    minimumDepth: "u32",
    toSelfDelay: "u16",
    maxAcceptedHtlcs: "u16",
    ...pointTypes,
    upfrontShutdownScript: "bytes",
    channelType: "bytes",
    requireConfirmedInputs: "presence",
  }),
  badHex: [
    ...badPoints(65, acceptFields, pointNames),
    ["a script longer than the message", `${acceptHex}0001`, "short_read", [], 307],
    ["a channel type longer than the message", `${acceptHex}010340`, "short_read", [], 307],
    [
      "a byte in the wish for confirmed inputs",
      `${acceptHex}020101`,
      "trailing_bytes",
      ["requireConfirmedInputs"],
      307,
    ],
    ["the wish before the script", `${acceptHex}02000000`, "out_of_order", [], 307],
  ],
});
