// BOLT 1: what a node hangs up on when a peer sends it.
import {
  checkFeatures,
  FeatureError,
  joinFeatures,
  type LightningMessage,
  type MessageBase,
} from "@satwire/lnwire";

/** What of the connection the rules depend on. */
export interface PeerRules {
  readonly hasInit: boolean;
  /** Even types that may come although there is no codec for them. */
  readonly alsoKnownTypes: readonly number[];
}

/** Whether a message may come: false ends the connection. */
export function mayCome(
  message: MessageBase | LightningMessage,
  { hasInit, alsoKnownTypes }: PeerRules,
): boolean {
  if (!hasInit && message.type !== "init") return false;
  const known = message as LightningMessage;
  switch (known.type) {
    case "init": // BOLT 1: the first message, and so the only one
      return !hasInit && hasUsableFeatures(joinFeatures(known.globalfeatures, known.features));
    case "query_short_channel_ids":
      return (known.queryFlags ?? known.shortChannelIds).length === known.shortChannelIds.length;
    case "unknown":
      return known.id % 2 === 1 || alsoKnownTypes.includes(known.id);
    default:
      return true;
  }
}

/** No unknown required bit, no missing dependency (BOLT 1 "The `init` Message"). */
function hasUsableFeatures(features: Uint8Array): boolean {
  try {
    checkFeatures(features);
  } catch (error) {
    if (error instanceof FeatureError) return false;
    throw error;
  }
  return true;
}
