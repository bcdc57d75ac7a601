import { parseNodeAddress, SimplePeer } from "@satwire/lnp2p";

const target = parseNodeAddress(process.argv[2] ?? ""); // 02…ab@node.example:9735
await using peer = new SimplePeer({ target });
await peer.connect();
console.log(`ping ${await peer.ping()} ms`);
for await (const message of peer.receiveMessages()) {
  if (message.type === "channel_update") console.log(message.shortChannelId, message.feeBaseMsat);
  if (message.type === "unknown") console.log(message.id, message.payload.length);
}
