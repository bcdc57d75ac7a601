// Downloads the network graph of a Lightning node and checks every signature in it.
//
//   pnpm demo                      a loopback node with a generated graph, in this process
//   pnpm demo 02…ab@host:port      any node
import { parseArgs } from "node:util";
import {
  downloadGossip,
  formatNodeAddress,
  gossipFeatures,
  type GossipProgress,
  type NodeAddress,
  parseNodeAddress,
  PeerError,
  SimplePeer,
} from "@satwire/lnp2p";
import { chainHashOf, chainNameOf, describeFeatures } from "@satwire/lnwire";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";
import { GossipVerifier } from "./gossip-verifier.ts";
import { progressBar } from "./progress-bar.ts";

const { positionals } = parseArgs({ allowPositionals: true });
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());

try {
  const [address] = positionals;
  if (address !== undefined) await download(parseNodeAddress(address), interrupted.signal);
  else await demonstrate(interrupted.signal);
} catch (error) {
  if (!(error instanceof PeerError)) throw error;
  console.error(`\n${error.code}: ${error.message}`);
  process.exitCode = 1;
}

async function demonstrate(signal: AbortSignal): Promise<void> {
  console.log("Generating a network of 50 nodes and 500 channels …");
  const gossip = GossipStore.generate({ nodes: 50, channels: 500, seed: "demo" });
  await using node = new LoopbackLightningNode({ gossip });
  await download(await node.listen(), signal);
}

async function download(target: NodeAddress, signal: AbortSignal): Promise<void> {
  await using peer = new SimplePeer({ target, features: gossipFeatures() });
  console.log(`Connecting to ${formatNodeAddress(target)} …`);
  await peer.connect({ signal });

  const chainHash = peer.remoteInit?.networks?.[0] ?? chainHashOf("mainnet");
  const roundTripMs = await peer.ping({ signal });
  console.log(
    `Connected on ${chainNameOf(chainHash) ?? "an unknown chain"}, ping ${roundTripMs} ms`,
  );
  console.log("Features of the node:");
  for (const line of describeFeatures(peer.remoteFeatures ?? new Uint8Array(0))) {
    console.log(`  ${line}`);
  }

  await using verifier = new GossipVerifier();
  const bar = progressBar("channels");
  const start = performance.now();
  const onProgress = ({ channelsFound, isListComplete }: GossipProgress): void => {
    if (!isListComplete) return;
    if (bar.isActive) bar.setTotal(channelsFound);
    else bar.start(channelsFound, 0);
  };
  try {
    for await (const message of downloadGossip(peer, { chainHash, onProgress, signal })) {
      await verifier.check(message);
      bar.update(verifier.channels);
    }
    await verifier.finish();
    bar.update(verifier.channels);
  } finally {
    bar.stop(); // its timer would keep the process alive
  }
  summarize(verifier, performance.now() - start);
}

function summarize(verifier: GossipVerifier, elapsedMs: number): void {
  const seconds = elapsedMs / 1000;
  console.log("\nMessages by type:");
  for (const [type, count] of Object.entries(verifier.messages)) {
    console.log(`  ${type.padEnd(22)}${String(count).padStart(8)}`);
  }
  const total = Object.values(verifier.messages).reduce((sum, count) => sum + count, 0);
  const rate = Math.round(total / seconds);
  console.log(
    `\n${total} messages in ${seconds.toFixed(1)} s, ${rate} per second; ` +
      `${verifier.signatures} signatures hold, ${verifier.repeated} messages were repeats, ` +
      `${verifier.invalid} invalid`,
  );
  if (verifier.invalid > 0 || total === 0) process.exitCode = 1;
}
