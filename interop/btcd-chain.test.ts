// A chain of 3,000 blocks in btcd, over both transports: headers, blocks, filters, transactions, addresses.
import {
  basicFilterOf,
  blockHashOf,
  blockLocator,
  type BlockMessage,
  bitcoinMessages,
  type CFilter,
  checkFilterCheckpoints,
  checkFilterHeaders,
  checkMerkleRoot,
  checkWitnessCommitment,
  encode,
  equalBytes,
  filterHashOf,
  filterHeadersOf,
  formatHash,
  generateEllswift,
  indexBlock,
  inventoryType,
  matchFilter,
  networks,
  parseHash,
  parseUserAgent,
  rejectCode,
  serviceNamesOf,
  strippedTransaction,
  toHex,
  type Transaction,
  transaction,
  txidOf,
  V2Transport,
} from "@satwire/btcwire";
import { fromBitcoinjsTransaction } from "@satwire/btcwire/bitcoinjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { downloadBlocks } from "./btcd-chain/block-download.ts";
import { HeaderChain } from "./btcd-chain/header-chain.ts";
import { MinedChain } from "./btcd-chain/mined-chain.ts";
import { OutputScripts } from "./btcd-chain/output-scripts.ts";
import type { RawBitcoinConnection } from "@satwire/testkit";
import { type Btcd, startBtcd } from "./daemons/btcd.ts";
import { connect, counted, dial, join } from "./bitcoin-peer/connect.ts";
import { type Greeting, greet } from "./bitcoin-peer/greeting.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

const height = 3000;
const zeros = new Uint8Array(32);
const noHash = new Uint8Array(32).fill(0xab);
/** Invs of transactions are sent in intervals, ten seconds if nothing else is said. */
const args = ["--nobanning", "--trickleinterval=50ms"];

describe.runIf(hasGo)("a chain of btcd", () => {
  let btcd: Btcd;
  let mined: MinedChain;

  beforeAll(async () => {
    console.log(versionOf("btcd"));
    btcd = await startBtcd({ v2: true, args });
    mined = await MinedChain.mine(btcd, height);
  });
  afterAll(() => btcd?.[Symbol.asyncDispose]());

  describe.each(["v1", "v2"] as const)("over %s", (protocol) => {
    let peer: RawBitcoinConnection;
    let greeting: Greeting;
    let chain: HeaderChain;
    let blocks: BlockMessage[];

    beforeAll(async () => {
      peer = await connect(btcd, protocol);
      greeting = await greet(peer, { version: { startHeight: 7 } });
      await counted(btcd, greeting);
      chain = new HeaderChain(networks.simnet);
      await chain.follow(peer);
    });
    afterAll(() => peer?.[Symbol.asyncDispose]());

    test("both say version and verack, and each hears what the other has said", async () => {
      const { version, wishes } = greeting;
      expect(peer.transport.protocol).toBe(protocol);
      expect(peer.transport.sessionId?.length).toBe(protocol === "v2" ? 32 : undefined);
      expect(parseUserAgent(version.userAgent ?? "")?.at(-1)).toStrictEqual({
        name: "btcd",
        version: /v([\d.]+)/.exec(versionOf("btcd"))?.[1],
      });
      expect(serviceNamesOf(version.services)).toStrictEqual([
        "network",
        "bloom",
        "witness",
        "compactFilters",
        "networkLimited",
        "p2pV2",
      ]);
      expect(version).toMatchObject({ version: 70016, relay: true });
      expect(version.startHeight).toBeGreaterThanOrEqual(height);
      expect(toHex(version.addrRecv.ip)).toBe("00000000000000000000ffff7f000001");
      expect(wishes).toStrictEqual(["sendaddrv2"]);

      const ours = (await btcd.call<{ readonly addr: string }[]>("getpeerinfo")).find(
        ({ addr }) => addr === `127.0.0.1:${version.addrRecv.port}`,
      );
      expect(ours).toMatchObject({
        services: "00000008",
        version: 70016,
        subver: "/satwire:0.0.0/",
        inbound: true,
        startingheight: 7,
        relaytxes: true,
        v2_connection: protocol === "v2",
      });
    });

    test("headers: all blocks, in batches of 2,000", async () => {
      const tip = await btcd.call<string>("getblockcount");
      expect(chain.batches).toStrictEqual([2000, Number(tip) - 2000]);
      expect(chain.hashes.slice(1, mined.hashes.length + 1).map(formatHash)).toStrictEqual(
        mined.hashes,
      );
      expect(formatHash(chain.hashes[chain.height]!)).toBe(await btcd.call("getbestblockhash"));
    });

    test("getheaders: up to a block, behind the best that both have, and one alone", async () => {
      const at = (height: number): Uint8Array => chain.hashes[height]!;
      const cases = [
        { locator: [at(10)], hashStop: at(12), expected: [11, 12] },
        { locator: [noHash, at(20), at(5)], hashStop: at(21), expected: [21] },
        { locator: [noHash], hashStop: at(2), expected: [1, 2] },
        { locator: [], hashStop: at(77), expected: [77] },
        { locator: [at(chain.height)], hashStop: zeros, expected: [] },
      ];
      for (const { locator, hashStop, expected } of cases) {
        peer.send({ type: "getheaders", version: 70016, locator, hashStop });
        const { headers } = await peer.take("headers");
        expect(headers).toStrictEqual(expected.map((height) => chain.headers[height]));
      }
    });

    test("getblocks: an inv of 500, and the tip when its last block is fetched", async () => {
      const locator = blockLocator(100, (height) => chain.hashes[height]!);
      peer.send({ type: "getblocks", version: 70016, locator, hashStop: zeros });
      const { inventory } = await peer.take("inv");
      expect(inventory).toStrictEqual(
        chain.hashes.slice(101, 601).map((hash) => ({ type: inventoryType.block, hash })),
      );
      await downloadBlocks(peer, [chain.hashes[600]!]);
      const next = await peer.take("inv");
      expect(next.inventory).toStrictEqual([
        { type: inventoryType.block, hash: chain.hashes[chain.height]! },
      ]);
    });

    test("blocks: what the headers commit to, and the same bytes as btcd has", async () => {
      blocks = await downloadBlocks(peer, chain.hashes);
      let compared = 0;
      for (const [height, block] of blocks.entries()) {
        expect(block.header).toStrictEqual(chain.headers[height]);
        const index = indexBlock(block);
        expect(checkMerkleRoot(index)).toBe("valid");
        expect(checkWitnessCommitment(index)).toBe("valid");
        for (const [i, one] of index.transactions().entries()) {
          expect(equalBytes(encode(transaction, one), index.bytesOf(i))).toBe(true);
        }
        const hash = formatHash(chain.hashes[height]!);
        const transactions = mined.busy.get(hash);
        if (transactions !== undefined) expect(index.length).toBe(transactions);
        if (index.length === 1 && height % 100 !== 0) continue;
        const bytes = await btcd.call<string>("getblock", hash, 0);
        expect(toHex(bitcoinMessages.encode(block))).toBe(bytes);
        compared++;
      }
      expect(compared).toBeGreaterThanOrEqual(mined.busy.size + height / 100);
    });

    test("blocks without the witness flag have no witnesses", async () => {
      const hashes = [...mined.busy.keys()].map(parseHash);
      const stripped = await downloadBlocks(peer, hashes, inventoryType.block);
      const whole = await downloadBlocks(peer, hashes);
      for (const [i, block] of stripped.entries()) {
        const index = indexBlock(block);
        const expected = indexBlock(whole[i]!).transactions();
        expect(index.length).toBe(expected.length);
        expect(checkMerkleRoot(index)).toBe("valid");
        expect(checkWitnessCommitment(index)).toBe("bad_reserved_value");
        for (const [at, one] of expected.entries()) {
          expect(toHex(index.bytesOf(at))).toBe(toHex(encode(strippedTransaction, one)));
        }
      }
    });

    test("notfound: exactly what is not there", async () => {
      const unknown = [
        { type: inventoryType.witnessBlock, hash: noHash },
        { type: inventoryType.witnessTx, hash: noHash },
        { type: inventoryType.tx, hash: zeros },
      ];
      const [first, ...others] = unknown;
      const known = { type: inventoryType.witnessBlock, hash: chain.hashes[3]! };
      peer.send({ type: "getdata", inventory: [first!, known, ...others] });
      expect(blockHashOf((await peer.take("block")).header)).toStrictEqual(chain.hashes[3]);
      expect((await peer.take("notfound")).inventory).toStrictEqual(unknown);
    });

    test("filters: headers, checkpoints and filters agree, and are the ones of the blocks", async () => {
      const tip = chain.height;
      const stopHash = chain.hashes[tip]!;
      const forCheckpoints = { type: "getcfcheckpt", filterType: 0, stopHash } as const;
      peer.send(forCheckpoints);
      const checkpoints = await peer.take("cfcheckpt");
      expect(checkFilterCheckpoints(checkpoints, forCheckpoints, { stopHeight: tip })).toBe(
        "valid",
      );

      const headers: Uint8Array[] = [];
      const hashes: Uint8Array[] = [];
      while (headers.length <= tip) {
        const startHeight = headers.length;
        const stopHeight = Math.min(startHeight + 1999, tip);
        const request = { filterType: 0, startHeight, stopHash: chain.hashes[stopHeight]! };
        peer.send({ type: "getcfheaders", ...request });
        const answer = await peer.take("cfheaders");
        const known = {
          stopHeight,
          checkpoints: checkpoints.filterHeaders,
          previousFilterHeader: headers.at(-1),
        };
        expect(checkFilterHeaders(answer, request, known)).toBe("valid");
        hashes.push(...answer.filterHashes);
        headers.push(...filterHeadersOf(answer));
      }

      const scripts = new OutputScripts();
      const foreign = crypto.getRandomValues(new Uint8Array(22));
      let matches = 0;
      for (let start = 0; start <= tip; start += 1000) {
        const stop = Math.min(start + 999, tip);
        const range = { filterType: 0, startHeight: start, stopHash: chain.hashes[stop]! };
        peer.send({ type: "getcfilters", ...range });
        for (let height = start; height <= stop; height++) {
          const filter: CFilter = await peer.take("cfilter");
          expect(filter.blockHash).toStrictEqual(chain.hashes[height]);
          expect(filterHashOf(filter.filterBytes)).toStrictEqual(hashes[height]);
          const index = indexBlock(blocks[height]!);
          const spent = scripts.add(index);
          expect(toHex(filter.filterBytes)).toBe(toHex(basicFilterOf(index, spent)));
          const paid = index.transaction(0).outputs[0]!.scriptPubKey;
          expect([paid, ...spent].every((script) => matchFilter(filter, [script]))).toBe(true);
          if (matchFilter(filter, [foreign])) matches++;
        }
      }
      expect(matches).toBeLessThan(3); // one would be one in 784,931, for each element of the 3,000 filters
    });

    test("ping: every nonce comes back, in order", async () => {
      const nonces = [0n, 1n, 2n ** 64n - 1n, ...crypto.getRandomValues(new BigUint64Array(20))];
      for (const nonce of nonces) peer.send({ type: "ping", nonce });
      for (const nonce of nonces) {
        expect(await peer.take("pong")).toStrictEqual({ type: "pong", nonce });
      }
    });

    test("a transaction of ours goes through btcd to another peer, and into a block", async () => {
      await using other = await join(btcd);
      const [ours] = await pay(1);
      const txid = txidOf(ours!);
      const pool = (): Promise<string[]> => btcd.call<string[]>("getrawmempool");

      peer.send({ type: "inv", inventory: [{ type: inventoryType.tx, hash: txid }] });
      const wanted = await peer.take("getdata");
      expect(wanted.inventory).toStrictEqual([{ type: inventoryType.witnessTx, hash: txid }]);
      expect(await pool()).toStrictEqual([]);
      peer.send({ type: "tx", transaction: ours! });

      const { inventory } = await other.take("inv");
      expect(inventory).toStrictEqual([{ type: inventoryType.tx, hash: txid }]);
      expect(await pool()).toStrictEqual([formatHash(txid)]);
      other.send({ type: "getdata", inventory: wanted.inventory });
      expect((await other.take("tx")).transaction).toStrictEqual(ours);

      // A peer that has seen nothing asks what there is.
      await using late = await join(btcd);
      late.send({ type: "mempool" });
      expect((await late.take("inv")).inventory).toStrictEqual(inventory);

      const [hash = ""] = await btcd.mine(1);
      await announced(peer, hash);
      const [block] = await downloadBlocks(peer, [parseHash(hash)]);
      expect(indexBlock(block!).transaction(1)).toStrictEqual(ours);
      expect(await pool()).toStrictEqual([]);
    });

    test("notfound of ours lets btcd ask again", async () => {
      const item = { type: inventoryType.tx, hash: crypto.getRandomValues(new Uint8Array(32)) };
      const wanted = { type: inventoryType.witnessTx, hash: item.hash };
      for (let i = 0; i < 2; i++) {
        peer.send({ type: "inv", inventory: [item] });
        expect((await peer.take("getdata")).inventory).toStrictEqual([wanted]);
        peer.send({ type: "notfound", inventory: [wanted] });
      }
    });

    test("feefilter: what pays less is not announced, until it is taken back", async () => {
      await using other = await join(btcd);
      await using third = await join(btcd);
      const [hidden, shown] = await pay(2);
      other.send({ type: "feefilter", feerate: 2_000_000n });
      await other.sync();
      peer.send({ type: "tx", transaction: hidden! });
      expect((await third.take("inv")).inventory[0]?.hash).toStrictEqual(txidOf(hidden!));
      other.send({ type: "feefilter", feerate: 0n });
      await other.sync();
      peer.send({ type: "tx", transaction: shown! });
      expect((await other.take("inv")).inventory).toStrictEqual([
        { type: inventoryType.tx, hash: txidOf(shown!) },
      ]);
      await btcd.mine(1);
    });

    test("a new block: inv, and headers after sendheaders", async () => {
      const [first = ""] = await btcd.mine(1);
      await announced(peer, first);
      peer.send({ type: "sendheaders" });
      await peer.sync();
      const [second = ""] = await btcd.mine(1);
      const { headers } = await peer.take("headers");
      expect(headers.map((header) => formatHash(blockHashOf(header)))).toStrictEqual([second]);
      expect(formatHash(headers[0]!.prevBlock)).toBe(first);
    });

    test("reject: why a transaction was refused", async () => {
      const [good] = await pay(1);
      const { witness } = good!.inputs[0]!;
      const signature = witness[0]!.slice();
      signature[10]! ^= 1;
      const bad = {
        ...good!,
        inputs: [{ ...good!.inputs[0]!, witness: [signature, witness[1]!] }],
      };
      const rich = { ...good!, outputs: [{ ...good!.outputs[0]!, value: 21_000_000_0000_0000n }] };
      for (const one of [bad, rich]) {
        peer.send({ type: "tx", transaction: one });
        const { type: _, reason, ...reject } = await peer.take("reject");
        expect(reject).toStrictEqual({
          message: "tx",
          code: rejectCode.invalid,
          data: txidOf(one),
        });
        expect(reason).toMatch(/signature|script|total value|spend/i);
      }
    });
  });

  test("v2 to a btcd that does not have it: v1 is what remains", async () => {
    await using old = await startBtcd({ args });
    // To btcd a part of the key is the length of a frame, of which it waits for the rest unless it is too long.
    let keyPair = generateEllswift(randomBytes);
    while (keyPair.publicKey[19] === 0) keyPair = generateEllswift(randomBytes);
    const options = { network: networks.simnet, messages: bitcoinMessages, keyPair };
    const transport = V2Transport.initiator(options);
    await expect(dial(old, transport)).rejects.toThrow("before the end of the handshake");
    expect(transport.shouldRetryV1).toBe(true);
    await using peer = await connect(old, "v1");
    const { version } = await greet(peer);
    expect(serviceNamesOf(version.services)).not.toContain("p2pV2");
  });

  /** Signed transactions, each with coins of its own. They are not sent. */
  async function pay(count: number): Promise<Transaction[]> {
    const all: Transaction[] = [];
    while (all.length < count) all.push(fromBitcoinjsTransaction(await btcd.pay([])));
    return all;
  }
});

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Resolves when a block is announced, by an `inv` of nothing else. */
async function announced(peer: RawBitcoinConnection, hash: string): Promise<void> {
  await peer.take("inv", ({ inventory }) => {
    const [item, second] = inventory;
    return (
      second === undefined && item?.type === inventoryType.block && formatHash(item.hash) === hash
    );
  });
}
