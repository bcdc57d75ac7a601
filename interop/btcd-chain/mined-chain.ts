/** A chain of btcd's in which some blocks have transactions of ours, of every kind of output. */
import { toBitcoinjsTransaction } from "@satwire/btcwire/bitcoinjs";
import type { Btcd } from "../daemons/btcd.ts";
import { everyKindOfAddress } from "./kinds-of-address.ts";
import { openAddress, spendOpen } from "./open-output.ts";

/** From here on there are witnesses (BIP 9 on simnet: block 300), and coins to spend. */
const preparation = 400;
const valueSat = 1_0000_0000n;

/** What was mined, for those who look for it. */
export class MinedChain {
  /** Of all blocks but the first, in hex as RPC has them. */
  readonly hashes: string[] = [];
  /** Of blocks with transactions besides their first, and how many they have. */
  readonly busy = new Map<string, number>();
  readonly #btcd: Btcd;

  private constructor(btcd: Btcd) {
    this.#btcd = btcd;
  }

  /** A chain of so many blocks. */
  static async mine(btcd: Btcd, height: number): Promise<MinedChain> {
    const chain = new MinedChain(btcd);
    chain.hashes.push(...(await btcd.mine(preparation)));
    for (let i = 0; i < 3; i++) {
      const open = await btcd.pay([{ address: openAddress(i), valueSat }]);
      const others = everyKindOfAddress().map((address) => btcd.pay([{ address, valueSat }]));
      await chain.#mineBusy([open, ...(await Promise.all(others))]);
      await chain.#mineBusy([toBitcoinjsTransaction(spendOpen(open.getHash(), valueSat, i))]);
    }
    chain.hashes.push(...(await btcd.mine(height - chain.hashes.length)));
    return chain;
  }

  async #mineBusy(transactions: readonly { toHex(): string }[]): Promise<void> {
    for (const one of transactions) await this.#btcd.call("sendrawtransaction", one.toHex());
    const [hash = ""] = await this.#btcd.mine(1);
    this.hashes.push(hash);
    this.busy.set(hash, transactions.length + 1);
  }
}
