// What Bitcoin Core's bloom_tests.cpp expects.
import { decode, encode, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { BloomFilter } from "../src/filter/bloom-filter.ts";
import {
  block,
  type BlockIndex,
  bloomFlag,
  filterload,
  formatHash,
  indexBlock,
  merkleblock,
  parseHash,
  transaction,
  txidOf,
} from "../src/index.ts";
import { matchesOf, merkleBlockOf } from "../src/partial-merkle-tree.ts";
import vectors from "./vectors/bloom.json" with { type: "json" };

const bytesOf = (filter: BloomFilter): string => toHex(encode(filterload, filter.toMessage()));

describe("a filter of three elements", () => {
  test.each([
    [0, "03614e9b050000000000000001"],
    [2_147_483_649, "03ce4299050000000100008001"],
  ])("with the tweak %i", (nTweak, expected) => {
    const filter = BloomFilter.create({
      elements: 3,
      falsePositiveRate: 0.01,
      nTweak,
      nFlags: bloomFlag.all,
    });
    const first = fromHex("99108ad8ed9bb6274d3980bab5a85c048f0950c8");
    const other = fromHex("19108ad8ed9bb6274d3980bab5a85c048f0950c8");
    expect(filter.contains(first)).toBe(false);
    filter.insert(first);
    expect([filter.contains(first), filter.contains(other)]).toEqual([true, false]);
    filter.insert(fromHex("b5a2c786d9ef4658287ced5914b37a1b4aa32eee"));
    filter.insert(fromHex("b9300670b4c5366e95b2699e8b18bc75e5f729c5"));
    expect(filter.contains(first)).toBe(true);
    expect(bytesOf(filter)).toBe(expected);
  });

  test("with a public key and its hash", () => {
    const filter = BloomFilter.create({
      elements: 2,
      falsePositiveRate: 0.001,
      nTweak: 0,
      nFlags: bloomFlag.all,
    });
    filter.insert(
      fromHex(
        "045b81f0017e2091e2edcd5eecf10d5bdd120a5514cb3ee65b8447ec18bfc4575c" +
          "6d5bf415e54e03b1067934a0f0ba76b01c6b9ab227142ee1d543764b69d901e0",
      ),
    );
    filter.insert(fromHex("477abbacd4113f2e6b100526222eedd953c26a64"));
    expect(bytesOf(filter)).toBe("038fc16b080000000000000001");
  });
});

const tiny = (nFlags: number): BloomFilter =>
  BloomFilter.create({ elements: 10, falsePositiveRate: 0.000_001, nTweak: 0, nFlags });

describe("a transaction", () => {
  const tx = decode(transaction, fromHex(vectors.tx));
  const spendingTx = decode(transaction, fromHex(vectors.spendingTx));
  const spent = parseHash("90c122d70786e899529d71dbeba91ba216982fb6ba58f3bdaab65e73b7e9260b");

  test("is the one of the vectors", () => {
    const id = "b4749f017444b051c44dfd2720e88f314ff94f3dd6d56d40ef65854fcd7fff6b";
    expect(formatHash(txidOf(tx))).toBe(id);
  });

  test.each([
    ["its txid", "6bff7fcd4f8565ef406dd5d63d4ff94f318fe82027fd4dc451b04474019f74b4", true],
    [
      "the signature in its input",
      "30450220070aca44506c5cef3a16ed519d7c3c39f8aab192c4e1c90d065f37b8a4af6141022100a8e160b856c2d43d" +
        "27d8fba71e5aef6405b8643ac4cb7cb3c462aced7f14711a01",
      true,
    ],
    [
      "the public key in its input",
      "046d11fee51b0e60666d5049a9101a72741df480b96ee26488a4d3466b95c9a40ac5eeef87e10a5cd336c19a84565f" +
        "80fa6c547957b7700ff4dfbdefe76036c339",
      true,
    ],
    ["the hash in its second output", "a266436d2965547608b9e15d9032a7b9d64fa431", true],
    ["the output that it spends", `${toHex(spent)}00000000`, true],
    ["another txid", "3604112b83ff15b943346758a67be0985bf4d4634987ef622ff384e709000000", false],
    ["another hash", "0000006d2965547608b9e15d9032a7b9d64fa431", false],
  ])("matches by %s, or not", (_what, element, isMatch) => {
    const filter = tiny(bloomFlag.all);
    filter.insert(fromHex(element));
    expect(filter.matchAndUpdate(tx)).toBe(isMatch);
  });

  test("matches by the outpoint that it spends, not by others", () => {
    for (const [txid, vout, isMatch] of [
      [spent, 0, true],
      [spent, 1, false],
      [spent.map((byte, i) => (i > 28 ? 0 : byte)), 0, false],
    ] as const) {
      const filter = tiny(bloomFlag.all);
      filter.insertOutpoint(txid, vout);
      expect(filter.containsOutpoint(txid, vout)).toBe(true);
      expect(filter.matchAndUpdate(tx)).toBe(isMatch);
    }
  });

  test("adds its output, so that what spends it matches", () => {
    const filter = tiny(bloomFlag.all);
    filter.insert(fromHex("04943fdd508053c75000106d3bc6e2754dbcff19"));
    expect(filter.matchAndUpdate(spendingTx)).toBe(false);
    expect(filter.matchAndUpdate(tx)).toBe(true);
    expect(filter.matchAndUpdate(spendingTx)).toBe(true);
  });
});

const indexOf = (hex: string): BlockIndex => indexBlock(decode(block, fromHex(hex)));

/** The places and txids that a node would send, after the round trip. */
function matchesIn(index: BlockIndex, filter: BloomFilter): unknown[] {
  const message = merkleBlockOf(index, (i) => filter.matchAndUpdate(index.transaction(i)));
  const read = decode(merkleblock, encode(merkleblock, message));
  return matchesOf(read).map((match) => [match.index, formatHash(match.txid)]);
}

describe("a block", () => {
  test("of 9 transactions: by txid", () => {
    const index = indexOf(vectors.block13b8a);
    const filter = tiny(bloomFlag.all);
    const last = "74d681e0e03bafa802c8aa084379aa98d9fcd632ddc2ed9782b586ec87451f20";
    filter.insert(parseHash(last));
    expect(matchesIn(index, filter)).toEqual([[8, last]]);
    const eighth = "dd1fd2a6fc16404faf339881a90adbde7f4f728691ac62e8f168809cdfae1053";
    filter.insert(parseHash(eighth));
    expect(matchesIn(index, filter)).toEqual([
      [7, eighth],
      [8, last],
    ]);
  });

  test.each([
    [bloomFlag.all, [0, 1, 2, 3]],
    [bloomFlag.none, [0, 1, 3]],
  ])("of 4 transactions, with flags %i", (nFlags, expected) => {
    const index = indexOf(vectors.block4transactions);
    const filter = tiny(nFlags);
    const first = "e980fe9f792d014e73b95203dc1335c5f9ce19ac537a419e6df5b47aecb93b70";
    filter.insert(parseHash(first));
    expect(matchesIn(index, filter)).toEqual([[0, first]]);
    // An output of the second transaction, which the third spends; the fourth pays to the same key.
    filter.insert(
      fromHex(
        "044a656f065871a353f216ca26cef8dde2f03e8c16202d2e8ad769f02032cb86a5" +
          "eb5e56842e92e19141d60a01928f8dd2c875a390f67c1f6c94cfc617c0ea45af",
      ),
    );
    expect(matchesIn(index, filter)).toEqual(expected.map((i) => [i, formatHash(index.txid(i))]));
  });

  test("of one transaction, byte by byte", () => {
    const index = indexOf(vectors.block1transaction);
    const filter = tiny(bloomFlag.all);
    const only = "63194f18be0af63f2c6bc9dc0f777cbefed3d9415c4af83f3ee3a3d669c00cb5";
    filter.insert(parseHash(only));
    expect(matchesIn(index, filter)).toEqual([[0, only]]);
    const message = merkleBlockOf(index, () => true);
    expect(toHex(encode(merkleblock, message))).toBe(
      "0100000079cda856b143d9db2c1caff01d1aecc8630d30625d10e8b4b8b0000000000000b50cc069d6a3e33e3ff84a5c41" +
        "d9d3febe7c770fdcc96b2c3ff60abe184f196367291b4d4c86041b8fa45d630100000001b50cc069d6a3e33e3ff84a5c41" +
        "d9d3febe7c770fdcc96b2c3ff60abe184f19630101",
    );
  });

  test("of 7 transactions: by txid", () => {
    const index = indexOf(vectors.block7transactions);
    const filter = tiny(bloomFlag.all);
    const last = "0a2a92f0bda4727d0a13eaddf4dd9ac6b5c61a1429e6b2b818f19b15df0ac154";
    filter.insert(parseHash(last));
    expect(matchesIn(index, filter)).toEqual([[6, last]]);
    const fourth = "02981fa052f0481dbc5868f4fc2166035a10f27a03cfd2de67326471df5bc041";
    filter.insert(parseHash(fourth));
    expect(matchesIn(index, filter)).toEqual([
      [3, fourth],
      [6, last],
    ]);
  });

  test.each([
    ["none", bloomFlag.none, false, false],
    ["all", bloomFlag.all, true, true],
    ["p2pubkeyOnly", bloomFlag.p2pubkeyOnly, true, false],
  ])("of 7 transactions adds outputs with flags %s", (_name, nFlags, key, hash) => {
    const index = indexOf(vectors.block7transactions);
    const filter = tiny(nFlags);
    // The key that the first transaction pays to, and the hash that the fourth one does.
    filter.insert(
      fromHex(
        "04eaafc2314def4ca98ac970241bcab022b9c1e1f4ea423a20f134c876f2c01ec0" +
          "f0dd5b2e86e7168cefe0d81113c3807420ce13ad1357231a2252247d97a46a91",
      ),
    );
    filter.insert(fromHex("b6efd80d99179f4f4ff6f4dd0a007d018c385d21"));
    matchesIn(index, filter);
    expect(formatHash(index.txid(0))).toBe(
      "147caa76786596590baa4e98f5d9f48b86c7765e489f7a6ff3360fe5c674360b",
    );
    expect(filter.containsOutpoint(index.txid(0), 0)).toBe(key);
    expect(filter.containsOutpoint(index.txid(3), 0)).toBe(hash);
  });
});
