import {
  checkFeatures,
  compareFeatures,
  describeFeatures,
  FeatureError,
  features,
  featureVector,
  isNegotiated,
  joinFeatures,
  withDependencies,
} from "@satwire/lnwire";

// Odd bits offer, even ones require. What `option_anchors` needs comes with it.
export const ours: Uint8Array = withDependencies(
  featureVector([features.option_anchors.optionalBit]),
);

// What a peer's `init` carries, in two fields for historical reasons.
const theirs = joinFeatures(featureVector([]), featureVector([12, 23, 55, 260]));

export const lines: string[] = describeFeatures(theirs);
// ["option_static_remotekey (required, 12)", "option_anchors (optional, 23)",
//  "keysend (optional, 55, blip)", "accountable_x (required, 260, lnd)"]

export let problem = "";
try {
  checkFeatures(theirs); // 260 has a name, but is not of BOLT 9
} catch (error) {
  if (!(error instanceof FeatureError)) throw error;
  problem = `${error.code}: ${error.bits.join()}`; // "unknown_required: 260"
}
checkFeatures(theirs, { alsoKnown: [260] });

export const anchors: boolean = isNegotiated(ours, theirs, "option_anchors"); // true
export const lacking: readonly number[] = compareFeatures(ours, theirs).ours.notOffered; // [260]
