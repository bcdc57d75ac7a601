// Features by name: what a byte string of feature bits says, and what a feature needs.
import {
  type Feature,
  type FeatureName,
  featureNameOf,
  featureNames,
  features,
} from "./feature-table.ts";
import {
  featureBits,
  featureVector,
  hasFeatureBit,
  joinFeatures,
  trimFeatures,
} from "./feature-vector.ts";

/** Whether a feature is offered, be it as required or as optional. */
export function hasFeature(vector: Uint8Array, name: FeatureName): boolean {
  const { bit, optionalBit } = features[name];
  return hasFeatureBit(vector, bit) || hasFeatureBit(vector, optionalBit);
}

/**
 * A line per set bit: `option_anchors (optional, 23)`, with the origin if it is not BOLT 9, such as
 * `keysend (optional, 55, blip)`, or `unknown (required, 1000)`.
 */
export function describeFeatures(vector: Uint8Array): string[] {
  return featureBits(vector).map((bit) => {
    const necessity = bit % 2 === 0 ? "required" : "optional";
    const name = featureNameOf(bit);
    const origin = name === undefined ? "bolt9" : features[name].origin;
    const rest = origin === "bolt9" ? "" : `, ${origin}`;
    return `${name ?? "unknown"} (${necessity}, ${bit}${rest})`;
  });
}

/**
 * Whether both sides offered a feature, or we required it (BOLT 1: "negotiated"). What is ASSUMED may be used
 * without.
 */
export function isNegotiated(ours: Uint8Array, theirs: Uint8Array, name: FeatureName): boolean {
  return (
    hasFeatureBit(ours, features[name].bit) || (hasFeature(ours, name) && hasFeature(theirs, name))
  );
}

/** All that a feature needs, and what that needs in turn, nearest first; by the origin of each. */
export function dependenciesOf(name: FeatureName): FeatureName[] {
  return closure(name, ({ dependencies }) => dependencies);
}

/**
 * The same features and all that they need, as optional; in the shortest form. That includes what is ASSUMED
 * by now, see {@link Feature.assumedDependencies}, so that lnd accepts it. For all fields but a channel type.
 */
export function withDependencies(vector: Uint8Array): Uint8Array {
  const needed = featureNames
    .filter((name) => hasFeature(vector, name))
    .flatMap((name) =>
      closure(name, ({ dependencies, assumedDependencies }) => [
        ...dependencies,
        ...assumedDependencies,
      ]),
    );
  const missing = needed.filter((name) => !hasFeature(vector, name));
  const added = featureVector(missing.map((name) => features[name].optionalBit));
  return trimFeatures(joinFeatures(vector, added));
}

function closure(
  name: FeatureName,
  dependenciesOf: (feature: Feature) => readonly FeatureName[],
): FeatureName[] {
  const found = new Set<FeatureName>([name]);
  // A set is walked to its end while it grows.
  for (const next of found) {
    for (const needed of dependenciesOf(features[next])) found.add(needed);
  }
  found.delete(name);
  return [...found];
}
