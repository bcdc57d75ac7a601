import {
  addrv2,
  BloomFilter,
  checkFilterHeaders,
  checkMerkleRoot,
  checkWitnessCommitment,
  completeBlock,
  encode,
  type GetCFilters,
  hostAddressOfIp,
  indexBlock,
  type InventoryItem,
  inventoryType,
  matchesOf,
  maxInventory,
  type NetAddressV2,
  reconstructBlock,
  serviceFlag,
  servicesOf,
  transaction as transactionCodec,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";
import { parseIp } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { createRng, FakeChain, LoopbackBitcoinNode } from "../../src/index.ts";
import { BitcoinClient, brief, nameOf } from "../support/bitcoin-client.ts";

const rng = createRng("requests");
const zeros = new Uint8Array(32);
const script = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20).fill(7));
const output = { value: 1000n, scriptPubKey: script };

/** A chain with a block that has witnesses, and a transaction that waits. */
const chain = FakeChain.generate({ blocks: 1030, seed: 21 });
const transactions = [chain.pay([output])];
const [busy] = chain.mine(1, { transactions });
chain.mine(19);
const waiting = chain.pay([output, output]);
chain.addTransaction(waiting);

const hash = (height: number): Uint8Array => chain.block(height)!.hash;
const name = (height: number): string => nameOf(hash(height));
const item = (type: number, of: Uint8Array): InventoryItem => ({ type, hash: of });
const unknown = new Uint8Array(32).fill(9);

describe.each(["v1", "v2"] as const)("requests over %s", (protocol) => {
  const join = async (
    services?: bigint,
  ): Promise<Awaited<ReturnType<typeof BitcoinClient.join>> & AsyncDisposable> => {
    const node = new LoopbackBitcoinNode({ chain, rng, services });
    const joined = await BitcoinClient.join(node, { protocol });
    return { ...joined, [Symbol.asyncDispose]: () => node.close() };
  };

  test("getheaders and getblocks", async () => {
    await using peer = await join();
    const ask = async (
      type: "getheaders" | "getblocks",
      locator: readonly Uint8Array[],
      hashStop: Uint8Array = zeros,
    ): Promise<string[]> =>
      (await peer.client.ask({ type, version: 70016, locator, hashStop })).map(brief);
    expect(await ask("getheaders", [hash(3), hash(1)], hash(5))).toEqual([
      `headers ${name(4)} ${name(5)}`,
    ]);
    expect(await ask("getheaders", [], hash(9))).toEqual([`headers ${name(9)}`]);
    expect(await ask("getheaders", [hash(chain.height)])).toEqual(["headers "]);
    expect(await ask("getblocks", [hash(3)], hash(4))).toEqual([`inv 2:${name(4)}`]);
    expect(await ask("getblocks", [hash(chain.height)])).toEqual([]);
    const [all] = await ask("getblocks", [zeros]);
    expect(all?.split(" ")).toHaveLength(501);
    expect(all).toMatch(new RegExp(`:${name(500)}$`));
  });

  test("getdata of blocks and transactions, in the order asked for", async () => {
    await using peer = await join();
    const inventory = [
      item(inventoryType.witnessBlock, hash(2)),
      item(inventoryType.tx, unknown),
      item(inventoryType.wtx, wtxidOf(waiting)),
      item(inventoryType.wtx, txidOf(waiting)),
      item(inventoryType.block, hash(1)),
      item(inventoryType.block, unknown),
      item(12345, hash(1)),
    ];
    const answers = await peer.client.ask({ type: "getdata", inventory });
    expect(answers.map(brief)).toEqual([
      `block ${name(2)}`,
      "tx",
      `block ${name(1)}`,
      `notfound 1:${nameOf(unknown)} 5:${nameOf(txidOf(waiting))} 2:${nameOf(unknown)} 12345:${name(1)}`,
    ]);
  });

  test("witnesses are there when they are asked for", async () => {
    await using peer = await join();
    const ask = async (type: number, of: Uint8Array) =>
      (await peer.client.ask({ type: "getdata", inventory: [item(type, of)] }))[0]!;
    const full = await ask(inventoryType.witnessBlock, busy!.hash);
    expect(full).toEqual({ type: "block", header: busy!.header, body: busy!.body });
    const bare = await ask(inventoryType.block, busy!.hash);
    const index = indexBlock(bare.type === "block" ? bare : busy!);
    expect([checkMerkleRoot(index), checkWitnessCommitment(index)]).toEqual([
      "valid",
      "bad_reserved_value",
    ]);
    expect(index.wtxids()).toEqual(index.txids());
    for (const [type, wtxid] of [
      [inventoryType.tx, txidOf(waiting)],
      [inventoryType.witnessTx, wtxidOf(waiting)],
    ] as const) {
      const answer = await ask(type, txidOf(waiting));
      expect(answer.type === "tx" && wtxidOf(answer.transaction)).toEqual(wtxid);
    }
    const confirmed = await ask(inventoryType.tx, txidOf(transactions[0]!));
    expect(brief(confirmed)).toMatch(/^notfound/);
  });

  test("compact blocks, and the transactions that are missing", async () => {
    await using peer = await join();
    const recent = chain.block(chain.height - 5)!;
    const ask = async (of: Uint8Array) =>
      (
        await peer.client.ask({
          type: "getdata",
          inventory: [item(inventoryType.compactBlock, of)],
        })
      )[0]!;
    expect(brief(await ask(recent.hash))).toBe(`cmpctblock ${nameOf(recent.hash)}`);
    expect(brief(await ask(hash(chain.height - 6)))).toBe(`block ${name(chain.height - 6)}`);
    const missing = { type: "getblocktxn", blockhash: busy!.hash, indexes: [1] } as const;
    expect((await peer.client.ask(missing)).map(brief)).toEqual([`block ${nameOf(busy!.hash)}`]);
    expect(await peer.client.ask({ ...missing, blockhash: unknown })).toEqual([]);
  });

  test("compact filters, their headers and checkpoints", async () => {
    await using peer = await join();
    const range = { filterType: 0, startHeight: 998, stopHash: hash(1001) };
    const filters = await peer.client.ask({ type: "getcfilters", ...range });
    expect(filters).toEqual(
      [998, 999, 1000, 1001].map((height) => ({
        type: "cfilter",
        filterType: 0,
        blockHash: hash(height),
        filterBytes: chain.filter(height),
      })),
    );
    const [headers] = await peer.client.ask({ type: "getcfheaders", ...range });
    const check =
      headers?.type === "cfheaders" &&
      checkFilterHeaders(headers, range, {
        stopHeight: 1001,
        previousFilterHeader: chain.filterHeader(997),
        checkpoints: [chain.filterHeader(1000)!],
      });
    expect(check).toBe("valid");
    const all = { filterType: 0, startHeight: 0, stopHash: hash(chain.height) };
    const [every] = await peer.client.ask({ type: "getcfheaders", ...all });
    expect(every?.type === "cfheaders" && every.filterHashes.length).toBe(chain.height + 1);
    for (const [stop, count] of [
      [999, 0],
      [1000, 1],
    ] as const) {
      const ask = { type: "getcfcheckpt", filterType: 0, stopHash: hash(stop) } as const;
      const [points] = await peer.client.ask(ask);
      expect(points).toMatchObject({
        filterHeaders: count === 0 ? [] : [chain.filterHeader(1000)],
      });
    }
  });

  test("merkle blocks by the peer's filter", async () => {
    await using peer = await join();
    const filtered = item(inventoryType.filteredBlock, busy!.hash);
    const ask = { type: "getdata", inventory: [filtered] } as const;
    expect((await peer.client.ask(ask)).map(brief)).toEqual([`notfound 3:${nameOf(busy!.hash)}`]);
    const filter = BloomFilter.create({ elements: 1, falsePositiveRate: 1e-9, nTweak: 5 });
    peer.client.send(filter.toMessage(), { type: "filteradd", data: script.subarray(2) });
    const [proof, match] = await peer.client.ask(ask);
    const txid = txidOf(transactions[0]!);
    expect(proof?.type === "merkleblock" && matchesOf(proof)).toMatchObject([{ txid, index: 1 }]);
    expect(match?.type === "tx" && txidOf(match.transaction)).toEqual(txid);
    const none = await peer.client.ask({
      type: "getdata",
      inventory: [item(inventoryType.filteredBlock, hash(3))],
    });
    expect(none.map(brief)).toEqual([`merkleblock ${name(3)}`]);
    expect((await peer.client.ask({ type: "filterclear" }, ask)).map(brief)).toEqual([
      `notfound 3:${nameOf(busy!.hash)}`,
    ]);
  });

  test("mempool, as the peer wants it", async () => {
    await using peer = await join();
    expect((await peer.client.ask({ type: "mempool" })).map(brief)).toEqual([
      `inv 1:${nameOf(txidOf(waiting))}`,
    ]);
    const feerate = { type: "feefilter", feerate: 1_000_000n } as const;
    expect(await peer.client.ask(feerate, { type: "mempool" })).toEqual([]);
  });

  test("ping with and without a nonce", async () => {
    await using peer = await join();
    expect(await peer.client.ask({ type: "ping" })).toEqual([]);
    expect(await peer.client.ask({ type: "ping", nonce: 2n ** 64n - 1n })).toEqual([
      { type: "pong", nonce: 2n ** 64n - 1n },
    ]);
  });

  test.each<
    [string, Partial<Omit<GetCFilters, "type">> & { type: "getcfilters" | "getcfheaders" }]
  >([
    ["another type", { type: "getcfilters", filterType: 1 }],
    ["a start behind the stop", { type: "getcfilters", startHeight: 1001 }],
    ["1001 filters", { type: "getcfilters", startHeight: 0 }],
    ["a stop that nobody knows", { type: "getcfheaders", stopHash: unknown }],
  ])("filters of %s end the connection", async (_name, changes) => {
    await using peer = await join();
    peer.client.send({ filterType: 0, startHeight: 1000, stopHash: hash(1000), ...changes });
    await peer.connection.closed;
    expect(peer.connection.violation).toBe("bad_request");
  });

  test("what is at the limit does not", async () => {
    await using peer = await join();
    const request = { filterType: 0, startHeight: 1, stopHash: hash(1000) };
    expect(await peer.client.ask({ type: "getcfilters", ...request })).toHaveLength(1000);
  });

  test("a place that is not in the block ends the connection", async () => {
    await using peer = await join();
    peer.client.send({ type: "getblocktxn", blockhash: busy!.hash, indexes: [2] });
    await peer.connection.closed;
    expect(peer.connection.violation).toBe("bad_request");
  });

  test("what the node does not offer ends the connection", async () => {
    const filter = BloomFilter.create({ elements: 1, falsePositiveRate: 0.1, nTweak: 5 });
    for (const message of [
      { type: "getcfcheckpt", filterType: 0, stopHash: hash(1) },
      { type: "mempool" },
      { type: "filterclear" },
      filter.toMessage(),
    ] as const) {
      await using peer = await join(servicesOf("network", "witness"));
      peer.client.send(message);
      await peer.connection.closed;
      expect(peer.connection.violation).toBe("bad_request");
    }
    await using peer = await join();
    peer.client.send({ type: "filteradd", data: script }); // to no filter
    await peer.connection.closed;
    expect(peer.connection.violation).toBe("bad_request");
  });
});

test("a compact block is made whole with what its getblocktxn brings", async () => {
  const own = FakeChain.generate({ blocks: 110, seed: 22 });
  for (let i = 0; i < 3; i++) own.addTransaction(own.pay([{ ...output, value: BigInt(600 + i) }]));
  const known = own.mempool[1]!;
  const [block] = own.mine();
  await using node = new LoopbackBitcoinNode({ chain: own, rng });
  const { client } = await BitcoinClient.join(node);
  const inventory = [item(inventoryType.compactBlock, block!.hash)];
  const [compact] = await client.ask({ type: "getdata", inventory });
  if (compact?.type !== "cmpctblock") throw new Error("no cmpctblock");
  const bytes = encode(transactionCodec, known.transaction);
  const partial = reconstructBlock(compact, [{ wtxid: known.wtxid, bytes }]);
  if (partial.status !== "missing") throw new Error(partial.status);
  expect(partial.request.indexes).toEqual([1, 3]);
  const [rest] = await client.ask(partial.request);
  const whole = rest?.type === "blocktxn" ? completeBlock(partial, rest) : undefined;
  expect(whole).toMatchObject({ status: "complete", block: { body: block!.body } });
});

describe("getaddr", () => {
  const address = (i: number, networkID = 1): NetAddressV2 => ({
    time: 1_700_000_000 + i,
    services: serviceFlag.network,
    networkID,
    addr: networkID === 1 ? Uint8Array.of(1, 2, i >> 8, i & 255) : new Uint8Array(32).fill(i),
    port: 8333,
  });
  const onion = address(3, 4);
  const ipv6 = { ...hostAddressOfIp(parseIp("2001:db8::1")!, 1), time: 5, services: 1n };

  test("is answered once, with all kinds of addresses if the peer takes them", async () => {
    const addresses = [address(1), onion, ipv6];
    await using node = new LoopbackBitcoinNode({ rng, addresses });
    const { client } = await BitcoinClient.join(node, { wishes: [{ type: "sendaddrv2" }] });
    expect(await client.ask({ type: "getaddr" })).toEqual([{ type: "addrv2", addresses }]);
    expect(await client.ask({ type: "getaddr" })).toEqual([]);
    expect(encode(addrv2, { type: "addrv2", addresses }).length).toBeGreaterThan(0);
  });

  test("is answered with what fits IPv6 otherwise", async () => {
    await using node = new LoopbackBitcoinNode({ rng, addresses: [address(1), onion, ipv6] });
    const { client } = await BitcoinClient.join(node);
    const [answer] = await client.ask({ type: "getaddr" });
    const ips =
      answer?.type === "addr" ? answer.addresses.map(({ ip }) => Array.from(ip.subarray(-4))) : [];
    expect(ips).toEqual([
      [1, 2, 0, 1],
      [0, 0, 0, 1],
    ]);
  });

  test("is answered with a thousand at most, and not at all if there are none", async () => {
    const addresses = Array.from({ length: 1001 }, (_, i) => address(i));
    for (const wishes of [[], [{ type: "sendaddrv2" } as const]]) {
      await using node = new LoopbackBitcoinNode({ rng, addresses });
      const { client } = await BitcoinClient.join(node, { wishes });
      const [answer] = await client.ask({ type: "getaddr" });
      expect(answer).toMatchObject({ addresses: { length: 1000 } });
    }
    await using node = new LoopbackBitcoinNode({ rng });
    const { client } = await BitcoinClient.join(node);
    expect(await client.ask({ type: "getaddr" })).toEqual([]);
  });
});

describe("a peer that asks and does not read", () => {
  test("is read no more, and gets everything when it reads again", async () => {
    await using node = new LoopbackBitcoinNode({ chain, rng });
    const { client, connection } = await BitcoinClient.join(node, { capacityBytes: 4096 });
    client.raw.pause();
    const request = {
      type: "getcfheaders",
      filterType: 0,
      startHeight: 0,
      stopHash: hash(1000),
    } as const;
    const sent = 60;
    for (let i = 0; i < sent; i++) client.send(request);
    await connection.received.waitFor("getcfheaders", undefined);
    const before = connection.received.counts["getcfheaders"]!;
    expect(before).toBeLessThan(40);
    // Of the answers only those were made that there was room for.
    expect(connection.sent.counts["cfheaders"]!).toBeLessThan(4); // 64 KiB
    client.raw.resume();
    await client.sync();
    expect(client.messages.map(({ type }) => type)).toEqual(
      Array.from({ length: sent }, () => "cfheaders"),
    );
  });

  test("may ask for 50,000 things at once: answers are made as they are taken", async () => {
    await using node = new LoopbackBitcoinNode({ chain, rng });
    const { client, connection } = await BitcoinClient.join(node, { capacityBytes: 10_000 });
    client.raw.pause();
    const one = item(inventoryType.witnessBlock, busy!.hash);
    client.send({ type: "getdata", inventory: Array.from({ length: maxInventory }, () => one) });
    await connection.received.waitFor("getdata");
    expect(connection.sent.counts["block"]!).toBeLessThan(200); // 64 KiB
    connection.destroy();
    await client.closed;
  });
});
