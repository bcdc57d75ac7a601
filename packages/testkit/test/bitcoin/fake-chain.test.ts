import {
  blockHashOf,
  checkMerkleRoot,
  checkProofOfWork,
  checkWitnessCommitment,
  findWitnessCommitment,
  formatHash,
  indexBlock,
  networks,
  type Transaction,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";
import { describe, expect, test } from "vitest";
import { type ChainBlock, FakeChain, FakeChainError, type TipChange } from "../../src/index.ts";

const script = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20).fill(7));
const output = { value: 1000n, scriptPubKey: script };

const tipOf = (chain: FakeChain): string => formatHash(chain.tip.hash);
const heights = (blocks: readonly ChainBlock[]): number[] => blocks.map(({ height }) => height);

/** The code of the error that a call throws. */
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FakeChainError) return error.code;
    throw error;
  }
  return "nothing";
}

/** A block with something changed, mined again. */
function mined(block: ChainBlock, changes: Partial<ChainBlock["header"]>): ChainBlock {
  let header = { ...block.header, ...changes };
  while (!checkProofOfWork(header)) header = { ...header, nonce: header.nonce + 1 };
  return { ...block, header };
}

describe.each(["regtest", "simnet"] as const)("a chain on %s", (network) => {
  const chain = FakeChain.generate({ blocks: 320, seed: 1, network });

  test("begins with the first block of the network, its body included", () => {
    const genesis = chain.block(0)!;
    expect(genesis.hash).toEqual(networks[network].genesisHash);
    expect(checkMerkleRoot(indexBlock(genesis))).toBe("valid");
    expect(chain.block(networks[network].genesisHash)).toBe(genesis);
    expect(new FakeChain({ network }).height).toBe(0);
  });

  test("has blocks that follow each other, with all that peers check", () => {
    let work = chain.block(0)!.work;
    for (let height = 1; height <= chain.height; height++) {
      const block = chain.block(height)!;
      expect(block.header.prevBlock).toEqual(chain.block(height - 1)!.hash);
      expect(blockHashOf(block.header)).toEqual(block.hash);
      expect(checkProofOfWork(block.header, { powLimit: networks[network].powLimit })).toBe(true);
      const index = indexBlock(block);
      expect(checkMerkleRoot(index)).toBe("valid");
      expect(checkWitnessCommitment(index)).toBe("valid");
      expect(findWitnessCommitment(index.transaction(0))).toHaveLength(32);
      work += 2n;
      expect([block.work, block.height]).toEqual([work, height]);
    }
    expect([chain.height, chain.work]).toEqual([320, work]);
  });

  test("pays half as much after each halving", () => {
    const paid = (height: number): bigint =>
      indexBlock(chain.block(height)!).transaction(0).outputs[0]!.value;
    const half = network === "regtest" ? 2_500_000_000n : 5_000_000_000n;
    expect([paid(149), paid(150)]).toEqual([5_000_000_000n, half]);
  });
});

test.each([
  [1, "51"],
  [16, "60"],
  [17, "0111"],
  [127, "017f"],
  [128, "028000"],
  [255, "02ff00"],
  [256, "020001"],
])("the coinbase of block %i begins with its height, as BIP 34 writes it", (height, hex) => {
  const chain = FakeChain.generate({ blocks: height, seed: 2 });
  const { scriptSig } = indexBlock(chain.tip).transaction(0).inputs[0]!;
  const text = Array.from(scriptSig, (byte) => byte.toString(16).padStart(2, "0")).join("");
  expect(text.slice(0, hex.length)).toBe(hex);
});

describe("what decides a chain", () => {
  test("the seed and the calls, in Node and in Chromium", () => {
    const chain = FakeChain.generate({ blocks: 120, seed: 1 });
    expect(tipOf(chain)).toBe("5a7738c3320fc80a96dc433b50037c419762cdf65b7f7bdd98b5f1d4d974f89c");
    expect(tipOf(FakeChain.generate({ blocks: 120, seed: 1 }))).toBe(tipOf(chain));
    expect(tipOf(FakeChain.generate({ blocks: 120, seed: 2 }))).not.toBe(tipOf(chain));
    const oneByOne = new FakeChain({ seed: 1 });
    for (let i = 0; i < 120; i++) oneByOne.mine();
    expect(tipOf(oneByOne)).toBe(tipOf(chain));
  });

  test("times: the start, the interval, and what a call asks for", () => {
    const chain = new FakeChain({ startTime: 1_700_000_000, blockIntervalSeconds: 60 });
    chain.mine(2);
    expect([1, 2].map((height) => chain.header(height)!.time)).toEqual([
      1_700_000_000, 1_700_000_060,
    ]);
    chain.mine(2, { timestamp: 1_700_000_999 });
    expect([3, 4].map((height) => chain.header(height)!.time)).toEqual([
      1_700_000_999, 1_700_001_059,
    ]);
    const old = new FakeChain({ startTime: 0, blockIntervalSeconds: 10 });
    old.mine();
    expect(old.tip.header.time).toBe(networks.regtest.genesis.time + 10);
  });

  test.each([
    [() => new FakeChain({ network: "mainnet" as "regtest" }), "blocks of mainnet cannot be made"],
    [() => new FakeChain({ blockIntervalSeconds: 0 }), "blockIntervalSeconds is 0"],
    [() => new FakeChain({ startTime: -1 }), "startTime is -1"],
    [() => new FakeChain({ seed: "x".repeat(1001) }), "at most 1000 bytes"],
    [() => FakeChain.generate({ blocks: 1.5 }), "blocks is 1.5"],
    [() => new FakeChain().mine(0), "the number of blocks is 0"],
    [() => new FakeChain().reorg(1), "a depth of 1 in a chain of 0 blocks"],
    [() => FakeChain.generate({ blocks: 3 }).reorg(0), "a depth of 0"],
    [() => FakeChain.generate({ blocks: 3 }).reorg(1, { newBlocks: 0 }), "newBlocks is 0"],
    [() => FakeChain.generate({ blocks: 99 }).pay([output]), "2000 satoshis are wanted, 0 can"],
  ])("and nothing that is no option: %#", (run, text) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(text);
  });
});

describe("transactions", () => {
  const spendable = (): FakeChain => FakeChain.generate({ blocks: 103, seed: 3 });

  test("wait, are mined, and are found in their block", () => {
    const chain = spendable();
    const transaction = chain.pay([output], { feeSat: 500n });
    expect(wtxidOf(transaction)).not.toEqual(txidOf(transaction));
    expect(chain.addTransaction(transaction)).toBe("accepted");
    expect(chain.mempool).toMatchObject([{ transaction, feeSat: 500n }]);
    expect(chain.waiting(txidOf(transaction))).toBe(chain.mempool[0]);
    expect(chain.waitingByWtxid(wtxidOf(transaction))).toBe(chain.mempool[0]);
    expect(chain.transaction(txidOf(transaction))).toBe(undefined);
    const [block] = chain.mine();
    expect(chain.mempool).toEqual([]);
    expect(chain.transaction(txidOf(transaction))).toEqual({ transaction, block, index: 1 });
    expect(chain.isUnspent(txidOf(transaction), 0)).toBe(true);
    expect(chain.isUnspent(transaction.inputs[0]!.txid, 0)).toBe(false);
    const reward = indexBlock(block!).transaction(0).outputs[0]!.value;
    expect(reward).toBe(5_000_000_500n);
  });

  test("spend what waits, and both are in one block, in this order", () => {
    const chain = spendable();
    const parent = chain.pay([output]);
    const child = spend(parent, 1);
    expect(chain.addTransaction(child)).toBe("missing_input");
    for (const each of [parent, child]) expect(chain.addTransaction(each)).toBe("accepted");
    expect(chain.isUnspent(txidOf(parent), 1)).toBe(false);
    const [block] = chain.mine(2);
    expect(indexBlock(block!).txids().slice(1)).toEqual([txidOf(parent), txidOf(child)]);
    expect(indexBlock(chain.tip).length).toBe(1);
  });

  test("are told of when they begin to wait", () => {
    const chain = spendable();
    const told: Transaction[] = [];
    const listening = chain.onTransaction(({ transaction }) => told.push(transaction));
    const [first, second] = [chain.pay([output]), chain.pay([output, output])];
    chain.addTransaction(first);
    expect(chain.addTransaction(first)).toBe("known");
    expect(chain.addTransaction(second)).toBe("conflict");
    listening[Symbol.dispose]();
    chain.addTransaction(chain.pay([output]));
    expect(told).toEqual([first]);
  });

  test("are refused for what is wrong with them", () => {
    const chain = spendable();
    const good = chain.pay([output]);
    const [input] = good.inputs;
    const coinbase = indexBlock(chain.tip).transaction(0);
    const immature = spend(indexBlock(chain.block(5)!).transaction(0), 0);
    const cases: [string, Transaction][] = [
      ["empty", { ...good, inputs: [] }],
      ["empty", { ...good, outputs: [] }],
      ["coinbase", { ...coinbase, lockTime: 1 }],
      ["known", coinbase],
      ["duplicate_input", { ...good, inputs: [input!, input!] }],
      ["missing_input", { ...good, inputs: [{ ...input!, vout: 1 }] }],
      ["immature", immature],
      ["bad_value", { ...good, outputs: [{ ...output, value: -1n }] }],
      ["bad_value", { ...good, outputs: [{ ...output, value: 2_100_000_000_000_001n }] }],
      ["overspent", { ...good, outputs: [{ ...output, value: 5_000_000_001n }] }],
      ["accepted", { ...good, outputs: [{ ...output, value: 5_000_000_000n }] }],
    ];
    for (const [verdict, transaction] of cases) {
      expect(chain.addTransaction(transaction)).toBe(verdict);
    }
  });

  test("of a reward wait for its hundredth block", () => {
    const chain = FakeChain.generate({ blocks: 99, seed: 4 });
    expect(() => chain.pay([output])).toThrow(RangeError);
    chain.mine();
    expect(chain.addTransaction(chain.pay([output]))).toBe("accepted");
  });

  test("that a block cannot have end in an error, and the chain stays", () => {
    const chain = spendable();
    const before = tipOf(chain);
    const transaction = chain.pay([output]);
    const twice = { ...transaction, outputs: [output] };
    expect(codeOf(() => chain.mine(1, { transactions: [transaction, twice] }))).toBe(
      "bad_transaction",
    );
    expect(tipOf(chain)).toBe(before);
    const [block] = chain.mine(1, { transactions: [transaction], scriptPubKey: script });
    expect(indexBlock(block!).length).toBe(2);
    expect(indexBlock(block!).transaction(0).outputs[0]).toEqual({
      value: 5_000_001_000n,
      scriptPubKey: script,
    });
  });
});

describe("a reorganization", () => {
  test("replaces blocks, lets their transactions wait again, and tells", () => {
    const chain = FakeChain.generate({ blocks: 110, seed: 5 });
    const told: TipChange[] = [];
    chain.onTip((change) => told.push(change));
    const transaction = chain.pay([output]);
    chain.addTransaction(transaction);
    const old = chain.mine(3);
    const branch = chain.reorg(3);
    expect(heights(branch)).toEqual([111, 112, 113, 114]);
    expect(told.map(({ tip }) => tip.height)).toEqual([113, 114]);
    expect(told[0]).toEqual({ tip: old[2], disconnected: [], connected: old });
    expect(told[1]).toEqual({
      tip: branch[3],
      disconnected: [...old].reverse(),
      connected: branch,
    });
    expect(chain.mempool.map((entry) => entry.transaction)).toEqual([transaction]);
    expect(chain.transaction(txidOf(transaction))).toBe(undefined);
    expect([chain.isBest(old[0]!), chain.isBest(branch[0]!)]).toEqual([false, true]);
    expect(chain.block(old[0]!.hash)).toBe(old[0]);
    chain.mine();
    expect(chain.transaction(txidOf(transaction))?.block.height).toBe(115);
  });

  test("to a branch with no more work does not happen, and can still come", () => {
    const chain = FakeChain.generate({ blocks: 10, seed: 6 });
    const before = chain.tip;
    let tips = 0;
    chain.onTip(() => tips++);
    const [side] = chain.reorg(1, { newBlocks: 1 });
    expect([chain.tip, tips]).toEqual([before, 0]);
    expect([chain.filter(side!.hash), chain.filterHeader(side!.hash)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(heights(chain.path(8, side!))).toEqual([8, 9, 10]);
    expect(chain.path(8, side!)[2]).toBe(side);
    const rival = FakeChain.load(chain.save());
    rival.reorg(1, { newBlocks: 2 });
    const [first, second] = rival.path(10, rival.tip);
    chain.addBlock(first!);
    chain.addBlock(second!);
    expect([tipOf(chain), tips]).toEqual([tipOf(rival), 1]);
  });

  test("back and forth gives the same coins", () => {
    const chain = FakeChain.generate({ blocks: 105, seed: 7 });
    const parent = chain.pay([output]);
    const child = spend(parent, 1);
    for (const each of [parent, child]) chain.addTransaction(each);
    chain.mine();
    chain.reorg(1); // both wait again
    chain.mine(); // and are in a block again
    expect(chain.transaction(txidOf(child))?.index).toBe(2);
    expect([chain.isUnspent(txidOf(parent), 1), chain.isUnspent(txidOf(child), 0)]).toEqual([
      false,
      true,
    ]);
    chain.reorg(2, { newBlocks: 3 });
    const { inputs } = parent;
    expect(chain.isUnspent(inputs[0]!.txid, inputs[0]!.vout)).toBe(false); // what waits spends it
    expect(chain.height).toBe(109);
    expect(chain.mempool).toHaveLength(2);
  });

  test("to a branch with a bad block leaves the chain as it was", () => {
    const chain = FakeChain.generate({ blocks: 110, seed: 8 });
    const transaction = chain.pay([output]);
    chain.mine(1, { transactions: [transaction] });
    const before = tipOf(chain);
    // Spent twice, in the branch alone.
    const twice = { ...transaction, outputs: [output] };
    const run = (): unknown => chain.reorg(1, { transactions: [transaction, twice] });
    expect(codeOf(run)).toBe("bad_transaction");
    expect(tipOf(chain)).toBe(before);
    expect(chain.transaction(txidOf(transaction))?.index).toBe(1);
    chain.reorg(2);
    expect(chain.height).toBe(112);
  });
});

describe("a block of somebody else", () => {
  const source = FakeChain.generate({ blocks: 20, seed: 9 });
  const at = (height: number): ChainBlock => source.block(height)!;
  const upTo = (height: number): FakeChain => {
    const chain = new FakeChain();
    for (const block of source.path(1, at(height))) chain.addBlock(block);
    return chain;
  };

  test("is taken, a second time without effect", () => {
    const chain = upTo(20);
    expect(tipOf(chain)).toBe(tipOf(source));
    expect(chain.addBlock(source.tip)).toBe(chain.tip);
    expect(chain.filterHeader(20)).toEqual(source.filterHeader(20));
  });

  test("is refused for what is wrong with it", () => {
    const next = at(20);
    const median = at(14).header.time;
    const noWork = { ...next, header: { ...next.header, nonce: 0 } };
    while (checkProofOfWork(noWork.header)) noWork.header.nonce++;
    const other = FakeChain.generate({ blocks: 30, seed: 10 });
    const cases: [string, ChainBlock][] = [
      ["unknown_parent", other.block(20)!],
      ["bad_proof_of_work", noWork],
      ["bad_proof_of_work", mined(next, { bits: 0x207f_fffe })],
      ["bad_time", mined(next, { time: median })],
      ["nothing", mined(next, { time: median + 1 })],
      ["malformed_block", { ...next, body: next.body.subarray(1) }],
      ["bad_merkle_root", { ...next, body: other.block(20)!.body }],
      ["bad_witness_commitment", withWitness(next)],
      ["bad_coinbase", mined(at(19), { prevBlock: at(19).hash, time: next.header.time })],
    ];
    for (const [code, block] of cases) {
      const chain = upTo(19);
      expect(codeOf(() => chain.addBlock(block))).toBe(code);
      if (code !== "nothing") expect(chain.tip.hash).toEqual(at(19).hash);
    }
  });

  test("may not pay more to its miner than there is", () => {
    // The same block is fine on simnet, where nothing was halved yet.
    const simnet = FakeChain.generate({ blocks: 150, seed: 1, network: "simnet" });
    const regtest = FakeChain.generate({ blocks: 149, seed: 1 });
    const block = mined(simnet.tip, { prevBlock: regtest.tip.hash });
    expect(codeOf(() => regtest.addBlock(block))).toBe("bad_coinbase");
    expect([regtest.height, regtest.mine()[0]!.height]).toEqual([149, 150]);
  });
});

/** A block whose coinbase has another reserved value: its txid stays. */
function withWitness(block: ChainBlock): ChainBlock {
  const body = block.body.slice();
  body[body.length - 5] = 1;
  return { ...block, body };
}

/** Spends an output for nobody. */
function spend(transaction: Transaction, vout: number): Transaction {
  const { value } = transaction.outputs[vout]!;
  return {
    version: 2,
    inputs: [
      {
        txid: txidOf(transaction),
        vout,
        scriptSig: new Uint8Array(0),
        sequence: 0xffff_ffff,
        witness: [Uint8Array.of(0x51)],
      },
    ],
    outputs: [{ value: value - 1n, scriptPubKey: script }],
    lockTime: 0,
  };
}
