// Blocks made of transactions.
import { type Block, type BlockHeader, concatBytes, encode } from "../../src/index.ts";
import { compactSize, type Transaction, transaction } from "../../src/index.ts";

const header: BlockHeader = {
  version: 0x2000_0000,
  prevBlock: new Uint8Array(32).fill(1),
  merkleRoot: new Uint8Array(32).fill(2),
  time: 1_700_000_000,
  bits: 0x207f_ffff,
  nonce: 3,
};

/** A block of these transactions; unless it is given, the merkle root is none of theirs. */
export function buildBlock(
  transactions: readonly Transaction[],
  { merkleRoot = header.merkleRoot }: { readonly merkleRoot?: Uint8Array } = {},
): Block {
  const body = [encode(compactSize, transactions.length)];
  for (const value of transactions) body.push(encode(transaction, value));
  return { header: { ...header, merkleRoot }, body: concatBytes(...body) };
}
