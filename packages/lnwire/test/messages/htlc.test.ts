import {
  type AttributionData,
  fromHex,
  updateAddHtlc,
  updateFailHtlc,
  updateFailMalformedHtlc,
  updateFulfillHtlc,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const hash = `a1${"a2".repeat(30)}a3`;
const onionKey = `02b1${"b2".repeat(30)}b3`;
const onion = `00${onionKey}${"c1".repeat(1299)}c2${"d1".repeat(31)}d2`; // 1 + 33 + 1300 + 32 bytes
const pathKey = `03e1${"e2".repeat(30)}e3`;

const offer = {
  type: "update_add_htlc",
  channelId: fromHex(channel),
  id: 0x0102030405060708n,
  amountMsat: 0x1112131415161718n,
  paymentHash: fromHex(hash),
  cltvExpiry: 0x21222324,
  onionRoutingPacket: fromHex(onion),
} as const;
const offerHex = `0080${channel}0102030405060708${"1112131415161718"}${hash}21222324${onion}`; // 1452

describeMessage({
  codec: updateAddHtlc,
  id: 128,
  value: offer,
  fields: {
    channelId: channel,
    id: "0102030405060708",
    amountMsat: "1112131415161718",
    paymentHash: hash,
    cltvExpiry: "21222324",
    onionRoutingPacket: onion,
  },
  more: [
    ["inside a blinded path", { ...offer, pathKey: fromHex(pathKey) }, `${offerHex}0021${pathKey}`],
    [
      "inside a blinded path and with an unknown record",
      { ...offer, pathKey: fromHex(pathKey), unknown: [{ type: 1n, value: fromHex("11") }] },
      `${offerHex}0021${pathKey}010111`,
    ],
    [
      "with the greatest numbers",
      { ...offer, id: 2n ** 64n - 1n, amountMsat: 2n ** 64n - 1n, cltvExpiry: 0xffffffff },
      `0080${channel}${"ff".repeat(16)}${hash}ffffffff${onion}`,
    ],
    [
      "as the first one of the channel",
      { ...offer, id: 0n, amountMsat: 0n, cltvExpiry: 0 },
      `0080${channel}${"00".repeat(16)}${hash}00000000${onion}`,
    ],
  ],
  badValues: [
    ["an id that is a number", { id: 1 }, "invalid_value", ["id"]],
    ["an id beyond 64 bits", { id: 2n ** 64n }, "out_of_range", ["id"]],
    ["a negative amount", { amountMsat: -1n }, "out_of_range", ["amountMsat"]],
    ["a hash of 33 bytes", { paymentHash: new Uint8Array(33) }, "wrong_length", ["paymentHash"]],
    ["an expiry beyond 32 bits", { cltvExpiry: 2 ** 32 }, "out_of_range", ["cltvExpiry"]],
    [
      "an onion of 1365 bytes",
      { onionRoutingPacket: new Uint8Array(1365) },
      "wrong_length",
      ["onionRoutingPacket"],
    ],
    [
      "an onion of 1367 bytes",
      { onionRoutingPacket: new Uint8Array(1367) },
      "wrong_length",
      ["onionRoutingPacket"],
    ],
    [
      "a path key of 32 bytes",
      { pathKey: new Uint8Array(32).fill(2) },
      "wrong_length",
      ["pathKey"],
    ],
    [
      "a path key that starts with 4",
      { pathKey: new Uint8Array(33).fill(4) },
      "invalid_value",
      ["pathKey"],
    ],
    [
      "a path key among the unknown records",
      { unknown: [{ type: 0n, value: fromHex(pathKey) }] },
      "invalid_value",
      ["unknown", 0],
    ],
  ],
  badHex: [
    ["an onion of 1365 bytes", offerHex.slice(0, -2), "short_read", ["onionRoutingPacket"], 86],
    [
      "a path key of 32 bytes",
      `${offerHex}0020${"02".repeat(32)}`,
      "short_read",
      ["pathKey"],
      1454,
    ],
    ["a path key without bytes", `${offerHex}0000`, "short_read", ["pathKey"], 1454],
    ["a path key of 34 bytes", `${offerHex}0022${pathKey}00`, "trailing_bytes", ["pathKey"], 1487],
    [
      "a path key that starts with 4",
      `${offerHex}0021${"04".repeat(33)}`,
      "invalid_value",
      ["pathKey"],
      1454,
    ],
    ["a path key beyond the end", `${offerHex}0021${"02".repeat(32)}`, "short_read", [], 1454],
    ["two path keys", `${offerHex}0021${pathKey}0021${pathKey}`, "out_of_order", [], 1487],
    ["a path key in record 2", `${offerHex}0221${pathKey}`, "unknown_required", [], 1452],
  ],
});

// 20 times 4 bytes, then 210 times 4 bytes: no two alike, none the same backwards.
const attributionData: AttributionData = {
  htlcHoldTimes: Array.from({ length: 20 }, (_, i) => 0xf1000000 + i),
  truncatedHmacs: Uint8Array.from(
    { length: 840 },
    (_, i) => [i >> 2, 0xe2, 0xe3, 0xe4][i % 4] ?? 0,
  ),
};
const holdTimes = (length: number): number[] => Array.from({ length }, () => 1);
const byteHex = (byte: number): string => byte.toString(16).padStart(2, "0");
const holdTimesHex = Array.from({ length: 20 }, (_, i) => `f10000${byteHex(i)}`).join("");
const hmacsHex = Array.from({ length: 210 }, (_, i) => `${byteHex(i)}e2e3e4`).join("");
const attributionHex = `01fd0398${holdTimesHex}${hmacsHex}`; // 920 bytes

const badAttributions = [
  [
    "19 hold times",
    { attributionData: { ...attributionData, htlcHoldTimes: holdTimes(19) } },
    "wrong_length",
    ["attributionData", "htlcHoldTimes"],
  ],
  [
    "21 hold times",
    { attributionData: { ...attributionData, htlcHoldTimes: holdTimes(21) } },
    "wrong_length",
    ["attributionData", "htlcHoldTimes"],
  ],
  [
    "a hold time beyond 32 bits",
    {
      attributionData: {
        ...attributionData,
        htlcHoldTimes: [...attributionData.htlcHoldTimes.slice(0, 19), 2 ** 32],
      },
    },
    "out_of_range",
    ["attributionData", "htlcHoldTimes", 19],
  ],
  [
    "839 bytes of codes",
    { attributionData: { ...attributionData, truncatedHmacs: new Uint8Array(839) } },
    "wrong_length",
    ["attributionData", "truncatedHmacs"],
  ],
  [
    "841 bytes of codes",
    { attributionData: { ...attributionData, truncatedHmacs: new Uint8Array(841) } },
    "wrong_length",
    ["attributionData", "truncatedHmacs"],
  ],
  [
    "hold times alone",
    { attributionData: { htlcHoldTimes: attributionData.htlcHoldTimes } },
    "missing_field",
    ["attributionData", "truncatedHmacs"],
  ],
  [
    "codes alone",
    { attributionData: { truncatedHmacs: attributionData.truncatedHmacs } },
    "missing_field",
    ["attributionData", "htlcHoldTimes"],
  ],
] as const;

/** What must not be read behind the fields of a message. */
const badAttributionsHex = (before: string) => {
  const start = before.length / 2 + 4; // behind the type and the length of the record
  return [
    [
      "no hold times",
      `${before}0100`,
      "short_read",
      ["attributionData", "htlcHoldTimes", 0],
      start - 2,
    ],
    [
      "79 bytes of hold times",
      `${before}014f${holdTimesHex.slice(0, -2)}`,
      "short_read",
      ["attributionData", "htlcHoldTimes", 19],
      start - 2 + 76,
    ],
    [
      "hold times alone",
      `${before}0150${holdTimesHex}`,
      "short_read",
      ["attributionData", "truncatedHmacs"],
      start - 2 + 80,
    ],
    [
      "839 bytes of codes",
      `${before}01fd0397${holdTimesHex}${hmacsHex.slice(0, -2)}`,
      "short_read",
      ["attributionData", "truncatedHmacs"],
      start + 80,
    ],
    [
      "841 bytes of codes",
      `${before}01fd0399${holdTimesHex}${hmacsHex}00`,
      "trailing_bytes",
      ["attributionData"],
      start + 920,
    ],
    [
      "attribution data beyond the end",
      `${before}01fd0398${holdTimesHex}${hmacsHex.slice(0, -2)}`,
      "short_read",
      [],
      start,
    ],
    [
      "attribution data twice",
      `${before}${attributionHex}${attributionHex}`,
      "out_of_order",
      [],
      start + 920,
    ],
    [
      "attribution data in an even record",
      `${before}00${attributionHex.slice(2)}`,
      "unknown_required",
      [],
      start - 4,
    ],
  ] as const;
};

const fulfill = {
  type: "update_fulfill_htlc",
  channelId: fromHex(channel),
  id: 0x3132333435363738n,
  paymentPreimage: fromHex(hash),
} as const;
const fulfillHex = `0082${channel}3132333435363738${hash}`;

describeMessage({
  codec: updateFulfillHtlc,
  id: 130,
  value: fulfill,
  fields: { channelId: channel, id: "3132333435363738", paymentPreimage: hash },
  more: [
    ["with attribution data", { ...fulfill, attributionData }, `${fulfillHex}${attributionHex}`],
    [
      "with the greatest id",
      { ...fulfill, id: 2n ** 64n - 1n },
      `0082${channel}${"ff".repeat(8)}${hash}`,
    ],
  ],
  badValues: [
    ["an id that is a number", { id: 1 }, "invalid_value", ["id"]],
    ["a negative id", { id: -1n }, "out_of_range", ["id"]],
    [
      "a preimage of 31 bytes",
      { paymentPreimage: new Uint8Array(31) },
      "wrong_length",
      ["paymentPreimage"],
    ],
    ...badAttributions,
  ],
  badHex: badAttributionsHex(fulfillHex),
});

const reason = "f00dbabe01";
const fail = {
  type: "update_fail_htlc",
  channelId: fromHex(channel),
  id: 0x4142434445464748n,
  reason: fromHex(reason),
} as const;
const failHex = `0083${channel}4142434445464748${"0005"}${reason}`;

describeMessage({
  codec: updateFailHtlc,
  id: 131,
  value: fail,
  fields: { channelId: channel, id: "4142434445464748", reason: `0005${reason}` },
  more: [
    ["with attribution data", { ...fail, attributionData }, `${failHex}${attributionHex}`],
    [
      "with an empty reason and attribution data",
      { ...fail, reason: fromHex(""), attributionData },
      `0083${channel}4142434445464748${"0000"}${attributionHex}`,
    ],
    // The length of a failure message with its padding, encrypted.
    [
      "with a reason of 292 bytes",
      { ...fail, reason: new Uint8Array(292).fill(0x99) },
      `0083${channel}4142434445464748${"0124"}${"99".repeat(292)}`,
    ],
  ],
  badValues: [
    ["an id beyond 64 bits", { id: 2n ** 64n }, "out_of_range", ["id"]],
    ["a reason longer than its length", { reason: new Uint8Array(65536) }, "too_long", ["reason"]],
    ["a reason that does not fit a message", { reason: new Uint8Array(65492) }, "too_long", []],
    ["a reason that is text", { reason: "why" }, "invalid_value", ["reason"]],
    ...badAttributions,
  ],
  badHex: [
    [
      "a reason shorter than announced",
      `0083${channel}4142434445464748${"0006"}${reason}`,
      "short_read",
      ["reason"],
      44,
    ],
    ...badAttributionsHex(failHex),
  ],
});

const malformed = {
  type: "update_fail_malformed_htlc",
  channelId: fromHex(channel),
  id: 0x5152535455565758n,
  sha256OfOnion: fromHex(hash),
  failureCode: 0xc005,
} as const;

describeMessage({
  codec: updateFailMalformedHtlc,
  id: 135,
  value: malformed,
  fields: { channelId: channel, id: "5152535455565758", sha256OfOnion: hash, failureCode: "c005" },
  more: [
    // Whether the bit must be set is for the one who knows the HTLC.
    [
      "without BADONION in its code",
      { ...malformed, failureCode: 1 },
      `0087${channel}5152535455565758${hash}0001`,
    ],
    [
      "with the greatest numbers",
      { ...malformed, id: 2n ** 64n - 1n, failureCode: 65535 },
      `0087${channel}${"ff".repeat(8)}${hash}ffff`,
    ],
  ],
  badValues: [
    ["an id that is a number", { id: 1 }, "invalid_value", ["id"]],
    [
      "a hash of 31 bytes",
      { sha256OfOnion: new Uint8Array(31) },
      "wrong_length",
      ["sha256OfOnion"],
    ],
    ["a code beyond 16 bits", { failureCode: 65536 }, "out_of_range", ["failureCode"]],
    ["a negative code", { failureCode: -1 }, "out_of_range", ["failureCode"]],
  ],
  badHex: [
    [
      "a code of one byte",
      `0087${channel}5152535455565758${hash}c0`,
      "short_read",
      ["failureCode"],
      74,
    ],
  ],
});
