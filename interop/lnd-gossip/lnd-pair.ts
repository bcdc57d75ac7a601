/** Two lnds over one btcd with a public channel, from its opening to its announcement, watched by peers of ours. */
import {
  type ChannelAnnouncement,
  type ChannelUpdate,
  type NodeAnnouncement,
  type ReplyChannelRange,
  type SignedGossip,
  toHex,
} from "@satwire/lnwire";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { type Btcd, startBtcd } from "../daemons/btcd.ts";
import { ask } from "../daemons/daemon.ts";
import { type Lnd, startLnd } from "../daemons/lnd.ts";
import { chainHashOf, idOf } from "./chain.ts";
import { latestOf } from "./frames.ts";
import { allBlocks, always, GossipPeer, type IdsAnswer } from "./gossip-peer.ts";
import { type Graph, graphOf } from "./graph.ts";
import { connectTo, fund, type FundingOutput, openPublicChannel } from "./public-channel.ts";

/** Segwit is active from 300 blocks on; coins of the first have their 100 confirmations then, too. */
const firstBlocks = 310;

/** The newest announcements of lnd's channel. */
export interface ChannelGossip {
  readonly announcement: ChannelAnnouncement;
  readonly updates: readonly [ChannelUpdate, ChannelUpdate];
  readonly nodes: readonly [NodeAnnouncement, NodeAnnouncement];
}

/** Two lnds, and what they said. */
export interface LndPair {
  readonly btcd: Btcd;
  readonly alice: Lnd;
  readonly bob: Lnd;
  readonly chainHash: Uint8Array;
  readonly funding: FundingOutput;
  readonly shortChannelId: bigint;
  readonly capacitySat: bigint;
  /** Alice downloads gossip of the node with this key whenever she is connected to it. */
  readonly pinnedKey: Uint8Array;
  /** Answers of Alice when the channel had five confirmations. */
  readonly before: { readonly ids: IdsAnswer; readonly range: readonly ReplyChannelRange[] };
  /** What Bob then sent live to a peer with a filter for everything. */
  readonly asked: readonly SignedGossip[];
  /** What Alice sent live to a peer without a filter. */
  readonly unasked: readonly SignedGossip[];
}

/** Starts everything, and resolves when the graph of both has the channel, its updates and both nodes. */
export async function startPair(stack: AsyncDisposableStack): Promise<LndPair> {
  const capacitySat = 1_000_000n;
  const pinnedKey = generatePrivateKey();
  const btcd = stack.use(await startBtcd());
  await btcd.mine(firstBlocks);
  const quick = "--gossip.sub-batch-delay=10ms"; // 5 s of silence otherwise between own and relayed gossip
  const pinned = `--gossip.pinned-syncers=${toHex(publicKeyOf(pinnedKey))}`;
  const start = async (alias: string, args: readonly string[]): Promise<Lnd> =>
    stack.use(await startLnd({ btcd, alias, args }));
  const [alice, bob] = await Promise.all([start("alice", [quick, pinned]), start("bob", [quick])]);
  const chainHash = await chainHashOf(btcd);
  await fund(btcd, alice);
  await connectTo(alice, bob);

  await using unasked = await GossipPeer.connect(alice, chainHash);
  await using asked = await GossipPeer.connect(bob, chainHash);
  await asked.filter(...always);
  const funding = await openPublicChannel({ btcd, from: alice, to: bob, capacitySat });
  const shortChannelId = await idOf(btcd, funding.block, funding.txid, funding.output);
  const before = {
    ids: await unasked.queryIds([shortChannelId]),
    range: await unasked.queryRange(...allBlocks),
  };
  // Each end announces itself anew with its channel.
  const [sinceA, sinceB] = await Promise.all([announcedAt(alice), announcedAt(bob)]);

  await btcd.mine(1);
  const graph = await ask("both to know the same graph", async () => {
    const [graphA, graphB] = await Promise.all([graphOf(alice, true), graphOf(bob, true)]);
    const isNew =
      graphA.edges.length === 1 &&
      timeOf(graphA, alice) > sinceA &&
      timeOf(graphA, bob) > sinceB &&
      JSON.stringify(graphA) === JSON.stringify(graphB);
    return isNew ? graphA : undefined;
  });
  const isAnnounced = (gossip: readonly SignedGossip[], lnd: Lnd): boolean =>
    gossip.some(
      (message) =>
        message.type === "node_announcement" &&
        toHex(message.nodeId) === toHex(lnd.nodeId) &&
        message.timestamp === timeOf(graph, lnd),
    );
  await asked.until(() => [alice, bob].every((lnd) => isAnnounced(asked.gossip, lnd)));
  await asked.until(() => latestOf(chainHash, asked.gossip).length === 5);
  await unasked.until(() => isAnnounced(unasked.gossip, alice));
  return {
    btcd,
    alice,
    bob,
    chainHash,
    funding,
    shortChannelId,
    capacitySat,
    pinnedKey,
    before,
    asked: asked.takeGossip(),
    unasked: unasked.takeGossip(),
  };
}

/** The newest of what was announced live. @throws when something is missing */
export function channelGossipOf({ chainHash, asked }: LndPair): ChannelGossip {
  const latest = latestOf(chainHash, asked);
  const [announcement, one, two, first, second] = latest;
  if (
    latest.length !== 5 ||
    announcement?.type !== "channel_announcement" ||
    one?.type !== "channel_update" ||
    two?.type !== "channel_update" ||
    first?.type !== "node_announcement" ||
    second?.type !== "node_announcement"
  ) {
    throw new Error(`not what a channel has: ${latest.map(({ type }) => type).join()}`);
  }
  return { announcement, updates: [one, two], nodes: [first, second] };
}

const timeOf = (graph: Graph, lnd: Lnd): number =>
  graph.nodes.find(({ pub_key }) => pub_key === toHex(lnd.nodeId))?.last_update ?? 0;

async function announcedAt(lnd: Lnd): Promise<number> {
  return timeOf(await graphOf(lnd, false), lnd);
}
