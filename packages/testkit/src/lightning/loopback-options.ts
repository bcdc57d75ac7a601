// What a loopback node can be told, and what it does if it is not.
import { type Clock, systemClock } from "@satwire/actor";
import {
  featureVector,
  type Init,
  lightningMessages,
  type MessageBase,
  type MessageCodec,
  type MessageSet,
  messageSet,
  nobleSignatures,
  type SignatureCrypto,
} from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";
import { nobleCrypto, type NoiseCrypto } from "@satwire/noise";
import type { MessageFault } from "../message-faults.ts";
import type { GossipStore } from "./gossip-store.ts";
import type { LoopbackLightningConnection } from "./loopback-connection.ts";
import type { LoopbackMessage } from "./loopback-setup.ts";
import type { LightningMisbehaviour } from "./misbehaviour.ts";

/** What a `LoopbackLightningNode` is made from; `M` are messages of one's own. */
export interface LoopbackLightningNodeOptions<M extends MessageBase = never> {
  /**
   * Node key, 32 bytes.
   * @default a new one
   */
  readonly privateKey?: Uint8Array | undefined;
  /** @default bits 1, 7, 9, 11, 13, 15 and 45 */
  readonly features?: Uint8Array | undefined;
  /** @default the chain of the gossip */
  readonly networks?: readonly Uint8Array[] | undefined;
  /**
   * Whether `init` says where the node sees its peer, if that is an IP address.
   * @default false
   */
  readonly tellsRemoteAddress?: boolean | undefined;
  /**
   * What is sent first, in the place of an `init` from the options above: another one, several messages or bytes of
   * messages, or nothing: `undefined`.
   */
  readonly init?: Init | readonly (LoopbackMessage<NoInfer<M>> | Uint8Array)[] | undefined;
  /**
   * Gossip to answer queries from and to pass on. Several nodes may share one.
   * @default an empty store on regtest
   */
  readonly gossip?: GossipStore | undefined;
  /**
   * Channels in one `reply_channel_range`, from 1 to 8000: small numbers force many replies.
   * @default 8000, with timestamps or checksums 4000, with both 2700
   */
  readonly idsPerReply?: number | undefined;
  /**
   * Whether `reply_short_channel_ids_end` says that the node keeps up-to-date information of its chain.
   * @default true
   */
  readonly fullInformation?: boolean | undefined;
  /**
   * Whether the node asks its peers for all gossip, takes what they send into its store and passes it on.
   * @default false
   */
  readonly relaysGossip?: boolean | undefined;
  /**
   * What it checks of such gossip besides the order: with `signatures` a message whose signature is wrong ends the
   * connection. Costs milliseconds for each.
   * @default "none"
   */
  readonly verifies?: "none" | "signatures" | undefined;
  /**
   * Milliseconds that new gossip is collected for before it is passed on: BOLT 7 has 60,000.
   * @default 0: it is passed on at once
   */
  readonly relayEveryMs?: number | undefined;
  /** @default true */
  readonly answersPings?: boolean | undefined;
  /**
   * Milliseconds from `init`, and from each pong, to the next ping that the node sends by itself.
   * @default never
   */
  readonly pingEveryMs?: number | undefined;
  /**
   * Milliseconds that such a ping waits for its pong; then the node drops the connection.
   * @default 30000
   */
  readonly pongTimeoutMs?: number | undefined;
  /**
   * Codecs of messages besides those of `@satwire/lnwire`, or in the place of those that have the same name or number.
   * @default none
   */
  readonly messages?: readonly MessageCodec<M>[] | undefined;
  /**
   * Even message types that do not end the connection, besides those that there are codecs for.
   * @default none
   */
  readonly alsoKnownTypes?: readonly number[] | undefined;
  /** What goes wrong on its connections, counted over all of them. */
  readonly faults?: readonly MessageFault<LoopbackMessage<NoInfer<M>>>[] | undefined;
  /** What the node does against the rules. */
  readonly misbehaves?: readonly LightningMisbehaviour[] | undefined;
  /** Called with each message, `init` included, after the node's own answer to it. */
  readonly onMessage?:
    | ((
        message: LoopbackMessage<NoInfer<M>>,
        connection: LoopbackLightningConnection<NoInfer<M>>,
      ) => void)
    | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** For the handshake and the encryption. @default nobleCrypto */
  readonly crypto?: NoiseCrypto | undefined;
  /** For `verifies`. @default nobleSignatures */
  readonly signatureCrypto?: SignatureCrypto | undefined;
}

/** Options of `LoopbackLightningNode.attach`. */
export interface LoopbackLightningAttachOptions {
  /**
   * The node id at the other end, if it is this node that begins the handshake.
   * @default the other end begins
   */
  readonly remoteKey?: Uint8Array | undefined;
}

/** Where a node listens: what to dial. */
export interface LoopbackAddress {
  readonly publicKey: Uint8Array;
  readonly address: HostPort;
}

/** What is the same for all connections of a node. */
export interface CompleteOptions {
  readonly features: Uint8Array;
  readonly relayEveryMs: number;
  readonly pingEveryMs: number | undefined;
  readonly pongTimeoutMs: number;
  readonly messages: MessageSet<MessageBase>;
  readonly clock: Clock;
  readonly crypto: NoiseCrypto;
  readonly verifier: SignatureCrypto | undefined;
}

/** Fills in the defaults. @throws RangeError for times that are none, and for codecs that collide */
export function completeOptions<M extends MessageBase>(
  options: LoopbackLightningNodeOptions<M>,
): CompleteOptions {
  const { relayEveryMs = 0, pingEveryMs, pongTimeoutMs = 30_000, verifies = "none" } = options;
  checkTime("relayEveryMs", relayEveryMs);
  checkTime("pingEveryMs", pingEveryMs ?? 0);
  checkTime("pongTimeoutMs", pongTimeoutMs);
  if (verifies !== "none" && verifies !== "signatures") {
    throw new RangeError(`verifies is ${String(verifies)}, expected none or signatures`);
  }
  return {
    features: options.features ?? featureVector([1, 7, 9, 11, 13, 15, 45]),
    relayEveryMs,
    pingEveryMs,
    pongTimeoutMs,
    messages: setWith(options.messages ?? []),
    clock: options.clock ?? systemClock,
    crypto: options.crypto ?? nobleCrypto,
    verifier: verifies === "signatures" ? (options.signatureCrypto ?? nobleSignatures) : undefined,
  };
}

function checkTime(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`${name} is ${value}, expected milliseconds from 0 on`);
}

function setWith(own: readonly MessageCodec[]): MessageSet<MessageBase> {
  const codecs: readonly MessageCodec[] =
    lightningMessages.codecs as readonly unknown[] as MessageCodec[];
  if (own.length === 0) return lightningMessages as unknown as MessageSet<MessageBase>;
  const rest = codecs.filter(({ id, name }) =>
    own.every((codec) => codec.id !== id && codec.name !== name),
  );
  return messageSet([...rest, ...own]);
}
