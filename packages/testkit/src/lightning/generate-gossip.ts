// A network that never was: nodes, channels between them, every signature valid.
import {
  type Address,
  chainHashOf,
  type ChainName,
  featureVector,
  nobleSignatures,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toShortChannelId,
} from "@satwire/lnwire";
import { GossipStore } from "./gossip-store.ts";
import { createRng, type Rng } from "../determinism/rng.ts";

/** What {@link generateGossip} makes. */
export interface GenerateGossipOptions {
  /** At least 2. */
  readonly nodes: number;
  readonly channels: number;
  /** Two runs with one seed give the same bytes. */
  readonly seed: number | string;
  /** @default "regtest" */
  readonly chain?: ChainName | undefined;
  /**
   * The newest timestamp used, seconds since 1970.
   * @default 1 January 2026
   */
  readonly newest?: number | undefined;
}

const dayInSeconds = 86_400;

/**
 * Makes a gossip store with valid signatures: every node announced, every channel with an update in
 * both directions; every node has a channel if there are at least `nodes - 1`. Costs a few
 * milliseconds per channel, nearly all of them for signatures.
 *
 * @throws RangeError for fewer than two nodes
 * @example
 * ```ts
 * const store = generateGossip({ nodes: 20, channels: 100, seed: 7 });
 * ```
 */
export function generateGossip(options: GenerateGossipOptions): GossipStore {
  const { nodes, channels, seed, chain = "regtest", newest = 1_767_225_600 } = options;
  if (!(nodes >= 2)) throw new RangeError(`a network of ${nodes} nodes has no channels`);
  const rng = createRng(seed);
  const chainHash = chainHashOf(chain);
  const store = new GossipStore(chainHash);
  const keys = Array.from({ length: nodes }, (_, i) => privateKey(rng.fork(`node ${i}`)));
  const age = (): number => newest - rng.int(0, 13 * dayInSeconds);

  for (let i = 0; i < channels; i++) {
    const [a, b] = twoOf(rng, keys.length, i);
    // Blocks hold several channels each, as on a busy chain.
    const shortChannelId = toShortChannelId({
      block: 100_000 + Math.floor(i / 3),
      transaction: 1 + (i % 3),
      output: rng.int(0, 3),
    });
    const channelRng = rng.fork(`channel ${i}`);
    const announcement = signChannelAnnouncement(
      { type: "channel_announcement", features: new Uint8Array(0), chainHash, shortChannelId },
      {
        nodeKey1: keys[a] as Uint8Array,
        nodeKey2: keys[b] as Uint8Array,
        bitcoinKey1: privateKey(channelRng.fork("one")),
        bitcoinKey2: privateKey(channelRng.fork("two")),
      },
    );
    store.add(announcement);
    const capacityMsat = BigInt(rng.int(20_000, 16_000_000)) * 1000n;
    const [first, second] = ends(announcement.nodeId1, [a, b], keys);
    for (const [direction, key] of [first, second].entries()) {
      const isDisabled = rng.chance(0.05);
      store.add(
        signChannelUpdate(
          {
            type: "channel_update",
            chainHash,
            shortChannelId,
            timestamp: age(),
            messageFlags: 1,
            channelFlags: direction | (isDisabled ? 2 : 0),
            cltvExpiryDelta: rng.pick([34, 40, 80, 144]),
            htlcMinimumMsat: rng.pick([1n, 1000n]),
            feeBaseMsat: rng.pick([0, 1, 1000]),
            feeProportionalMillionths: rng.int(0, 2500),
            htlcMaximumMsat: (capacityMsat * 99n) / 100n,
          },
          key,
        ),
      );
    }
  }
  for (const [i, key] of keys.entries()) {
    store.add(
      signNodeAnnouncement(
        {
          type: "node_announcement",
          features: featureVector([1, 7, 9, 13, 15, 17, 23, 45]),
          timestamp: age(),
          rgbColor: rng.bytes(3),
          alias: padded(`node ${i}`, 32),
          addresses: someAddresses(rng),
        },
        key,
      ),
    );
  }
  return store;
}

function privateKey(rng: Rng): Uint8Array {
  const key = rng.bytes(32);
  key[0] = ((key[0] as number) & 0x7f) | 1; // above zero and below the order of the curve
  return key;
}

/** Two different nodes; the first channels run along a line, so that no node is left out. */
function twoOf(rng: Rng, nodes: number, channel: number): [number, number] {
  if (channel < nodes - 1) return [channel, channel + 1];
  const a = rng.int(0, nodes - 1);
  return [a, (a + rng.int(1, nodes - 1)) % nodes];
}

/** The private keys of node 1 and node 2 of an announcement. */
function ends(
  nodeId1: Uint8Array,
  [a, b]: readonly [number, number],
  keys: readonly Uint8Array[],
): [Uint8Array, Uint8Array] {
  const [keyA, keyB] = [keys[a] as Uint8Array, keys[b] as Uint8Array];
  const isOne = nobleSignatures.publicKey(keyA).every((byte, i) => byte === nodeId1[i]);
  return isOne ? [keyA, keyB] : [keyB, keyA];
}

function someAddresses(rng: Rng): Address[] {
  const addresses: Address[] = [];
  if (rng.chance(0.7)) addresses.push({ type: "ipv4", address: rng.bytes(4), port: 9735 });
  if (rng.chance(0.3)) addresses.push({ type: "ipv6", address: rng.bytes(16), port: 9735 });
  if (rng.chance(0.5)) {
    const address = rng.bytes(35);
    address[34] = 3; // the version of the onion service
    addresses.push({ type: "torv3", address, port: 9735 });
  }
  if (rng.chance(0.1)) addresses.push({ type: "dns", hostname: "node.example", port: 9735 });
  return addresses;
}

function padded(text: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(text));
  return bytes;
}
