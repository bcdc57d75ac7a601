// Transactions, blocks, headers and inventories beside other libraries: see README.md, "Bitcoin".
import { readFileSync } from "node:fs";
import {
  bitcoinMessages,
  type BlockHeader,
  blockHashOf,
  type BlockIndex,
  type BlockMessage,
  checkMerkleRoot,
  checkProofOfWork,
  decode,
  encode,
  type Headers,
  indexBlock,
  type Inv,
  inventoryType,
  transaction,
  type Tx,
  txidOf,
} from "@satwire/btcwire";
import { createRng } from "@satwire/testkit";
import { Block, Transaction } from "bitcoinjs-lib";
import { afterAll, expect, test } from "vitest";
import { type BcoinTransaction, loadBcoin, loadBitcore } from "./bitcoin-peers.ts";
import { type Rival, sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: sockets, scripts, signatures, storing. What the libraries return differs: see the README.

const names = {
  ours: "satwire",
  js: "bitcoinjs-lib",
  jsBuffer: "bitcoinjs-lib, Buffer",
  bcoin: "bcoin",
  bcoinNode: "bcoin, node:crypto",
  bitcore: "bitcore",
} as const;
const table = new Table(Object.values(names));
afterAll(() => table.print());

const bcoin = loadBcoin("js");
const bcoinNode = loadBcoin("node");
const bitcore = loadBitcore();
const timeout = 300_000;

const [raw, ...others] = [928_816, 426_884, 300_025].map(readBlock) as [
  Uint8Array,
  ...Uint8Array[],
];

test("a block of 1.6 MB", { timeout }, async () => {
  const buffer = Buffer.from(raw);
  const index = indexOf(raw);
  const txids = index.txids().map((id) => Buffer.from(id));
  const all = framesOf(raw).map((frame) => Buffer.from(frame));
  expect(index.length).toBe(889);
  expect(index.transactions().map((tx) => Buffer.from(encode(transaction, tx)))).toEqual(all);
  for (const { transactions } of [Block.fromBuffer(raw), Block.fromBuffer(buffer)]) {
    expect(transactions?.map((tx) => Buffer.from(tx.toBuffer()))).toEqual(all);
    expect(transactions?.map((tx) => Buffer.from(tx.getHash()))).toEqual(txids);
  }
  for (const library of [bcoin, bcoinNode]) {
    expect(library.Block.fromRaw(buffer).txs.map((tx) => tx.hash())).toEqual(txids);
  }
  expect(bitcore.Block.fromBuffer(buffer).transactions.map((tx) => tx._getHash())).toEqual(txids);

  const parsing: Rival[] = [
    { name: names.js, run: () => Block.fromBuffer(raw) },
    { name: names.jsBuffer, run: () => Block.fromBuffer(buffer) },
    { name: names.bcoin, run: () => bcoin.Block.fromRaw(buffer) },
    { name: names.bitcore, run: () => bitcore.Block.fromBuffer(buffer) },
  ];
  const places = await sideBySide({ name: names.ours, run: () => indexOf(raw) }, ...parsing);
  table.add("index of a block", places, { rival: names.js, ratio: 30 });
  const full = await sideBySide(
    { name: names.ours, run: () => indexOf(raw).transactions() },
    ...parsing,
  );
  table.add("all of a block", full, { rival: names.js, ratio: 5 });

  const withRoot = (bytes: Uint8Array) => () => {
    const { transactions = [], merkleRoot } = Block.fromBuffer(bytes);
    const root = Block.calculateMerkleRoot(transactions);
    return must(Buffer.compare(root, merkleRoot as Uint8Array) === 0);
  };
  const withRootOf = (library: typeof bcoin) => () => {
    const block = library.Block.fromRaw(buffer);
    return must(block.createMerkleRoot("hex") === block.merkleRoot);
  };
  const checking: Rival[] = [
    { name: names.js, run: withRoot(raw) },
    { name: names.jsBuffer, run: withRoot(buffer) },
    { name: names.bcoin, run: withRootOf(bcoin) },
    { name: names.bcoinNode, run: withRootOf(bcoinNode) },
    { name: names.bitcore, run: () => must(bitcore.Block.fromBuffer(buffer).validMerkleRoot()) },
  ];
  const goal = { rival: names.js, ratio: 2.5 };
  const byIndex = await sideBySide(
    { name: names.ours, run: () => must(checkMerkleRoot(indexOf(raw)) === "valid") },
    ...checking,
  );
  table.add("index, txids, Merkle root", byIndex, goal);
  const whole = (): unknown => {
    const found = indexOf(raw);
    must(checkMerkleRoot(found) === "valid");
    return found.transactions();
  };
  const everything = await sideBySide({ name: names.ours, run: whole }, ...checking);
  table.add("all, txids, Merkle root", everything, goal);
});

for (const [size, tolerance] of [
  [225, 10],
  [550, 35],
] as const) {
  test(`transactions of ${size} bytes`, { timeout }, async () => {
    const frames = [raw, ...others]
      .flatMap(framesOf)
      .filter(({ length }) => Math.abs(length - size) <= tolerance);
    const buffers = frames.map((frame) => Buffer.from(frame));
    const fromBuffer = (bytes: Uint8Array): Transaction => Transaction.fromBuffer(bytes);
    const fromRaw = (bytes: Buffer): BcoinTransaction => bcoin.TX.fromRaw(bytes);
    const toBitcore = (
      bytes: Buffer,
    ): ReturnType<InstanceType<typeof bitcore.Transaction>["fromBuffer"]> =>
      new bitcore.Transaction().fromBuffer(bytes);
    const messages = frames.map(
      (frame): Tx => ({ type: "tx", transaction: decode(transaction, frame) }),
    );
    const theirs = frames.map(fromBuffer);
    const fromBcoin = buffers.map(fromRaw);
    const fromBitcore = buffers.map(toBitcore);
    expect(frames.length).toBeGreaterThan(30);
    expect(messages.map((tx) => Buffer.from(bitcoinMessages.encode(tx)))).toEqual(buffers);
    expect(theirs.map((tx) => Buffer.from(tx.toBuffer()))).toEqual(buffers);
    expect(fromBcoin.map(rewrite)).toEqual(buffers);
    expect(fromBitcore.map((tx) => tx.toBuffer())).toEqual(buffers);
    const ids = messages.map((tx) => Buffer.from(txidOf(tx.transaction)));
    expect(theirs.map((tx) => Buffer.from(tx.getHash()))).toEqual(ids);
    expect(fromBcoin.map((tx) => tx.hash())).toEqual(ids);
    expect(fromBitcore.map((tx) => tx._getHash())).toEqual(ids);

    const decoding = await sideBySide(
      { name: names.ours, run: each(frames, (frame) => decode(transaction, frame)) },
      { name: names.js, run: each(frames, fromBuffer) },
      { name: names.jsBuffer, run: each(buffers, fromBuffer) },
      { name: names.bcoin, run: each(buffers, fromRaw) },
      { name: names.bitcore, run: each(buffers, toBitcore) },
    );
    table.add(`decode, ${size} bytes`, decoding, { rival: names.js, ratio: 8 });
    const hashing = await sideBySide(
      { name: names.ours, run: each(frames, (frame) => txidOf(decode(transaction, frame))) },
      { name: names.js, run: each(frames, (frame) => fromBuffer(frame).getHash()) },
      { name: names.jsBuffer, run: each(buffers, (buffer) => fromBuffer(buffer).getHash()) },
      { name: names.bcoin, run: each(buffers, (buffer) => fromRaw(buffer).hash()) },
      {
        name: names.bcoinNode,
        run: each(buffers, (buffer) => bcoinNode.TX.fromRaw(buffer).hash()),
      },
      { name: names.bitcore, run: each(buffers, (buffer) => toBitcore(buffer)._getHash()) },
    );
    table.add(`decode and txid, ${size} bytes`, hashing);
    const encoding = await sideBySide(
      { name: names.ours, run: each(messages, (message) => bitcoinMessages.encode(message)) },
      { name: names.js, run: each(theirs, (tx) => tx.toBuffer()) },
      { name: names.bcoin, run: each(fromBcoin, rewrite) },
      { name: names.bitcore, run: each(fromBitcore, (tx) => tx.toBuffer()) },
    );
    table.add(`encode, ${size} bytes`, encoding);
  });
}

test("2,000 headers", { timeout }, async () => {
  const chain = mine(2000);
  const payload = bitcoinMessages.encode({ type: "headers", headers: chain });
  const buffer = Buffer.from(payload);
  const hashes = chain.map((header) => Buffer.from(blockHashOf(header)));

  const decodeOurs = (): Headers => bitcoinMessages.decode("headers", payload) as Headers;
  const blocksOf = (bytes: Uint8Array): Block[] =>
    chain.map((_, i) => Block.fromBuffer(bytes.subarray(3 + 81 * i, 83 + 81 * i)));
  const { HeadersPacket } = bcoin.packets;
  const decodeBitcore = (): ReturnType<typeof bitcore.messages.Headers.fromBuffer> =>
    bitcore.messages.Headers.fromBuffer(buffer);
  expect(decodeOurs().headers).toEqual(chain);
  expect(blocksOf(payload).map((block) => Buffer.from(block.getHash()))).toEqual(hashes);
  expect(HeadersPacket.fromRaw(buffer).items.map((header) => header.hash())).toEqual(hashes);
  expect(decodeBitcore().headers.map((header) => header._getHash())).toEqual(hashes);

  const measured = await sideBySide(
    {
      name: names.ours,
      run: () => must(decodeOurs().headers.every((header) => checkProofOfWork(header))),
    },
    { name: names.js, run: () => must(blocksOf(payload).every((one) => one.checkProofOfWork())) },
    {
      name: names.jsBuffer,
      run: () => must(blocksOf(buffer).every((one) => one.checkProofOfWork())),
    },
    ...[bcoin, bcoinNode].map(({ packets }, i) => ({
      name: i === 0 ? names.bcoin : names.bcoinNode,
      run: () => must(packets.HeadersPacket.fromRaw(buffer).items.every((one) => one.verifyPOW())),
    })),
    {
      name: names.bitcore,
      run: () => must(decodeBitcore().headers.every((header) => header.validProofOfWork())),
    },
  );
  const label = "2,000 headers and proofs of work";
  table.add(label, measured, { rival: names.js, ratio: 2.5 });
  table.add(`${label}, once more`, measured, { rival: names.bcoin, ratio: 1.5 });
});

test("inv of 50,000", { timeout }, async () => {
  const rng = createRng("inv");
  const message: Inv = {
    type: "inv",
    inventory: Array.from({ length: 50_000 }, () => ({
      type: inventoryType.wtx,
      hash: rng.bytes(32),
    })),
  };
  const payload = bitcoinMessages.encode(message);
  const buffer = Buffer.from(payload);
  const { InvPacket } = bcoin.packets;
  const { Inventory } = bitcore.messages;
  const [decoded, fromBcoin, fromBitcore] = [
    bitcoinMessages.decode("inv", payload) as Inv,
    InvPacket.fromRaw(buffer),
    Inventory.fromBuffer(buffer),
  ];
  expect(Buffer.from(bitcoinMessages.encode(decoded)).equals(buffer)).toBe(true);
  expect(fromBcoin.toRaw().equals(buffer)).toBe(true);
  expect(fromBitcore.getPayload().equals(buffer)).toBe(true);

  const decoding = await sideBySide(
    { name: names.ours, run: () => bitcoinMessages.decode("inv", payload) },
    { name: names.bcoin, run: () => InvPacket.fromRaw(buffer) },
    { name: names.bitcore, run: () => Inventory.fromBuffer(buffer) },
  );
  table.add("decode inv of 50,000", decoding, { rival: names.bitcore, ratio: 1 });
  const encoding = await sideBySide(
    { name: names.ours, run: () => bitcoinMessages.encode(decoded) },
    { name: names.bcoin, run: () => fromBcoin.toRaw() },
    { name: names.bitcore, run: () => fromBitcore.getPayload() },
  );
  table.add("encode inv of 50,000", encoding, { rival: names.bitcore, ratio: 1 });
});

function readBlock(height: number): Uint8Array {
  const file = `../packages/btcwire/test/vectors/block${height}.raw`;
  return Uint8Array.from(readFileSync(new URL(file, import.meta.url)));
}

function indexOf(bytes: Uint8Array): BlockIndex {
  return indexBlock(bitcoinMessages.decode("block", bytes) as BlockMessage);
}

/** The transactions of a block, in bytes of their own. */
function framesOf(bytes: Uint8Array): Uint8Array[] {
  const index = indexOf(bytes);
  return Array.from({ length: index.length }, (_, i) => index.bytesOf(i).slice());
}

/** A chain of headers that meet a target of one hash in 256. */
function mine(count: number): BlockHeader[] {
  const rng = createRng("headers");
  const headers: BlockHeader[] = [];
  let prevBlock: Uint8Array = new Uint8Array(32);
  while (headers.length < count) {
    const merkleRoot = rng.bytes(32);
    const time = 1_700_000_000 + 600 * headers.length;
    let header: BlockHeader;
    let nonce = 0;
    do {
      header = { version: 0x2000_0000, prevBlock, merkleRoot, time, bits: 0x2000_ffff, nonce };
      nonce++;
    } while (!checkProofOfWork(header));
    headers.push(header);
    prevBlock = blockHashOf(header);
  }
  return headers;
}

/** Walks over a corpus, one item a call: no two calls in a row see the same bytes. */
function each<T>(items: readonly T[], take: (item: T) => unknown): () => unknown {
  let next = 0;
  return () => {
    const item = items[next] as T;
    next = (next + 1) % items.length;
    return take(item);
  };
}

function rewrite(tx: BcoinTransaction): Buffer {
  tx.refresh();
  return tx.toRaw();
}

function must(yes: boolean): boolean {
  if (!yes) throw new Error("a check failed that all libraries should pass");
  return yes;
}
