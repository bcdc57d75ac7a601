// BOLT 2 "Defined Channel Types": even feature bits in the `channel_type` of `open_channel`, not in any combination.
import type { FeatureName } from "./feature-table.ts";
import { featureBits, featureVector } from "./feature-vector.ts";

/** What the commitment transactions of a channel look like, by the feature that says so. */
export type ChannelTypeName = Extract<
  FeatureName,
  // BOLT 2
  | "option_static_remotekey"
  | "option_anchors"
  // beyond it
  | "option_anchor_outputs"
  | "zero_fee_commitments"
  | "anchor_zero_fee_commitments_staging"
  | "simple_taproot_chans"
  | "simple_taproot_chans_x"
  | "script_enforced_lease"
  | "taproot_overlay_chans"
>;

/** A channel type: one of the basic types and its variations. */
export interface ChannelType {
  readonly name: ChannelTypeName;
  /** Payments are routed by alias only; not for channels that are announced. */
  readonly scidAlias: boolean;
  /** The channel may be used before its funding transaction is confirmed. */
  readonly zeroconf: boolean;
}

const scidAliasBit = 46;
const zeroconfBit = 50;

const basicTypes: Readonly<Record<ChannelTypeName, readonly number[]>> = {
  option_static_remotekey: [12],
  option_anchors: [12, 22],
  option_anchor_outputs: [12, 20],
  zero_fee_commitments: [40],
  anchor_zero_fee_commitments_staging: [140],
  simple_taproot_chans: [80],
  simple_taproot_chans_x: [180],
  script_enforced_lease: [12, 22, 2022],
  taproot_overlay_chans: [2026],
};

/** The variations of a channel type, as in {@link ChannelType}. */
export interface ChannelTypeVariations {
  /** @default false */
  readonly scidAlias?: boolean | undefined;
  /** @default false */
  readonly zeroconf?: boolean | undefined;
}

/** The `channel_type` of a channel, in the shortest form. */
export function channelTypeVector(
  name: ChannelTypeName,
  { scidAlias = false, zeroconf = false }: ChannelTypeVariations = {},
): Uint8Array {
  const bits = [...basicTypes[name]];
  if (scidAlias) bits.push(scidAliasBit);
  if (zeroconf) bits.push(zeroconfBit);
  return featureVector(bits);
}

/** What a `channel_type` stands for; undefined if it is none of the known ones, or has optional bits. */
export function channelTypeOf(vector: Uint8Array): ChannelType | undefined {
  const bits = featureBits(vector);
  const basic = bits.filter((bit) => bit !== scidAliasBit && bit !== zeroconfBit).join();
  const names = Object.keys(basicTypes) as ChannelTypeName[];
  const name = names.find((candidate) => basicTypes[candidate].join() === basic);
  if (name === undefined) return undefined;
  return { name, scidAlias: bits.includes(scidAliasBit), zeroconf: bits.includes(zeroconfBit) };
}
