/** Outputs that need no key: blocks that spend one have its script nowhere else. */
import { concatBytes, type Transaction } from "@satwire/btcwire";
import { payments } from "bitcoinjs-lib";
import { simnet as network } from "../daemons/wallet.ts";

/** The hash of a key that nobody has. */
const nobody = concatBytes(Uint8Array.of(0x00, 0x14), new Uint8Array(20).fill(1));
const fee = 10_000n;

/** A script of its own for each number up to 255: drops it, and is satisfied. */
function scriptOf(number: number): Uint8Array {
  return Uint8Array.of(0x02, number, 0x01, 0x75, 0x51);
}

/** The address of an output with that number. */
export function openAddress(number: number): string {
  return payments.p2wsh({ redeem: { output: scriptOf(number) }, network }).address!;
}

/** Spends such an output, the first of a transaction, for nobody. */
export function spendOpen(txid: Uint8Array, value: bigint, number: number): Transaction {
  const witness = [scriptOf(number)];
  return {
    version: 2,
    inputs: [{ txid, vout: 0, scriptSig: new Uint8Array(0), sequence: 0xffff_ffff, witness }],
    outputs: [{ value: value - fee, scriptPubKey: nobody }],
    lockTime: 0,
  };
}
