// Nodes
export { LoopbackConnection, type LoopbackConnectionOptions } from "./loopback-connection.ts";
export {
  type LoopbackAddress,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  type LoopbackListenOptions,
} from "./loopback-lightning-node.ts";

// Gossip
export { generateGossip, type GenerateGossipOptions } from "./generate-gossip.ts";
export {
  answerGossipQuery,
  type GossipAnswerOptions,
  type GossipQuery,
  isGossipQuery,
} from "./gossip-responder.ts";
export { GossipStore, type KnownChannel } from "./gossip-store.ts";

// Determinism
export { createRng, type Rng } from "./rng.ts";
export { settle, VirtualClock } from "./virtual-clock.ts";
