import { decode, encode, fromHex } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BloomFilter } from "../src/filter/bloom-filter.ts";
import { bloomFlag, filterload, type Transaction, txidOf } from "../src/index.ts";
import { plainTx } from "./support/block-values.ts";
import { SharedSlice } from "./support/shared-slice.ts";

const sizeOf = (elements: number, falsePositiveRate: number): number[] => {
  const { filter, nHashFuncs } = BloomFilter.create({
    elements,
    falsePositiveRate,
    nTweak: 0,
  }).toMessage();
  return [filter.length, nHashFuncs];
};

describe("a new filter", () => {
  // floor(-n ln(p) / ln(2)^2 / 8) bytes, floor(8 bytes / n ln(2)) functions.
  test.each([
    [1, 0.01, 1, 5],
    [3, 0.01, 3, 5],
    [10, 0.000_001, 35, 19],
    [1000, 0.001, 1797, 9],
    [20_000, 0.001, 35_943, 9],
    [20_032, 0.001, 36_000, 9],
    [20_033, 0.001, 36_000, 9],
    [1, 1e-12, 7, 38],
    [1, 1e-17, 10, 50],
    [1, 1e-300, 179, 50],
  ])(
    "for %i elements and a rate of %d has %i bytes, %i hash functions",
    (n, rate, bytes, functions) => {
      expect(sizeOf(n, rate)).toEqual([bytes, functions]);
    },
  );

  test("never has no bytes or no hash functions: it would match everything", () => {
    expect(sizeOf(1, 0.9)).toEqual([1, 5]);
    expect(sizeOf(10, 0.999_999)).toEqual([1, 1]);
    expect(sizeOf(Number.MAX_SAFE_INTEGER, 0.001)).toEqual([36_000, 1]);
  });

  test("is empty, and has tweak and flags as they are given", () => {
    const options = { elements: 5, falsePositiveRate: 0.1, nTweak: 0xffff_ffff };
    const message = BloomFilter.create({ ...options, nFlags: 0x81 }).toMessage();
    expect(message).toMatchObject({ type: "filterload", nTweak: 0xffff_ffff, nFlags: 0x81 });
    expect(message.filter).toEqual(new Uint8Array(message.filter.length));
    expect(BloomFilter.create(options).toMessage().nFlags).toBe(bloomFlag.none);
  });

  test.each([
    { elements: 0 },
    { elements: -1 },
    { elements: 1.5 },
    { elements: Number.NaN },
    { falsePositiveRate: 0 },
    { falsePositiveRate: 1 },
    { falsePositiveRate: -0.1 },
    { falsePositiveRate: Number.NaN },
    { nTweak: -1 },
    { nTweak: 2 ** 32 },
    { nTweak: 0.5 },
    { nFlags: 256 },
    { nFlags: -1 },
  ])("is refused for %o", (wrong) => {
    const options = { elements: 5, falsePositiveRate: 0.1, nTweak: 0, ...wrong };
    expect(() => BloomFilter.create(options)).toThrow(RangeError);
  });
});

describe("a filter", () => {
  test("contains all of its elements, and other things as often as was asked for", () => {
    const filter = BloomFilter.create({ elements: 500, falsePositiveRate: 0.01, nTweak: 5 });
    const element = (i: number): Uint8Array => Uint8Array.of(i & 0xff, i >> 8, 0xee);
    for (let i = 0; i < 500; i++) filter.insert(element(i));
    for (let i = 0; i < 500; i++) expect(filter.contains(element(i))).toBe(true);
    let others = 0;
    for (let i = 500; i < 20_500; i++) if (filter.contains(element(i))) others++;
    // 1 % of 20,000.
    expect(others).toBeGreaterThan(150);
    expect(others).toBeLessThan(250);
  });

  test("comes back from its message", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 520 }), { minLength: 1, maxLength: 20 }),
        fc.nat(0xffff_ffff),
        (elements, nTweak) => {
          const options = { elements: elements.length, falsePositiveRate: 0.001, nTweak };
          const filter = BloomFilter.create(options);
          for (const element of elements) filter.insert(element);
          const message = filter.toMessage();
          const other = BloomFilter.from(decode(filterload, encode(filterload, message)));
          for (const element of elements) expect(other.contains(element)).toBe(true);
          expect(other.toMessage()).toEqual(message);
        },
      ),
    );
  });

  test("has bytes of its own", () => {
    const message = BloomFilter.create({
      elements: 5,
      falsePositiveRate: 0.1,
      nTweak: 0,
    }).toMessage();
    const filter = BloomFilter.from(message);
    const before = filter.toMessage();
    filter.insert(Uint8Array.of(1));
    expect(message.filter).toEqual(before.filter);
    before.filter.fill(0xff);
    expect(filter.contains(Uint8Array.of(2))).toBe(false);
  });

  test("has bytes of its own even if those of the message are a Buffer", () => {
    const given = SharedSlice.from([0, 0, 0]);
    const filter = BloomFilter.from({ filter: given, nHashFuncs: 2, nTweak: 0, nFlags: 0 });
    filter.insert(Uint8Array.of(1));
    expect([...given]).toEqual([0, 0, 0]);
    filter.toMessage().filter.fill(0);
    expect(filter.contains(Uint8Array.of(1))).toBe(true);
  });

  test.each([
    ["bytes (CVE-2013-5700)", new Uint8Array(0), 5],
    ["hash functions", new Uint8Array(3), 0],
  ])("without %s contains everything, and stays so", (_what, bytes, nHashFuncs) => {
    const message = { filter: bytes, nHashFuncs, nTweak: 0, nFlags: bloomFlag.all };
    const filter = BloomFilter.from(message);
    filter.insert(Uint8Array.of(1));
    filter.insertOutpoint(new Uint8Array(32), 0);
    expect(filter.contains(Uint8Array.of(9))).toBe(true);
    expect(filter.matchAndUpdate(plainTx)).toBe(true);
    expect(filter.toMessage()).toEqual({ type: "filterload", ...message });
  });
});

describe("the outputs of a transaction", () => {
  const data = fromHex("aabbccdd");
  const tx: Transaction = {
    ...plainTx,
    outputs: [
      { value: 1n, scriptPubKey: fromHex("51") },
      { value: 2n, scriptPubKey: fromHex("04aabbccdd") },
      { value: 3n, scriptPubKey: fromHex("0275ff04aabbccdd87") },
      // Cut off behind what matches, and in front of it.
      { value: 4n, scriptPubKey: fromHex("04aabbccdd05aa") },
      { value: 5n, scriptPubKey: fromHex("05aa04aabbcc") },
    ],
  };
  const filterWith = (nFlags: number, element: Uint8Array): BloomFilter => {
    const filter = BloomFilter.create({ elements: 20, falsePositiveRate: 1e-9, nTweak: 7, nFlags });
    filter.insert(element);
    return filter;
  };
  const added = (filter: BloomFilter): boolean[] =>
    tx.outputs.map((_, vout) => filter.containsOutpoint(txidOf(tx), vout));

  test("are all added that match", () => {
    const filter = filterWith(bloomFlag.all, data);
    expect(filter.matchAndUpdate(tx)).toBe(true);
    expect(added(filter)).toEqual([false, true, true, true, false]);
  });

  // The upper bits mean nothing; 3 is no rule.
  test.each([
    [bloomFlag.none, false],
    [bloomFlag.p2pubkeyOnly, false],
    [3, false],
    [0xfc, false],
    [0xfd, true],
  ])("are added or not with flags %i", (nFlags, isAdded) => {
    const filter = filterWith(nFlags, data);
    expect(filter.matchAndUpdate(tx)).toBe(true);
    expect(added(filter)).toEqual([false, isAdded, isAdded, isAdded, false]);
  });

  test("are added under the txid that is given", () => {
    const filter = filterWith(bloomFlag.all, data);
    const txid = new Uint8Array(32).fill(3);
    filter.matchAndUpdate(tx, txid);
    expect(filter.containsOutpoint(txid, 1)).toBe(true);
    expect(added(filter)).toEqual([false, false, false, false, false]);
  });

  test("are not added because the txid or an input matches", () => {
    const [input] = plainTx.inputs as [Transaction["inputs"][0]];
    const outpoint = Uint8Array.of(...input.txid, 7, 0, 0, 0);
    for (const element of [txidOf(tx), outpoint]) {
      const filter = filterWith(bloomFlag.all, element);
      expect(filter.matchAndUpdate(tx)).toBe(true);
      expect(added(filter)).toEqual([false, false, false, false, false]);
    }
  });

  test("may not match where the script of an input does", () => {
    const filter = filterWith(bloomFlag.none, fromHex("9999"));
    expect(filter.matchAndUpdate(tx)).toBe(false);
    const inputs = [
      { ...(plainTx.inputs[0] as Transaction["inputs"][0]), scriptSig: fromHex("5102999951") },
    ];
    expect(filter.matchAndUpdate({ ...tx, inputs })).toBe(true);
  });
});
