// Runs on the oldest Node that is supported, against the packed packages: everything loads, a peer
// connects over TCP and over memory, and the process ends by itself.
import { strict as assert } from "node:assert";
import {
  bitcoinMessages,
  blockHashOf,
  checkProofOfWork,
  defaultV2Crypto,
  networks,
  nobleV2Crypto,
  V2Transport,
} from "@satwire/btcwire";
import { packageRelayMessages } from "@satwire/btcwire/opt-in";
import { decode, u16 } from "@satwire/codec";
import { downloadGossip, gossipFeatures, SimplePeer } from "@satwire/lnp2p";
import { messageSet, verifyChannelAnnouncement } from "@satwire/lnwire";
import { jsonText, lsps0Messages } from "@satwire/lnwire/opt-in";
import { memoryPair, MemoryNetwork, parseHostPort } from "@satwire/net";
import { GossipStore, LoopbackLightningNode, simulate } from "@satwire/testkit";
import { describeByteStream, runSuite } from "@satwire/testkit/compliance";

assert.equal(decode(u16, Uint8Array.of(1, 2)), 258);

const lsps0 = messageSet(lsps0Messages).decode(Uint8Array.of(0x94, 0x19, 0x7b, 0x7d));
assert.equal(jsonText(lsps0.payload), "{}");
// `fast-check` and `bitcoinjs-lib` are not installed here, and nothing but these needs them.
const optional = ["lnwire/testing", "btcwire/testing", "btcwire/bitcoinjs", "testkit/fast-check"];
for (const path of optional) {
  await assert.rejects(import(`@satwire/${path}`), { code: "ERR_MODULE_NOT_FOUND" });
}

const { genesis, genesisHash } = networks.mainnet;
assert.deepEqual(blockHashOf(genesis), genesisHash);
assert.equal(checkProofOfWork(genesis, networks.mainnet), true);
assert.equal(checkProofOfWork({ ...genesis, nonce: 1 }, networks.mainnet), false);
assert.equal(packageRelayMessages.length, 4);

assert.notEqual(defaultV2Crypto, nobleV2Crypto); // Node's own, by the condition of `imports`
const options = { network: networks.regtest, messages: bitcoinMessages };
const [caller, called] = [V2Transport.initiator(options), V2Transport.responder(options)];
called.push(caller.push(called.push(caller.open()).reply).reply);
assert.deepEqual(caller.sessionId, called.sessionId);
for (const [from, to] of [
  [caller, called],
  [called, caller],
]) {
  const { events } = to.push(from.encode({ type: "ping", nonce: 7n }));
  assert.deepEqual(events[0]?.message, { type: "ping", nonce: 7n });
}
console.log(`Node ${process.version}: two sides talked over BIP 324, a block header was checked`);

const gossip = GossipStore.generate({ nodes: 3, channels: 4, seed: 1 });
const network = new MemoryNetwork();
const ways = [
  { via: "TCP", listen: {}, dial: {} },
  {
    via: "memory",
    listen: { listen: network.listen, address: parseHostPort("node.example:9735") },
    dial: { dialer: network.dialer },
  },
];
for (const { via, listen, dial } of ways) {
  const node = new LoopbackLightningNode({ gossip });
  const target = await node.listen(listen);
  const peer = new SimplePeer({ target, features: gossipFeatures(), ...dial });
  await peer.connect();
  let valid = 0;
  for await (const message of downloadGossip(peer, { chainHash: gossip.chainHash })) {
    if (message.type === "channel_announcement" && verifyChannelAnnouncement(message)) valid++;
  }
  assert.equal(valid, 4);
  await peer.close();
  await node.close();
  console.log(`Node ${process.version}: connected over ${via}, ${valid} channels valid`);
}

const createPair = async () => {
  const streams = memoryPair();
  const close = async () => streams.forEach((stream) => stream.destroy());
  return { streams, mostUnderWay: 90_000, close };
};
const name = "memoryPair";
const { tests, failures } = await runSuite((to) => describeByteStream({ name, createPair }, to));
assert.deepEqual(failures, []);
const lines = [];
const sleepy = ({ clock }) => new Promise((resolve) => clock.setTimer(resolve, 60_000));
await simulate("a minute", sleepy, { print: (line) => lines.push(line) });
assert.match(lines.join(), /seed 1 passed/);
console.log(`Node ${process.version}: ${tests.length} tests of a suite passed, ${lines.join()}`);
