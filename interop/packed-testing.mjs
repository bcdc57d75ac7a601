// Runs on the oldest Node that is supported, against the packed packages where `fast-check` and `bitcoinjs-lib`, which
// are optional, are installed too.
import { strict as assert } from "node:assert";
import { bitcoinMessages, networks, txidOf } from "@satwire/btcwire";
import {
  fromBitcoinjsNetwork,
  fromBitcoinjsTransaction,
  toBitcoinjsHeader,
  toBitcoinjsNetwork,
  toBitcoinjsTransaction,
} from "@satwire/btcwire/bitcoinjs";
import {
  anyMessage as anyBitcoinMessage,
  arbitraryMessages as arbitraryBitcoinMessages,
} from "@satwire/btcwire/testing";
import { lightningMessages, messageSet, replaceMessages } from "@satwire/lnwire";
import { taprootChannelMessages } from "@satwire/lnwire/opt-in";
import { anyMessage, arbitraryTaprootChannels } from "@satwire/lnwire/testing";
import { checkFaultPlan } from "@satwire/testkit";
import { faultPlans } from "@satwire/testkit/fast-check";
import fc from "fast-check";

const set = messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages));
const messages = [lightningMessages, set].flatMap((own) =>
  fc
    .sample(
      own === set ? fc.oneof(...Object.values(arbitraryTaprootChannels())) : anyMessage(),
      100,
    )
    .map((message) => ({ own, message })),
);
for (const { own, message } of messages) {
  assert.deepEqual(own.decode(own.encode(message)), message);
}
console.log(`Node ${process.version}: ${messages.length} random messages read and written`);

const bitcoin = fc.sample(anyBitcoinMessage(), 200);
for (const message of bitcoin) {
  const payload = bitcoinMessages.encode(message);
  const back = bitcoinMessages.decode(message.type, payload);
  assert.deepEqual(bitcoinMessages.encode(back), payload);
}
const mainnet = networks.mainnet;
assert.equal(fromBitcoinjsNetwork(toBitcoinjsNetwork(mainnet)).name, "mainnet");
assert.deepEqual(toBitcoinjsHeader(mainnet.genesis).getHash(), mainnet.genesisHash);
for (const { transaction } of fc.sample(arbitraryBitcoinMessages().tx, 50)) {
  const bridged = toBitcoinjsTransaction(transaction);
  assert.deepEqual(bridged.getHash(), txidOf(transaction));
  assert.deepEqual(fromBitcoinjsTransaction(bridged), transaction);
}
console.log(`Node ${process.version}: ${bitcoin.length} random messages of Bitcoin, and a bridge`);

for (const plan of fc.sample(faultPlans(), 100)) checkFaultPlan(plan);
