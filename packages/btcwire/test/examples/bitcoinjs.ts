import { bitcoinMessages, networks } from "@satwire/btcwire";
import {
  fromBitcoinjsNetwork,
  fromBitcoinjsTransaction,
  toBitcoinjsNetwork,
  toBitcoinjsTransaction,
} from "@satwire/btcwire/bitcoinjs";
import { address, Transaction } from "bitcoinjs-lib";

const network = toBitcoinjsNetwork(networks.testnet4);

// What a wallet made, as a message for peers.
const signed = new Transaction();
signed.addInput(new Uint8Array(32).fill(1), 0);
const script = address.toOutputScript("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", network);
signed.addOutput(script, 50_000n);
const payload = bitcoinMessages.encode({
  type: "tx",
  transaction: fromBitcoinjsTransaction(signed),
});

// What a peer sent, as bitcoinjs-lib has it.
const message = bitcoinMessages.decode("tx", payload);
const { outs } = message.type === "tx" ? toBitcoinjsTransaction(message.transaction) : signed;
export const paid: string[] = outs.map(
  (output) => `${output.value} to ${address.fromOutputScript(output.script, network)}`,
); // "50000 to tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"

// testnet3, testnet4 and signet look the same to bitcoinjs-lib; what we made is known again.
export const name: string = fromBitcoinjsNetwork(network).name; // "testnet4"
