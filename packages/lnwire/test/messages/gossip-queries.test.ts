import {
  fromHex,
  gossipTimestampFilter,
  queryChannelRange,
  queryShortChannelIds,
  replyChannelRange,
  replyShortChannelIdsEnd,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const chain = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const chainHash = fromHex(chain);
const two = "0000000000000001" + "ffffffffffffffff";
const ids = [1n, 2n ** 64n - 1n];

const query = { type: "query_short_channel_ids", chainHash, shortChannelIds: ids } as const;

describeMessage({
  codec: queryShortChannelIds,
  id: 261,
  value: query,
  fields: { chainHash: chain, shortChannelIds: `001100${two}` },
  more: [
    ["without ids", { ...query, shortChannelIds: [] }, `0105${chain}000100`],
    [
      "with flags, one of more than a byte",
      { ...query, queryFlags: [31n, 253n] },
      `0105${chain}001100${two}` + "0105" + "00" + "1f" + "fd00fd",
    ],
  ],
  badValues: [
    ["ids in descending order", { shortChannelIds: [2n, 1n] }, "out_of_order", ["shortChannelIds"]],
    ["an id twice", { shortChannelIds: [1n, 1n] }, "out_of_order", ["shortChannelIds"]],
    ["a negative id", { shortChannelIds: [-1n] }, "out_of_range", ["shortChannelIds"]],
    ["an id beyond 64 bits", { shortChannelIds: [2n ** 64n] }, "out_of_range", ["shortChannelIds"]],
    [
      "more ids than their length can say",
      { shortChannelIds: Array.from({ length: 8192 }, (_, i) => BigInt(i)) },
      "too_long",
      ["shortChannelIds"],
    ],
    [
      "more ids than a message can hold",
      { shortChannelIds: Array.from({ length: 8188 }, (_, i) => BigInt(i)) },
      "too_long",
      [],
    ],
    ["a negative flag", { queryFlags: [1n, -1n] }, "out_of_range", ["queryFlags", 1]],
  ],
  badHex: [
    ["no encoding", `0105${chain}0000`, "short_read", ["shortChannelIds"], 36],
    [
      "the forbidden zlib encoding",
      `0105${chain}000101`,
      "unsupported_encoding",
      ["shortChannelIds"],
      36,
    ],
    [
      "an unknown encoding",
      `0105${chain}0002${"0200"}`,
      "unsupported_encoding",
      ["shortChannelIds"],
      36,
    ],
    ["half an id", `0105${chain}000500${"00".repeat(4)}`, "short_read", ["shortChannelIds"], 37],
    [
      "an id twice",
      `0105${chain}001100${"00".repeat(16)}`,
      "out_of_order",
      ["shortChannelIds"],
      45,
    ],
    [
      "ids in descending order",
      `0105${chain}001100${"11".repeat(8)}${two.slice(0, 16)}`,
      "out_of_order",
      ["shortChannelIds"],
      45,
    ],
    ["flags without encoding", `0105${chain}000100` + "0100", "short_read", ["queryFlags"]],
    [
      "flags in the zlib encoding",
      `0105${chain}000100` + "010101",
      "unsupported_encoding",
      ["queryFlags"],
      39,
    ],
    [
      "a flag in a longer form",
      `0105${chain}000100` + "010400fd0001",
      "non_canonical",
      ["queryFlags", 0],
      40,
    ],
    ["half a flag", `0105${chain}000100` + "010200fd", "short_read", ["queryFlags", 0]],
  ],
});

describeMessage({
  codec: replyShortChannelIdsEnd,
  id: 262,
  value: { type: "reply_short_channel_ids_end", chainHash, fullInformation: true },
  fields: { chainHash: chain, fullInformation: "01" },
  more: [
    [
      "of a peer that does not follow this chain",
      { type: "reply_short_channel_ids_end", chainHash, fullInformation: false },
      `0106${chain}00`,
    ],
  ],
  badValues: [
    ["a chain hash of 0 bytes", { chainHash: new Uint8Array(0) }, "wrong_length", ["chainHash"]],
  ],
  badHex: [["a flag of 2", `0106${chain}02`, "invalid_value", ["fullInformation"], 34]],
});

const range = {
  type: "query_channel_range",
  chainHash,
  firstBlocknum: 0x000c3500,
  numberOfBlocks: 0xffffffff,
} as const;

describeMessage({
  codec: queryChannelRange,
  id: 263,
  value: range,
  fields: { chainHash: chain, firstBlocknum: "000c3500", numberOfBlocks: "ffffffff" },
  more: [
    ["with an option", { ...range, queryOption: 3n }, `0107${chain}000c3500ffffffff` + "010103"],
    [
      "with an empty option",
      { ...range, queryOption: 0n },
      `0107${chain}000c3500ffffffff` + "010100",
    ],
  ],
  badValues: [
    ["a block beyond 32 bits", { firstBlocknum: 2 ** 32 }, "out_of_range", ["firstBlocknum"]],
    ["a number that is a bigint", { numberOfBlocks: 1n }, "out_of_range", ["numberOfBlocks"]],
    ["an option that is a number", { queryOption: 3 }, "out_of_range", ["queryOption"]],
  ],
  badHex: [
    [
      "an option without bytes",
      `0107${chain}0000000000000001` + "0100",
      "short_read",
      ["queryOption"],
    ],
    [
      "an option in a longer form",
      `0107${chain}0000000000000001` + "0103fd0003",
      "non_canonical",
      ["queryOption"],
    ],
    [
      "a byte after the option",
      `0107${chain}0000000000000001` + "01020300",
      "trailing_bytes",
      ["queryOption"],
    ],
  ],
});

const reply = {
  type: "reply_channel_range",
  chainHash,
  firstBlocknum: 1,
  numberOfBlocks: 2,
  syncComplete: true,
  shortChannelIds: ids,
} as const;
const replyHex = `0108${chain}0000000100000002`;

describeMessage({
  codec: replyChannelRange,
  id: 264,
  value: reply,
  fields: {
    chainHash: chain,
    firstBlocknum: "00000001",
    numberOfBlocks: "00000002",
    syncComplete: "01",
    shortChannelIds: `001100${two}`,
  },
  more: [
    [
      "without ids, more to come",
      { ...reply, syncComplete: false, shortChannelIds: [] },
      `${replyHex}00` + "000100",
    ],
    [
      "with timestamps behind an encoding and checksums without one",
      {
        ...reply,
        timestamps: [
          { node1: 1, node2: 2 },
          { node1: 0, node2: 0xffffffff },
        ],
        checksums: [
          { node1: 3, node2: 4 },
          { node1: 5, node2: 6 },
        ],
      },
      `${replyHex}01001100${two}` +
        "0111" +
        "00" +
        "00000001" +
        "00000002" +
        "00000000" +
        "ffffffff" +
        "0310" +
        "00000003" +
        "00000004" +
        "00000005" +
        "00000006",
    ],
    [
      "with empty lists",
      { ...reply, timestamps: [], checksums: [] },
      `${replyHex}01001100${two}` + "010100" + "0300",
    ],
  ],
  badValues: [
    ["ids in descending order", { shortChannelIds: [2n, 1n] }, "out_of_order", ["shortChannelIds"]],
    [
      "a timestamp beyond 32 bits",
      {
        timestamps: [
          { node1: 0, node2: 0 },
          { node1: 0, node2: 2 ** 32 },
        ],
      },
      "out_of_range",
      ["timestamps", 1, "node2"],
    ],
    ["half a pair", { checksums: [{ node1: 0 }] }, "missing_field", ["checksums", 0, "node2"]],
  ],
  badHex: [
    ["a flag of 255", `${replyHex}ff000100`, "invalid_value", ["syncComplete"], 42],
    [
      "ids in the zlib encoding",
      `${replyHex}01000101`,
      "unsupported_encoding",
      ["shortChannelIds"],
    ],
    [
      "timestamps in the zlib encoding",
      `${replyHex}01000100` + "010101",
      "unsupported_encoding",
      ["timestamps"],
    ],
    [
      "half a pair of timestamps",
      `${replyHex}01000100` + "01050000000001",
      "short_read",
      ["timestamps", 0, "node2"],
    ],
    [
      "half a checksum",
      `${replyHex}01000100` + "03020000",
      "short_read",
      ["checksums", 0, "node1"],
    ],
  ],
});

const filter = {
  type: "gossip_timestamp_filter",
  chainHash,
  firstTimestamp: 0xffffffff,
  timestampRange: 0,
} as const;

describeMessage({
  codec: gossipTimestampFilter,
  id: 265,
  value: filter,
  fields: { chainHash: chain, firstTimestamp: "ffffffff", timestampRange: "00000000" },
  badValues: [
    ["a timestamp beyond 32 bits", { firstTimestamp: 2 ** 32 }, "out_of_range", ["firstTimestamp"]],
    ["a range that is no number", { timestampRange: "all" }, "out_of_range", ["timestampRange"]],
  ],
  badHex: [
    [
      "a record that only drafts know",
      `0109${chain}ffffffff00000000` + "020400000000",
      "unknown_required",
      [],
    ],
  ],
});
