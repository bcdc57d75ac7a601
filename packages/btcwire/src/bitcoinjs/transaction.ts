// Transactions of bitcoinjs-lib and ours, field by field: not by their bytes, because a transaction without inputs,
// as wallets begin one, has none that could be read back.
// Bytes: copied, since bitcoinjs-lib's objects are made to be changed.
import { Transaction as BitcoinjsTransaction } from "bitcoinjs-lib";
import type { Transaction } from "../transaction.ts";
import { copyOf, hashOf, i64Of, mapOf, u32Of } from "./checks.ts";

/**
 * The transaction as bitcoinjs-lib has it.
 *
 * Its `getHash(true)` is 32 zeros for a coinbase, where our `wtxidOf` hashes, and its `isCoinbase` does not look at
 * `vout`.
 *
 * @throws ConversionError `out_of_range`, `wrong_length` or `invalid_value` for what is no valid field.
 */
export function toBitcoinjsTransaction(value: Transaction): BitcoinjsTransaction {
  const made = new BitcoinjsTransaction();
  made.version = u32Of(value.version, "version");
  made.locktime = u32Of(value.lockTime, "lockTime");
  made.ins = mapOf(value.inputs, "inputs", (input) => ({
    hash: hashOf(input.txid, "txid"),
    index: u32Of(input.vout, "vout"),
    script: copyOf(input.scriptSig, "scriptSig"),
    sequence: u32Of(input.sequence, "sequence"),
    witness: mapOf(input.witness, "witness", (item) => copyOf(item)),
  }));
  // Not by `addOutput`, which takes no negative value.
  made.outs = mapOf(value.outputs, "outputs", (output) => ({
    value: i64Of(output.value, "value"),
    script: copyOf(output.scriptPubKey, "scriptPubKey"),
  }));
  return made;
}

/**
 * The transaction of bitcoinjs-lib as we have it.
 *
 * @throws ConversionError `out_of_range`, `wrong_length` or `invalid_value` for what is no valid field, such as
 * the value of an output that was blanked for signing, or a version below 0.
 */
export function fromBitcoinjsTransaction(value: BitcoinjsTransaction): Transaction {
  return {
    version: u32Of(value.version, "version"),
    inputs: mapOf(value.ins, "ins", (input) => ({
      txid: hashOf(input.hash, "hash"),
      vout: u32Of(input.index, "index"),
      scriptSig: copyOf(input.script, "script"),
      sequence: u32Of(input.sequence, "sequence"),
      witness: mapOf(input.witness, "witness", (item) => copyOf(item)),
    })),
    outputs: mapOf(value.outs, "outs", (output) => ({
      value: i64Of(output.value, "value"),
      scriptPubKey: copyOf(output.script, "script"),
    })),
    lockTime: u32Of(value.locktime, "locktime"),
  };
}
