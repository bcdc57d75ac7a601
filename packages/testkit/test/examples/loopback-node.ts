import { decodeMessage, encodeMessage, featureVector } from "@satwire/lnwire";
import { FramedStream, MemoryNetwork, parseHostPort } from "@satwire/net";
import { generatePrivateKey, NoiseChannel } from "@satwire/noise";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";

const features = featureVector([9, 15]);

// A node with a small network to tell of, at an address that exists in this process only.
const gossip = GossipStore.generate({ nodes: 3, channels: 4, seed: 7 });
const node = new LoopbackLightningNode({ gossip });
const network = new MemoryNetwork();
const { publicKey, address } = await node.listen({
  listen: network.listen,
  address: parseHostPort("node.example:9735"),
});
const allChannels = {
  type: "query_channel_range",
  chainHash: gossip.chainHash,
  firstBlocknum: 0,
  numberOfBlocks: 1_000_000,
} as const;

// The code under test: here a client in its barest form. It says hello and asks for all channels.
export const received: string[] = [];
const stream = await network.dialer(address);
const channel = NoiseChannel.initiator({ localKey: generatePrivateKey(), remoteKey: publicKey });
const done = new Promise<void>((resolve) => {
  const client = new FramedStream(stream, channel, {
    onEstablished() {
      const init = { type: "init", globalfeatures: new Uint8Array(0), features } as const;
      client.send(encodeMessage(init));
      client.send(encodeMessage(allChannels));
    },
    onMessage(frame) {
      const message = decodeMessage(frame);
      received.push(message.type);
      if (message.type === "reply_channel_range") client.end();
    },
    onDrain() {},
    onClose: () => resolve(),
  });
  client.start();
});
await done;
await node.close();
// received: ["init", "reply_channel_range"]
