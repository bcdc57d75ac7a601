// The requirements of BOLT 1 and 9 on a set of features: a peer's, one's own, and two side by side.
import { FeatureError } from "./errors.ts";
import {
  type FeatureContext,
  type FeatureName,
  featureNameOf,
  featureNames,
  features,
} from "./feature-table.ts";
import { featureBits, hasFeatureBit, requiredBits } from "./feature-vector.ts";
import { dependenciesOf, hasFeature } from "./features.ts";

/** Which bits of a peer we can live with, besides those of BOLT 9. */
export interface CheckFeaturesOptions {
  /**
   * Bits beyond BOLT 9 that are understood, either of a pair: those of {@link features}, whose dependencies are
   * then known too, or those of one's own experiments.
   */
  readonly alsoKnown?: Iterable<number> | undefined;
  /**
   * Our own features: those we require must be offered by the peer. Not those that are ASSUMED: BOLT 9 lets a
   * peer leave their bits out, although LDK and eclair close on it.
   */
  readonly required?: Uint8Array | undefined;
}

/**
 * Checks the features of a peer's `init` (BOLT 1 and 9). A pair of which both bits are set counts as required.
 *
 * @throws FeatureError `unknown_required` for an even bit that neither BOLT 9 nor `alsoKnown` has,
 * `missing_dependency` if a known feature lacks one that it needs, directly or not, `not_offered` if the peer
 * lacks what we require.
 */
export function checkFeatures(
  theirs: Uint8Array,
  { alsoKnown = [], required = new Uint8Array(0) }: CheckFeaturesOptions = {},
): void {
  const names = new Set(bolt9Names());
  const bits = new Set<number>();
  for (const bit of alsoKnown) {
    const name = featureNameOf(bit);
    if (name === undefined) bits.add(bit - (bit % 2));
    else for (const known of [name, ...dependenciesOf(name)]) names.add(known);
  }
  for (const name of names) bits.add(features[name].bit);
  const unknown = requiredBits(theirs).filter((bit) => !bits.has(bit));
  if (unknown.length > 0) {
    const text = `the peer requires unknown features ${listed(unknown)}`;
    throw new FeatureError("unknown_required", text, { bits: unknown });
  }
  checkDependencies(theirs, names, "the peer's ");
  const { notOffered } = lackOf(theirs, required);
  if (notOffered.length > 0) {
    const text = `the peer lacks the required features ${listed(notOffered)}`;
    throw new FeatureError("not_offered", text, { bits: notOffered });
  }
}

/** A field that features are presented in. */
export type FeatureField = Exclude<FeatureContext, "C-" | "C+">;

/** Where one's own features are going to be presented. */
export interface CheckOwnFeaturesOptions {
  /** @default "I" */
  readonly context?: FeatureField | undefined;
}

/**
 * Checks features before they are sent (BOLT 9, "the origin node"). The dependencies are those of all origins,
 * the contexts only BOLT 9's: bits beyond it may be anywhere that they fit. A channel type has even bits only, and needs none
 * of the dependencies: BOLT 2 lists which there are, see {@link channelTypeOf}.
 *
 * @throws FeatureError `both_bits` if a pair is set twice, `wrong_context` for a bit that may not be there,
 * `missing_dependency` if a feature lacks one that it needs, directly or not.
 */
export function checkOwnFeatures(
  ours: Uint8Array,
  { context = "I" }: CheckOwnFeaturesOptions = {},
): void {
  const twice = requiredBits(ours).filter(
    (bit) => hasFeatureBit(ours, bit + 1) || hasFeatureBit(ours, optionalBitOf(bit)),
  );
  if (twice.length > 0) {
    const text = `required and optional at once: the pairs of ${listed(twice)}`;
    throw new FeatureError("both_bits", text, { bits: twice });
  }
  const misplaced = featureBits(ours).filter((bit) => !mayPresent(bit, context));
  if (misplaced.length > 0) {
    const text = `features ${listed(misplaced)} may not be in the context ${context}`;
    throw new FeatureError("wrong_context", text, { bits: misplaced });
  }
  if (context !== "T") checkDependencies(ours, featureNames, "");
}

/** What one side lacks for the other, see {@link compareFeatures}. */
export interface FeatureLack {
  /** Even bits of the other side that this side does not offer, without those that are ASSUMED. */
  readonly notOffered: readonly number[];
  /** Those that are ASSUMED: fine by BOLT 9, but LDK and eclair close on any of them. */
  readonly notOfferedAssumed: readonly number[];
  /** What the features of BOLT 9 that this side offers need, and what it does not offer. */
  readonly missingDependencies: readonly FeatureName[];
}

/** What two sets of features mean for each other. */
export interface FeatureComparison {
  /** Whether neither side has a reason to close by the BOLTs: nothing lacks but what is ASSUMED. */
  readonly isCompatible: boolean;
  /** What both offer, by name, in the order of the table. */
  readonly negotiated: readonly FeatureName[];
  readonly ours: FeatureLack;
  readonly theirs: FeatureLack;
}

/**
 * Says whether two nodes would get along, and if not, why: as {@link checkFeatures} of both sides, if each
 * understands just what it offers. Swapping the two swaps `ours` and `theirs`.
 */
export function compareFeatures(ours: Uint8Array, theirs: Uint8Array): FeatureComparison {
  const lacks = { ours: lackOf(ours, theirs), theirs: lackOf(theirs, ours) };
  return {
    isCompatible: [lacks.ours, lacks.theirs].every(
      ({ notOffered, missingDependencies }) => notOffered.length + missingDependencies.length === 0,
    ),
    negotiated: featureNames.filter((name) => hasFeature(ours, name) && hasFeature(theirs, name)),
    ...lacks,
  };
}

/** The highest bit of an invoice: BOLT 11 gives a field up to 1023 groups of five bits. */
const maxInvoiceBit = 1023 * 5 - 1;

// BOLT 9 says of these no more where they are presented. They are what every node sets, where earlier revisions
// had them; 12 is also in the channel types of BOLT 2.
const unlisted: { readonly [name in FeatureName]?: readonly FeatureContext[] } = {
  option_data_loss_protect: ["I", "N"],
  gossip_queries: ["I", "N"],
  var_onion_optin: ["I", "N", "9"],
  option_static_remotekey: ["I", "N", "T"],
  payment_secret: ["I", "N", "9"],
  option_channel_type: ["I", "N"],
};

function mayPresent(bit: number, field: FeatureField): boolean {
  if (field === "T" && bit % 2 === 1) return false;
  if (field === "9" && bit > maxInvoiceBit) return false;
  const name = featureNameOf(bit);
  if (name === undefined || features[name].origin !== "bolt9") return true;
  return isPresentable(unlisted[name] ?? features[name].contexts, bit, field);
}

/** Whether a bit may be in a field by the contexts of its feature. */
export function isPresentable(
  contexts: readonly FeatureContext[],
  bit: number,
  field: FeatureField,
): boolean {
  const paired = bit % 2 === 0 ? "C+" : "C-";
  return contexts.includes(field) || (field === "C" && contexts.includes(paired));
}

function bolt9Names(): FeatureName[] {
  return featureNames.filter((name) => features[name].origin === "bolt9");
}

function optionalBitOf(bit: number): number {
  const name = featureNameOf(bit);
  return name === undefined ? bit + 1 : features[name].optionalBit;
}

function isAssumed(bit: number): boolean {
  const name = featureNameOf(bit);
  return name !== undefined && features[name].isAssumed;
}

function checkDependencies(vector: Uint8Array, names: Iterable<FeatureName>, whose: string): void {
  for (const name of names) {
    const missing = missingOf(vector, name);
    if (missing.length > 0) {
      throw new FeatureError("missing_dependency", `${whose}${name} lacks ${missing.join(", ")}`, {
        bits: missing.map((needed) => features[needed].bit),
      });
    }
  }
}

function missingOf(vector: Uint8Array, name: FeatureName): FeatureName[] {
  if (!hasFeature(vector, name)) return [];
  return dependenciesOf(name).filter((needed) => !hasFeature(vector, needed));
}

function lackOf(side: Uint8Array, other: Uint8Array): FeatureLack {
  const missing = requiredBits(other).filter(
    (bit) => !hasFeatureBit(side, bit) && !hasFeatureBit(side, optionalBitOf(bit)),
  );
  return {
    notOffered: missing.filter((bit) => !isAssumed(bit)),
    notOfferedAssumed: missing.filter(isAssumed),
    missingDependencies: [...new Set(bolt9Names().flatMap((name) => missingOf(side, name)))],
  };
}

// A peer chooses how many bits it sets: half a million of them fit an `init`.
function listed(bits: readonly number[]): string {
  const shown = bits.slice(0, 8).join(", ");
  return bits.length > 8 ? `${shown} and ${bits.length - 8} more` : shown;
}
