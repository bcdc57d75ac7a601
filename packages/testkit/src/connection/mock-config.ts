// What a mock connection is told beforehand: the fields of the mock that this one takes its shape from, and more.
import { type Clock, systemClock } from "@satwire/actor";
import {
  featureVector,
  fromHex,
  type Init,
  type KnownMessage,
  lightningMessages,
  type MessageBase,
  type MessageSet,
  type Ping,
  type Pong,
} from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";
import { type MessageFault, MessageFaults } from "../message-faults.ts";
import type { Gate } from "./gate.ts";
import { type ConnectionErrorDetails, MockPeerError } from "./mock-peer-error.ts";
import type {
  ConnectionError,
  ConnectionEvent,
  PeerErrorCode,
  ReceivedMessage,
  SendableMessage,
} from "./peer-connection.ts";

/** What the peer of a mock may say: what is received, and what a connection keeps to itself. */
export type PeerMessage<M extends MessageBase> = ReceivedMessage<M> | Init | Ping | Pong;

/** Whatever goes over the wire of a mock, either way. */
export type WireMessage<M extends MessageBase> = PeerMessage<M> | SendableMessage<M>;

/** A failure to come: an error, which is thrown as it is, or the code of one to be made. */
export type MockFailure = ConnectionError | PeerErrorCode;

/** An event as a test writes it: what is left out is filled in from the state and the clock of the mock. */
export type MockEvent = { readonly [K in keyof ConnectionEvent]?: ConnectionEvent[K] | undefined };

/** What a `MockConnection` is made from. */
export interface MockConnectionConfig<M extends MessageBase = KnownMessage> {
  /**
   * Whether it is connected from the start, as if `connect` had been called.
   * @default false
   */
  readonly isConnected?: boolean | undefined;
  /**
   * Whether `connect` goes through its phases by itself; false: it waits for `setState` in each.
   * @default true
   */
  readonly advancesItself?: boolean | undefined;
  /** The peer's node id, 33 bytes. @default the generator of secp256k1, the public key of 1 */
  readonly remotePublicKey?: Uint8Array | undefined;
  /** Our node id, 33 bytes. @default the public key of 2 */
  readonly localPublicKey?: Uint8Array | undefined;
  /** Known from `handshaking` on. @default 127.0.0.1:9735 */
  readonly remoteAddress?: HostPort | undefined;
  /** Known from `handshaking` on. @default 127.0.0.1:49152 */
  readonly localAddress?: HostPort | undefined;
  /** The peer's `init`, known once it is connected. @default one that every node accepts */
  readonly remoteInit?: Init | undefined;
  /** What `connect` fails with while it dials. @default it succeeds */
  readonly connectError?: MockFailure | undefined;
  /**
   * What `close` fails with, after it has closed all the same. A real connection never does so.
   * @default it succeeds
   */
  readonly closeError?: MockFailure | undefined;
  /** What each `sendMessage` fails with; the connection stays. @default it succeeds */
  readonly sendMessageError?: MockFailure | undefined;
  /** What the peer sends as soon as it is connected. @default nothing */
  readonly messages?: readonly PeerMessage<NoInfer<M>>[] | undefined;
  /**
   * What the event log begins with, in the place of the events of a mock that is connected from the start.
   * @default nothing
   */
  readonly events?: readonly MockEvent[] | undefined;
  /**
   * Messages besides those of BOLT 1. What the set cannot write is refused as by a real connection; `false` for a
   * mock of messages that are none of Lightning.
   * @default lightningMessages
   */
  readonly messageSet?: MessageSet<M> | false | undefined;
  /** What the peer answers to a message that reaches it, besides pongs. @default nothing */
  readonly answer?:
    | ((message: SendableMessage<NoInfer<M>>) => Iterable<PeerMessage<NoInfer<M>>> | undefined)
    | undefined;
  /** Whether the peer answers our pings as BOLT 1 says. @default true */
  readonly answersPings?: boolean | undefined;
  /** One token for each message that is received. @default no gate */
  readonly readGate?: Gate | undefined;
  /** One token for each message that is sent: a socket that is full without. @default no gate */
  readonly sendGate?: Gate | undefined;
  /** Received messages that may wait for a reader; what comes then waits on the wire. @default 1000 */
  readonly receiveCapacity?: number | undefined;
  /** Calls of `sendMessage` that may wait for `sendGate`. @default 1000 */
  readonly sendCapacity?: number | undefined;
  /** How long `close` waits for what is queued to be sent, in milliseconds. @default 2000 */
  readonly closeMs?: number | undefined;
  /**
   * Milliseconds of one way. With 0 what the peer sends is there at once and a phase of `connect` takes a microtask;
   * else each phase takes a way there and back.
   * @default 0
   */
  readonly latencyMs?: number | undefined;
  /** `"sent"` is what the code under test sends. @default none */
  readonly faults?:
    | MessageFaults<WireMessage<NoInfer<M>>>
    | readonly MessageFault<WireMessage<NoInfer<M>>>[]
    | undefined;
  /** For timestamps, latency and deadlines. @default systemClock */
  readonly clock?: Clock | undefined;
  /**
   * Makes the errors: `(code, text, details) => new PeerError(code, text, details)` for those of lnp2p.
   * @default MockPeerErrors
   */
  readonly createError?:
    | ((code: PeerErrorCode, text: string, details: ConnectionErrorDetails) => ConnectionError)
    | undefined;
}

type OptionalField =
  | "connectError"
  | "closeError"
  | "sendMessageError"
  | "events"
  | "answer"
  | "readGate"
  | "sendGate";

type RequiredField = Exclude<keyof MockConnectionConfig, OptionalField | "faults">;

/** A config with every default filled in that there is. */
export type CompleteMockConfig<M extends MessageBase> = Pick<
  MockConnectionConfig<M>,
  OptionalField
> & {
  readonly [K in RequiredField]: Exclude<MockConnectionConfig<M>[K], undefined>;
} & {
  readonly faults: MessageFaults<WireMessage<M>>;
};

/** A config with the defaults written out: not connected, nothing queued, nothing that fails. */
export function defaultMockConfig(): MockConnectionConfig {
  return {
    isConnected: false,
    // The public keys of 1 and 2: every implementation of the curve agrees that they are points on it.
    remotePublicKey: fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
    localPublicKey: fromHex("02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"),
    remoteAddress: { kind: "ipv4", host: "127.0.0.1", port: 9735 },
    localAddress: { kind: "ipv4", host: "127.0.0.1", port: 49152 },
    remoteInit: {
      type: "init",
      globalfeatures: new Uint8Array(0),
      features: featureVector([1, 9, 13, 15, 45]),
    },
    messages: [],
  };
}

/** Checks a config and fills in the defaults. @throws RangeError */
export function completeMockConfig<M extends MessageBase>(
  config: MockConnectionConfig<M>,
): CompleteMockConfig<M> {
  const defaults = defaultMockConfig();
  const { receiveCapacity = 1000, sendCapacity = 1000, closeMs = 2000, latencyMs = 0 } = config;
  const { isConnected = false, connectError } = config;
  checkCount("receiveCapacity", receiveCapacity);
  checkCount("sendCapacity", sendCapacity);
  checkDuration("closeMs", closeMs);
  checkDuration("latencyMs", latencyMs);
  const remotePublicKey = config.remotePublicKey ?? (defaults.remotePublicKey as Uint8Array);
  const localPublicKey = config.localPublicKey ?? (defaults.localPublicKey as Uint8Array);
  checkKey("remotePublicKey", remotePublicKey);
  checkKey("localPublicKey", localPublicKey);
  if (isConnected && connectError !== undefined) {
    throw new RangeError("a mock that is connected from the start has no use for a connectError");
  }
  const faults = config.faults ?? [];
  return {
    ...config,
    isConnected,
    remotePublicKey,
    localPublicKey,
    advancesItself: config.advancesItself ?? true,
    remoteAddress: config.remoteAddress ?? (defaults.remoteAddress as HostPort),
    localAddress: config.localAddress ?? (defaults.localAddress as HostPort),
    remoteInit: config.remoteInit ?? (defaults.remoteInit as Init),
    messages: config.messages ?? [],
    // Without a set of its own, M is the default: the set of all known messages.
    messageSet:
      config.messageSet ?? (lightningMessages as MessageSet<MessageBase> as MessageSet<M>),
    answersPings: config.answersPings ?? true,
    receiveCapacity,
    sendCapacity,
    closeMs,
    latencyMs,
    faults: "decide" in faults ? faults : new MessageFaults<WireMessage<M>>(faults),
    clock: config.clock ?? systemClock,
    createError:
      config.createError ?? ((code, text, details) => new MockPeerError(code, text, details)),
  };
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`${name} of ${value} is not 1 or more`);
}

function checkDuration(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`${name} of ${value} is no time from 0 on`);
}

function checkKey(name: string, key: Uint8Array): void {
  if (key.length === 33) return;
  throw new RangeError(`${name} has ${key.length} bytes, a node id has 33`);
}
