// Connections
export type { P2PConnection, WaitOptions } from "./p2p-connection.ts";
export type {
  AcceptingPeerOptions,
  CommonPeerOptions,
  DialingPeerOptions,
  SimplePeerOptions,
} from "./peer-options.ts";
export { SimplePeer } from "./simple-peer.ts";
export type { PingOptions } from "./pings.ts";

// Gossip
export {
  downloadGossip,
  type DownloadGossipOptions,
  gossipFeatures,
  type GossipProgress,
} from "./gossip-download.ts";
export type { GossipMessage, GossipSource } from "./gossip-answers.ts";

// Addresses, features, timeouts
export { defaultFeatures } from "./default-features.ts";
export {
  defaultPort,
  formatNodeAddress,
  type NodeAddress,
  parseNodeAddress,
} from "./node-address.ts";
export { defaultTimeouts, type Timeouts, torTimeouts } from "./timeouts.ts";

// Messages, events, errors
export type { ConnectionEvent, ConnectionState } from "./connection-event.ts";
export { PeerError, type PeerErrorCode } from "./errors.ts";
export type { ReceivedMessage, SendableMessage } from "./peer-machine.ts";
