// Fifty nodes that tell each other of channels while their network falls apart and comes back.
import { sleep } from "@satwire/actor";
import { chainHashOf, equalBytes, type SignedGossip } from "@satwire/lnwire";
import {
  AssertionError,
  GossipStore,
  LoopbackLightningNode,
  type Rng,
  type SimHost,
  simulate,
  type Simulation,
  type SimulationReport,
} from "@satwire/testkit";

const hostCount = 50;
/** Connections besides those of the ring. */
const chords = 10;
const outageMs = 20_000;
const patienceMs = 600_000;

/** The news: each channel with its updates and the nodes at its ends. */
const news: readonly (readonly SignedGossip[])[] = bundles(
  GossipStore.generate({ nodes: 3, channels: 4, seed: "news", signatures: false }),
);

const expectedSize = new Set(news.flat()).size;

/** A node on a host of the simulated network, which dials the same peers again whenever it loses them. */
class GossipHost {
  readonly host: SimHost;
  readonly peers: GossipHost[] = [];
  readonly #simulation: Simulation;
  readonly #privateKey: Uint8Array;
  readonly #rng: Rng;
  node: LoopbackLightningNode;
  #life = new AbortController();

  constructor(simulation: Simulation, name: string) {
    this.#simulation = simulation;
    this.host = simulation.network.host(name);
    this.#rng = simulation.rng.fork(name);
    this.#privateKey = simulation.crypto.randomPrivateKey();
    this.node = this.#newNode();
  }

  get store(): GossipStore {
    return this.node.gossip;
  }

  async start(): Promise<void> {
    const { host } = this;
    await this.node.listen({ listen: host.listen, address: host.address(9735) });
    for (const peer of this.peers) void this.#keepConnected(peer, this.#life.signal);
  }

  /** Dies with all it knows. */
  crash(): void {
    this.#life.abort();
    this.#simulation.network.crash(this.host);
    void this.node.close();
  }

  /** Comes back with nothing but its key. */
  async restart(): Promise<void> {
    this.#simulation.network.restart(this.host);
    this.#life = new AbortController();
    this.node = this.#newNode();
    await this.start();
  }

  stop(): void {
    this.#life.abort();
  }

  #newNode(): LoopbackLightningNode {
    const { crypto, clock } = this.#simulation;
    const gossip = new GossipStore(chainHashOf("regtest"));
    return new LoopbackLightningNode({
      privateKey: this.#privateKey,
      gossip,
      relaysGossip: true,
      crypto,
      clock,
    });
  }

  async #keepConnected(peer: GossipHost, signal: AbortSignal): Promise<void> {
    const { clock } = this.#simulation;
    const { dialer } = this.host;
    while (!signal.aborted) {
      try {
        const target = { publicKey: peer.node.publicKey, address: peer.host.address(9735) };
        const connection = await this.node.dial(target, { dialer, signal });
        await connection.closed;
      } catch {
        // tried again below
      }
      if (!signal.aborted) await sleep(clock, this.#rng.int(500, 1500));
    }
  }
}

/** One seed: see the steps. */
async function gossipStory(simulation: Simulation): Promise<void> {
  const { network, clock, note } = simulation;
  const rng = simulation.rng.fork("story");
  const hosts = Array.from({ length: hostCount }, (_, i) => new GossipHost(simulation, `n${i}`));
  for (const [i, host] of hosts.entries())
    host.peers.push(hosts[(i + 1) % hostCount] as GossipHost);
  for (let i = 0; i < chords; i++) {
    const [one, other] = rng.shuffle(hosts);
    if (one !== undefined && other !== undefined) one.peers.push(other);
  }
  for (const host of hosts) await host.start();
  await until(simulation, 10_000, () =>
    hosts.every(
      ({ node, peers }) => node.connections.filter(({ isReady }) => isReady).length >= peers.length,
    ),
  );

  const order = rng.shuffle(hosts);
  const [left, right] = [order.slice(0, hostCount / 2), order.slice(hostCount / 2)];
  const named = (group: readonly GossipHost[]): SimHost[] => group.map(({ host }) => host);
  const cut = network.partition(named(left), named(right));
  const oneWay = network.partition(named(left.slice(0, 8)), named(left.slice(8, 16)), {
    oneWay: true,
  });
  const unlucky = rng.pick(right);
  const lucky = right.filter((host) => host !== unlucky);

  // Half of the news on either side, each at some host and some time.
  const half = news.length / 2;
  for (const [i, bundle] of news.entries()) {
    const { store } = rng.pick(i < half ? left : lucky);
    clock.setTimer(() => void store.addAll(bundle), rng.int(0, outageMs / 2));
  }
  clock.setTimer(() => unlucky.crash(), rng.int(0, outageMs / 2));
  await sleep(clock, outageMs);

  const idsOf = (bundlesOf: typeof news): bigint[] => bundlesOf.flatMap(channelIds);
  const [ours, theirs] = [idsOf(news.slice(0, half)), idsOf(news.slice(half))];
  for (const [group, own, foreign] of [
    [left, ours, theirs],
    [lucky, theirs, ours],
  ] as const) {
    const known = group.map(
      ({ store }) => own.filter((id) => store.channel(id) !== undefined).length,
    );
    if (Math.max(...known) === 0) throw new AssertionError("no news spread on one side");
    for (const { host, store } of group) {
      const crossed = foreign.filter((id) => store.channel(id) !== undefined);
      if (crossed.length > 0)
        throw new AssertionError(`${host.name} heard of ${crossed.join()} too early`);
    }
  }

  oneWay[Symbol.dispose]();
  cut[Symbol.dispose]();
  await unlucky.restart();
  const healedAt = clock.now();
  await until(simulation, patienceMs, () =>
    hosts.every(({ store }) => sizeOf(store) >= expectedSize),
  );
  const [one] = hosts as [GossipHost];
  const expected = one.store.save();
  for (const { host, store } of hosts) {
    if (!equalBytes(store.save(), expected)) {
      throw new AssertionError(`${host.name} knows something else`);
    }
  }
  note(`${expectedSize} messages everywhere ${clock.now() - healedAt} ms after the repair`);
  for (const host of hosts) host.stop();
}

/** The story for some seeds, and the same again. */
export async function gossipSimulation(
  seed: number,
  runs: number,
): Promise<readonly [first: SimulationReport, second: SimulationReport]> {
  const network = { defaults: { latencyMs: [5, 80], jitterMs: 20 } } as const;
  const run = (): Promise<SimulationReport> =>
    simulate("gossip of 50 nodes", gossipStory, { seed, runs, network });
  return [await run(), await run()];
}

/** Whether the environment says which seeds run, and how many. */
export function isChosen(): boolean {
  return ["TESTKIT_SEED", "TESTKIT_RUNS"].some((name) => process.env[name] !== undefined);
}

async function until({ clock }: Simulation, withinMs: number, isMet: () => boolean): Promise<void> {
  const endsAt = clock.now() + withinMs;
  while (!isMet()) {
    if (clock.now() >= endsAt) throw new AssertionError(`it took more than ${withinMs} ms`);
    await sleep(clock, 250);
  }
}

function sizeOf(store: GossipStore): number {
  return [...store].length;
}

function channelIds(bundle: readonly SignedGossip[]): bigint[] {
  return bundle.flatMap((message) =>
    message.type === "channel_announcement" ? [message.shortChannelId] : [],
  );
}

function bundles(store: GossipStore): SignedGossip[][] {
  return store.channelIds.map((id) => {
    const channel = store.channel(id);
    if (channel === undefined) return [];
    const { announcement, updates } = channel;
    const ends = [store.node(announcement.nodeId1), store.node(announcement.nodeId2)];
    return [announcement, ...updates, ...ends].filter((message) => message !== undefined);
  });
}
