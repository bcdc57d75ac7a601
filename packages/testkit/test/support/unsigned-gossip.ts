// Gossip without signatures, for tests that only look at ids, times and order.
import {
  type ChannelAnnouncement,
  chainHashOf,
  type ChannelUpdate,
  type NodeAnnouncement,
  toShortChannelId,
} from "@satwire/lnwire";

export const regtest: Uint8Array = chainHashOf("regtest");

/** The n-th channel id of a block. */
export const idIn = (block: number, n = 0): bigint =>
  toShortChannelId({ block, transaction: n, output: 0 });

/** A node id that is no point on the curve. */
export function nodeId(n: number): Uint8Array {
  const id = new Uint8Array(33);
  id[0] = 2;
  new DataView(id.buffer).setUint32(1, n);
  return id;
}

export function announcement(
  shortChannelId: bigint,
  { one = 1, two = 2, chainHash = regtest } = {},
): ChannelAnnouncement {
  return {
    type: "channel_announcement",
    nodeSignature1: new Uint8Array(64),
    nodeSignature2: new Uint8Array(64),
    bitcoinSignature1: new Uint8Array(64),
    bitcoinSignature2: new Uint8Array(64),
    features: new Uint8Array(0),
    chainHash,
    shortChannelId,
    nodeId1: nodeId(one),
    nodeId2: nodeId(two),
    bitcoinKey1: nodeId(one),
    bitcoinKey2: nodeId(two),
  };
}

export function update(
  shortChannelId: bigint,
  direction: 0 | 1,
  timestamp: number,
  { feeBaseMsat = 0, chainHash = regtest } = {},
): ChannelUpdate {
  return {
    type: "channel_update",
    signature: new Uint8Array(64),
    chainHash,
    shortChannelId,
    timestamp,
    messageFlags: 1,
    channelFlags: direction,
    cltvExpiryDelta: 40,
    htlcMinimumMsat: 1n,
    feeBaseMsat,
    feeProportionalMillionths: 0,
    htlcMaximumMsat: 1000n,
  };
}

export function node(n: number, timestamp: number): NodeAnnouncement {
  return {
    type: "node_announcement",
    signature: new Uint8Array(64),
    features: new Uint8Array(0),
    timestamp,
    nodeId: nodeId(n),
    rgbColor: new Uint8Array(3),
    alias: new Uint8Array(32),
    addresses: [],
  };
}
