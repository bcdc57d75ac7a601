// A new block with its proof of work: coinbase, commitments, nonce.
import {
  type Block,
  type BlockHeader,
  blockHeader,
  checkProofOfWork,
  computeWitnessCommitment,
  concatBytes,
  encode,
  hash256,
  list,
  merkleRootOf,
  type Transaction,
  transaction,
  type TransactionOutput,
  txidOf,
  witnessCommitmentScript,
  wtxidOf,
} from "@satwire/btcwire";

/** The most transactions of a block: none is shorter than 60 bytes. */
export const maxTransactions = 66_666;

/** Bodies of blocks: the transactions behind their number. */
const body = list(transaction, maxTransactions);

/** What a block is built from. */
export interface BlockPlan {
  readonly prevBlock: Uint8Array;
  readonly height: number;
  readonly time: number;
  readonly bits: number;
  /** Makes blocks of the same height differ. */
  readonly extraNonce: Uint8Array;
  readonly payout: TransactionOutput;
  /** All transactions behind the coinbase. */
  readonly transactions: readonly Transaction[];
}

// BIP 9: the top bits, and a vote for csv, segwit and taproot, which btcd asks for on regtest and simnet.
const blockVersion = 0x2000_0007;

/** Builds a block and finds its nonce: about two hashes at the easiest target. */
export function buildBlock(plan: BlockPlan): Block {
  const { prevBlock, time, bits } = plan;
  const transactions = [coinbaseOf(plan), ...plan.transactions];
  const { root } = merkleRootOf(transactions.map(txidOf));
  const unproven = { version: blockVersion, prevBlock, merkleRoot: root, time, bits, nonce: 0 };
  return { header: prove(unproven), body: encode(body, transactions) };
}

/** The push of a height that a coinbase begins with (BIP 34). */
export function heightScript(height: number): Uint8Array {
  if (height === 0) return Uint8Array.of(0x00);
  if (height <= 16) return Uint8Array.of(0x50 + height);
  const digits: number[] = [];
  for (let left = height; left > 0; left = Math.floor(left / 256)) digits.push(left % 256);
  if ((digits.at(-1) as number) >= 0x80) digits.push(0); // the highest bit would be a sign
  return Uint8Array.of(digits.length, ...digits);
}

function coinbaseOf({ height, extraNonce, payout, transactions }: BlockPlan): Transaction {
  const commitment = computeWitnessCommitment([extraNonce, ...transactions.map(wtxidOf)]);
  const extra = concatBytes(Uint8Array.of(extraNonce.length), extraNonce);
  return {
    version: 2,
    inputs: [
      {
        txid: new Uint8Array(32),
        vout: 0xffff_ffff,
        scriptSig: concatBytes(heightScript(height), extra),
        sequence: 0xffff_ffff,
        witness: [new Uint8Array(32)],
      },
    ],
    outputs: [payout, { value: 0n, scriptPubKey: witnessCommitmentScript(commitment) }],
    lockTime: 0,
  };
}

function prove(unproven: BlockHeader): BlockHeader {
  const bytes = encode(blockHeader, unproven).slice();
  const view = new DataView(bytes.buffer);
  for (let nonce = 0; ; nonce++) {
    view.setUint32(76, nonce, true);
    if (checkProofOfWork(unproven, { hash: hash256(bytes) })) return { ...unproven, nonce };
  }
}
