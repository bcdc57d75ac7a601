import { closingComplete, closingSig, closingSigned, fromHex, shutdown } from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const script = `0014${"5a".repeat(19)}5b`; // P2WPKH, 22 bytes
const otherScript = `5120${"6c".repeat(31)}6d`; // P2TR, 34 bytes
const signatures = ["71", "82", "93"].map((byte) => `${byte.repeat(63)}0a`) as [
  string,
  string,
  string,
];

describeMessage({
  codec: shutdown,
  id: 38,
  value: { type: "shutdown", channelId: fromHex(channel), scriptpubkey: fromHex(script) },
  fields: { channelId: channel, scriptpubkey: `0016${script}` },
  more: [
    [
      "with an empty script",
      { type: "shutdown", channelId: fromHex(channel), scriptpubkey: fromHex("") },
      `0026${channel}0000`,
    ],
    [
      "with a script whose length takes both bytes",
      { type: "shutdown", channelId: fromHex(channel), scriptpubkey: new Uint8Array(0x0102) },
      `0026${channel}0102${"00".repeat(0x0102)}`,
    ],
  ],
  badValues: [
    ["a channel id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
    ["a channel id of 33 bytes", { channelId: new Uint8Array(33) }, "wrong_length", ["channelId"]],
    [
      "a script longer than its length can say",
      { scriptpubkey: new Uint8Array(65536) },
      "too_long",
      ["scriptpubkey"],
    ],
    ["one byte more than fits a message", { scriptpubkey: new Uint8Array(65500) }, "too_long", []],
    ["a script that is text", { scriptpubkey: script }, "invalid_value", ["scriptpubkey"]],
  ],
  badHex: [
    [
      "a script shorter than announced",
      `0026${channel}0017${script}`,
      "short_read",
      ["scriptpubkey"],
      36,
    ],
    ["a length of one byte", `0026${channel}00`, "short_read", ["scriptpubkey"], 34],
  ],
});

const signed = {
  type: "closing_signed",
  channelId: fromHex(channel),
  feeSatoshis: 0x0102030405060708n,
  signature: fromHex(signatures[0]),
} as const;
const signedHex = `0027${channel}0102030405060708${signatures[0]}`; // 106 bytes

describeMessage({
  codec: closingSigned,
  id: 39,
  value: signed,
  fields: { channelId: channel, feeSatoshis: "0102030405060708", signature: signatures[0] },
  more: [
    [
      "with a range of fees",
      {
        ...signed,
        feeRange: { minFeeSatoshis: 0x1112131415161718n, maxFeeSatoshis: 0x2122232425262728n },
      },
      `${signedHex}0110${"1112131415161718"}${"2122232425262728"}`,
    ],
    [
      "with the least and the greatest fees",
      {
        ...signed,
        feeSatoshis: 2n ** 64n - 1n,
        feeRange: { minFeeSatoshis: 0n, maxFeeSatoshis: 2n ** 64n - 1n },
      },
      `0027${channel}${"ff".repeat(8)}${signatures[0]}0110${"00".repeat(8)}${"ff".repeat(8)}`,
    ],
  ],
  badValues: [
    ["a fee that is a number", { feeSatoshis: 1 }, "invalid_value", ["feeSatoshis"]],
    ["a negative fee", { feeSatoshis: -1n }, "out_of_range", ["feeSatoshis"]],
    ["a fee beyond 64 bits", { feeSatoshis: 2n ** 64n }, "out_of_range", ["feeSatoshis"]],
    ["a signature of 63 bytes", { signature: new Uint8Array(63) }, "wrong_length", ["signature"]],
    ["a signature of 65 bytes", { signature: new Uint8Array(65) }, "wrong_length", ["signature"]],
    [
      "a negative lowest fee",
      { feeRange: { minFeeSatoshis: -1n, maxFeeSatoshis: 1n } },
      "out_of_range",
      ["feeRange", "minFeeSatoshis"],
    ],
    [
      "a highest fee beyond 64 bits",
      { feeRange: { minFeeSatoshis: 1n, maxFeeSatoshis: 2n ** 64n } },
      "out_of_range",
      ["feeRange", "maxFeeSatoshis"],
    ],
    [
      "half a range",
      { feeRange: { minFeeSatoshis: 1n } },
      "missing_field",
      ["feeRange", "maxFeeSatoshis"],
    ],
    [
      "a range among the unknown records",
      { unknown: [{ type: 1n, value: new Uint8Array(16) }] },
      "invalid_value",
      ["unknown", 0],
    ],
  ],
  badHex: [
    [
      "a range of 15 bytes",
      `${signedHex}010f${"11".repeat(15)}`,
      "short_read",
      ["feeRange", "maxFeeSatoshis"],
      116,
    ],
    [
      "a range of 7 bytes",
      `${signedHex}0107${"11".repeat(7)}`,
      "short_read",
      ["feeRange", "minFeeSatoshis"],
      108,
    ],
    [
      "a range of 17 bytes",
      `${signedHex}0111${"11".repeat(17)}`,
      "trailing_bytes",
      ["feeRange"],
      124,
    ],
    ["a range beyond the end", `${signedHex}0110${"11".repeat(15)}`, "short_read", [], 108],
    [
      "two ranges",
      `${signedHex}0110${"11".repeat(16)}0110${"22".repeat(16)}`,
      "out_of_order",
      [],
      124,
    ],
    ["an even record", `${signedHex}0210${"11".repeat(16)}`, "unknown_required", [], 106],
  ],
});

// `closing_complete` and `closing_sig` differ in nothing but their number.
const terms = {
  channelId: fromHex(channel),
  closerScriptpubkey: fromHex(script),
  closeeScriptpubkey: fromHex(otherScript),
  feeSatoshis: 0x3132333435363738n,
  locktime: 0x41424344,
};
const termsFields = {
  channelId: channel,
  closerScriptpubkey: `0016${script}`,
  closeeScriptpubkey: `0022${otherScript}`,
  feeSatoshis: "3132333435363738",
  locktime: "41424344",
};
// 32 + 24 + 36 + 8 + 4 bytes, and the two of the type before them.
const termsHex = `${channel}0016${script}0022${otherScript}${"3132333435363738"}${"41424344"}`;
const records = [
  { closerOutputOnly: fromHex(signatures[0]) },
  { closeeOutputOnly: fromHex(signatures[1]) },
  { closerAndCloseeOutputs: fromHex(signatures[2]) },
] as const;
const recordsHex = [
  `0140${signatures[0]}`,
  `0240${signatures[1]}`,
  `0340${signatures[2]}`,
] as const;
const noScripts = {
  ...terms,
  closerScriptpubkey: fromHex(""),
  closeeScriptpubkey: fromHex(""),
  feeSatoshis: 2n ** 64n - 1n,
  locktime: 0xffffffff,
};
const noScriptsHex = `${channel}0000` + `0000${"ff".repeat(8)}${"ff".repeat(4)}`;

const badTerms = [
  ["a channel id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
  [
    "a script of the closer that is longer than its length can say",
    { closerScriptpubkey: new Uint8Array(65536) },
    "too_long",
    ["closerScriptpubkey"],
  ],
  [
    "a script of the closee that is longer than its length can say",
    { closeeScriptpubkey: new Uint8Array(65536) },
    "too_long",
    ["closeeScriptpubkey"],
  ],
  [
    "scripts that do not fit a message together",
    { closerScriptpubkey: new Uint8Array(40000), closeeScriptpubkey: new Uint8Array(40000) },
    "too_long",
    [],
  ],
  ["a negative fee", { feeSatoshis: -1n }, "out_of_range", ["feeSatoshis"]],
  ["a fee beyond 64 bits", { feeSatoshis: 2n ** 64n }, "out_of_range", ["feeSatoshis"]],
  ["a locktime beyond 32 bits", { locktime: 2 ** 32 }, "out_of_range", ["locktime"]],
  ["a locktime that is a bigint", { locktime: 1n }, "out_of_range", ["locktime"]],
  [
    "a first signature of 63 bytes",
    { closerOutputOnly: new Uint8Array(63) },
    "wrong_length",
    ["closerOutputOnly"],
  ],
  [
    "a second signature of 65 bytes",
    { closeeOutputOnly: new Uint8Array(65) },
    "wrong_length",
    ["closeeOutputOnly"],
  ],
  [
    "a third signature without bytes",
    { closerAndCloseeOutputs: new Uint8Array(0) },
    "wrong_length",
    ["closerAndCloseeOutputs"],
  ],
  [
    "a signature among the unknown records",
    { unknown: [{ type: 3n, value: new Uint8Array(64) }] },
    "invalid_value",
    ["unknown", 0],
  ],
] as const;

/** What must not be read of the message with the given number. */
const badTermsHex = (type: string) => {
  const before = type + termsHex; // 106 bytes
  return [
    [
      "a script of the closer beyond the end",
      `${type}${channel}ffff${script}0022${otherScript}`,
      "short_read",
      ["closerScriptpubkey"],
      36,
    ],
    [
      "a script of the closee beyond the end",
      `${type}${channel}0016${script}0023${otherScript}`,
      "short_read",
      ["closeeScriptpubkey"],
      60,
    ],
    [
      "a first signature of 63 bytes",
      `${before}013f${"71".repeat(63)}`,
      "short_read",
      ["closerOutputOnly"],
      108,
    ],
    [
      "a first signature of 65 bytes",
      `${before}0141${"71".repeat(65)}`,
      "trailing_bytes",
      ["closerOutputOnly"],
      172,
    ],
    [
      "a second signature of 63 bytes",
      `${before}${recordsHex[0]}023f${"82".repeat(63)}`,
      "short_read",
      ["closeeOutputOnly"],
      174,
    ],
    [
      "a second signature of 65 bytes",
      `${before}0241${"82".repeat(65)}`,
      "trailing_bytes",
      ["closeeOutputOnly"],
      172,
    ],
    [
      "a third signature without bytes",
      `${before}0300`,
      "short_read",
      ["closerAndCloseeOutputs"],
      108,
    ],
    [
      "a third signature of 65 bytes",
      `${before}0341${"93".repeat(65)}`,
      "trailing_bytes",
      ["closerAndCloseeOutputs"],
      172,
    ],
    ["a signature beyond the end", `${before}0140${"71".repeat(63)}`, "short_read", [], 108],
    [
      "signatures in descending order",
      `${before}${recordsHex[2]}${recordsHex[1]}`,
      "out_of_order",
      [],
      172,
    ],
    ["a fourth signature", `${before}0440${signatures[0]}`, "unknown_required", [], 106],
  ] as const;
};

describeMessage({
  codec: closingComplete,
  id: 40,
  value: { type: "closing_complete", ...terms },
  fields: termsFields,
  more: [
    [
      "with a signature for the closer's output",
      { type: "closing_complete", ...terms, ...records[0] },
      `0028${termsHex}${recordsHex[0]}`,
    ],
    [
      "with a signature for the closee's output",
      { type: "closing_complete", ...terms, ...records[1] },
      `0028${termsHex}${recordsHex[1]}`,
    ],
    [
      "with a signature for both outputs",
      { type: "closing_complete", ...terms, ...records[2] },
      `0028${termsHex}${recordsHex[2]}`,
    ],
    [
      "with all signatures",
      { type: "closing_complete", ...terms, ...records[0], ...records[1], ...records[2] },
      `0028${termsHex}${recordsHex.join("")}`,
    ],
    [
      "with empty scripts and the greatest numbers",
      { type: "closing_complete", ...noScripts },
      `0028${noScriptsHex}`,
    ],
  ],
  badValues: badTerms,
  badHex: badTermsHex("0028"),
});

describeMessage({
  codec: closingSig,
  id: 41,
  value: { type: "closing_sig", ...terms },
  fields: termsFields,
  more: [
    [
      "with a signature for the closer's output",
      { type: "closing_sig", ...terms, ...records[0] },
      `0029${termsHex}${recordsHex[0]}`,
    ],
    [
      "with a signature for the closee's output",
      { type: "closing_sig", ...terms, ...records[1] },
      `0029${termsHex}${recordsHex[1]}`,
    ],
    [
      "with a signature for both outputs",
      { type: "closing_sig", ...terms, ...records[2] },
      `0029${termsHex}${recordsHex[2]}`,
    ],
    [
      "with all signatures",
      { type: "closing_sig", ...terms, ...records[0], ...records[1], ...records[2] },
      `0029${termsHex}${recordsHex.join("")}`,
    ],
    [
      "with empty scripts and the greatest numbers",
      { type: "closing_sig", ...noScripts },
      `0029${noScriptsHex}`,
    ],
  ],
  badValues: badTerms,
  badHex: badTermsHex("0029"),
});
