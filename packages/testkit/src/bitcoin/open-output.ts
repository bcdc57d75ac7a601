// Outputs that anybody can spend, each height with a script of its own, so that filters tell them apart.
import { concatBytes, toHex, type Transaction, type TransactionOutput } from "@satwire/btcwire";
import { nobleCrypto } from "@satwire/noise";
import type { Coin } from "./coins.ts";

/** The script of the reward of a height: pays to a witness script (BIP 141 P2WSH) that anybody satisfies. */
export function openScriptOf(height: number): Uint8Array {
  return concatBytes(Uint8Array.of(0x00, 0x20), nobleCrypto.sha256(witnessScriptOf(height)));
}

/** Drops the height and is satisfied. */
function witnessScriptOf(height: number): Uint8Array {
  const number = [0, 8, 16, 24].map((shift) => (height >>> shift) & 0xff);
  return Uint8Array.of(0x04, ...number, 0x75, 0x51); // push, OP_DROP, OP_TRUE
}

/** The heights whose open scripts are known, to spend what pays to them. */
export class OpenScripts {
  readonly #heights = new Map<string, number>();

  add(height: number): void {
    this.#heights.set(toHex(openScriptOf(height)), height);
  }

  has(scriptPubKey: Uint8Array): boolean {
    return this.#heights.has(toHex(scriptPubKey));
  }

  /**
   * Spends the first coins that are enough, and returns what is left to the script of the first.
   *
   * @throws RangeError if they are not enough
   */
  spend(coins: Iterable<Coin>, outputs: readonly TransactionOutput[], feeSat: bigint): Transaction {
    const wanted = outputs.reduce((sum, { value }) => sum + value, feeSat);
    const chosen: Coin[] = [];
    let found = 0n;
    for (const coin of coins) {
      chosen.push(coin);
      found += coin.output.value;
      if (found >= wanted) break;
    }
    const [first] = chosen;
    if (first === undefined || found < wanted) {
      throw new RangeError(`${wanted} satoshis are wanted, ${found} can be spent`);
    }
    const change = { value: found - wanted, scriptPubKey: first.output.scriptPubKey };
    return {
      version: 2,
      inputs: chosen.map(({ txid, vout, output: { scriptPubKey } }) => ({
        txid,
        vout,
        scriptSig: new Uint8Array(0),
        sequence: 0xffff_ffff,
        witness: [witnessScriptOf(this.#heights.get(toHex(scriptPubKey)) as number)],
      })),
      outputs: change.value > 0n || outputs.length === 0 ? [...outputs, change] : outputs,
      lockTime: 0,
    };
  }
}
