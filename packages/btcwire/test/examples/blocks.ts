import {
  type Block,
  checkMerkleRoot,
  checkProofOfWork,
  checkWitnessCommitment,
  indexBlock,
  networks,
} from "@satwire/btcwire";

/** What can be said of a block without reading its transactions, and one of them. */
export function summary(block: Block): object {
  const index = indexBlock(block); // finds the transactions, and throws if that is no block
  const { outputs } = index.transaction(0);
  return {
    transactions: index.length,
    weight: index.weight(),
    hasWork: checkProofOfWork(block.header, networks.mainnet),
    merkleRoot: checkMerkleRoot(index), // "valid", "mismatch" or "mutated"
    witnesses: checkWitnessCommitment(index),
    paid: outputs.reduce((sum, { value }) => sum + value, 0n),
  };
}
