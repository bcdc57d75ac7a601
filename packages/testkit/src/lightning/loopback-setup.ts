// What a loopback node gives to each of its connections.
import type { Clock } from "@satwire/actor";
import type { LightningMessage, MessageBase, MessageSet } from "@satwire/lnwire";
import type { LocalKey, NoiseCrypto } from "@satwire/noise";
import type { MessageFaults } from "../message-faults.ts";
import type { GossipIntake } from "./gossip-intake.ts";
import type { GossipAnswerOptions } from "./gossip-responder.ts";
import type { GossipStore } from "./gossip-store.ts";
import type { LoopbackLightningConnection } from "./loopback-connection.ts";
import type { Conduct } from "./misbehaviour.ts";

/** What goes over a loopback node's connections: the messages of the BOLTs, and `M`. */
export type LoopbackMessage<M extends MessageBase = never> = LightningMessage | M;

/** What a connection takes from its node. */
export interface LoopbackLightningConnectionSetup<M extends MessageBase> {
  readonly localKey: LocalKey;
  /** The node that is dialed; undefined for a connection that somebody else dialed. */
  readonly remoteKey: Uint8Array | undefined;
  readonly crypto: NoiseCrypto;
  readonly clock: Clock;
  readonly messages: MessageSet<MessageBase>;
  readonly alsoKnownTypes: readonly number[];
  /** What is sent first. */
  readonly opening: readonly (LoopbackMessage<M> | Uint8Array)[];
  readonly gossip: GossipStore;
  readonly intake: GossipIntake;
  readonly relayEveryMs: number;
  readonly answerOptions: GossipAnswerOptions;
  readonly pingEveryMs: number | undefined;
  readonly pongTimeoutMs: number;
  readonly conduct: Conduct;
  /** Those of the node. */
  readonly faults: MessageFaults<LoopbackMessage<M>>;
  readonly onReady: (connection: LoopbackLightningConnection<M>) => void;
  readonly onMessage: (
    message: LoopbackMessage<M>,
    connection: LoopbackLightningConnection<M>,
  ) => void;
  readonly onClose: (connection: LoopbackLightningConnection<M>) => void;
}
