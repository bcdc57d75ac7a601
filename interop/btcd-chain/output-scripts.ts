/** The scripts of all outputs of a chain: filters contain those that a block spends (BIP 158). */
import { type BlockIndex, isCoinbase, toHex } from "@satwire/btcwire";

/** Scripts by outpoint. Blocks have to come in the order of the chain. */
export class OutputScripts {
  readonly #scripts = new Map<string, Uint8Array>();

  /** Adds the outputs of a block, and returns the scripts of those that it spends. @throws for one that is not known */
  add(index: BlockIndex): Uint8Array[] {
    const spent: Uint8Array[] = [];
    for (const [i, transaction] of index.transactions().entries()) {
      if (!isCoinbase(transaction)) {
        for (const { txid, vout } of transaction.inputs) {
          const script = this.#scripts.get(keyOf(txid, vout));
          if (script === undefined) throw new Error("spends what is not there");
          spent.push(script);
        }
      }
      const txid = index.txid(i);
      for (const [at, { scriptPubKey }] of transaction.outputs.entries()) {
        this.#scripts.set(keyOf(txid, at), scriptPubKey);
      }
    }
    return spent;
  }
}

function keyOf(txid: Uint8Array, index: number): string {
  return `${toHex(txid)}:${index}`;
}
