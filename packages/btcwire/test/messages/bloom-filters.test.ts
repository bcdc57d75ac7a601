import { expect, test } from "vitest";
import {
  bloomFlag,
  filteradd,
  filterclear,
  filterload,
  fromHex,
  maxBloomElementLength,
  maxBloomFilterLength,
  maxBloomHashFunctions,
  merkleblock,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { hashHex, hashOf, header, headerHex } from "../support/block-values.ts";
import { describeMessage } from "../support/describe-message.ts";

describeMessage({
  codec: filterload,
  command: "filterload",
  shortId: 8,
  // From the tests of Bitcoin Core: 5 functions, "bloom_create_insert_serialize_with_tweak".
  value: {
    type: "filterload",
    filter: fromHex("ce4299"),
    nHashFuncs: 5,
    nTweak: 0x8000_0001,
    nFlags: 1,
  },
  fields: { filter: "03ce4299", nHashFuncs: "05000000", nTweak: "01000080", nFlags: "01" },
  more: [
    [
      "an empty filter",
      { type: "filterload", filter: fromHex(""), nHashFuncs: 0, nTweak: 0, nFlags: 255 },
      "00" + "00000000" + "00000000" + "ff",
    ],
    [
      "36,000 bytes and 50 functions",
      {
        type: "filterload",
        filter: new Uint8Array(36_000).fill(255),
        nHashFuncs: 50,
        nTweak: 2 ** 32 - 1,
        nFlags: 2,
      },
      `fda08c${"ff".repeat(36_000)}32000000ffffffff02`,
    ],
  ],
  badValues: [
    ...badFields({ filter: "bytes", nTweak: "u32", nFlags: "u8" }),
    ["36,001 bytes", { filter: new Uint8Array(36_001) }, "too_long", ["filter"]],
    ["51 functions", { nHashFuncs: 51 }, "too_long", ["nHashFuncs"]],
    ["functions below 0", { nHashFuncs: -1 }, "out_of_range", ["nHashFuncs"]],
    ["half a function", { nHashFuncs: 0.5 }, "out_of_range", ["nHashFuncs"]],
  ],
  badHex: [
    [
      "36,001 bytes",
      `fda18c${"ff".repeat(36_001)}05000000${"00".repeat(5)}`,
      "too_long",
      ["filter"],
      0,
    ],
    ["51 functions", "00" + "33000000" + "00000000" + "00", "too_long", ["nHashFuncs"], 1],
    ["2^32 - 1 functions", "00ffffffff0000000000", "too_long", ["nHashFuncs"], 1],
  ],
});

describeMessage({
  codec: filteradd,
  command: "filteradd",
  shortId: 6,
  value: { type: "filteradd", data: fromHex("0102fe") },
  fields: { data: "030102fe" },
  more: [
    ["nothing", { type: "filteradd", data: fromHex("") }, "00"],
    [
      "520 bytes",
      { type: "filteradd", data: new Uint8Array(520).fill(7) },
      `fd0802${"07".repeat(520)}`,
    ],
  ],
  badValues: [
    ...badFields({ data: "bytes" }),
    ["521 bytes", { data: new Uint8Array(521) }, "too_long", ["data"]],
  ],
  badHex: [["521 bytes", `fd0902${"07".repeat(521)}`, "too_long", ["data"], 0]],
});

describeMessage({
  codec: filterclear,
  command: "filterclear",
  shortId: 7,
  value: { type: "filterclear" },
  fields: {},
  badValues: [["a trailing text", { trailing: "00" }, "invalid_value", ["trailing"]]],
  badHex: [],
});

const leaves = (count: number): Uint8Array[] => Array.from({ length: count }, () => hashOf("1c"));

describeMessage({
  codec: merkleblock,
  command: "merkleblock",
  shortId: 16,
  value: {
    type: "merkleblock",
    header,
    totalTransactions: 0x0102_0304,
    hashes: [hashOf("1c"), hashOf("2d")],
    flags: fromHex("1d00"),
  },
  fields: {
    header: headerHex,
    totalTransactions: "04030201",
    hashes: `02${hashHex("1c")}${hashHex("2d")}`,
    flags: "021d00",
  },
  more: [
    [
      "no hash",
      { type: "merkleblock", header, totalTransactions: 0, hashes: [], flags: fromHex("") },
      `${headerHex}00000000${"00"}${"00"}`,
    ],
    [
      "a hash for every transaction of the fullest block",
      {
        type: "merkleblock",
        header,
        totalTransactions: 16_666,
        hashes: leaves(16_666),
        flags: fromHex("ff"),
      },
      `${headerHex}1a410000fd1a41${hashHex("1c").repeat(16_666)}01ff`,
    ],
  ],
  badValues: [
    ...badFields({ totalTransactions: "u32", flags: "bytes" }),
    ["16,667 hashes", { hashes: leaves(16_667) }, "too_long", ["hashes"]],
    ["a hash of 31 bytes", { hashes: [fromHex("00".repeat(31))] }, "wrong_length", ["hashes", 0]],
    ["no bits", { header: { ...header, bits: "no" } }, "out_of_range", ["header", "bits"]],
  ],
  badHex: [
    ["16,667 hashes", `${headerHex}00000000fd1b41`, "too_long", ["hashes"], 84],
    ["16,666 hashes that are not there", `${headerHex}00000000fd1a41`, "short_read", ["hashes"]],
    ["more flags than bytes", `${headerHex}00000000000200`, "short_read", ["flags"], 86],
  ],
});

test("numbers are those of BIP 37", () => {
  expect(bloomFlag).toEqual({ none: 0, all: 1, p2pubkeyOnly: 2 });
  expect([maxBloomFilterLength, maxBloomHashFunctions, maxBloomElementLength]).toEqual([
    36_000, 50, 520,
  ]);
});
