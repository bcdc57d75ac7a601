import { decode, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { basicFilterOf, matchFilter } from "../src/filter/basic-filter.ts";
import { filterHashOf, filterHeaderOf, filterHeadersOf } from "../src/filter/filter-header.ts";
import { block, blockHashOf, formatHash, indexBlock, parseHash } from "../src/index.ts";
import rows from "./vectors/bip158-testnet-19.json" with { type: "json" };

interface Row {
  readonly height: number;
  readonly blockHash: string;
  readonly block: string;
  readonly spentScripts: readonly string[];
  readonly previousHeader: string;
  readonly filter: string;
  readonly header: string;
  readonly notes: string;
}

const vectors: Row[] = rows.slice(1).map((row) => {
  const [height, blockHash, block, spentScripts, previousHeader, filter, header, notes] =
    row as unknown as [number, string, string, string[], string, string, string, string];
  return { height, blockHash, block, spentScripts, previousHeader, filter, header, notes };
});

test("there are ten blocks", () => expect(vectors).toHaveLength(10));

describe.each(vectors)("BIP 158, testnet block $height $notes", (row) => {
  const index = indexBlock(decode(block, fromHex(row.block)));
  const spentScripts = row.spentScripts.map(fromHex);
  const filter = { blockHash: parseHash(row.blockHash), filterBytes: fromHex(row.filter) };
  const scripts = [
    ...spentScripts,
    ...index.transactions().flatMap(({ outputs }) => outputs.map((output) => output.scriptPubKey)),
  ].filter((script) => script.length > 0 && script[0] !== 0x6a);

  test("has the filter", () => {
    expect(formatHash(blockHashOf(index.block.header))).toBe(row.blockHash);
    expect(toHex(basicFilterOf(index, spentScripts))).toBe(row.filter);
  });

  test("has the filter header", () => {
    const hash = filterHashOf(filter.filterBytes);
    const previousFilterHeader = parseHash(row.previousHeader);
    expect(formatHash(filterHeaderOf(hash, previousFilterHeader))).toBe(row.header);
    const headers = filterHeadersOf({ previousFilterHeader, filterHashes: [hash] });
    expect(headers.map(formatHash)).toEqual([row.header]);
  });

  test("matches each of its scripts, alone and among others", () => {
    const others = Array.from({ length: 50 }, (_, i) => Uint8Array.of(0x51, i));
    for (const script of scripts) {
      expect(matchFilter(filter, [script])).toBe(true);
      expect(matchFilter(filter, [...others, script])).toBe(true);
      expect(matchFilter(filter, [script, ...others])).toBe(true);
    }
    expect(matchFilter(filter, others)).toBe(false);
    expect(matchFilter(filter, [])).toBe(false);
  });
});
