import { downloadGossip, gossipFeatures, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
import { chainHashOf } from "@satwire/lnwire";

const target = parseNodeAddress(process.argv[2] ?? "");
const peer = new SimplePeer({ target, features: gossipFeatures() });
await peer.connect();
for await (const message of downloadGossip(peer, { chainHash: chainHashOf("mainnet") })) {
  console.log(message.type); // a channel before its updates and its nodes
}
await peer.close();
