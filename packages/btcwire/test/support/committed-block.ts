// Blocks whose headers and coinbases say what is in them.
import {
  type BlockIndex,
  indexBlock,
  merkleRootOf,
  type Transaction,
  txidOf,
  wtxidOf,
} from "../../src/index.ts";
import { computeWitnessCommitment, witnessCommitmentScript } from "../../src/witness-commitment.ts";
import { buildBlock } from "./build-block.ts";

const zeros = new Uint8Array(32);

/** A block with a coinbase and these transactions behind it, which must all be different. */
export function committedBlock(others: readonly Transaction[]): BlockIndex {
  const commitment = computeWitnessCommitment([zeros, ...others.map(wtxidOf)]);
  const coinbase: Transaction = {
    version: 1,
    inputs: [
      {
        txid: zeros,
        vout: 0xffff_ffff,
        scriptSig: Uint8Array.of(1, 7),
        sequence: 0xffff_ffff,
        witness: [zeros],
      },
    ],
    outputs: [{ value: 0n, scriptPubKey: witnessCommitmentScript(commitment) }],
    lockTime: 0,
  };
  const transactions = [coinbase, ...others];
  const { root } = merkleRootOf(transactions.map(txidOf));
  return indexBlock(buildBlock(transactions, { merkleRoot: root }));
}
