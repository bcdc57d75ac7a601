import { checkProofOfWork, equalBytes, formatHash, txidOf } from "@satwire/btcwire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeChain, type TipChange } from "../../src/index.ts";

/** Something that is done to a chain. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("mine" as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant("reorg" as const),
    depth: fc.integer({ min: 1, max: 4 }),
    newBlocks: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ kind: fc.constant("pay" as const), outputs: fc.integer({ min: 1, max: 3 }) }),
);

const base = FakeChain.generate({ blocks: 120, seed: "property" }).save();
const script = Uint8Array.of(0x51);

test("whatever is done to a chain, it is one, and tells what it becomes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const chain = FakeChain.load(base);
      const told = chain.path(0, chain.tip);
      chain.onTip(({ disconnected, connected, tip }: TipChange) => {
        for (const block of disconnected) expect(told.pop()).toBe(block);
        told.push(...connected);
        expect(told.at(-1)).toBe(tip);
      });
      let most = chain.work;
      for (const each of steps) {
        if (each.kind === "mine") chain.mine(each.count);
        else if (each.kind === "reorg") chain.reorg(each.depth, { newBlocks: each.newBlocks });
        else pay(chain, each.outputs);
        expect(chain.work >= most).toBe(true);
        most = chain.work;
      }
      expect(told).toHaveLength(chain.height + 1);
      const isChain = told.every(
        (block, height) =>
          chain.block(height) === block &&
          checkProofOfWork(block.header) &&
          (height === 0 || equalBytes(block.header.prevBlock, told[height - 1]!.hash)),
      );
      expect(isChain).toBe(true);
      // What waits can be mined, whatever has happened.
      const waiting = chain.mempool.map(({ transaction }) => txidOf(transaction));
      chain.mine();
      for (const txid of waiting) expect(chain.transaction(txid)?.block).toBe(chain.tip);
      const loaded = FakeChain.load(chain.save());
      expect(formatHash(loaded.tip.hash)).toBe(formatHash(chain.tip.hash));
      expect(loaded.filterHeader(loaded.height)).toEqual(chain.filterHeader(chain.height));
      expect(loaded.isUnspent(chain.tip.hash, 0)).toBe(false);
    }),
    { numRuns: 8 },
  );
}, 30_000);

function pay(chain: FakeChain, outputs: number): void {
  const output = { value: 1000n, scriptPubKey: script };
  expect(chain.addTransaction(chain.pay(Array.from({ length: outputs }, () => output)))).toBe(
    "accepted",
  );
}
