import { expect, test } from "vitest";
import {
  type ChannelUpdate2,
  announcementSignatures2,
  channelAnnouncement2,
  channelUpdate2,
  channelUpdate2Defaults,
  nodeAnnouncement2,
  taprootGossipMessages,
} from "../../src/opt-in/index.ts";
import { formatAddress, fromHex, lightningMessages, messageSet } from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";

const hash32 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const sig = "a1".repeat(32) + "a2".repeat(32);
const key1 = `02${"11".repeat(32)}`;
const key2 = `03${"22".repeat(32)}`;
const key3 = `02${"33".repeat(32)}`;
const key4 = `03${"44".repeat(32)}`;
const scid = "08083a8400034d0001"; // with its length, 539268x845x1
const shortChannelId = (539268n << 40n) | (845n << 16n) | 1n;
const badPoint = `04${"11".repeat(32)}`;

describeOptIn({
  codec: announcementSignatures2,
  id: 260,
  name: "announcement_signatures_2",
  value: {
    type: "announcement_signatures_2",
    channelId: fromHex(hash32),
    shortChannelId,
    partialSignature: fromHex("55".repeat(32)),
  },
  fields: {},
  records: {
    channelId: `0020${hash32}`,
    shortChannelId: `02${scid}`,
    partialSignature: `0420${"55".repeat(32)}`,
  },
  badValues: [
    ["an id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
    ["an id above 64 bits", { shortChannelId: 1n << 64n }, "out_of_range", ["shortChannelId"]],
    [
      "a partial signature of 64 bytes",
      { partialSignature: new Uint8Array(64) },
      "wrong_length",
      ["partialSignature"],
    ],
  ],
  badRecords: [
    ["a channel id of 31 bytes", `001f${"00".repeat(31)}`, "short_read", ["channelId"], 2],
    ["a channel id of 33 bytes", `0021${"00".repeat(33)}`, "trailing_bytes", ["channelId"], 34],
    ["a short id of 7 bytes", `0207${"00".repeat(7)}`, "short_read", ["shortChannelId"], 2],
    ["a short id of 9 bytes", `0209${"00".repeat(9)}`, "trailing_bytes", ["shortChannelId"], 10],
    ["a signature of 31 bytes", `041f${"00".repeat(31)}`, "short_read", ["partialSignature"], 2],
    [
      "a signature of 33 bytes",
      `0421${"00".repeat(33)}`,
      "trailing_bytes",
      ["partialSignature"],
      34,
    ],
    ["an even record of the signed range", "3002abcd", "unknown_required", [], 0],
    ["descending records", `02${scid}0020${hash32}`, "out_of_order", [], 10],
  ],
});

describeOptIn({
  codec: channelAnnouncement2,
  id: 267,
  name: "channel_announcement_2",
  value: {
    type: "channel_announcement_2",
    chainHash: fromHex("01".repeat(32)),
    features: fromHex("0102"),
    shortChannelId,
    capacitySatoshis: 100_000n,
    nodeId1: fromHex(key1),
    nodeId2: fromHex(key2),
    bitcoinKey1: fromHex(key3),
    bitcoinKey2: fromHex(key4),
    merkleRootHash: fromHex("66".repeat(32)),
    outpoint: { txid: fromHex(hash32), index: 12345 },
    signature: fromHex(sig),
  },
  fields: {},
  records: {
    chainHash: `0020${"01".repeat(32)}`,
    features: "02020102",
    shortChannelId: `04${scid}`,
    capacitySatoshis: "060800000000000186a0",
    nodeId1: `0821${key1}`,
    nodeId2: `0a21${key2}`,
    bitcoinKey1: `0c21${key3}`,
    bitcoinKey2: `0e21${key4}`,
    merkleRootHash: `1020${"66".repeat(32)}`,
    outpoint: `1222${hash32}3039`,
    signature: `a040${sig}`,
  },
  more: [
    [
      "with features of no bytes",
      { type: "channel_announcement_2", features: fromHex("") },
      "010b" + "0200",
    ],
  ],
  badValues: [
    ["a chain hash of 33 bytes", { chainHash: new Uint8Array(33) }, "wrong_length", ["chainHash"]],
    ["a negative capacity", { capacitySatoshis: -1n }, "out_of_range", ["capacitySatoshis"]],
    ["a node id that is no point", { nodeId1: fromHex(badPoint) }, "invalid_value", ["nodeId1"]],
    ["a key of 32 bytes", { bitcoinKey2: new Uint8Array(32) }, "wrong_length", ["bitcoinKey2"]],
    [
      "an outpoint without its index",
      { outpoint: { txid: fromHex(hash32) } },
      "missing_field",
      ["outpoint", "index"],
    ],
    [
      "an output index above 16 bits",
      { outpoint: { txid: fromHex(hash32), index: 65536 } },
      "out_of_range",
      ["outpoint", "index"],
    ],
    ["a signature of 65 bytes", { signature: new Uint8Array(65) }, "wrong_length", ["signature"]],
  ],
  badRecords: [
    ["a capacity of 3 bytes", "06030186a0", "short_read", ["capacitySatoshis"], 2],
    ["a capacity of 9 bytes", `0609${"00".repeat(9)}`, "trailing_bytes", ["capacitySatoshis"], 10],
    ["a node id that is no point", `0821${badPoint}`, "invalid_value", ["nodeId1"], 2],
    ["a second node id that is no point", `0a21${badPoint}`, "invalid_value", ["nodeId2"], 2],
    ["a key that is no point", `0c21${badPoint}`, "invalid_value", ["bitcoinKey1"], 2],
    ["a second key that is no point", `0e21${badPoint}`, "invalid_value", ["bitcoinKey2"], 2],
    ["a key of 32 bytes", `0c20${"02".repeat(32)}`, "short_read", ["bitcoinKey1"], 2],
    ["a root of 31 bytes", `101f${"00".repeat(31)}`, "short_read", ["merkleRootHash"], 2],
    ["an outpoint of 33 bytes", `1221${hash32}30`, "short_read", ["outpoint", "index"], 34],
    // The index has four bytes in Bitcoin's own format.
    ["an outpoint of 36 bytes", `1224${hash32}00003039`, "trailing_bytes", ["outpoint"], 36],
    ["a signature of 63 bytes", `a03f${"00".repeat(63)}`, "short_read", ["signature"], 2],
  ],
});

const onion = "010203".repeat(11) + "0405";

describeOptIn({
  codec: nodeAnnouncement2,
  id: 269,
  name: "node_announcement_2",
  value: {
    type: "node_announcement_2",
    features: fromHex("0102"),
    color: fromHex("ff0080"),
    blockHeight: 100_000,
    alias: fromHex("6e6fc3a9"),
    nodeId: fromHex(key1),
    ipv4Addrs: [
      { type: "ipv4", address: fromHex("0a000001"), port: 9000 },
      { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
    ],
    ipv6Addrs: [{ type: "ipv6", address: fromHex("20010db8000000000000000000000001"), port: 8000 }],
    torV3Addrs: [{ type: "torv3", address: fromHex(onion), port: 9000 }],
    dnsHostnames: [
      { hostname: fromHex("612e62"), port: 9735 },
      { hostname: fromHex("ff"), port: 1 },
    ],
    signature: fromHex(sig),
  },
  fields: {},
  records: {
    features: "00020102",
    color: "0103ff0080",
    blockHeight: "0204000186a0",
    alias: "03046e6fc3a9",
    nodeId: `0421${key1}`,
    ipv4Addrs: "050c0a0000012328cb0071052607",
    ipv6Addrs: "071220010db80000000000000000000000011f40",
    torV3Addrs: `0925${onion}2328`,
    dnsHostnames: "0b0c0003612e6226070001ff0001",
    signature: `a040${sig}`,
  },
  more: [
    [
      "with empty lists",
      {
        type: "node_announcement_2",
        ipv4Addrs: [],
        ipv6Addrs: [],
        torV3Addrs: [],
        dnsHostnames: [],
      },
      "010d" + "0500" + "0700" + "0900" + "0b00",
    ],
    [
      "with a name of no bytes, and the longest alias and more",
      {
        type: "node_announcement_2",
        alias: new Uint8Array(33).fill(0x61),
        dnsHostnames: [{ hostname: fromHex(""), port: 0 }],
      },
      `010d${"0321"}${"61".repeat(33)}` + "0b0400000000",
    ],
  ],
  badValues: [
    ["a color of 4 bytes", { color: new Uint8Array(4) }, "wrong_length", ["color"]],
    ["a height above 32 bits", { blockHeight: 2 ** 32 }, "out_of_range", ["blockHeight"]],
    ["a node id that is no point", { nodeId: fromHex(badPoint) }, "invalid_value", ["nodeId"]],
    [
      "an IPv4 address of 16 bytes",
      { ipv4Addrs: [{ type: "ipv4", address: new Uint8Array(16), port: 1 }] },
      "wrong_length",
      ["ipv4Addrs", 0, "address"],
    ],
    [
      "an IPv6 address of 4 bytes",
      { ipv6Addrs: [{ type: "ipv6", address: new Uint8Array(4), port: 1 }] },
      "wrong_length",
      ["ipv6Addrs", 0, "address"],
    ],
    [
      "an onion address of 10 bytes",
      { torV3Addrs: [{ type: "torv3", address: new Uint8Array(10), port: 1 }] },
      "wrong_length",
      ["torV3Addrs", 0, "address"],
    ],
    [
      "a port above 16 bits",
      { ipv4Addrs: [{ type: "ipv4", address: new Uint8Array(4), port: 65536 }] },
      "out_of_range",
      ["ipv4Addrs", 0, "port"],
    ],
    [
      "a hostname longer than its length",
      { dnsHostnames: [{ hostname: new Uint8Array(65536), port: 1 }] },
      "too_long",
      ["dnsHostnames", 0, "hostname"],
    ],
    ["a list that is none", { ipv4Addrs: 1 }, "invalid_value", ["ipv4Addrs"]],
  ],
  badRecords: [
    ["a color of 2 bytes", "0102ff00", "short_read", ["color"], 2],
    ["a color of 4 bytes", "0104ff008000", "trailing_bytes", ["color"], 5],
    ["a height of 3 bytes", "02030186a0", "short_read", ["blockHeight"], 2],
    ["a height of 5 bytes", "02050000186a00", "trailing_bytes", ["blockHeight"], 6],
    ["an IPv4 address of 5 bytes", "05050a00000123", "short_read", ["ipv4Addrs", 0, "port"], 6],
    [
      "half an IPv4 address after a whole one",
      "05080a00000123280a00",
      "short_read",
      ["ipv4Addrs", 1, "address"],
      8,
    ],
    [
      "an IPv6 address of 17 bytes",
      `0711${"00".repeat(17)}`,
      "short_read",
      ["ipv6Addrs", 0, "port"],
      18,
    ],
    [
      "an onion address of 36 bytes",
      `0924${"00".repeat(36)}`,
      "short_read",
      ["torV3Addrs", 0, "port"],
      37,
    ],
    [
      "a hostname beyond its record",
      "0b05000461622607",
      "short_read",
      ["dnsHostnames", 0, "hostname"],
      4,
    ],
    ["a hostname without port", "0b0400026162", "short_read", ["dnsHostnames", 0, "port"], 6],
    // One name without length, as lnd writes it.
    [
      "a hostname without length",
      "0b05612e622607",
      "short_read",
      ["dnsHostnames", 0, "hostname"],
      4,
    ],
    ["an unknown even record", "0600", "unknown_required", [], 0],
  ],
});

describeOptIn({
  codec: channelUpdate2,
  id: 271,
  name: "channel_update_2",
  value: {
    type: "channel_update_2",
    chainHash: fromHex("01".repeat(32)),
    shortChannelId,
    blockHeight: 256,
    disableFlags: 6,
    secondPeer: true,
    cltvExpiryDelta: 16,
    htlcMinimumMsat: 1_000_000n,
    htlcMaximumMsat: 0x0102030405060708n,
    feeBaseMsat: 256,
    feeProportionalMillionths: 0x01020304,
    signature: fromHex(sig),
  },
  fields: {},
  records: {
    chainHash: `0020${"01".repeat(32)}`,
    shortChannelId: `02${scid}`,
    blockHeight: "040400000100",
    disableFlags: "060106",
    secondPeer: "0800",
    cltvExpiryDelta: "0a020010",
    htlcMinimumMsat: "0c0800000000000f4240",
    htlcMaximumMsat: "0e080102030405060708",
    feeBaseMsat: "100400000100",
    feeProportionalMillionths: "120401020304",
    signature: `a040${sig}`,
  },
  more: [
    [
      "with a value that is the default",
      { type: "channel_update_2", cltvExpiryDelta: 80, feeBaseMsat: 1000 },
      "010f" + "0a020050" + "1004000003e8",
    ],
  ],
  badValues: [
    ["flags above 8 bits", { disableFlags: 256 }, "out_of_range", ["disableFlags"]],
    ["a second peer that is false", { secondPeer: false }, "invalid_value", ["secondPeer"]],
    ["a delta above 16 bits", { cltvExpiryDelta: 65536 }, "out_of_range", ["cltvExpiryDelta"]],
    [
      "a minimum above 64 bits",
      { htlcMinimumMsat: 1n << 64n },
      "out_of_range",
      ["htlcMinimumMsat"],
    ],
    ["a maximum that is a number", { htlcMaximumMsat: 1 }, "invalid_value", ["htlcMaximumMsat"]],
    ["a fee above 32 bits", { feeBaseMsat: 2 ** 32 }, "out_of_range", ["feeBaseMsat"]],
    [
      "a rate below zero",
      { feeProportionalMillionths: -1 },
      "out_of_range",
      ["feeProportionalMillionths"],
    ],
  ],
  badRecords: [
    ["flags of no bytes", "0600", "short_read", ["disableFlags"], 2],
    ["flags of 2 bytes", "06020000", "trailing_bytes", ["disableFlags"], 3],
    ["a second peer of one byte", "080101", "trailing_bytes", ["secondPeer"], 2],
    ["a delta of 1 byte", "0a0150", "short_read", ["cltvExpiryDelta"], 2],
    // A bigsize, as lnd writes it.
    ["a minimum of 5 bytes", "0c05fe000f4240", "short_read", ["htlcMinimumMsat"], 2],
    ["a maximum of 5 bytes", "0e05fe000f4240", "short_read", ["htlcMaximumMsat"], 2],
    ["a fee of 8 bytes", `1008${"00".repeat(8)}`, "trailing_bytes", ["feeBaseMsat"], 6],
    ["a rate of 2 bytes", "12020001", "short_read", ["feeProportionalMillionths"], 2],
  ],
});

const set = messageSet(taprootGossipMessages);

test("the chapter has its four messages, and they fit the default set", () => {
  expect(set.codecs.map(({ id }) => id)).toEqual([260, 267, 269, 271]);
  const all = messageSet([...lightningMessages.codecs, ...taprootGossipMessages]);
  expect(all.codecs).toHaveLength(lightningMessages.codecs.length + 4);
});

test("addresses are those of the rest of the package", () => {
  const message = set.decode(fromHex("010d" + "05060a0000012328"));
  if (message.type !== "node_announcement_2") throw new Error(message.type);
  expect(message.ipv4Addrs?.map(formatAddress)).toEqual(["10.0.0.1:9000"]);
});

test("defaults are not filled in, and are there for who wants them", () => {
  const update = set.decode(fromHex(`010f${"02"}${scid}` + "100400000000")) as ChannelUpdate2;
  expect(update).toStrictEqual({ type: "channel_update_2", shortChannelId, feeBaseMsat: 0 });
  const defaults = {
    disableFlags: 0,
    cltvExpiryDelta: 80,
    htlcMinimumMsat: 1n,
    feeBaseMsat: 1000,
    feeProportionalMillionths: 1,
  };
  expect(channelUpdate2Defaults).toStrictEqual(defaults);
  expect({ ...channelUpdate2Defaults, ...update }).toStrictEqual({ ...defaults, ...update });
});
