import {
  type BitcoinMessage,
  blockHashOf,
  BloomFilter,
  encode,
  inventoryType,
  reconstructBlock,
  transaction as transactionCodec,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";
import { describe, expect, test } from "vitest";
import { createRng, FakeChain, LoopbackBitcoinNode, settle } from "../../src/index.ts";
import { BitcoinClient, brief, type GreetOptions, nameOf } from "../support/bitcoin-client.ts";

const rng = createRng("relay");
const script = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20).fill(7));
const output = { value: 1000n, scriptPubKey: script };
const highBandwidth: BitcoinMessage = { type: "sendcmpct", announce: true, version: 2n };

interface Joined extends AsyncDisposable, Awaited<ReturnType<typeof BitcoinClient.join>> {
  readonly node: LoopbackBitcoinNode;
  readonly chain: FakeChain;
}

/** A node with a chain that has coins, and a client that has joined it. */
async function joinWithoutHeaders(
  options: GreetOptions = {},
  ...messages: BitcoinMessage[]
): Promise<Joined> {
  const chain = FakeChain.generate({ blocks: 105, seed: 31 });
  const node = new LoopbackBitcoinNode({ chain, rng });
  const joined = await BitcoinClient.join(node, options);
  await joined.client.ask(...messages);
  return { ...joined, node, chain, [Symbol.asyncDispose]: () => node.close() };
}

/** The same, and the client has all headers. */
async function join(options?: GreetOptions, ...messages: BitcoinMessage[]): Promise<Joined> {
  const joined = await joinWithoutHeaders(options, ...messages);
  const [locator, hashStop] = [joined.chain.locator(), new Uint8Array(32)];
  await joined.client.ask({ type: "getheaders", version: 70016, locator, hashStop });
  joined.client.raw.takeEvents();
  return joined;
}

/** All that came once nothing is under way. */
async function heard(client: BitcoinClient): Promise<string[]> {
  await settle();
  return client.messages.map(brief);
}

describe("a new block is announced", () => {
  test("by inv, and fetched", async () => {
    await using peer = await join();
    const [block] = peer.chain.mine();
    expect(await heard(peer.client)).toEqual([`inv 2:${nameOf(block!.hash)}`]);
    const inventory = [{ type: inventoryType.witnessBlock, hash: block!.hash }];
    const [answer] = await peer.client.ask({ type: "getdata", inventory });
    expect(answer?.type === "block" && answer.body).toEqual(block!.body);
  });

  test("by headers after sendheaders, several of one turn together", async () => {
    await using peer = await join({}, { type: "sendheaders" });
    peer.chain.mine();
    peer.chain.mine(2);
    const names = [106, 107, 108].map((height) => nameOf(peer.chain.block(height)!.hash));
    expect(await heard(peer.client)).toEqual([`headers ${names.join(" ")}`]);
  });

  test("by inv to a peer that lacks the block before, whatever it has asked for", async () => {
    await using peer = await joinWithoutHeaders({}, { type: "sendheaders" }, highBandwidth);
    const [first] = peer.chain.mine();
    expect(await heard(peer.client)).toEqual([`inv 2:${nameOf(first!.hash)}`]);
    // It has asked for the headers in between, or it has the block from somebody else.
    const known = { type: inventoryType.block, hash: first!.hash };
    await peer.client.ask({ type: "inv", inventory: [known] });
    peer.client.raw.takeEvents();
    peer.chain.mine();
    expect((await heard(peer.client))[0]).toMatch(/^cmpctblock/);
  });

  test.each(["headers", "getheaders"] as const)(
    "by headers to a peer whose %s say that it has those before",
    async (by) => {
      await using peer = await joinWithoutHeaders({}, { type: "sendheaders" });
      const { header } = peer.chain.tip;
      const [locator, hashStop] = [[], peer.chain.tip.hash];
      const message: BitcoinMessage =
        by === "headers"
          ? { type: "headers", headers: [header] }
          : { type: "getheaders", version: 70016, locator, hashStop };
      await peer.client.ask(message);
      peer.client.raw.takeEvents();
      peer.chain.mine();
      expect((await heard(peer.client))[0]).toMatch(/^headers/);
    },
  );

  test("by inv of the last when there are more than eight", async () => {
    await using peer = await join({}, { type: "sendheaders" });
    peer.chain.mine(8);
    const [first] = await heard(peer.client);
    expect(first?.split(" ")).toHaveLength(9);
    peer.client.raw.takeEvents();
    peer.chain.mine(9);
    expect(await heard(peer.client)).toEqual([`inv 2:${nameOf(peer.chain.tip.hash)}`]);
  });

  test("as a compact block to who wants that, two of them as without", async () => {
    await using peer = await join({}, { type: "sendheaders" }, highBandwidth);
    peer.chain.addTransaction(peer.chain.pay([output]));
    const { transaction, wtxid } = peer.chain.mempool[0]!;
    await settle();
    peer.client.raw.takeEvents();
    const [block] = peer.chain.mine();
    await settle();
    const [compact] = peer.client.messages;
    if (compact?.type !== "cmpctblock") throw new Error("no cmpctblock");
    expect(blockHashOf(compact.header)).toEqual(block!.hash);
    const bytes = encode(transactionCodec, transaction);
    expect(reconstructBlock(compact, [{ wtxid, bytes }]).status).toBe("complete");
    peer.client.raw.takeEvents();
    peer.chain.mine(2);
    expect((await heard(peer.client))[0]).toMatch(/^headers/);
  });

  test("as before after sendcmpct is taken back, or of a version that nobody has", async () => {
    for (const last of [
      { ...highBandwidth, announce: false },
      { ...highBandwidth, version: 1n },
    ] as BitcoinMessage[]) {
      await using peer = await join({}, last);
      peer.chain.mine();
      expect((await heard(peer.client))[0]).toMatch(/^inv/);
    }
  });

  test("of another branch: from the fork on", async () => {
    await using peer = await join({}, { type: "sendheaders" });
    const branch = peer.chain.reorg(2);
    const names = branch.map(({ hash }) => nameOf(hash));
    expect(await heard(peer.client)).toEqual([`headers ${names.join(" ")}`]);
  });

  test("not before the handshake is done, and not to a peer that was there before it", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client } = BitcoinClient.dial(node);
    node.chain.mine();
    await client.greet();
    await client.sync();
    expect(client.messages.map(({ type }) => type)).not.toContain("inv");
    node.chain.mine();
    expect(brief(await client.take("inv"))).toBe(`inv 2:${nameOf(node.chain.tip.hash)}`);
  });

  test("once to a peer that does not read: only the last when it reads again", async () => {
    await using node = new LoopbackBitcoinNode({ rng });
    const { client, connection } = await BitcoinClient.join(node, { capacityBytes: 100 });
    client.raw.pause();
    connection.send({ type: "unknown", command: "fill", payload: new Uint8Array(1000) });
    await settle();
    for (let i = 0; i < 5; i++) {
      node.chain.mine();
      await settle();
    }
    client.raw.resume();
    const invs = (await heard(client)).filter((text) => text.startsWith("inv"));
    expect(invs).toEqual([`inv 2:${nameOf(node.chain.tip.hash)}`]);
  });

  test("to all peers of all nodes of the chain, until a node is closed", async () => {
    await using peer = await join();
    const other = new LoopbackBitcoinNode({ chain: peer.chain, rng });
    const { client } = await BitcoinClient.join(other);
    peer.chain.mine();
    expect([await heard(peer.client), await heard(client)].flat()).toHaveLength(2);
    await other.close();
    peer.chain.mine();
    expect(await heard(peer.client)).toHaveLength(2);
  });
});

describe("a transaction", () => {
  test("of one peer is fetched, taken, and announced to the others", async () => {
    await using peer = await join();
    const { client: other } = await BitcoinClient.join(peer.node);
    const transaction = peer.chain.pay([output]);
    const hash = txidOf(transaction);
    const inventory = [{ type: inventoryType.tx, hash }];
    expect((await peer.client.ask({ type: "inv", inventory })).map(brief)).toEqual([
      `getdata ${inventoryType.witnessTx}:${nameOf(hash)}`,
    ]);
    expect(await peer.client.ask({ type: "tx", transaction })).toEqual([]);
    expect(peer.chain.waiting(hash)?.transaction).toEqual(transaction);
    expect(await heard(other)).toEqual([`inv 1:${nameOf(hash)}`]);
    expect(await heard(peer.client)).toEqual([]); // it has it
    expect(await other.ask({ type: "inv", inventory })).toEqual([]);
    const [answer] = await other.ask({ type: "getdata", inventory });
    expect(answer?.type).toBe("tx");
  });

  test("is named by its wtxid where both want that", async () => {
    const wishes = [{ type: "wtxidrelay" } as const];
    await using peer = await join({ wishes });
    const transaction = peer.chain.pay([output]);
    const [txid, wtxid] = [txidOf(transaction), wtxidOf(transaction)];
    const byTxid = [{ type: inventoryType.tx, hash: txid }];
    const byWtxid = [{ type: inventoryType.wtx, hash: wtxid }];
    expect(await peer.client.ask({ type: "inv", inventory: byTxid })).toEqual([]);
    expect(await peer.client.ask({ type: "inv", inventory: byWtxid })).toEqual([
      { type: "getdata", inventory: byWtxid },
    ]);
    const another = peer.chain.pay([output, output]);
    peer.chain.addTransaction(another);
    expect(await heard(peer.client)).toContain(`inv 5:${nameOf(wtxidOf(another))}`);
  });

  test("is not announced by wtxid to who did not ask for it", async () => {
    await using peer = await join();
    const inventory = [{ type: inventoryType.wtx, hash: new Uint8Array(32) }];
    expect(await peer.client.ask({ type: "inv", inventory })).toEqual([]);
  });

  test("that pays too little for the peer is not announced", async () => {
    await using peer = await join({}, { type: "feefilter", feerate: 5000n });
    const { chain } = peer;
    const cheap = chain.pay([output], { feeSat: 100n });
    chain.addTransaction(cheap);
    const dear = chain.pay([output], { feeSat: 10_000n });
    chain.addTransaction(dear);
    expect(await heard(peer.client)).toEqual([`inv 1:${nameOf(txidOf(dear))}`]);
    const { feeSat, virtualBytes } = chain.waiting(txidOf(dear))!;
    const exact = (feeSat * 1000n) / BigInt(virtualBytes);
    for (const [feerate, count] of [
      [exact, 1],
      [exact + 1n, 0],
      [-1n, 0], // no amount: what was said before holds
    ] as const) {
      await peer.client.ask({ type: "feefilter", feerate });
      expect(await peer.client.ask({ type: "mempool" })).toHaveLength(count);
    }
  });

  test("is not announced to who wants none, until it sets a filter that matches", async () => {
    await using peer = await join({ version: { relay: false } });
    const { chain, client } = peer;
    chain.addTransaction(chain.pay([output]));
    expect(await heard(client)).toEqual([]);
    const filter = BloomFilter.create({ elements: 1, falsePositiveRate: 1e-9, nTweak: 1 });
    filter.insert(script.subarray(2));
    await client.ask(filter.toMessage());
    const [match, other] = [
      chain.pay([output, output]),
      chain.pay([{ ...output, scriptPubKey: Uint8Array.of(0x51) }]),
    ];
    chain.addTransaction(match);
    const told = await heard(client);
    expect(told).toEqual([`inv 1:${nameOf(txidOf(match))}`]);
    expect(chain.addTransaction(other)).toBe("conflict");
  });

  test("is announced with others of its turn, and not when it is in a block by then", async () => {
    await using peer = await join();
    const { chain, client } = peer;
    chain.addTransaction(chain.pay([output]));
    chain.addTransaction(chain.pay([output, output]));
    const [first, second] = chain.mempool;
    expect(await heard(client)).toEqual([`inv 1:${nameOf(first!.txid)} 1:${nameOf(second!.txid)}`]);
    client.raw.takeEvents();
    chain.addTransaction(chain.pay([output]));
    chain.mine();
    expect(await heard(client)).toEqual([`inv 2:${nameOf(chain.tip.hash)}`]);
  });

  test("that cannot be taken has no effect", async () => {
    await using peer = await join();
    const { client: other } = await BitcoinClient.join(peer.node);
    const good = peer.chain.pay([output]);
    const transaction = { ...good, outputs: [{ ...output, value: 10n ** 15n }] };
    expect(await peer.client.ask({ type: "tx", transaction })).toEqual([]);
    expect(await heard(other)).toEqual([]);
    expect(peer.chain.mempool).toEqual([]);
  });
});
