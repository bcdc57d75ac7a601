import {
  announcementSignatures,
  channelAnnouncement,
  channelUpdate,
  fromHex,
  nodeAnnouncement,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const mainnet = "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000";
const signatures = ["a1", "a2", "b1", "b2"].map((byte) => byte.repeat(64)) as [
  string,
  string,
  string,
  string,
];
const points = ["0211", "0322", "0233", "0344"].map((start) => start + "55".repeat(31)) as [
  string,
  string,
  string,
  string,
];
// Block 539268, transaction 845, output 1: the example of BOLT 7.
const scid = "083a84" + "00034d" + "0001";

const announcement = {
  type: "channel_announcement",
  nodeSignature1: fromHex(signatures[0]),
  nodeSignature2: fromHex(signatures[1]),
  bitcoinSignature1: fromHex(signatures[2]),
  bitcoinSignature2: fromHex(signatures[3]),
  features: fromHex("0a"),
  chainHash: fromHex(mainnet),
  shortChannelId: 0x083a84_00034d_0001n,
  nodeId1: fromHex(points[0]),
  nodeId2: fromHex(points[1]),
  bitcoinKey1: fromHex(points[2]),
  bitcoinKey2: fromHex(points[3]),
} as const;
const signed = signatures.join("");

describeMessage({
  codec: channelAnnouncement,
  id: 256,
  value: announcement,
  fields: {
    nodeSignature1: signatures[0],
    nodeSignature2: signatures[1],
    bitcoinSignature1: signatures[2],
    bitcoinSignature2: signatures[3],
    features: "0001" + "0a",
    chainHash: mainnet,
    shortChannelId: scid,
    nodeId1: points[0],
    nodeId2: points[1],
    bitcoinKey1: points[2],
    bitcoinKey2: points[3],
  },
  more: [
    [
      "without features",
      { ...announcement, features: fromHex("") },
      `0100${signed}0000${mainnet}${scid}${points.join("")}`,
    ],
  ],
  badValues: [
    [
      "a signature of 63 bytes",
      { nodeSignature2: new Uint8Array(63) },
      "wrong_length",
      ["nodeSignature2"],
    ],
    ["a chain hash of 33 bytes", { chainHash: new Uint8Array(33) }, "wrong_length", ["chainHash"]],
    [
      "a channel id beyond 64 bits",
      { shortChannelId: 2n ** 64n },
      "out_of_range",
      ["shortChannelId"],
    ],
    ["a channel id that is a number", { shortChannelId: 1 }, "invalid_value", ["shortChannelId"]],
    ["a key of 32 bytes", { nodeId1: new Uint8Array(32).fill(2) }, "wrong_length", ["nodeId1"]],
    [
      "a key that starts with 4",
      { bitcoinKey2: fromHex(`04${"55".repeat(32)}`) },
      "invalid_value",
      ["bitcoinKey2"],
    ],
  ],
  badHex: [
    [
      "a key that starts with 4",
      `0100${signed}0000${mainnet}${scid}04${"55".repeat(32)}${points.slice(1).join("")}`,
      "invalid_value",
      ["nodeId1"],
      300,
    ],
    [
      "a last key that starts with 0",
      `0100${signed}0000${mainnet}${scid}${points.slice(0, 3).join("")}${"00".repeat(33)}`,
      "invalid_value",
      ["bitcoinKey2"],
      399,
    ],
    [
      "more features than bytes",
      `0100${signed}ffff${mainnet}${scid}${points.join("")}`,
      "short_read",
      ["features"],
      260,
    ],
  ],
});

const alias = "e282bf" + "00".repeat(29); // the sign of bitcoin
const node = {
  type: "node_announcement",
  signature: fromHex(signatures[0]),
  features: fromHex("80000002"),
  timestamp: 0x60b14569,
  nodeId: fromHex(points[1]),
  rgbColor: fromHex("ff8000"),
  alias: fromHex(alias),
  addresses: [
    { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
    { type: "ipv6", address: fromHex("20010db8000000000000000000000001"), port: 9736 },
  ],
} as const;
const ipv6 = "20010db8000000000000000000000001";
const beforeAddresses = `0101${signatures[0]}000480000002${"60b14569"}${points[1]}ff8000${alias}`;

describeMessage({
  codec: nodeAnnouncement,
  id: 257,
  value: node,
  fields: {
    signature: signatures[0],
    features: "0004" + "80000002",
    timestamp: "60b14569",
    nodeId: points[1],
    rgbColor: "ff8000",
    alias,
    addresses: `${"001a"}01cb0071052607` + `02${ipv6}2608`,
  },
  more: [
    ["without addresses", { ...node, addresses: [] }, `${beforeAddresses}0000`],
    [
      "with addresses from the first unknown type on",
      {
        ...node,
        addresses: [
          { type: "dns", hostname: "a.example", port: 443 },
          { type: "opaque", data: fromHex("06010203") },
        ],
      },
      `${beforeAddresses}${"0011"}0509612e6578616d706c65${"01bb"}06010203`,
    ],
  ],
  badValues: [
    ["a timestamp beyond 32 bits", { timestamp: 2 ** 32 }, "out_of_range", ["timestamp"]],
    ["an alias of 31 bytes", { alias: new Uint8Array(31) }, "wrong_length", ["alias"]],
    ["a color of 4 bytes", { rgbColor: new Uint8Array(4) }, "wrong_length", ["rgbColor"]],
    [
      "a port beyond 16 bits",
      { addresses: [node.addresses[0], { ...node.addresses[1], port: 65536 }] },
      "out_of_range",
      ["addresses", 1],
    ],
    [
      "an address behind an opaque one",
      { addresses: [{ type: "opaque", data: fromHex("06") }, node.addresses[0]] },
      "invalid_value",
      ["addresses"],
    ],
    [
      "more addresses than their length can say",
      { addresses: Array.from({ length: 9363 }, () => node.addresses[0]) },
      "too_long",
      ["addresses"],
    ],
  ],
  badHex: [
    [
      "a node id that starts with 1",
      `0101${signatures[0]}000000000000${"01".repeat(33)}`,
      "invalid_value",
      ["nodeId"],
      72,
    ],
    [
      "addresses longer than the message",
      `${beforeAddresses}000801cb0071052607`,
      "short_read",
      ["addresses"],
    ],
    [
      "an IPv4 address cut by their length",
      `${beforeAddresses}000601cb0071052607`,
      "short_read",
      ["addresses", 0],
    ],
    [
      "an IPv6 address cut by their length",
      `${beforeAddresses}000f01cb0071052607020000000000000026`,
      "short_read",
      ["addresses", 1],
    ],
  ],
});

const update = {
  type: "channel_update",
  signature: fromHex(signatures[0]),
  chainHash: fromHex(mainnet),
  shortChannelId: 0x083a84_00034d_0001n,
  timestamp: 0x01020304,
  messageFlags: 1,
  channelFlags: 3,
  cltvExpiryDelta: 0x0506,
  htlcMinimumMsat: 0x0708090a0b0c0d0en,
  feeBaseMsat: 0x0f101112,
  feeProportionalMillionths: 0x13141516,
  htlcMaximumMsat: 2n ** 64n - 1n,
} as const;

describeMessage({
  codec: channelUpdate,
  id: 258,
  value: update,
  fields: {
    signature: signatures[0],
    chainHash: mainnet,
    shortChannelId: scid,
    timestamp: "01020304",
    messageFlags: "01",
    channelFlags: "03",
    cltvExpiryDelta: "0506",
    htlcMinimumMsat: "0708090a0b0c0d0e",
    feeBaseMsat: "0f101112",
    feeProportionalMillionths: "13141516",
    htlcMaximumMsat: "ffffffffffffffff",
  },
  more: [
    [
      "with all flags, known or not",
      { ...update, messageFlags: 255, channelFlags: 255 },
      `0102${signatures[0]}${mainnet}${scid}01020304ffff05060708090a0b0c0d0e0f10111213141516${"ff".repeat(8)}`,
    ],
  ],
  badValues: [
    ["flags beyond 8 bits", { channelFlags: 256 }, "out_of_range", ["channelFlags"]],
    ["a delta beyond 16 bits", { cltvExpiryDelta: 65536 }, "out_of_range", ["cltvExpiryDelta"]],
    ["a fee beyond 32 bits", { feeBaseMsat: 2 ** 32 }, "out_of_range", ["feeBaseMsat"]],
    [
      "a negative fee",
      { feeProportionalMillionths: -1 },
      "out_of_range",
      ["feeProportionalMillionths"],
    ],
    ["an amount that is a number", { htlcMaximumMsat: 1 }, "invalid_value", ["htlcMaximumMsat"]],
    ["a negative amount", { htlcMinimumMsat: -1n }, "out_of_range", ["htlcMinimumMsat"]],
  ],
  badHex: [
    // As it was before `htlc_maximum_msat` became a field that every update has.
    [
      "the old form without a maximum",
      `0102${signatures[0]}${mainnet}${scid}01020304000305060708090a0b0c0d0e0f10111213141516`,
      "short_read",
      ["htlcMaximumMsat"],
      130,
    ],
  ],
});

const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const halves = {
  type: "announcement_signatures",
  channelId: fromHex(channel),
  shortChannelId: 0x083a84_00034d_0001n,
  nodeSignature: fromHex(signatures[1]),
  bitcoinSignature: fromHex(signatures[2]),
} as const;

describeMessage({
  codec: announcementSignatures,
  id: 259,
  value: halves,
  fields: {
    channelId: channel,
    shortChannelId: scid,
    nodeSignature: signatures[1],
    bitcoinSignature: signatures[2],
  },
  more: [
    [
      "for the greatest channel there can be",
      { ...halves, shortChannelId: 2n ** 64n - 1n },
      `0103${channel}${"ff".repeat(8)}${signatures[1]}${signatures[2]}`,
    ],
  ],
  badValues: [
    ["a channel id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
    [
      "a short channel id beyond 64 bits",
      { shortChannelId: 2n ** 64n },
      "out_of_range",
      ["shortChannelId"],
    ],
    [
      "a short channel id that is text",
      { shortChannelId: "539268x845x1" },
      "invalid_value",
      ["shortChannelId"],
    ],
    [
      "a signature of the node of 65 bytes",
      { nodeSignature: new Uint8Array(65) },
      "wrong_length",
      ["nodeSignature"],
    ],
    [
      "a signature of the funding key of 63 bytes",
      { bitcoinSignature: new Uint8Array(63) },
      "wrong_length",
      ["bitcoinSignature"],
    ],
  ],
  badHex: [
    [
      "half of its signatures",
      `0103${channel}${scid}${signatures[1]}`,
      "short_read",
      ["bitcoinSignature"],
      106,
    ],
  ],
});
