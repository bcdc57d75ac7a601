// What a peer actor is to a harness, told structurally: the real one stands above this package.
import type { ActorRef, ActorSystem, AnyMessage, Message, ServiceKey } from "@satwire/actor";
import type { KnownMessage } from "@satwire/lnwire";
import type {
  PeerConnection,
  ReceivedMessage,
  SendableMessage,
} from "../connection/peer-connection.ts";

/** What an attempt of a peer actor to connect has come to. */
export interface ConnectionResult {
  readonly success: boolean;
  readonly remotePublicKey?: Uint8Array | undefined;
  /** Why there is no connection. */
  readonly error?: unknown;
}

/** The reply to a {@link ConnectRequest}. */
export interface ConnectResponse {
  /** Whether the request was accepted. */
  readonly success: boolean;
  readonly alreadyConnected: boolean;
  /** Settles with what the attempt has come to; never rejects. */
  readonly connection: Promise<ConnectionResult>;
}

/** Asks a peer actor to connect. */
export interface ConnectRequest extends Message<ConnectResponse> {
  readonly type: "ConnectRequest";
}

/** Asks a peer actor to send a message; the reply comes once the connection has taken it. */
export interface SendMessageRequest extends Message {
  readonly type: "SendMessageRequest";
  readonly message: SendableMessage<KnownMessage>;
}

/** What a harness says to a peer actor. */
export type PeerActorRequest = ConnectRequest | SendMessageRequest;

/** What a peer actor tells its sinks about a message of the peer. */
export interface MessageReceived extends Message<unknown> {
  readonly type: "MessageReceived";
  readonly message: ReceivedMessage<KnownMessage>;
  /** The node id of the peer. */
  readonly from: Uint8Array;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Who gets the messages of a peer actor; `N` is what sinks are told. */
export interface PeerMessageSink<N extends AnyMessage = MessageReceived> {
  readonly serviceKey: ServiceKey<N>;
  /** Which messages of the peer. @default all */
  readonly filter?: ((message: ReceivedMessage<KnownMessage>) => boolean) | undefined;
}

/** How a peer actor stands. */
export interface PeerActorStatus {
  readonly isConnected: boolean;
}

/** What a peer actor is made from. */
export interface PeerActorConfig<N extends AnyMessage = MessageReceived> {
  readonly connection: PeerConnection;
  readonly system: ActorSystem;
  readonly actorId: string;
  readonly messageSinks: readonly PeerMessageSink<N>[];
  /** Whether `start` connects. */
  readonly autoConnect: boolean;
}

/** What a harness needs of a peer actor. */
export interface PeerActorLike<N extends AnyMessage = MessageReceived> {
  readonly ref: ActorRef<PeerActorRequest>;
  start(): Promise<unknown>;
  /** Ends the actor and its connection. */
  stop(): Promise<unknown>;
  /** False if it is there already. */
  addServiceKey(key: ServiceKey<N>): boolean | Promise<boolean>;
  /** False if it was not there. */
  removeServiceKey(key: ServiceKey<N>): boolean | Promise<boolean>;
  getServiceKeys(): readonly ServiceKey<N>[] | Promise<readonly ServiceKey<N>[]>;
  getStatus(): PeerActorStatus | Promise<PeerActorStatus>;
}

/** Makes the peer actors of a harness. */
export type PeerActorFactory<
  N extends AnyMessage = MessageReceived,
  A extends PeerActorLike<N> = PeerActorLike<N>,
> = (config: PeerActorConfig<N>) => A;
