import { expect, test } from "vitest";
import {
  basicFilterType,
  bitcoinMessages,
  cfcheckpt,
  cfheaders,
  cfilter,
  filterCheckpointInterval,
  getcfcheckpt,
  getcfheaders,
  getcfilters,
  maxFilterHashes,
  maxFilters,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { hashHex, hashOf } from "../support/block-values.ts";
import { describeMessage } from "../support/describe-message.ts";
import { fromHex } from "../../src/index.ts";

const [stopHex, stop] = [hashHex("9d"), hashOf("9d")];
const [otherHex, other] = [hashHex("2b"), hashOf("2b")];
const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, () => other);

describeMessage({
  codec: getcfilters,
  command: "getcfilters",
  shortId: 22,
  value: { type: "getcfilters", filterType: 0, startHeight: 0x0102_0304, stopHash: stop },
  fields: { filterType: "00", startHeight: "04030201", stopHash: stopHex },
  more: [
    [
      "a type that nobody knows",
      { type: "getcfilters", filterType: 255, startHeight: 2 ** 32 - 1, stopHash: stop },
      `ffffffffff${stopHex}`,
    ],
  ],
  badValues: badFields({ filterType: "u8", startHeight: "u32", stopHash: "hash" }),
  badHex: [],
});

describeMessage({
  codec: cfilter,
  command: "cfilter",
  shortId: 23,
  value: { type: "cfilter", filterType: 0, blockHash: stop, filterBytes: fromHex("0109caf0") },
  fields: { filterType: "00", blockHash: stopHex, filterBytes: "04" + "0109caf0" },
  more: [
    [
      "no bytes at all",
      { type: "cfilter", filterType: 1, blockHash: stop, filterBytes: fromHex("") },
      `01${stopHex}00`,
    ],
    [
      "253 bytes",
      { type: "cfilter", filterType: 0, blockHash: stop, filterBytes: new Uint8Array(253) },
      `00${stopHex}fdfd00${"00".repeat(253)}`,
    ],
  ],
  badValues: badFields({ filterType: "u8", blockHash: "hash", filterBytes: "bytes" }),
  badHex: [
    ["a length in a longer form", `00${stopHex}fd0100aa`, "non_canonical", ["filterBytes"], 33],
    ["a length beyond the maximum", `00${stopHex}fe01000002`, "too_long", ["filterBytes"], 33],
    ["2^64 - 1 bytes", `00${stopHex}${"ff".repeat(9)}`, "too_long", ["filterBytes"], 33],
    ["32 MiB that are not there", `00${stopHex}fe00000002`, "short_read", ["filterBytes"], 38],
  ],
});

describeMessage({
  codec: getcfheaders,
  command: "getcfheaders",
  shortId: 24,
  value: { type: "getcfheaders", filterType: 0, startHeight: 258, stopHash: stop },
  fields: { filterType: "00", startHeight: "02010000", stopHash: stopHex },
  badValues: badFields({ filterType: "u8", startHeight: "u32", stopHash: "hash" }),
  badHex: [],
});

const previousHex = hashHex("77");
const previousFilterHeader = hashOf("77");

describeMessage({
  codec: cfheaders,
  command: "cfheaders",
  shortId: 25,
  value: {
    type: "cfheaders",
    filterType: 0,
    stopHash: stop,
    previousFilterHeader,
    filterHashes: [other, stop],
  },
  fields: {
    filterType: "00",
    stopHash: stopHex,
    previousFilterHeader: previousHex,
    filterHashes: `02${otherHex}${stopHex}`,
  },
  more: [
    [
      "no hash",
      {
        type: "cfheaders",
        filterType: 0,
        stopHash: stop,
        previousFilterHeader,
        filterHashes: [],
      },
      `00${stopHex}${previousHex}00`,
    ],
    [
      "2,000 hashes",
      {
        type: "cfheaders",
        filterType: 0,
        stopHash: stop,
        previousFilterHeader,
        filterHashes: hashes(2000),
      },
      `00${stopHex}${previousHex}fdd007${otherHex.repeat(2000)}`,
    ],
  ],
  badValues: [
    ...badFields({ filterType: "u8", stopHash: "hash", previousFilterHeader: "hash" }),
    ["2,001 hashes", { filterHashes: hashes(2001) }, "too_long", ["filterHashes"]],
    [
      "a hash of 33 bytes",
      { filterHashes: [other, new Uint8Array(33)] },
      "wrong_length",
      ["filterHashes", 1],
    ],
  ],
  badHex: [
    [
      "2,001 hashes",
      `00${stopHex}${previousHex}fdd107${otherHex.repeat(2001)}`,
      "too_long",
      ["filterHashes"],
      65,
    ],
    [
      "more hashes than bytes",
      `00${stopHex}${previousHex}03${"0000"}`,
      "short_read",
      ["filterHashes"],
    ],
  ],
});

describeMessage({
  codec: getcfcheckpt,
  command: "getcfcheckpt",
  shortId: 26,
  value: { type: "getcfcheckpt", filterType: 0, stopHash: stop },
  fields: { filterType: "00", stopHash: stopHex },
  badValues: badFields({ filterType: "u8", stopHash: "hash" }),
  badHex: [],
});

describeMessage({
  codec: cfcheckpt,
  command: "cfcheckpt",
  shortId: 27,
  value: { type: "cfcheckpt", filterType: 0, stopHash: stop, filterHeaders: [other, stop] },
  fields: { filterType: "00", stopHash: stopHex, filterHeaders: `02${otherHex}${stopHex}` },
  more: [
    [
      "no header",
      { type: "cfcheckpt", filterType: 0, stopHash: stop, filterHeaders: [] },
      `00${stopHex}00`,
    ],
  ],
  badValues: [
    ...badFields({ filterType: "u8", stopHash: "hash" }),
    ["100,001 headers", { filterHeaders: hashes(100_001) }, "too_long", ["filterHeaders"]],
  ],
  badHex: [
    ["100,001 headers", `00${stopHex}fea1860100`, "too_long", ["filterHeaders"], 33],
    [
      "100,000 headers that are not there",
      `00${stopHex}fea0860100`,
      "short_read",
      ["filterHeaders"],
    ],
  ],
});

test("100,000 filter headers fit one message", () => {
  const most = {
    type: "cfcheckpt",
    filterType: 0,
    stopHash: stop,
    filterHeaders: hashes(100_000),
  } as const;
  const payload = bitcoinMessages.encode(most);
  expect(payload.length).toBe(33 + 5 + 3_200_000);
  expect(bitcoinMessages.decode("cfcheckpt", payload)).toStrictEqual(most);
});

test("numbers are those of BIP 157", () => {
  expect([basicFilterType, maxFilters, maxFilterHashes, filterCheckpointInterval]).toEqual([
    0, 1000, 2000, 1000,
  ]);
});
