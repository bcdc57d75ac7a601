import { expect, test } from "vitest";
import {
  dynAck,
  dynamicCommitmentMessages,
  dynCommit,
  dynPropose,
  dynReject,
  kickoffSig,
} from "../../src/opt-in/index.ts";
import { fromHex, lightningMessages, messageSet, toHex } from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const sig = "a1".repeat(32) + "a2".repeat(32);
const nonce = `02${"11".repeat(32)}03${"22".repeat(32)}`;

const parameters = {
  dustLimitSatoshis: 252n,
  maxHtlcValueInFlightMsat: 1_000_000n,
  htlcMinimumMsat: 0n,
  channelReserveSatoshis: 0x0102030405060708n,
  toSelfDelay: 144,
  maxAcceptedHtlcs: 483,
  channelType: fromHex("0100"),
};
const records = {
  dustLimitSatoshis: "0001fc",
  maxHtlcValueInFlightMsat: "0205fe000f4240",
  htlcMinimumMsat: "040100",
  channelReserveSatoshis: "0609ff0102030405060708",
  toSelfDelay: "08020090",
  maxAcceptedHtlcs: "0a0201e3",
  channelType: "0c020100",
};
const badParameters = [
  ["a limit below zero", { dustLimitSatoshis: -1n }, "out_of_range", ["dustLimitSatoshis"]],
  [
    "an amount above 64 bits",
    { maxHtlcValueInFlightMsat: 1n << 64n },
    "out_of_range",
    ["maxHtlcValueInFlightMsat"],
  ],
  ["a delay above 16 bits", { toSelfDelay: 65536 }, "out_of_range", ["toSelfDelay"]],
  ["a count above 16 bits", { maxAcceptedHtlcs: 65536 }, "out_of_range", ["maxAcceptedHtlcs"]],
] as const;
const badRecords = [
  ["a limit in a longer form", "0003fd00fc", "non_canonical", ["dustLimitSatoshis"], 2],
  // u64, as in the draft.
  ["a limit of 8 bytes", "00080000000000000001", "trailing_bytes", ["dustLimitSatoshis"], 3],
  ["a limit of no bytes", "0000", "short_read", ["dustLimitSatoshis"], 2],
  ["an amount of 4 bytes", "0204fe000f42", "short_read", ["maxHtlcValueInFlightMsat"]],
  ["a minimum of 2 bytes", "04020001", "trailing_bytes", ["htlcMinimumMsat"], 3],
  ["a reserve in a longer form", "0605fe00000001", "non_canonical", ["channelReserveSatoshis"], 2],
  ["a delay of 1 byte", "080190", "short_read", ["toSelfDelay"], 2],
  ["a delay of 3 bytes", "0803000090", "trailing_bytes", ["toSelfDelay"], 4],
  ["a count of 1 byte", "0a0101", "short_read", ["maxAcceptedHtlcs"], 2],
] as const;

describeOptIn({
  codec: dynPropose,
  id: 111,
  name: "dyn_propose",
  value: { type: "dyn_propose", channelId: fromHex(channel), ...parameters },
  fields: { channelId: channel },
  records,
  badValues: [
    ["an id of 33 bytes", { channelId: new Uint8Array(33) }, "wrong_length", ["channelId"]],
    ...badParameters,
  ],
  badRecords: [...badRecords, ["a nonce", `0e42${nonce}`, "unknown_required", [], 0]],
});

const badNonce = [
  ["a nonce of 65 bytes", `0e41${"00".repeat(65)}`, "short_read", ["localNonce"], 2],
  ["a nonce of 67 bytes", `0e43${"00".repeat(67)}`, "trailing_bytes", ["localNonce"], 68],
  // Type 0x14, where lnd's test has it, is another one.
  ["a nonce as record 20", `1442${nonce}`, "unknown_required", [], 0],
] as const;

describeOptIn({
  codec: dynAck,
  id: 113,
  name: "dyn_ack",
  value: {
    type: "dyn_ack",
    channelId: fromHex(channel),
    signature: fromHex(sig),
    localNonce: fromHex(nonce),
  },
  fields: { channelId: channel, signature: sig },
  records: { localNonce: `0e42${nonce}` },
  badValues: [
    ["a signature of 63 bytes", { signature: new Uint8Array(63) }, "wrong_length", ["signature"]],
    ["a nonce of 65 bytes", { localNonce: new Uint8Array(65) }, "wrong_length", ["localNonce"]],
  ],
  badRecords: [...badNonce, ["a parameter", "0001fc", "unknown_required", [], 0]],
});

describeOptIn({
  codec: dynReject,
  id: 115,
  name: "dyn_reject",
  value: {
    type: "dyn_reject",
    channelId: fromHex(channel),
    updateRejections: fromHex("1001"),
  },
  fields: { channelId: channel, updateRejections: "00021001" },
  records: {},
  more: [
    [
      "of everything",
      { type: "dyn_reject", channelId: fromHex(channel), updateRejections: fromHex("") },
      `0073${channel}0000`,
    ],
  ],
  badValues: [
    [
      "more bits than fit their length",
      { updateRejections: new Uint8Array(65536) },
      "too_long",
      ["updateRejections"],
    ],
  ],
  badRecords: [["a parameter", "0001fc", "unknown_required", [], 0]],
});

describeOptIn({
  codec: dynCommit,
  id: 117,
  name: "dyn_commit",
  value: {
    type: "dyn_commit",
    channelId: fromHex(channel),
    signature: fromHex(sig),
    ...parameters,
    localNonce: fromHex(nonce),
  },
  fields: { channelId: channel, signature: sig },
  records: { ...records, localNonce: `0e42${nonce}` },
  badValues: [
    ["a signature of 63 bytes", { signature: new Uint8Array(63) }, "wrong_length", ["signature"]],
    ["a nonce of 65 bytes", { localNonce: new Uint8Array(65) }, "wrong_length", ["localNonce"]],
    ...badParameters,
  ],
  badRecords: [...badRecords, ...badNonce],
});

describeOptIn({
  codec: kickoffSig,
  id: 777,
  name: "kickoff_sig",
  value: { type: "kickoff_sig", channelId: fromHex(channel), signature: fromHex(sig) },
  fields: { channelId: channel, signature: sig },
  records: {},
  badValues: [
    ["a signature of 63 bytes", { signature: new Uint8Array(63) }, "wrong_length", ["signature"]],
  ],
  badRecords: [["a nonce", `0e42${nonce}`, "unknown_required", [], 0]],
});

test("the chapter has its five messages, and they fit the default set", () => {
  expect(dynamicCommitmentMessages.map(({ id }) => id)).toEqual([111, 113, 115, 117, 777]);
  const all = messageSet([...lightningMessages.codecs, ...dynamicCommitmentMessages]);
  expect(all.codecs).toHaveLength(lightningMessages.codecs.length + 5);
});

// The records of lnd's own test of `dyn_propose`: unknown ones between known ones.
test("a frame of lnd's tests comes back", () => {
  const frame =
    `006f${channel}` +
    "0005fe000f4240" +
    "01027979" +
    "0205fe000f4240" +
    "0405fe000f4240" +
    "0605fe000f4240" +
    "08020008" +
    "0a020008" +
    "6f027979";
  const set = messageSet(dynamicCommitmentMessages);
  const message = set.decode(fromHex(frame));
  expect(message).toStrictEqual({
    type: "dyn_propose",
    channelId: fromHex(channel),
    dustLimitSatoshis: 1_000_000n,
    maxHtlcValueInFlightMsat: 1_000_000n,
    htlcMinimumMsat: 1_000_000n,
    channelReserveSatoshis: 1_000_000n,
    toSelfDelay: 8,
    maxAcceptedHtlcs: 8,
    unknown: [
      { type: 1n, value: fromHex("7979") },
      { type: 111n, value: fromHex("7979") },
    ],
  });
  expect(toHex(set.encode(message))).toBe(frame);
});
