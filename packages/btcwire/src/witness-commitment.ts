// BIP 141: what the first transaction of a block says about the witnesses of all others.
// Bytes: a commitment that was found is a view of its script; one that was computed has bytes of its own.
import { concatBytes, EncodeError, equalBytes } from "@satwire/codec";
import type { BlockIndex } from "./block-index.ts";
import { hash256 } from "./hash256.ts";
import { merkleRootOf } from "./merkle.ts";
import type { Transaction } from "./transaction.ts";

// OP_RETURN, a push of 36 bytes, and the first four of these.
const prefix: readonly number[] = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];
const scriptLength = 38;

/**
 * The 32 bytes with which the first transaction of a block commits to witnesses, if it does (BIP 141 "Commitment
 * structure"). The last output with such a script counts; bytes behind the commitment mean nothing.
 */
export function findWitnessCommitment({ outputs }: Transaction): Uint8Array | undefined {
  const found = outputs.findLast(({ scriptPubKey }) => isCommitment(scriptPubKey));
  return found?.scriptPubKey.subarray(prefix.length, scriptLength);
}

/**
 * The commitment of a block to its witnesses (BIP 141), 32 bytes, from the `wtxid`s of its transactions.
 *
 * The first of them may be anything: it contains the commitment and so counts as zeros.
 *
 * @param reservedValue - the 32 bytes that the first transaction has as its witness; zeros by default
 * @throws EncodeError `wrong_length` for a reserved value of another length.
 * @example
 * ```ts
 * const commitment = computeWitnessCommitment([coinbase, ...others].map(wtxidOf));
 * const output = { value: 0n, scriptPubKey: witnessCommitmentScript(commitment) };
 * ```
 */
export function computeWitnessCommitment(
  wtxids: readonly Uint8Array[],
  reservedValue: Uint8Array = new Uint8Array(32),
): Uint8Array {
  checkLength("reservedValue", reservedValue);
  const { root } = merkleRootOf([new Uint8Array(32), ...wtxids.slice(1)]);
  return hash256(concatBytes(root, reservedValue));
}

/**
 * The script of the output that carries a commitment: 38 bytes.
 *
 * @throws EncodeError `wrong_length` if the commitment does not have 32 bytes.
 */
export function witnessCommitmentScript(commitment: Uint8Array): Uint8Array {
  checkLength("commitment", commitment);
  return concatBytes(Uint8Array.from(prefix), commitment);
}

/**
 * What {@link checkWitnessCommitment} found; all but `valid` make a block invalid.
 *
 * - `valid`: the block commits to its witnesses, or has none and does not have to.
 * - `mismatch`: it commits to other witnesses.
 * - `bad_reserved_value`: the witness of its first transaction is not one item of 32 bytes. Also what a block is
 *   that was asked for without its witnesses.
 * - `unexpected_witness`: there is a witness, and no commitment.
 */
export type WitnessCheck = "valid" | "mismatch" | "bad_reserved_value" | "unexpected_witness";

/** What {@link checkWitnessCommitment} has to know. */
export interface WitnessCheckOptions {
  /**
   * Whether the rules of BIP 141 hold at the block's height: from 481,824 on for mainnet. Before that commitments
   * mean nothing, and many blocks have one without the reserved value. @default true
   */
  readonly isSegwitActive?: boolean | undefined;
}

/**
 * Whether a block commits to the witnesses that it has, as Bitcoin Core's `CheckWitnessMalleation` decides. A peer
 * may have changed witnesses of a block that fails: its header says nothing about them.
 *
 * Check the merkle root first: it says that the commitment itself belongs to the block.
 */
export function checkWitnessCommitment(
  index: BlockIndex,
  { isSegwitActive = true }: WitnessCheckOptions = {},
): WitnessCheck {
  const coinbase = index.length > 0 && isSegwitActive ? index.transaction(0) : undefined;
  const commitment = coinbase && findWitnessCommitment(coinbase);
  if (commitment === undefined) {
    for (let i = 0; i < index.length; i++) if (index.hasWitness(i)) return "unexpected_witness";
    return "valid";
  }
  const [reservedValue, second] = coinbase?.inputs[0]?.witness ?? [];
  if (reservedValue?.length !== 32 || second !== undefined) return "bad_reserved_value";
  const computed = computeWitnessCommitment(index.wtxids(), reservedValue);
  return equalBytes(commitment, computed) ? "valid" : "mismatch";
}

function isCommitment(script: Uint8Array): boolean {
  return script.length >= scriptLength && prefix.every((byte, i) => script[i] === byte);
}

function checkLength(key: string, { length }: Uint8Array): void {
  if (length === 32) return;
  throw new EncodeError("wrong_length", `expected 32 bytes, got ${length}`, { path: [key] });
}
