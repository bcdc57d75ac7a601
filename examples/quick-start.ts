import { downloadGossip, gossipFeatures, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
import { chainHashOf, formatShortChannelId } from "@satwire/lnwire";

const target = parseNodeAddress(process.argv[2] ?? "");
await using peer = new SimplePeer({ target, features: gossipFeatures() });
await peer.connect();
for await (const message of downloadGossip(peer, { chainHash: chainHashOf("mainnet") })) {
  if (message.type === "channel_update") console.log(formatShortChannelId(message.shortChannelId));
}
