import { FakeChain, LoopbackBitcoinNode } from "@satwire/testkit";

const chain = FakeChain.generate({ blocks: 120, seed: 7 });
await using node = new LoopbackBitcoinNode({ chain });
await using client = new LoopbackBitcoinNode(); // yours in its place
const connection = await client.dial(await node.listen(), { transport: "v2" });
await connection.ready();

const locator = client.chain.locator();
connection.send({ type: "getheaders", version: 70016, locator, hashStop: new Uint8Array(32) });
const { headers } = await connection.received.take("headers");

chain.addTransaction(chain.pay([{ value: 50_000n, scriptPubKey: Uint8Array.of(0x51) }]));
await connection.received.take("inv"); // the transaction
chain.mine();
await connection.received.take("inv"); // its block
chain.reorg(1); // two other blocks instead; the transaction waits again
await connection.received.take("inv");

export const seen = {
  headers: headers.length,
  height: chain.height,
  waiting: chain.mempool.length,
};
