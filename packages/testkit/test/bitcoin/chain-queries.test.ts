import {
  blockHashOf,
  filterHashOf,
  filterHeaderOf,
  indexBlock,
  isCoinbase,
  locatorHeights,
  matchFilter,
} from "@satwire/btcwire";
import { describe, expect, test } from "vitest";
import { FakeChain } from "../../src/index.ts";

const zeros = new Uint8Array(32);
const script = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20).fill(7));
const output = { value: 1000n, scriptPubKey: script };

describe("what peers ask a chain", () => {
  const chain = FakeChain.generate({ blocks: 2100, seed: 11 });
  const hash = (height: number): Uint8Array => chain.block(height)!.hash;

  test("headers behind a locator, up to a stop or 2000", () => {
    const all = chain.headers(new FakeChain().locator());
    expect(all).toHaveLength(2000);
    expect(all[0]).toBe(chain.header(1));
    expect(chain.headers([hash(2000)])).toHaveLength(100);
    expect(chain.headers([hash(10)], hash(13)).map(blockHashOf)).toEqual([11, 12, 13].map(hash));
    expect(chain.headers([hash(2100)])).toEqual([]);
    expect(chain.headers([hash(10)], hash(5), 7)).toHaveLength(7); // a stop that does not come
    expect(chain.headers([zeros, hash(7), hash(9)])[0]).toBe(chain.header(8));
    expect(chain.headers([zeros])[0]).toBe(chain.header(1));
  });

  test("one header without a locator", () => {
    expect(chain.headers([], hash(5))).toEqual([chain.header(5)]);
    expect(chain.headers([], zeros)).toEqual([]);
  });

  test("a locator of a branch leads to the fork", () => {
    const forked = FakeChain.generate({ blocks: 30, seed: 12 });
    const old = forked.tip;
    forked.reorg(5);
    const locator = [old.hash, ...[29, 28].map((height) => forked.path(height, old)[0]!.hash)];
    expect(forked.findFork([...locator, forked.block(25)!.hash]).height).toBe(25);
    expect(forked.locator()).toHaveLength(locatorHeights(31).length);
  });

  test("filters that match, and headers that chain", () => {
    const paying = FakeChain.generate({ blocks: 105, seed: 13 });
    // All of a reward: change would go back to its script.
    const transaction = paying.pay([{ ...output, value: 4_999_999_000n }]);
    paying.mine(1, { transactions: [transaction] });
    const filterBytes = paying.filter(106)!;
    const filter = { blockHash: paying.tip.hash, filterBytes };
    const spentScript = paying.transaction(transaction.inputs[0]!.txid)!.transaction.outputs[0]!;
    expect(matchFilter(filter, [script])).toBe(true);
    expect(matchFilter(filter, [spentScript.scriptPubKey])).toBe(true);
    expect(matchFilter(filter, [Uint8Array.of(1, 2, 3)])).toBe(false);
    let header: Uint8Array = zeros;
    for (let height = 0; height <= 106; height++) {
      header = filterHeaderOf(filterHashOf(paying.filter(height)!), header);
    }
    expect(paying.filterHeader(106)).toEqual(header);
    expect([paying.filter(107), paying.filterHeader(zeros)]).toEqual([undefined, undefined]);
  });

  test("nothing that is not there", () => {
    expect([chain.block(2101), chain.block(zeros), chain.header(-1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([chain.transaction(zeros), chain.waiting(zeros)]).toEqual([undefined, undefined]);
    expect(isCoinbase(chain.transaction(indexBlock(chain.tip).txid(0))!.transaction)).toBe(true);
  });
});
