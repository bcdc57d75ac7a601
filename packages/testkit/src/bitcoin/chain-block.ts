// One block of a chain, and whether it may be there.
import {
  type Block,
  blockHashOf,
  BlockIndex,
  checkMerkleRoot,
  checkProofOfWork,
  checkWitnessCommitment,
  DecodeError,
  equalBytes,
  formatHash,
  indexBlock,
  isCoinbase,
  type Network,
  type Transaction,
} from "@satwire/btcwire";
import { heightScript } from "./build-block.ts";
import { FakeChainError } from "./chain-error.ts";

/** A block of a {@link FakeChain}, in the best chain or not. */
export interface ChainBlock extends Block {
  /** 32 bytes in the order of the wire: see `formatHash`. */
  readonly hash: Uint8Array;
  readonly height: number;
  /** Hashes that it took on average to find this block and all before it. */
  readonly work: bigint;
}

/** The transactions of a block, with their ids. */
export interface BlockContents {
  readonly index: BlockIndex;
  readonly transactions: readonly Transaction[];
  readonly txids: readonly Uint8Array[];
}

const maxWeight = 4_000_000;

/** The transactions of a block. @throws FakeChainError `malformed_block` */
export function contentsOf(block: Block): BlockContents {
  try {
    const index = indexBlock(block);
    return { index, transactions: index.transactions(), txids: index.txids() };
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new FakeChainError("malformed_block", `the body of a block: ${cause.message}`, { cause });
  }
}

/**
 * Checks what can be known of a block without the coins that it spends.
 *
 * @param medianTime - the middle one of the times of the eleven blocks before
 * @throws FakeChainError
 */
export function checkBlock(
  block: Block,
  height: number,
  medianTime: number,
  { genesis, powLimit }: Network,
): BlockContents {
  const { header } = block;
  const hash = blockHashOf(header);
  const name = `block ${height} ${formatHash(hash)}`;
  if (header.bits !== genesis.bits || !checkProofOfWork(header, { powLimit, hash })) {
    throw new FakeChainError("bad_proof_of_work", `${name} has not the work that it must have`);
  }
  if (header.time <= medianTime) {
    const text = `${name} is of ${header.time}, not later than ${medianTime}`;
    throw new FakeChainError("bad_time", text);
  }
  const contents = contentsOf(block);
  const { index, transactions } = contents;
  if (checkMerkleRoot(index) !== "valid") {
    throw new FakeChainError("bad_merkle_root", `${name} has other transactions than it says`);
  }
  const [coinbase] = transactions;
  if (coinbase === undefined || !isCoinbase(coinbase) || transactions.slice(1).some(isCoinbase)) {
    throw new FakeChainError("bad_coinbase", `${name} has not one coinbase, in front`);
  }
  const expected = heightScript(height);
  const script = coinbase.inputs[0]?.scriptSig ?? new Uint8Array(0);
  if (!equalBytes(script.subarray(0, expected.length), expected) || script.length < 2) {
    throw new FakeChainError("bad_coinbase", `${name} does not begin with its height (BIP 34)`);
  }
  const witness = checkWitnessCommitment(index);
  if (witness !== "valid") {
    throw new FakeChainError("bad_witness_commitment", `${name}: witnesses are ${witness}`);
  }
  const weight = index.weight();
  if (weight > maxWeight)
    throw new FakeChainError("too_large", `${name} has a weight of ${weight}`);
  return contents;
}
