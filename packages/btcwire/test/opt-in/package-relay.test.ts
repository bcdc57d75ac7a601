import { describe, expect, expectTypeOf, test } from "vitest";
import {
  bitcoinMessages,
  fromHex,
  handshakeMessages,
  type HandshakeMessage,
  type MessageSet,
  messageSet,
  parseHash,
  toHex,
} from "../../src/index.ts";
import {
  ancpkginfo,
  combinedHashOf,
  getpkgtxns,
  maxPackageTransactions,
  type PackageRelayMessage,
  packageRelayMessages,
  packageRelayVersion,
  pkgtxns,
  sendpackages,
} from "../../src/opt-in/index.ts";
import { badFields } from "../support/bad-fields.ts";
import {
  emptyTx,
  emptyTxHex,
  hashHex,
  hashOf,
  plainTx,
  plainTxHex,
  witnessTx,
  witnessTxHex,
} from "../support/block-values.ts";
import { describeMessage } from "../support/describe-message.ts";

const set = messageSet([...handshakeMessages, ...packageRelayMessages]);
/** Different hashes. */
const wtxids = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => {
    const wtxid = new Uint8Array(32);
    wtxid.set([i & 0xff, i >> 8], 0);
    return wtxid;
  });
const hexOf = (hashes: readonly Uint8Array[]): string => hashes.map(toHex).join("");

describeMessage({
  set,
  codec: sendpackages,
  command: "sendpackages",
  value: {
    type: "sendpackages",
    versions: packageRelayVersion.pkgtxns | packageRelayVersion.ancestors,
  },
  fields: { versions: "0300000000000000" },
  more: [
    ["no version", { type: "sendpackages", versions: 0n }, "0000000000000000"],
    ["every version", { type: "sendpackages", versions: 2n ** 64n - 1n }, "ffffffffffffffff"],
  ],
  badValues: badFields({ versions: "u64" }),
  badHex: [],
});

describeMessage({
  set,
  codec: ancpkginfo,
  command: "ancpkginfo",
  value: { type: "ancpkginfo", txns: [hashOf("02"), hashOf("01")] },
  fields: { txns: `02${hashHex("02")}${hashHex("01")}` },
  more: [
    ["no transaction", { type: "ancpkginfo", txns: [] }, "00"],
    ["253", { type: "ancpkginfo", txns: wtxids(253) }, `fdfd00${hexOf(wtxids(253))}`],
  ],
  badValues: [
    ["a wtxid twice", { txns: [hashOf("01"), hashOf("02"), hashOf("01")] }, "invalid_value", []],
    ["a hash of 31 bytes", { txns: [hashOf("01").subarray(1)] }, "wrong_length", ["txns", 0]],
    ["65,536 wtxids", { txns: wtxids(65_536) }, "too_long", ["txns"]],
  ],
  badHex: [
    ["a wtxid twice", `02${hashHex("01")}${hashHex("01")}`, "invalid_value", [], 65],
    ["a count of 5 bytes", "fe00000100", "too_long", ["txns"], 0],
    ["65,535 wtxids that are not there", "fdffff", "short_read", ["txns"], 3],
    ["the second wtxid cut", `02${hashHex("01")}02`, "short_read", ["txns", 1], 33],
  ],
});

describeMessage({
  set,
  codec: getpkgtxns,
  command: "getpkgtxns",
  value: { type: "getpkgtxns", txns: [hashOf("02"), hashOf("01")] },
  fields: { txns: `02${hashHex("02")}${hashHex("01")}` },
  more: [["100", { type: "getpkgtxns", txns: wtxids(100) }, `64${hexOf(wtxids(100))}`]],
  badValues: [["101 wtxids", { txns: wtxids(101) }, "too_long", ["txns"]]],
  badHex: [["101 wtxids", `65${hexOf(wtxids(101))}`, "too_long", ["txns"], 0]],
});

const emptyTxs = (count: number): (typeof emptyTx)[] =>
  Array.from({ length: count }, () => emptyTx);

describeMessage({
  set,
  codec: pkgtxns,
  command: "pkgtxns",
  value: { type: "pkgtxns", txns: [plainTx, witnessTx] },
  fields: { txns: `02${plainTxHex}${witnessTxHex}` },
  more: [["100", { type: "pkgtxns", txns: emptyTxs(100) }, `64${emptyTxHex.repeat(100)}`]],
  badValues: [
    ["101 transactions", { txns: emptyTxs(101) }, "too_long", ["txns"]],
    [
      "a version beyond 32 bits",
      { txns: [{ ...plainTx, version: 2 ** 32 }] },
      "out_of_range",
      ["txns", 0, "version"],
    ],
  ],
  badHex: [
    ["101 transactions", `65${emptyTxHex.repeat(101)}`, "too_long", ["txns"], 0],
    ["a transaction cut", `01${plainTxHex.slice(0, -2)}`, "short_read", ["txns", 0, "lockTime"]],
  ],
});

describe("the combined hash", () => {
  // From "package_hash_tests" of Bitcoin Core; the hash itself is from another SHA-256.
  const texts = [
    "85cd1a31eb38f74ed5742ec9cb546712ab5aaf747de28a9168b53e846cbda17f",
    "b4749f017444b051c44dfd2720e88f314ff94f3dd6d56d40ef65854fcd7fff6b",
    "e065bac15f62bb4e761d761db928ddee65a47296b2b776785abb912cdec474e3",
  ];
  const [first, second, third] = texts.map(parseHash) as [Uint8Array, Uint8Array, Uint8Array];
  const expected = "0f076ece34c184294c64badd99a4444bb0140d0812f3c76baf466180db2e4fb0";

  test.each([
    ["1 2 3", [first, second, third]],
    ["1 3 2", [first, third, second]],
    ["2 1 3", [second, first, third]],
    ["2 3 1", [second, third, first]],
    ["3 1 2", [third, first, second]],
    ["3 2 1", [third, second, first]],
  ])("is that of the texts in their order: %s", (_order, hashes) => {
    expect(toHex(combinedHashOf(hashes))).toBe(expected);
  });

  test("leaves its input alone", () => {
    const hashes = [third, first];
    combinedHashOf(hashes);
    expect(hashes).toEqual([parseHash(texts[2] as string), parseHash(texts[0] as string)]);
  });

  test("of nothing is the hash of nothing", () => {
    expect(toHex(combinedHashOf([]))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});

test("numbers are those of BIP 331", () => {
  expect(maxPackageTransactions).toBe(100);
  expect(packageRelayVersion).toEqual({ pkgtxns: 1n << 0n, ancestors: 1n << 1n });
});

test("the list is a list for sets, and none of it is in the default one", () => {
  expectTypeOf(set).toEqualTypeOf<MessageSet<HandshakeMessage | PackageRelayMessage>>();
  for (const { command } of packageRelayMessages) {
    expect(bitcoinMessages.decode(command, fromHex("")).type).toBe("unknown");
  }
  expect(messageSet([...bitcoinMessages.codecs, ...packageRelayMessages]).codecs).toHaveLength(
    bitcoinMessages.codecs.length + 4,
  );
});
