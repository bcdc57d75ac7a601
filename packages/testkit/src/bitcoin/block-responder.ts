// What a node answers to requests for blocks, headers and transactions.
import {
  type BitcoinMessage,
  type BlockMessage,
  BloomFilter,
  compactBlockOf,
  encode,
  type GetBlockTxn,
  type GetData,
  type GetBlocks,
  indexBlock,
  type InventoryItem,
  inventoryType,
  list,
  maxInventory,
  merkleBlockOf,
  strippedTransaction,
  type Transaction,
} from "@satwire/btcwire";
import { maxTransactions } from "./build-block.ts";
import type { ChainBlock } from "./chain-block.ts";
import type { FakeChain } from "./fake-chain.ts";

/** The most blocks that a `getblocks` is answered with. */
const maxAnnouncedBlocks = 500;
/** How deep below the tip a block may be to be sent as a compact one, or its transactions (Bitcoin Core). */
const maxCompactDepth = 5;
const maxBlockTxnDepth = 10;

const strippedBody = list(strippedTransaction, maxTransactions);

/** The answer to a `getblocks`: up to 500 blocks, or nothing. */
export function* answerGetBlocks(
  chain: FakeChain,
  { locator, hashStop }: GetBlocks,
): Generator<BitcoinMessage, void> {
  const blocks = chain.following(chain.findFork(locator), hashStop, maxAnnouncedBlocks);
  if (blocks.length === 0) return;
  const inventory = blocks.map(({ hash }) => ({ type: inventoryType.block, hash }));
  yield { type: "inv", inventory };
}

/** What a peer may have set for what it asks for. */
export interface GetDataOptions {
  /** The peer's filter (BIP 37), if it has set one: for `merkleblock`. */
  readonly filter: BloomFilter | undefined;
  /** A number for each compact block. */
  readonly nonce: () => bigint;
}

/**
 * The answer to a `getdata`, in its order, one message at a time; behind it one `notfound` of all that is not there.
 * Transactions are those that wait for a block.
 */
export function* answerGetData(
  chain: FakeChain,
  { inventory }: GetData,
  options: GetDataOptions,
): Generator<BitcoinMessage, void> {
  const missing: InventoryItem[] = [];
  for (const item of inventory) {
    const found = [...find(chain, item, options)];
    if (found.length === 0) missing.push(item);
    yield* found;
  }
  if (missing.length > 0) yield { type: "notfound", inventory: missing };
}

/** The answer to a `getblocktxn`; undefined if it asks for transactions that the block does not have. */
export function answerGetBlockTxn(
  chain: FakeChain,
  { blockhash, indexes }: GetBlockTxn,
): readonly BitcoinMessage[] | undefined {
  const block = chain.block(blockhash);
  if (block === undefined) return [];
  const index = indexBlock(block);
  if (indexes.some((i) => i >= index.length)) return undefined;
  if (depthOf(chain, block) > maxBlockTxnDepth) return [messageOf(block)];
  const transactions = indexes.map((i) => index.transaction(i));
  return [{ type: "blocktxn", blockhash, transactions }];
}

/** Transactions as `inv`, as many messages as it takes. */
export function* announceTransactions(
  items: readonly InventoryItem[],
  perMessage: number = maxInventory,
): Generator<BitcoinMessage, void> {
  for (let at = 0; at < items.length; at += perMessage) {
    yield { type: "inv", inventory: items.slice(at, at + perMessage) };
  }
}

/** A block as a `cmpctblock`. */
export function compactMessageOf(block: ChainBlock, nonce: bigint): BitcoinMessage {
  return compactBlockOf(indexBlock(block), { nonce });
}

function* find(
  chain: FakeChain,
  { type, hash }: InventoryItem,
  { filter, nonce }: GetDataOptions,
): Generator<BitcoinMessage, void> {
  switch (type) {
    case inventoryType.tx:
    case inventoryType.witnessTx: {
      const entry = chain.waiting(hash);
      if (entry === undefined) return;
      const { transaction } = entry;
      yield {
        type: "tx",
        transaction: type === inventoryType.tx ? stripped(transaction) : transaction,
      };
      return;
    }
    case inventoryType.wtx: {
      const entry = chain.waitingByWtxid(hash);
      if (entry !== undefined) yield { type: "tx", transaction: entry.transaction };
      return;
    }
    case inventoryType.block:
    case inventoryType.witnessBlock:
    case inventoryType.compactBlock:
    case inventoryType.filteredBlock: {
      const block = chain.block(hash);
      if (block === undefined) return;
      if (type === inventoryType.block) yield strippedBlock(block);
      else if (type === inventoryType.witnessBlock) yield messageOf(block);
      else if (type === inventoryType.filteredBlock) yield* filtered(block, filter);
      else if (depthOf(chain, block) > maxCompactDepth) yield messageOf(block);
      else yield compactMessageOf(block, nonce());
      return;
    }
    default:
  }
}

/** BIP 37: the `merkleblock`, then what matches. Without a filter nothing is sent. */
function* filtered(
  block: ChainBlock,
  filter: BloomFilter | undefined,
): Generator<BitcoinMessage, void> {
  if (filter === undefined) return;
  const index = indexBlock(block);
  const matches: Transaction[] = [];
  yield merkleBlockOf(index, (i) => {
    const transaction = index.transaction(i);
    const isMatch = filter.matchAndUpdate(transaction);
    if (isMatch) matches.push(transaction);
    return isMatch;
  });
  for (const transaction of matches) yield { type: "tx", transaction: stripped(transaction) };
}

function depthOf(chain: FakeChain, { height }: ChainBlock): number {
  return chain.height - height;
}

function messageOf({ header, body }: ChainBlock): BlockMessage {
  return { type: "block", header, body };
}

function strippedBlock({ header, body }: ChainBlock): BlockMessage {
  const transactions = indexBlock({ header, body }).transactions();
  return { type: "block", header, body: encode(strippedBody, transactions) };
}

function stripped(transaction: Transaction): Transaction {
  return { ...transaction, inputs: transaction.inputs.map((input) => ({ ...input, witness: [] })) };
}
