import { type BlockHeader, blockHashOf, inventoryType } from "@satwire/btcwire";
import { defaultDialer } from "@satwire/net";
import { expect, test } from "vitest";
import { FakeChain, LoopbackBitcoinNode } from "../../src/index.ts";
import { BitcoinClient } from "../support/bitcoin-client.ts";

const chain = FakeChain.generate({ blocks: 2010, seed: 51 });

test.each(["v1", "v2"] as const)("headers and blocks over TCP and %s", async (protocol) => {
  await using node = new LoopbackBitcoinNode({ chain });
  const client = new BitcoinClient(await defaultDialer(await node.listen()), { protocol });
  await client.greet();
  const connection = await node.nextConnection();
  expect(connection.remoteAddress?.host).toBe("127.0.0.1");

  const headers: BlockHeader[] = [];
  for (let locator = new FakeChain().locator(); headers.length < 2010; ) {
    client.send({ type: "getheaders", version: 70016, locator, hashStop: new Uint8Array(32) });
    headers.push(...(await client.take("headers")).headers);
    locator = [blockHashOf(headers.at(-1)!)];
  }
  const last = headers.slice(-100).map(blockHashOf);
  const inventory = last.map((hash) => ({ type: inventoryType.witnessBlock, hash }));
  client.send({ type: "getdata", inventory });
  for (const hash of last) {
    const { header, body } = await client.take("block");
    expect([blockHashOf(header), body]).toEqual([hash, chain.block(hash)!.body]);
  }
  client.raw.destroy();
  await connection.closed;
});
