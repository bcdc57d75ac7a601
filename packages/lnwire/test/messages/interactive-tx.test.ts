import {
  fromHex,
  type TxAbort,
  txAbort,
  type TxAddInput,
  txAddInput,
  type TxAddOutput,
  txAddOutput,
  txComplete,
  txRemoveInput,
  txRemoveOutput,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { describeMessage, frameHex } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const txid = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const channelId = fromHex(channel);
const u64Max = 2n ** 64n - 1n;

const inputFields = {
  channelId: channel,
  serialId: "0102030405060708",
  prevtx: "0003" + "b1b2b3",
  prevtxVout: "11121314",
  sequence: "21222324",
};
const input: TxAddInput = {
  type: "tx_add_input",
  channelId,
  serialId: 0x0102030405060708n,
  prevtx: fromHex("b1b2b3"),
  prevtxVout: 0x11121314,
  sequence: 0x21222324,
};
const inputHex = frameHex(66, inputFields);

describeMessage({
  codec: txAddInput,
  id: 66,
  value: input,
  fields: inputFields,
  more: [
    [
      "with the largest numbers",
      { ...input, serialId: u64Max, prevtxVout: 0xffffffff, sequence: 0xffffffff },
      `0042${channel}${"ff".repeat(8)}0003b1b2b3${"ff".repeat(8)}`,
    ],
    [
      "with zeros",
      { ...input, serialId: 0n, prevtxVout: 0, sequence: 0 },
      `0042${channel}${"00".repeat(8)}0003b1b2b3${"00".repeat(8)}`,
    ],
    [
      "with a transaction of 256 bytes",
      { ...input, prevtx: fromHex("b4".repeat(256)) },
      `0042${channel}01020304050607080100${"b4".repeat(256)}1112131421222324`,
    ],
    [
      "with the shared input, without a transaction",
      { ...input, prevtx: fromHex(""), sharedInputTxid: fromHex(txid) },
      `0042${channel}01020304050607080000${"11121314"}${"21222324"}0020${txid}`,
    ],
    [
      "with a transaction and the shared input",
      { ...input, sharedInputTxid: fromHex(txid) },
      `${inputHex}0020${txid}`,
    ],
  ],
  badValues: [
    ...badFields({
      channelId: "hash",
      serialId: "u64",
      prevtx: "bytes",
      prevtxVout: "u32",
      sequence: "u32",
      sharedInputTxid: "hash",
    }),
    [
      "a transaction longer than its length",
      { prevtx: new Uint8Array(65536) },
      "too_long",
      ["prevtx"],
    ],
    [
      "one byte of transaction more than fits a message",
      { prevtx: new Uint8Array(65535 - 52 + 1) },
      "too_long",
      [],
    ],
  ],
  badHex: [
    [
      "a transaction longer than the message",
      `0042${channel}0102030405060708${"000c"}b1b2b31112131421222324`,
      "short_read",
      ["prevtx"],
      44,
    ],
    [
      "a transaction that takes the sequence with it",
      `0042${channel}0102030405060708${"000b"}b1b2b31112131421222324`,
      "short_read",
      ["prevtxVout"],
      55,
    ],
    ["an empty shared input", `${inputHex}0000`, "short_read", ["sharedInputTxid"], 57],
    [
      "a shared input of 31 bytes",
      `${inputHex}001f${txid.slice(2)}`,
      "short_read",
      ["sharedInputTxid"],
      57,
    ],
    [
      "a shared input of 33 bytes",
      `${inputHex}0021${txid}40`,
      "trailing_bytes",
      ["sharedInputTxid"],
      89,
    ],
    ["a shared input cut short", `${inputHex}0020${txid.slice(2)}`, "short_read", [], 57],
    ["two shared inputs", `${inputHex}0020${txid}0020${txid}`, "out_of_order", [], 89],
  ],
});

const output: TxAddOutput = {
  type: "tx_add_output",
  channelId,
  serialId: 0x0102030405060708n,
  sats: 0x1112131415161718n,
  script: fromHex("6ab1b2"),
};

describeMessage({
  codec: txAddOutput,
  id: 67,
  value: output,
  fields: {
    channelId: channel,
    serialId: "0102030405060708",
    sats: "1112131415161718",
    script: "0003" + "6ab1b2",
  },
  more: [
    [
      "with the largest numbers",
      { ...output, serialId: u64Max, sats: u64Max },
      `0043${channel}${"ff".repeat(16)}00036ab1b2`,
    ],
    [
      "with zeros and an empty script",
      { ...output, serialId: 0n, sats: 0n, script: fromHex("") },
      `0043${channel}${"00".repeat(16)}0000`,
    ],
  ],
  badValues: [
    ...badFields({ channelId: "hash", serialId: "u64", sats: "u64", script: "bytes" }),
    ["a script longer than its length", { script: new Uint8Array(65536) }, "too_long", ["script"]],
    [
      "one byte of script more than fits a message",
      { script: new Uint8Array(65535 - 52 + 1) },
      "too_long",
      [],
    ],
  ],
  badHex: [
    [
      "a script longer than the message",
      `0043${channel}01020304050607081112131415161718${"0004"}6ab1b2`,
      "short_read",
      ["script"],
      52,
    ],
    [
      "a script shorter than the rest of the message",
      `0043${channel}01020304050607081112131415161718${"0002"}6ab1b2`,
      "short_read",
      [],
      55,
    ],
  ],
});

describeMessage({
  codec: txRemoveInput,
  id: 68,
  value: { type: "tx_remove_input", channelId, serialId: 0x0102030405060708n },
  fields: { channelId: channel, serialId: "0102030405060708" },
  more: [
    [
      "with the largest number",
      { type: "tx_remove_input", channelId, serialId: u64Max },
      `0044${channel}${"ff".repeat(8)}`,
    ],
    [
      "with zero",
      { type: "tx_remove_input", channelId, serialId: 0n },
      `0044${channel}${"00".repeat(8)}`,
    ],
  ],
  badValues: badFields({ channelId: "hash", serialId: "u64" }),
  badHex: [["a number of 7 bytes", `0044${channel}01020304050607`, "short_read", ["serialId"], 34]],
});

describeMessage({
  codec: txRemoveOutput,
  id: 69,
  value: { type: "tx_remove_output", channelId, serialId: 0x0102030405060708n },
  fields: { channelId: channel, serialId: "0102030405060708" },
  more: [
    [
      "with the largest number",
      { type: "tx_remove_output", channelId, serialId: u64Max },
      `0045${channel}${"ff".repeat(8)}`,
    ],
    [
      "with zero",
      { type: "tx_remove_output", channelId, serialId: 0n },
      `0045${channel}${"00".repeat(8)}`,
    ],
  ],
  badValues: badFields({ channelId: "hash", serialId: "u64" }),
  badHex: [["a number of 7 bytes", `0045${channel}01020304050607`, "short_read", ["serialId"], 34]],
});

describeMessage({
  codec: txComplete,
  id: 70,
  value: { type: "tx_complete", channelId },
  fields: { channelId: channel },
  badValues: badFields({ channelId: "hash" }),
  badHex: [["no channel id", "0046", "short_read", ["channelId"], 2]],
});

const abort: TxAbort = { type: "tx_abort", channelId, data: fromHex("74656c6c") };

describeMessage({
  codec: txAbort,
  id: 74,
  value: abort,
  fields: { channelId: channel, data: "0004" + "74656c6c" },
  more: [
    ["without text", { ...abort, data: fromHex("") }, `004a${channel}0000`],
    [
      "with text of 256 bytes",
      { ...abort, data: fromHex("74".repeat(256)) },
      `004a${channel}0100${"74".repeat(256)}`,
    ],
  ],
  badValues: [
    ...badFields({ channelId: "hash", data: "bytes" }),
    ["text longer than its length", { data: new Uint8Array(65536) }, "too_long", ["data"]],
    [
      "one byte of text more than fits a message",
      { data: new Uint8Array(65535 - 36 + 1) },
      "too_long",
      [],
    ],
  ],
  badHex: [
    ["text longer than the message", `004a${channel}0005${"74656c6c"}`, "short_read", ["data"], 36],
  ],
});
