import { describe, expect, test } from "vitest";
import {
  aliasOf,
  chainHashOf,
  featureVector,
  formatMessage,
  fromHex,
  type LightningMessage,
  lightningMessages,
  parseShortChannelId,
  toHex,
} from "../src/index.ts";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const alarm = "\ufffd";

// The first transaction of mainnet: as it is hashed and as everybody shows it.
const txid = fromHex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a");
const shownTxid = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

const point = fromHex(`02${"11".repeat(32)}`);
const shownSignature = "0707070707070707… (64 bytes)";

const valid: readonly (readonly [LightningMessage, line: string, lines: readonly string[]])[] = [
  [
    { type: "ping", numPongBytes: 8, ignored: fromHex("0000") },
    "ping numPongBytes=8 ignored=0000",
    ["ping", "  numPongBytes: 8", "  ignored: 0000"],
  ],
  [
    { type: "pong", ignored: fromHex("") },
    "pong ignored=(0 bytes)",
    ["pong", "  ignored: (0 bytes)"],
  ],
  [
    {
      type: "init",
      globalfeatures: fromHex(""),
      features: featureVector([12, 23, 1001]),
      networks: [chainHashOf("regtest"), filled(32, 1)],
      remoteAddr: { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
      unknown: [
        { type: 201n, value: fromHex("2a") },
        { type: 2n ** 64n - 1n, value: fromHex("") },
      ],
    },
    `init globalfeatures=[] features=[12, 23, 1001] networks=[regtest, ${"01".repeat(32)}] ` +
      "remoteAddr=203.0.113.5:9735 unknown=[201: 2a, 18446744073709551615: (0 bytes)]",
    [
      "init",
      "  globalfeatures: []",
      "  features:",
      "    option_static_remotekey (required, 12)",
      "    option_anchors (optional, 23)",
      "    unknown (optional, 1001)",
      "  networks:",
      "    regtest",
      `    ${"01".repeat(32)}`,
      "  remoteAddr: 203.0.113.5:9735",
      "  unknown:",
      "    201: 2a",
      "    18446744073709551615: (0 bytes)",
    ],
  ],
  [
    { type: "error", channelId: filled(32, 0), data: utf8('no "such" channel\\') },
    `error channelId=${"00".repeat(32)} data="no \\"such\\" channel\\\\"`,
    ["error", `  channelId: ${"00".repeat(32)}`, '  data: "no \\"such\\" channel\\\\"'],
  ],
  [
    {
      type: "node_announcement",
      signature: filled(64, 7),
      features: fromHex(""),
      timestamp: 1_700_000_000,
      nodeId: point,
      rgbColor: fromHex("ff8000"),
      alias: aliasOf("sat\u202ewire"),
      addresses: [
        { type: "ipv6", address: fromHex(`20010db8${"00".repeat(11)}01`), port: 9735 },
        { type: "torv2", address: filled(10, 0), port: 1 },
        { type: "torv3", address: filled(35, 0), port: 2 },
        { type: "dns", hostname: "example.org", port: 3 },
        { type: "opaque", data: fromHex("06abcd") },
      ],
    },
    `node_announcement signature=${shownSignature} features=[] timestamp=1700000000 ` +
      `nodeId=02${"11".repeat(32)} rgbColor=#ff8000 alias="sat${alarm}wire" ` +
      `addresses=[[2001:db8::1]:9735, ${"a".repeat(16)}.onion:1, ${"a".repeat(56)}.onion:2, ` +
      "example.org:3, opaque 06abcd]",
    [
      "node_announcement",
      `  signature: ${"07".repeat(64)}`,
      "  features: []",
      "  timestamp: 1700000000 (2023-11-14T22:13:20.000Z)",
      `  nodeId: 02${"11".repeat(32)}`,
      "  rgbColor: #ff8000",
      `  alias: "sat${alarm}wire"`,
      "  addresses:",
      "    [2001:db8::1]:9735",
      `    ${"a".repeat(16)}.onion:1`,
      `    ${"a".repeat(56)}.onion:2`,
      "    example.org:3",
      "    opaque 06abcd",
    ],
  ],
  [
    {
      type: "channel_update",
      signature: filled(64, 7),
      chainHash: chainHashOf("mainnet"),
      shortChannelId: parseShortChannelId("800000x12x1"),
      timestamp: 0,
      messageFlags: 1,
      channelFlags: 0,
      cltvExpiryDelta: 40,
      htlcMinimumMsat: 1n,
      feeBaseMsat: 1000,
      feeProportionalMillionths: 1,
      htlcMaximumMsat: 2n ** 64n - 1n,
    },
    `channel_update signature=${shownSignature} chainHash=mainnet shortChannelId=800000x12x1 timestamp=0 ` +
      "messageFlags=1 channelFlags=0 cltvExpiryDelta=40 htlcMinimumMsat=1 feeBaseMsat=1000 " +
      "feeProportionalMillionths=1 htlcMaximumMsat=18446744073709551615",
    [
      "channel_update",
      `  signature: ${"07".repeat(64)}`,
      "  chainHash: mainnet",
      "  shortChannelId: 800000x12x1",
      "  timestamp: 0 (1970-01-01T00:00:00.000Z)",
      "  messageFlags: 1",
      "  channelFlags: 0",
      "  cltvExpiryDelta: 40",
      "  htlcMinimumMsat: 1",
      "  feeBaseMsat: 1000",
      "  feeProportionalMillionths: 1",
      "  htlcMaximumMsat: 18446744073709551615",
    ],
  ],
  [
    {
      type: "reply_channel_range",
      chainHash: chainHashOf("signet"),
      firstBlocknum: 1,
      numberOfBlocks: 2,
      syncComplete: false,
      shortChannelIds: [0n, parseShortChannelId("1x2x3")],
      timestamps: [],
      checksums: [
        { node1: 1, node2: 2 },
        { node1: 3, node2: 4 },
      ],
    },
    "reply_channel_range chainHash=signet firstBlocknum=1 numberOfBlocks=2 syncComplete=false " +
      "shortChannelIds=[0x0x0, 1x2x3] timestamps=[] checksums=[{node1=1 node2=2}, {node1=3 node2=4}]",
    [
      "reply_channel_range",
      "  chainHash: signet",
      "  firstBlocknum: 1",
      "  numberOfBlocks: 2",
      "  syncComplete: false",
      "  shortChannelIds:",
      "    0x0x0",
      "    1x2x3",
      "  timestamps: []",
      "  checksums:",
      "    {node1=1 node2=2}",
      "    {node1=3 node2=4}",
    ],
  ],
  [
    {
      type: "channel_reestablish",
      channelId: filled(32, 9),
      nextCommitmentNumber: 1n,
      nextRevocationNumber: 0n,
      yourLastPerCommitmentSecret: filled(32, 0),
      myCurrentPerCommitmentPoint: point,
      nextFunding: { nextFundingTxid: txid, retransmitFlags: 1 },
    },
    `channel_reestablish channelId=${"09".repeat(32)} nextCommitmentNumber=1 nextRevocationNumber=0 ` +
      `yourLastPerCommitmentSecret=${"00".repeat(32)} myCurrentPerCommitmentPoint=02${"11".repeat(32)} ` +
      `nextFunding={nextFundingTxid=${shownTxid} retransmitFlags=1}`,
    [
      "channel_reestablish",
      `  channelId: ${"09".repeat(32)}`,
      "  nextCommitmentNumber: 1",
      "  nextRevocationNumber: 0",
      `  yourLastPerCommitmentSecret: ${"00".repeat(32)}`,
      `  myCurrentPerCommitmentPoint: 02${"11".repeat(32)}`,
      `  nextFunding: {nextFundingTxid=${shownTxid} retransmitFlags=1}`,
    ],
  ],
  [
    {
      type: "tx_signatures",
      channelId: filled(32, 9),
      txid,
      witnesses: [fromHex(""), fromHex("0102"), filled(34, 2)],
    },
    `tx_signatures channelId=${"09".repeat(32)} txid=${shownTxid} ` +
      "witnesses=[(0 bytes), 0102, 0202020202020202… (34 bytes)]",
    [
      "tx_signatures",
      `  channelId: ${"09".repeat(32)}`,
      `  txid: ${shownTxid}`,
      "  witnesses:",
      "    (0 bytes)",
      "    0102",
      `    ${"02".repeat(34)}`,
    ],
  ],
  [
    {
      type: "splice_init",
      channelId: filled(32, 9),
      fundingContributionSatoshis: -5n,
      fundingFeeratePerkw: 253,
      locktime: 0,
      fundingPubkey: point,
      requireConfirmedInputs: true,
    },
    `splice_init channelId=${"09".repeat(32)} fundingContributionSatoshis=-5 fundingFeeratePerkw=253 ` +
      `locktime=0 fundingPubkey=02${"11".repeat(32)} requireConfirmedInputs=true`,
    [
      "splice_init",
      `  channelId: ${"09".repeat(32)}`,
      "  fundingContributionSatoshis: -5",
      "  fundingFeeratePerkw: 253",
      "  locktime: 0",
      `  fundingPubkey: 02${"11".repeat(32)}`,
      "  requireConfirmedInputs: true",
    ],
  ],
  [
    { type: "unknown", id: 32769, payload: fromHex("0a0d1b5b") },
    "unknown id=32769 payload=0a0d1b5b",
    ["unknown", "  id: 32769", "  payload: 0a0d1b5b"],
  ],
];

describe.each(valid.map((row) => [row[0].type, ...row] as const))(
  "%s",
  (_type, message, line, lines) => {
    test("in one line", () => {
      expect(formatMessage(message)).toBe(line);
      expect(formatMessage(message, { multiline: false, maxBytes: undefined })).toBe(line);
    });

    test("with a field per line", () => {
      expect(formatMessage(message, { multiline: true })).toBe(lines.join("\n"));
    });

    test("is not changed", () => {
      const before = structuredClone(message);
      formatMessage(message);
      formatMessage(message, { multiline: true });
      expect(message).toStrictEqual(before);
    });
  },
);

test("a message of which only a part was understood", () => {
  const found = lightningMessages.inspect(
    fromHex(`0102${"07".repeat(64)}${toHex(chainHashOf("testnet4"))}00`),
  );
  if (found.valid || found.message === undefined) expect.fail("this should have been cut");
  expect(formatMessage(found.message)).toBe(
    `channel_update signature=${shownSignature} chainHash=testnet4`,
  );
});

describe("in one line, a message of 65,535 bytes stays short", () => {
  const ids = Array.from({ length: 8186 }, (_, i) => BigInt(i));
  const pairs = Array.from({ length: 8000 }, (_, i) => ({ node1: i, node2: i }));
  test.each<[what: string, LightningMessage]>([
    ["ignored bytes", { type: "pong", ignored: filled(65531, 0) }],
    ["printable data", { type: "error", channelId: filled(32, 0), data: filled(65499, 0x61) }],
    ["other data", { type: "warning", channelId: filled(32, 0), data: filled(65499, 0x80) }],
    ["features", { type: "init", globalfeatures: fromHex(""), features: filled(65529, 255) }],
    [
      "networks",
      {
        type: "init",
        globalfeatures: fromHex(""),
        features: fromHex(""),
        networks: ids.slice(0, 2047).map(() => filled(32, 1)),
      },
    ],
    [
      "records",
      {
        type: "pong",
        ignored: fromHex(""),
        unknown: ids
          .map((id) => ({ type: 2n ** 32n + 2n * id + 1n, value: filled(8, 1) }))
          .slice(0, 3640),
      },
    ],
    [
      "ids and flags",
      {
        type: "query_short_channel_ids",
        chainHash: filled(32, 0),
        shortChannelIds: ids.slice(0, 7000),
        queryFlags: ids.slice(0, 7000).map(() => 1n),
      },
    ],
    [
      "timestamps",
      {
        type: "reply_channel_range",
        chainHash: filled(32, 0),
        firstBlocknum: 0,
        numberOfBlocks: 1,
        syncComplete: true,
        shortChannelIds: [],
        timestamps: pairs,
      },
    ],
    [
      "hostnames",
      {
        type: "node_announcement",
        signature: filled(64, 0),
        features: fromHex(""),
        timestamp: 0,
        nodeId: point,
        rgbColor: filled(3, 0),
        alias: filled(32, 0x41),
        addresses: ids
          .slice(0, 252)
          .map(() => ({ type: "dns", hostname: "x".repeat(255), port: 65535 })),
      },
    ],
    [
      "signatures",
      {
        type: "commitment_signed",
        channelId: filled(32, 0),
        signature: filled(64, 1),
        htlcSignatures: ids.slice(0, 1000).map(() => filled(64, 2)),
      },
    ],
    ["an unknown payload", { type: "unknown", id: 1, payload: filled(65533, 10) }],
  ])("full of %s", (_what, message) => {
    // As long as it is here: more would not fit much.
    expect(lightningMessages.encode(message).length).toBeGreaterThan(60_000);
    const line = formatMessage(message);
    expect(line.length).toBeLessThan(2_600);
    expect(line).not.toContain("\n");
  });
});
