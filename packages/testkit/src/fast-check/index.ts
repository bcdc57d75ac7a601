/**
 * Arbitraries of fast-check for chunkings, faults, links, messages and turns of actors.
 *
 * @packageDocumentation
 */

// Bytes
export { type ChunkingOptions, chunkings } from "./chunkings.ts";

// Faults and links
export { type FaultPlanOptions, faultPlans } from "./fault-plans.ts";
export { type LinkProfileOptions, linkProfiles } from "./link-profiles.ts";
export { type MessageFaultOptions, messageFaults } from "./message-faults.ts";

// Messages
export { bitcoinMessages, lightningMessages, type RandomMessageOptions } from "./messages.ts";

// Actors
export { type ActorTurns, scheduledActors, turnOrder } from "./turn-order.ts";
