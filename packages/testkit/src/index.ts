// Nodes
export {
  LoopbackConnection,
  type LoopbackConnectionOptions,
} from "./lightning/loopback-connection.ts";
export {
  type LoopbackAddress,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  type LoopbackListenOptions,
} from "./lightning/loopback-lightning-node.ts";

// Gossip
export { generateGossip, type GenerateGossipOptions } from "./lightning/generate-gossip.ts";
export {
  answerGossipQuery,
  type GossipAnswerOptions,
  type GossipQuery,
  isGossipQuery,
} from "./lightning/gossip-responder.ts";
export { GossipStore, type KnownChannel } from "./lightning/gossip-store.ts";

// Determinism
export { createRng, type Rng } from "./determinism/rng.ts";
export { settle, VirtualClock } from "./determinism/virtual-clock.ts";

// Networks
export type { Latency, LinkProfile } from "./network/link-profile.ts";

// Waiting and failing
export { AssertionError, type AssertionDetails } from "./assertion-error.ts";
export { Conditions, type WaitOptions } from "./conditions.ts";
