/** btcd follows a chain of the testkit's: what it takes for blocks, filters and peers, others will. */
import {
  encode,
  formatHash,
  toHex,
  type Transaction,
  transaction as transactionCodec,
  txidOf,
} from "@satwire/btcwire";
import { FakeChain, LoopbackBitcoinNode } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { type Btcd, startBtcd } from "./daemons/btcd.ts";
import { ask } from "./daemons/daemon.ts";
import { hasGo } from "./daemons/provided.ts";

const args = ["--nobanning", "--trickleinterval=50ms"];
const output = { value: 100_000n, scriptPubKey: Uint8Array.of(0x00, 0x14, ...new Uint8Array(20)) };

describe.runIf(hasGo).each(["regtest", "simnet"] as const)("on %s", (network) => {
  test.each(["v1", "v2"] as const)(
    "btcd dials a loopback node over %s and follows its chain",
    async (protocol) => {
      // On simnet there are witnesses from block 300 on, on regtest from 432.
      // Of a chain whose tip is older than a day, btcd does not look at what its blocks confirm.
      const startTime = Math.floor(Date.now() / 1000) - 2550 * 601;
      const chain = FakeChain.generate({ blocks: 2500, seed: 7, network, startTime });
      await using node = new LoopbackBitcoinNode({ chain, transport: protocol });
      const { host, port } = await node.listen();
      await using btcd = await startBtcd({ network, v2: protocol === "v2", args });
      await btcd.call("addnode", `${host}:${port}`, "onetry");
      const connection = await node.nextConnection({ timeoutMs: 30_000 });
      expect([connection.protocol, connection.isOutgoing]).toEqual([protocol, false]);
      await atTip(btcd, chain);

      // A block with witnesses, announced live.
      const transaction = chain.pay([output]);
      const [block] = chain.mine(1, { transactions: [transaction] });
      await atTip(btcd, chain);
      const hash = formatHash(block!.hash);
      const { tx } = await btcd.call<{ tx: string[] }>("getblock", hash);
      expect(tx[1]).toBe(formatHash(txidOf(transaction)));

      // A transaction of ours, and one that btcd was given.
      const ours = chain.pay([output]);
      expect(chain.addTransaction(ours)).toBe("accepted");
      await inMempool(btcd, ours);
      const theirs = chain.pay([output, output]);
      await btcd.call("sendrawtransaction", toHex(encode(transactionCodec, theirs)));
      await ask("our node to have it", async () => chain.waiting(txidOf(theirs)));
      chain.mine();
      await atTip(btcd, chain);
      await ask("btcd to forget what is in the block", async () => {
        const pool = await btcd.call<string[]>("getrawmempool");
        return pool.length === 0 || undefined;
      });

      // Three blocks are replaced by four.
      chain.reorg(3);
      await atTip(btcd, chain);
      expect(connection.violation).toBe(undefined);
    },
  );

  test("a loopback node dials btcd, which follows it all the same", async () => {
    const chain = FakeChain.generate({ blocks: 50, seed: 8, network });
    await using node = new LoopbackBitcoinNode({ chain });
    await using btcd = await startBtcd({ network, args });
    const connection = await node.dial({ kind: "ipv4", host: btcd.host, port: btcd.port });
    await connection.ready({ timeoutMs: 30_000 });
    await connection.sync({ timeoutMs: 30_000 });
    await atTip(btcd, chain);
    chain.mine(3);
    await atTip(btcd, chain);
  });

  test("the filters are those of btcd", async () => {
    const chain = FakeChain.generate({ blocks: 450, seed: 9, network });
    for (let i = 0; i < 5; i++) {
      const open = chain.pay([output, { ...output, value: 7n }]);
      chain.addTransaction(open);
      chain.mine();
    }
    await using node = new LoopbackBitcoinNode({ chain });
    const { host, port } = await node.listen();
    await using btcd = await startBtcd({ network, args });
    await btcd.call("addnode", `${host}:${port}`, "onetry");
    await atTip(btcd, chain);
    for (let height = 0; height <= chain.height; height += height < 450 ? 50 : 1) {
      const hash = formatHash(chain.block(height)!.hash);
      const filter = await btcd.call<string>("getcfilter", hash, 0);
      expect(filter).toBe(toHex(chain.filter(height)!));
      const header = await btcd.call<string>("getcfilterheader", hash, 0);
      expect(header).toBe(formatHash(chain.filterHeader(height)!));
    }
  });
});

/** Resolves when btcd has the chain's tip for its own. */
async function atTip(btcd: Btcd, chain: FakeChain): Promise<void> {
  const wanted = formatHash(chain.tip.hash);
  await ask(`btcd to be at block ${chain.height}`, async () => {
    const hash = await btcd.call<string>("getbestblockhash");
    return hash === wanted || undefined;
  });
}

async function inMempool(btcd: Btcd, transaction: Transaction): Promise<void> {
  const txid = formatHash(txidOf(transaction));
  await ask("btcd to have our transaction", async () => {
    const pool = await btcd.call<string[]>("getrawmempool");
    return pool.includes(txid) || undefined;
  });
}
