// The error of chains: a block, a transaction or a file is not what it must be.

/**
 * Why a chain refused something.
 *
 * - `bad_file`: the bytes are no saved chain, or not all of it (see `cause`).
 * - `malformed_block`: the body is not the transactions that it says it is (see `cause`).
 * - `unknown_parent`: the block follows one that is not there.
 * - `bad_proof_of_work`: the hash is above the target, or the target is not the network's.
 * - `bad_time`: not later than the middle one of the eleven blocks before.
 * - `bad_merkle_root`, `bad_witness_commitment`: the block does not commit to its transactions or witnesses.
 * - `bad_coinbase`: the first transaction is none that may be the first, without the height (BIP 34) or with too much
 *   value; or another one is.
 * - `too_large`: a weight above 4,000,000.
 * - `bad_transaction`: spends what is not there, not ripe or too little (see the text).
 */
export type FakeChainErrorCode =
  | "bad_file"
  | "malformed_block"
  | "unknown_parent"
  | "bad_proof_of_work"
  | "bad_time"
  | "bad_merkle_root"
  | "bad_witness_commitment"
  | "bad_coinbase"
  | "too_large"
  | "bad_transaction";

/** A chain cannot take a block, a transaction or a file. */
export class FakeChainError extends Error {
  override readonly name = "FakeChainError";
  readonly code: FakeChainErrorCode;

  constructor(code: FakeChainErrorCode, text: string, options?: { readonly cause?: unknown }) {
    super(text, options);
    this.code = code;
  }
}
