import { sleep } from "@satwire/actor";
import {
  eventually,
  GossipStore,
  LoopbackLightningNode,
  simulate,
  type Simulation,
} from "@satwire/testkit";

const known = GossipStore.generate({ nodes: 6, channels: 9, seed: 1, signatures: false }).save();

// Two nodes that relay gossip, a bad link between them, and up to a minute without any.
async function spread({ clock, network, crypto, rng, note }: Simulation): Promise<void> {
  const [atAlice, atBob] = [network.host("alice"), network.host("bob")];
  network.link(atAlice, atBob, { latencyMs: [20, 200], lossRate: 0.05 });
  const gossip = GossipStore.load(known);
  await using alice = new LoopbackLightningNode({ clock, crypto, gossip });
  await using bob = new LoopbackLightningNode({ clock, crypto, relaysGossip: true });

  const target = await alice.listen({ listen: atAlice.listen });
  const connection = await bob.dial(target, { dialer: atBob.dialer });
  const cut = network.partition(atAlice, atBob);
  await sleep(clock, rng.int(1000, 60_000)); // time passes by itself in a simulation
  note(`bob knows ${bob.gossip.channelCount} channels, ready: ${connection.isReady}`);
  cut[Symbol.dispose]();
  await eventually(() => bob.gossip.channelCount === 9, { clock, timeoutMs: 300_000 });
}

export const lines: string[] = [];
const options = { runs: 5, print: (line: string) => lines.push(line) };
export const report = await simulate("gossip after a cut", spread, options);
// lines: ["simulation \"gossip after a cut\": seeds 1 to 5 passed, trace 1a16ddf591d31434"]
