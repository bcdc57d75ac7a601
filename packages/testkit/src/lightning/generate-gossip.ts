// A network that never was: nodes, channels between them, every signature valid.
import {
  type Address,
  chainHashOf,
  type ChainName,
  encodeMessage,
  featureVector,
  nodeKeyOf,
  signChannelAnnouncement,
  signChannelUpdate,
  type SignatureCrypto,
  type SignedGossip,
  signNodeAnnouncement,
  toShortChannelId,
} from "@satwire/lnwire";
import { createRng, type Rng } from "../determinism/rng.ts";
import { type QuickSignatures, quickSignatures } from "./quick-signatures.ts";

/** What `GossipStore.generate` makes. */
export interface GenerateGossipOptions {
  /** At least 2. */
  readonly nodes: number;
  readonly channels: number;
  /** Two runs with one seed give the same bytes. */
  readonly seed: number | string;
  /** @default "regtest" */
  readonly chain?: ChainName | undefined;
  /**
   * The newest timestamp used, seconds since 1970; the oldest is less than two weeks older.
   * @default 1 January 2026
   */
  readonly newest?: number | undefined;
  /**
   * How the signatures are made. False leaves them zero, for tests that check none.
   * @default valid ones, quickly, with nonces that repeat: worthless for keys that matter
   */
  readonly signatures?: SignatureCrypto | false | undefined;
}

const dayInSeconds = 86_400;

/** Blocks hold several channels each, as on a busy chain. */
const channelsInBlock = 3;
const firstBlock = 100_000;
const mostChannels = channelsInBlock * (2 ** 24 - firstBlock);

/** Making a public key is the most expensive part, so nodes share those of their funding outputs. */
const bitcoinKeyCount = 100;

/** Throws a RangeError for a network that there cannot be. */
export function checkGossipSize({ nodes, channels }: GenerateGossipOptions): void {
  if (!Number.isInteger(nodes) || nodes < 2) {
    throw new RangeError(`a network of ${nodes} nodes has no channels`);
  }
  if (!Number.isInteger(channels) || channels < 0 || channels > mostChannels) {
    throw new RangeError(`channels is ${channels}, expected 0 to ${mostChannels}`);
  }
}

/**
 * The frames of a network in an order that a store takes them in: each channel with an update in both directions,
 * then every node. Every node has a channel if there are at least `nodes - 1`.
 */
export function* generateFrames(options: GenerateGossipOptions): Generator<Uint8Array> {
  for (const message of generateMessages(options)) yield encodeMessage(message);
}

function* generateMessages(options: GenerateGossipOptions): Generator<SignedGossip> {
  const { nodes, channels, seed, chain = "regtest", newest = 1_767_225_600 } = options;
  const rng = createRng(seed);
  const quick = quickSignatures(rng.fork("keys"));
  const crypto = signerFor(options.signatures, quick);
  const chainHash = chainHashOf(chain);
  const age = (): number => newest - rng.int(0, 13 * dayInSeconds);
  const nodeKeys = quick.keys(nodes);
  const bitcoinKeys = quick.keys(bitcoinKeyCount);

  for (let i = 0; i < channels; i++) {
    const [a, b] = twoOf(rng, nodes, i);
    const keys = {
      nodeKey1: nodeKeys[a] as Uint8Array,
      nodeKey2: nodeKeys[b] as Uint8Array,
      bitcoinKey1: bitcoinKeys[a % bitcoinKeyCount] as Uint8Array,
      bitcoinKey2: bitcoinKeys[b % bitcoinKeyCount] as Uint8Array,
    };
    const shortChannelId = toShortChannelId({
      block: firstBlock + Math.floor(i / channelsInBlock),
      transaction: 1 + (i % channelsInBlock),
      output: rng.int(0, 3),
    });
    yield signChannelAnnouncement(
      { type: "channel_announcement", features: new Uint8Array(0), chainHash, shortChannelId },
      keys,
      { crypto },
    );
    const capacityMsat = BigInt(rng.int(20_000, 16_000_000)) * 1000n;
    for (const direction of [0, 1] as const) {
      const isDisabled = rng.chance(0.05);
      yield signChannelUpdate(
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
        nodeKeyOf(keys, direction, { crypto }),
        { crypto },
      );
    }
  }
  for (const [i, nodeKey] of nodeKeys.entries()) {
    yield signNodeAnnouncement(
      {
        type: "node_announcement",
        features: featureVector([1, 7, 9, 13, 15, 17, 23, 45]),
        timestamp: age(),
        rgbColor: rng.bytes(3),
        alias: padded(`node ${i}`, 32),
        addresses: someAddresses(rng),
      },
      nodeKey,
      { crypto },
    );
  }
}

/** Signs as asked for; the public keys are the same in any case. */
function signerFor(
  signatures: GenerateGossipOptions["signatures"],
  quick: QuickSignatures,
): SignatureCrypto {
  if (signatures === undefined) return quick;
  return {
    verify: (signature, hash, publicKey) => quick.verify(signature, hash, publicKey),
    publicKey: (key) => quick.publicKey(key),
    sign: (hash, key) => (signatures === false ? new Uint8Array(64) : signatures.sign(hash, key)),
  };
}

/** Two different nodes; the first channels run along a line, so that no node is left out. */
function twoOf(rng: Rng, nodes: number, channel: number): [number, number] {
  if (channel < nodes - 1) return [channel, channel + 1];
  const a = rng.int(0, nodes - 1);
  return [a, (a + rng.int(1, nodes - 1)) % nodes];
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
