import { describe, expect, test } from "vitest";
import {
  type AnnouncedHeader,
  bitcoinMessages,
  block,
  type BlockMessage,
  blockHashOf,
  formatHash,
  fromHex,
  type GetBlocks,
  getblocks,
  type GetHeaders,
  getheaders,
  headers,
  indexBlock,
  maxHeaders,
  maxLocator,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import {
  hashHex,
  hashOf,
  header,
  headerHex,
  plainTx,
  plainTxHex,
  witnessTx,
  witnessTxHex,
} from "../support/block-values.ts";
import { describeMessage } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

const locatorOf = (length: number): Uint8Array[] =>
  Array.from({ length }, (_, i) => hashOf(i.toString(16).padStart(2, "0")));
const locatorHex = (length: number): string =>
  Array.from({ length }, (_, i) => hashHex(i.toString(16).padStart(2, "0"))).join("");

const requestFields = {
  version: "7f110100",
  locator: `02${hashHex("01")}${hashHex("02")}`,
  hashStop: hashHex("ff"),
} as const;
const requestValue = {
  version: 70015,
  locator: [hashOf("01"), hashOf("02")],
  hashStop: hashOf("ff"),
};
const nullStop = { version: 0, hashStop: hashOf("00") };
const badRequests = [
  ...badFields({ version: "u32", hashStop: "hash" }),
  ["102 hashes", { locator: locatorOf(102) }, "too_long", ["locator"]],
  ["a hash of 31 bytes", { locator: [fromHex("00".repeat(31))] }, "wrong_length", ["locator", 0]],
  ["no list of hashes", { locator: 3 }, "out_of_range", ["locator"]],
] as const;
const badRequestHex = [
  ["102 hashes", `7f11010066${locatorHex(102)}${hashHex("ff")}`, "too_long", ["locator"], 4],
  ["as many hashes as there are not", "7f11010065", "short_read", ["locator"]],
  ["a count in a longer form", `7f110100fd0100${hashHex("01")}`, "non_canonical", ["locator"], 4],
  ["2^64 - 1 hashes", `7f110100${"ff".repeat(9)}`, "too_long", ["locator"], 4],
  ["the second hash cut", `7f11010002${hashHex("01")}02`, "short_read", ["locator", 1], 37],
] as const;

const getblocksValue: GetBlocks = { type: "getblocks", ...requestValue };
describeMessage({
  codec: getblocks,
  command: "getblocks",
  shortId: 9,
  value: getblocksValue,
  fields: requestFields,
  more: [
    [
      "without a locator",
      { type: "getblocks", ...nullStop, locator: [] },
      `00000000${"00"}${hashHex("00")}`,
    ],
    [
      "101 hashes",
      { type: "getblocks", ...nullStop, locator: locatorOf(101) },
      `0000000065${locatorHex(101)}${hashHex("00")}`,
    ],
  ],
  badValues: [...badRequests],
  badHex: [...badRequestHex],
});

const getheadersValue: GetHeaders = { type: "getheaders", ...requestValue };
describeMessage({
  codec: getheaders,
  command: "getheaders",
  shortId: 12,
  value: getheadersValue,
  fields: requestFields,
  more: [
    [
      "for a single header",
      { type: "getheaders", version: 0xffff_ffff, locator: [], hashStop: hashOf("7a") },
      `ffffffff${"00"}${hashHex("7a")}`,
    ],
    [
      "101 hashes",
      { type: "getheaders", ...nullStop, locator: locatorOf(101) },
      `0000000065${locatorHex(101)}${hashHex("00")}`,
    ],
  ],
  badValues: [...badRequests],
  badHex: [...badRequestHex],
});

const genesisHex =
  `01000000${hashHex("00")}` +
  "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a" +
  "29ab5f49ffff001d1dac2b7c";
const genesis: AnnouncedHeader = {
  version: 1,
  prevBlock: hashOf("00"),
  merkleRoot: fromHex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"),
  time: 1231006505,
  bits: 0x1d00_ffff,
  nonce: 2083236893,
};

describeMessage({
  codec: headers,
  command: "headers",
  shortId: 13,
  value: { type: "headers", headers: [genesis, header] },
  fields: { headers: `02${genesisHex}00${headerHex}00` },
  more: [
    ["no header", { type: "headers", headers: [] }, "00"],
    [
      "2,000 headers",
      { type: "headers", headers: Array.from({ length: 2000 }, () => header) },
      `fdd007${`${headerHex}00`.repeat(2000)}`,
    ],
    [
      "a number behind a header",
      { type: "headers", headers: [{ ...header, transactionCount: 253 }, genesis] },
      `02${headerHex}fdfd00${genesisHex}00`,
    ],
  ],
  badValues: [
    [
      "2,001 headers",
      { headers: Array.from({ length: 2001 }, () => header) },
      "too_long",
      ["headers"],
    ],
    [
      "a version of 32 bits without a sign",
      { headers: [{ ...header, version: 2 ** 31 }] },
      "out_of_range",
      ["headers", 0, "version"],
    ],
    [
      "a hash that is too short",
      { headers: [header, { ...header, prevBlock: fromHex("00") }] },
      "wrong_length",
      ["headers", 1, "prevBlock"],
    ],
    [
      "a root that is absent",
      { headers: [{ ...header, merkleRoot: undefined }] },
      "wrong_length",
      ["headers", 0, "merkleRoot"],
    ],
    [
      "half a second",
      { headers: [{ ...header, time: 0.5 }] },
      "out_of_range",
      ["headers", 0, "time"],
    ],
    [
      "bits beyond 32",
      { headers: [{ ...header, bits: 2 ** 32 }] },
      "out_of_range",
      ["headers", 0, "bits"],
    ],
    [
      "a nonce below 0",
      { headers: [{ ...header, nonce: -1 }] },
      "out_of_range",
      ["headers", 0, "nonce"],
    ],
    [
      "a count beyond the maximum",
      { headers: [{ ...header, transactionCount: 0x0200_0001 }] },
      "out_of_range",
      ["headers", 0],
    ],
  ],
  badHex: [
    ["2,001 headers", `fdd107${`${headerHex}00`.repeat(2001)}`, "too_long", ["headers"], 0],
    ["no number behind a header", `01${headerHex}`, "short_read", ["headers", 0], 81],
    ["a number in a longer form", `01${headerHex}fd0000`, "non_canonical", ["headers", 0], 81],
    [
      "the second header cut",
      `02${headerHex}00${headerHex.slice(0, -2)}`,
      "short_read",
      ["headers", 1, "nonce"],
    ],
    ["more headers than bytes", "fdd007" + "00".repeat(1999), "short_read", ["headers"]],
  ],
});

describeMessage({
  codec: block,
  command: "block",
  shortId: 2,
  value: { type: "block", header, body: fromHex(`02${plainTxHex}${witnessTxHex}`) },
  fields: { header: headerHex, body: `02${plainTxHex}${witnessTxHex}` },
  openEnd: true,
  more: [
    ["without transactions", { type: "block", header, body: fromHex("00") }, `${headerHex}00`],
    ["nothing but a header", { type: "block", header, body: fromHex("") }, headerHex],
    ["a body that is none", { type: "block", header, body: fromHex("fdff") }, `${headerHex}fdff`],
  ],
  badValues: [
    ...badFields({ body: "bytes" }),
    [
      "a version beyond 32 bits",
      { header: { ...header, version: -(2 ** 31) - 1 } },
      "out_of_range",
      ["header", "version"],
    ],
    ["half a header", { header: { version: 1 } }, "wrong_length", ["header", "prevBlock"]],
    ["a header that is null", { header: null }, "invalid_value", ["header"]],
  ],
  badHex: [
    ["nothing", "", "short_read", ["header", "version"], 0],
    [
      "a header without its last byte",
      headerHex.slice(0, -2),
      "short_read",
      ["header", "nonce"],
      76,
    ],
  ],
});

test("the limits are those of Bitcoin Core", () => {
  expect([maxLocator, maxHeaders]).toEqual([101, 2000]);
});

test("a header that is read gives the hash of its block", () => {
  const read = bitcoinMessages.decode("headers", fromHex(`01${genesisHex}00`));
  if (read.type !== "headers") throw new Error(read.type);
  const [first] = read.headers;
  expect(first).toStrictEqual(genesis);
  expect(formatHash(blockHashOf(first as AnnouncedHeader))).toBe(
    "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
  );
});

describe("the body of a block", () => {
  const payload = fromHex(`${headerHex}02${plainTxHex}${witnessTxHex}`);

  test("is a view of the payload", () => {
    const read = bitcoinMessages.decode("block", payload) as BlockMessage;
    expect(read.body.buffer).toBe(payload.buffer);
    expect(read.body.byteOffset).toBe(payload.byteOffset + 80);
  });

  test("has transactions once somebody looks for them", () => {
    const read = bitcoinMessages.decode("block", payload) as BlockMessage;
    expect(indexBlock(read).transactions()).toStrictEqual([plainTx, witnessTx]);
  });

  test("is refused only then if it is none", () => {
    const cut = bitcoinMessages.decode("block", payload.subarray(0, -1)) as BlockMessage;
    const error = thrown(() => indexBlock(cut));
    expect(error).toMatchObject({ name: "DecodeError", code: "short_read" });
    expect(error.path).toEqual(["transactions", 1]);
  });
});
