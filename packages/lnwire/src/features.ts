// BOLT 9: feature bits as a byte string, bit 0 is the lowest bit of the last byte. Bits come in pairs:
// even means required, odd means optional. Everything here is a pure function on such byte strings.
import { FeatureError } from "./errors.ts";

/** A feature of BOLT 9: the even bit of its pair, where it may be set, and what it needs. */
export interface Feature {
  /** The even bit; the odd one follows. */
  readonly bit: number;
  /** Where it may be presented; empty for `gossip_queries` and what every node is assumed to have. */
  readonly contexts: readonly FeatureContext[];
  readonly dependencies: readonly FeatureName[];
}

/** `I`nit, `N`ode announcement, BOLT 11 invoice (`9`), blinded path (`B`), channel `T`ype. */
export type FeatureContext = "I" | "N" | "9" | "B" | "T";

/** Every feature that BOLT 9 assigns. */
export type FeatureName =
  | "option_data_loss_protect"
  | "option_upfront_shutdown_script"
  | "gossip_queries"
  | "var_onion_optin"
  | "gossip_queries_ex"
  | "option_static_remotekey"
  | "payment_secret"
  | "basic_mpp"
  | "option_support_large_channel"
  | "option_anchors"
  | "option_route_blinding"
  | "option_shutdown_anysegwit"
  | "option_dual_fund"
  | "option_quiesce"
  | "option_attribution_data"
  | "option_onion_messages"
  | "option_provide_storage"
  | "option_channel_type"
  | "option_scid_alias"
  | "option_payment_metadata"
  | "option_zeroconf"
  | "option_simple_close"
  | "option_splice";

const feature = (bit: number, contexts: string, ...dependencies: FeatureName[]): Feature => ({
  bit,
  contexts: contexts.split("") as FeatureContext[],
  dependencies,
});

/** The table of BOLT 9. */
export const features: Readonly<Record<FeatureName, Feature>> = /* @__PURE__ */ (() => ({
  option_data_loss_protect: feature(0, ""),
  option_upfront_shutdown_script: feature(4, "IN"),
  gossip_queries: feature(6, ""),
  var_onion_optin: feature(8, ""),
  gossip_queries_ex: feature(10, "IN"),
  option_static_remotekey: feature(12, ""),
  payment_secret: feature(14, ""),
  basic_mpp: feature(16, "IN9", "payment_secret"),
  option_support_large_channel: feature(18, "IN"),
  option_anchors: feature(22, "INT"),
  option_route_blinding: feature(24, "IN9"),
  option_shutdown_anysegwit: feature(26, "IN"),
  option_dual_fund: feature(28, "IN"),
  option_quiesce: feature(34, "IN"),
  option_attribution_data: feature(36, "IN9"),
  option_onion_messages: feature(38, "IN"),
  option_provide_storage: feature(42, "IN"),
  option_channel_type: feature(44, ""),
  option_scid_alias: feature(46, "INT"),
  option_payment_metadata: feature(48, "9"),
  option_zeroconf: feature(50, "INT", "option_scid_alias"),
  option_simple_close: feature(60, "IN", "option_shutdown_anysegwit"),
  option_splice: feature(62, "IN"),
}))();

/** The highest bit that fits a message. */
const maxBit = 65535 * 8 - 1;

/**
 * The shortest byte string with these bits set.
 *
 * @throws FeatureError `invalid_bit` for a bit that is negative, fractional or beyond a message.
 */
export function featureVector(bits: Iterable<number>): Uint8Array {
  const list = [...bits];
  for (const bit of list) {
    if (!Number.isInteger(bit) || bit < 0 || bit > maxBit) {
      throw new FeatureError("invalid_bit", `${bit} is no feature bit`, { bits: [bit] });
    }
  }
  const vector = new Uint8Array(
    list.length === 0 ? 0 : (list.reduce((a, b) => Math.max(a, b)) >> 3) + 1,
  );
  for (const bit of list) vector[vector.length - 1 - (bit >> 3)]! |= 1 << (bit & 7);
  return vector;
}

/** The bits that are set, ascending. */
export function featureBits(vector: Uint8Array): number[] {
  const bits: number[] = [];
  for (let i = vector.length - 1; i >= 0; i--) {
    const byte = vector[i] as number;
    for (let bit = 0; bit < 8; bit++) {
      if ((byte >> bit) & 1) bits.push((vector.length - 1 - i) * 8 + bit);
    }
  }
  return bits;
}

/** Whether one bit is set. */
export function hasFeatureBit(vector: Uint8Array, bit: number): boolean {
  const byte = vector[vector.length - 1 - (bit >> 3)];
  return byte !== undefined && ((byte >> (bit & 7)) & 1) === 1;
}

/** Whether a feature is offered, be it as required or as optional. */
export function hasFeature(vector: Uint8Array, name: FeatureName): boolean {
  const { bit } = features[name];
  return hasFeatureBit(vector, bit) || hasFeatureBit(vector, bit + 1);
}

/** Bitwise OR of two sets, as `init` needs it for `globalfeatures` and `features`. */
export function joinFeatures(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.max(a.length, b.length));
  for (const vector of [a, b]) {
    const shift = joined.length - vector.length;
    for (const [i, byte] of vector.entries()) joined[shift + i]! |= byte;
  }
  return joined;
}

/** The name of the feature that a bit belongs to, if BOLT 9 assigns it. */
export function featureNameOf(bit: number): FeatureName | undefined {
  const even = bit & ~1;
  return (Object.keys(features) as FeatureName[]).find((name) => features[name].bit === even);
}

/** A line per set bit, such as `option_anchors (optional, 23)` or `unknown (required, 260)`. */
export function describeFeatures(vector: Uint8Array): string[] {
  return featureBits(vector).map((bit) => {
    const necessity = bit % 2 === 0 ? "required" : "optional";
    return `${featureNameOf(bit) ?? "unknown"} (${necessity}, ${bit})`;
  });
}

/** A feature that both sides offered, or that we required (BOLT 1: "negotiated"). */
export function isNegotiated(ours: Uint8Array, theirs: Uint8Array, name: FeatureName): boolean {
  return (
    hasFeatureBit(ours, features[name].bit) || (hasFeature(ours, name) && hasFeature(theirs, name))
  );
}

/** Which bits of a peer we can live with, besides those of BOLT 9. */
export interface CheckFeaturesOptions {
  /** Even bits beyond BOLT 9 that are understood, for experiments. */
  readonly alsoKnown?: Iterable<number> | undefined;
  /** Our own features: those we require must be offered by the peer. */
  readonly required?: Uint8Array | undefined;
}

/**
 * Checks the features of a peer's `init` (BOLT 1 and 9).
 *
 * @throws FeatureError `unknown_required` for an even bit nobody assigned, `missing_dependency` if a
 * feature lacks one that it needs, `not_offered` if the peer lacks what we require.
 */
export function checkFeatures(
  theirs: Uint8Array,
  { alsoKnown = [], required = new Uint8Array(0) }: CheckFeaturesOptions = {},
): void {
  const known = new Set(Object.values(features).map(({ bit }) => bit));
  for (const bit of alsoKnown) known.add(bit & ~1);
  const unknown = featureBits(theirs).filter((bit) => bit % 2 === 0 && !known.has(bit));
  if (unknown.length > 0) {
    const text = `the peer requires unknown features ${listed(unknown)}`;
    throw new FeatureError("unknown_required", text, { bits: unknown });
  }
  for (const name of Object.keys(features) as FeatureName[]) {
    if (!hasFeature(theirs, name)) continue;
    const missing = features[name].dependencies.filter((needed) => !hasFeature(theirs, needed));
    if (missing.length > 0) {
      const text = `the peer's ${name} lacks ${missing.join(", ")}`;
      throw new FeatureError("missing_dependency", text, {
        bits: missing.map((needed) => features[needed].bit),
      });
    }
  }
  const notOffered = featureBits(required).filter(
    (bit) => bit % 2 === 0 && !hasFeatureBit(theirs, bit) && !hasFeatureBit(theirs, bit + 1),
  );
  if (notOffered.length > 0) {
    const text = `the peer lacks the required features ${listed(notOffered)}`;
    throw new FeatureError("not_offered", text, { bits: notOffered });
  }
}

// A peer chooses how many bits it sets: half a million of them fit an `init`.
function listed(bits: readonly number[]): string {
  const shown = bits.slice(0, 8).join(", ");
  return bits.length > 8 ? `${shown} and ${bits.length - 8} more` : shown;
}
