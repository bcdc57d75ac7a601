import {
  checkFeatures,
  featureBits,
  FeatureError,
  features,
  featureVector,
  isNegotiated,
  joinFeatures,
} from "@satwire/lnwire";

const ours = featureVector([features.option_anchors.bit + 1]); // odd: optional

// What a peer's `init` carries, in two fields for historical reasons.
const theirs = joinFeatures(featureVector([]), featureVector([23, 26, 260]));

export const anchors: boolean = isNegotiated(ours, theirs, "option_anchors"); // true
export const bits: number[] = featureBits(theirs); // [23, 26, 260]

export let problem = "";
try {
  checkFeatures(theirs);
} catch (error) {
  if (!(error instanceof FeatureError)) throw error;
  problem = `${error.code}: ${error.bits.join()}`; // "unknown_required: 260"
}
