// Blocks of bitcoinjs-lib and ours. Its `Block` is both: a header, and one with transactions.
// Bytes: copied.
import { EncodeError, Writer } from "@satwire/codec";
import { Block as BitcoinjsBlock } from "bitcoinjs-lib";
import type { BlockHeader } from "../block-header.ts";
import { type Block, type BlockIndex, indexBlock } from "../block-index.ts";
import { writeCompactSize } from "../compact-size.ts";
import { transaction } from "../transaction.ts";
import { hashOf, i32Of, mapOf, u32Of } from "./checks.ts";
import { ConversionError } from "./errors.ts";
import { fromBitcoinjsTransaction, toBitcoinjsTransaction } from "./transaction.ts";

/**
 * The header as a block of bitcoinjs-lib without transactions.
 *
 * @throws ConversionError `out_of_range`, `wrong_length` or `invalid_value` for what is no valid field.
 */
export function toBitcoinjsHeader(header: BlockHeader): BitcoinjsBlock {
  const made = new BitcoinjsBlock();
  made.version = i32Of(header.version, "version");
  made.prevHash = hashOf(header.prevBlock, "prevBlock");
  made.merkleRoot = hashOf(header.merkleRoot, "merkleRoot");
  made.timestamp = u32Of(header.time, "time");
  made.bits = u32Of(header.bits, "bits");
  made.nonce = u32Of(header.nonce, "nonce");
  return made;
}

/**
 * The header of a block of bitcoinjs-lib, whether it has transactions or not.
 *
 * @throws ConversionError `missing_field` if a hash is not set, else as {@link toBitcoinjsHeader}.
 */
export function fromBitcoinjsHeader(block: BitcoinjsBlock): BlockHeader {
  return {
    version: i32Of(block.version, "version"),
    prevBlock: hashOf(block.prevHash, "prevHash"),
    merkleRoot: hashOf(block.merkleRoot, "merkleRoot"),
    time: u32Of(block.timestamp, "timestamp"),
    bits: u32Of(block.bits, "bits"),
    nonce: u32Of(block.nonce, "nonce"),
  };
}

/**
 * The block with its transactions as bitcoinjs-lib has it, `witnessCommit` included; an index saves looking for the
 * transactions again.
 *
 * @throws DecodeError if the block's body is not as many transactions as it says.
 * @throws ConversionError as {@link toBitcoinjsHeader} does.
 */
export function toBitcoinjsBlock(block: Block | BlockIndex): BitcoinjsBlock {
  const index = "body" in block ? indexBlock(block) : block;
  const made = toBitcoinjsHeader(index.block.header);
  made.transactions = index.transactions().map(toBitcoinjsTransaction);
  // `fromBuffer` sets it as well.
  const commitment = made.getWitnessCommit();
  if (commitment !== null) made.witnessCommit = commitment;
  return made;
}

/**
 * The block of bitcoinjs-lib with its transactions as we have it, to be read with `indexBlock`.
 *
 * @throws ConversionError `missing_field` for a block without `transactions` (see {@link fromBitcoinjsHeader}),
 * `invalid_value` also for a transaction with outputs and without inputs, which no block can carry.
 */
export function fromBitcoinjsBlock(block: BitcoinjsBlock): Block {
  const { transactions } = block;
  if (transactions === undefined) {
    const text = "the block is a header only";
    throw new ConversionError("missing_field", text, { path: ["transactions"] });
  }
  const header = fromBitcoinjsHeader(block);
  const writer = new Writer();
  writeCompactSize(writer, transactions.length);
  mapOf(transactions, "transactions", (item) => {
    const value = fromBitcoinjsTransaction(item);
    try {
      transaction.write(writer, value);
    } catch (cause) {
      if (!(cause instanceof EncodeError)) throw cause;
      throw new ConversionError("invalid_value", cause.detail, { cause });
    }
  });
  return { header, body: writer.finish() };
}
