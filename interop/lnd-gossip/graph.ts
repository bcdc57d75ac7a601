/** The graph as lnd's REST interface tells it, and the same told from messages. */
import {
  type ChannelUpdate,
  featureBits,
  formatAddress,
  type NodeAnnouncement,
  toHex,
} from "@satwire/lnwire";
import type { Lnd } from "../daemons/lnd.ts";

/** The terms of one end. */
export interface Policy {
  readonly time_lock_delta: number;
  readonly min_htlc: string;
  readonly fee_base_msat: string;
  readonly fee_rate_milli_msat: string;
  readonly disabled: boolean;
  readonly max_htlc_msat: string;
  readonly last_update: number;
  readonly inbound_fee_base_msat: number;
  readonly inbound_fee_rate_milli_msat: number;
}

/** A channel. */
export interface Edge {
  readonly channel_id: string;
  readonly chan_point: string;
  readonly node1_pub: string;
  readonly node2_pub: string;
  readonly capacity: string;
  readonly node1_policy: Policy | null;
  readonly node2_policy: Policy | null;
}

/** A node; without an announcement its `last_update` is 0. */
interface Node {
  readonly pub_key: string;
  readonly alias: string;
  readonly color: string;
  readonly addresses: readonly { readonly network: string; readonly addr: string }[];
  /** By bit. */
  readonly features: Readonly<Record<string, object>>;
  readonly last_update: number;
}

/** A node with nothing of its features but their bits. */
export type PlainNode = Omit<Node, "features"> & { readonly features: readonly number[] };

/** All that a node knows. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** `isPublic`: only what was announced. */
export function graphOf(lnd: Lnd, isPublic: boolean): Promise<Graph> {
  return lnd.rest(`/v1/graph?include_unannounced=${!isPublic}`);
}

/** lnd's number of the TLV record for fees of incoming HTLCs, two `s32`; bLIP 18. */
export const inboundFeeType = 55_555n;

/** What lnd has to say of an update. */
export function policyOf(update: ChannelUpdate): Policy {
  const fee = update.unknown?.find(({ type }) => type === inboundFeeType)?.value;
  const view = fee && new DataView(fee.buffer, fee.byteOffset, fee.length);
  return {
    time_lock_delta: update.cltvExpiryDelta,
    min_htlc: String(update.htlcMinimumMsat),
    fee_base_msat: String(update.feeBaseMsat),
    fee_rate_milli_msat: String(update.feeProportionalMillionths),
    disabled: (update.channelFlags & 2) !== 0,
    max_htlc_msat: String(update.htlcMaximumMsat),
    last_update: update.timestamp,
    inbound_fee_base_msat: view?.getInt32(0) ?? 0,
    inbound_fee_rate_milli_msat: view?.getInt32(4) ?? 0,
  };
}

/** What lnd has to say of a node. */
export function nodeOf(announcement: NodeAnnouncement): PlainNode {
  const { alias, addresses, features } = announcement;
  return {
    pub_key: toHex(announcement.nodeId),
    alias: Buffer.from(alias).toString("utf8").replace(/\0+$/, ""),
    color: `#${toHex(announcement.rgbColor)}`,
    addresses: addresses.map((address) => ({ network: "tcp", addr: formatAddress(address) ?? "" })),
    features: featureBits(features),
    last_update: announcement.timestamp,
  };
}

/** What lnd says of a node. */
export async function nodeAt(lnd: Lnd, nodeId: Uint8Array): Promise<PlainNode> {
  const { node } = await lnd.rest<{ readonly node: Node }>(`/v1/graph/node/${toHex(nodeId)}`);
  const { pub_key, alias, color, addresses, last_update } = node;
  const features = Object.keys(node.features).map(Number);
  return { pub_key, alias, color, addresses, features, last_update };
}

/** What lnd says of a channel. */
export function edgeAt(lnd: Lnd, shortChannelId: bigint): Promise<Edge> {
  return lnd.rest<Edge>(`/v1/graph/edge/${shortChannelId}`);
}
