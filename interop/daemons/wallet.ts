/** A key on simnet that is paid for blocks and pays others: tests need coins and transactions. */
import { networks } from "@satwire/btcwire";
import { toBitcoinjsNetwork } from "@satwire/btcwire/bitcoinjs";
import { nobleSignatures } from "@satwire/lnwire";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { address, type Network, payments, script, Transaction } from "bitcoinjs-lib";
import type { Call } from "./btcd.ts";

/** Simnet, as bitcoinjs-lib has networks. */
export const simnet: Network = toBitcoinjsNetwork(networks.simnet);

const subsidy = 50_0000_0000n;
const feeSat = 10_000n;
/** Confirmations that a coinbase needs. */
const maturity = 100;

/** What a transaction pays: to a simnet address, in satoshi. */
export interface Payment {
  readonly address: string;
  readonly valueSat: bigint;
}

/** Spends the coinbases of blocks that were mined to its address, oldest first, one per transaction. */
export class Wallet {
  /** Where blocks have to pay to. */
  readonly address: string;
  readonly #key: Uint8Array = generatePrivateKey();
  readonly #publicKey: Uint8Array;
  #height = 0;

  constructor() {
    this.#publicKey = publicKeyOf(this.#key);
    this.address = payments.p2wpkh({ pubkey: this.#publicKey, network: simnet }).address!;
  }

  /**
   * A signed transaction that pays, and gives the rest back. It is not sent.
   *
   * @throws when no coinbase is old enough
   */
  async pay(call: Call, to: readonly Payment[]): Promise<Transaction> {
    const tip = await call<number>("getblockcount");
    this.#height++;
    if (tip - this.#height < maturity) throw new Error(`the chain of ${tip} blocks is too short`);
    const hash = await call<string>("getblockhash", this.#height);
    const block = await call<{ readonly tx: readonly string[] }>("getblock", hash, 1);

    const transaction = new Transaction();
    transaction.version = 2;
    transaction.addInput(Buffer.from(block.tx[0]!, "hex").reverse(), 0);
    let rest = subsidy - feeSat;
    for (const { address: text, valueSat } of to) {
      transaction.addOutput(address.toOutputScript(text, simnet), valueSat);
      rest -= valueSat;
    }
    transaction.addOutput(address.toOutputScript(this.address, simnet), rest);

    const code = payments.p2pkh({ pubkey: this.#publicKey }).output!;
    const digest = transaction.hashForWitnessV0(0, code, subsidy, Transaction.SIGHASH_ALL);
    const signature = nobleSignatures.sign(digest, this.#key);
    transaction.setWitness(0, [
      script.signature.encode(signature, Transaction.SIGHASH_ALL),
      this.#publicKey,
    ]);
    return transaction;
  }
}
