import { type Clock, systemClock } from "@satwire/actor";
import {
  type Init,
  type KnownMessage,
  lightningMessages,
  type MessageBase,
  type MessageSet,
} from "@satwire/lnwire";
import type { ByteStream, Dialer } from "@satwire/net";
import {
  createLocalKey,
  generatePrivateKey,
  KeyError,
  type LocalKey,
  nobleCrypto,
  type NoiseCrypto,
} from "@satwire/noise";
import { defaultFeatures } from "./default-features.ts";
import { PeerError } from "./errors.ts";
import type { NodeAddress } from "./node-address.ts";
import type { PeerRules } from "./peer-machine.ts";
import { completeTimeouts, type Timeouts } from "./timeouts.ts";

/** What both directions have in common. */
export interface CommonPeerOptions<M extends MessageBase = KnownMessage> {
  /**
   * Our node key: 32 private key bytes, which are copied, or an object that only offers ECDH.
   * @default a new key for each peer
   */
  readonly localKey?: Uint8Array | LocalKey | undefined;
  /**
   * The feature bits of our `init`. An even bit ends the connection with a peer that does not offer it.
   * @default defaultFeatures()
   */
  readonly features?: Uint8Array | undefined;
  /** Even feature bits beyond BOLT 9 that a peer may require, for experiments. */
  readonly knownFeatures?: Iterable<number> | undefined;
  /**
   * Chain hashes for our `init`; a peer that names only others is refused.
   * @default none named, every chain accepted
   */
  readonly networks?: readonly Uint8Array[] | undefined;
  /** Called with the peer's `init` when it passed all checks; throws to refuse the peer. */
  readonly onInit?: ((init: Init) => undefined) | undefined;
  /**
   * The messages to decode besides `init`, `error`, `warning`, `ping` and `pong`. Others arrive as
   * `unknown` if their type is odd, and end the connection if it is even.
   * @default lightningMessages
   */
  readonly messages?: MessageSet<M> | undefined;
  /**
   * How many received messages wait for `receiveMessages` before reading from the socket pauses.
   * Pings are answered in the order of arrival: while reading is paused they are not.
   * @default 1000
   */
  readonly receiveCapacity?: number | undefined;
  /**
   * How many calls of `sendMessage` may wait for a socket that is full before more are refused.
   * @default 1000
   */
  readonly sendCapacity?: number | undefined;
  /** @default defaultTimeouts() */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** @default nobleCrypto */
  readonly crypto?: NoiseCrypto | undefined;
}

/** We dial. */
export interface DialingPeerOptions<M extends MessageBase = KnownMessage>
  extends CommonPeerOptions<M> {
  /** Whom to connect to and where. */
  readonly target: NodeAddress;
  /**
   * How to get there.
   * @default TCP in Node; elsewhere one has to be passed
   */
  readonly dialer?: Dialer | undefined;
}

/** We were dialed: a listener has accepted the connection. */
export interface AcceptingPeerOptions<M extends MessageBase = KnownMessage>
  extends CommonPeerOptions<M> {
  /** The accepted connection, not started yet. The peer owns it from here. */
  readonly stream: ByteStream;
}

/** What a {@link SimplePeer} is made from. */
export type SimplePeerOptions<M extends MessageBase = KnownMessage> =
  | DialingPeerOptions<M>
  | AcceptingPeerOptions<M>;

/** Options with every default filled in. */
export interface CompleteOptions<M extends MessageBase> {
  readonly localKey: LocalKey;
  /** Overwrites the copy of a private key that was given or generated. */
  readonly forgetKey: () => void;
  readonly rules: PeerRules;
  readonly messages: MessageSet<M>;
  readonly receiveCapacity: number;
  readonly sendCapacity: number;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly crypto: NoiseCrypto;
}

/** Checks options and fills in the defaults. @throws PeerError `invalid_option` */
export function completeOptions<M extends MessageBase>(
  options: CommonPeerOptions<M>,
): CompleteOptions<M> {
  const { receiveCapacity = 1000, sendCapacity = 1000, crypto = nobleCrypto } = options;
  checkCapacity("receiveCapacity", receiveCapacity);
  checkCapacity("sendCapacity", sendCapacity);
  return {
    ...holdKey(options.localKey, crypto),
    rules: {
      features: options.features ?? defaultFeatures(),
      networks: options.networks,
      knownFeatures: options.knownFeatures ?? [],
      onInit: options.onInit,
    },
    // Without a set of its own, M is the default: the set of all known messages.
    messages: options.messages ?? (lightningMessages as MessageSet<MessageBase> as MessageSet<M>),
    receiveCapacity,
    sendCapacity,
    timeouts: completeTimeouts(options.timeouts),
    clock: options.clock ?? systemClock,
    crypto,
  };
}

function holdKey(
  key: Uint8Array | LocalKey | undefined,
  crypto: NoiseCrypto,
): Pick<CompleteOptions<never>, "localKey" | "forgetKey"> {
  if (key !== undefined && !(key instanceof Uint8Array)) {
    return { localKey: key, forgetKey: () => {} };
  }
  const privateKey = key ?? generatePrivateKey(crypto);
  try {
    const localKey = createLocalKey(privateKey, crypto);
    return { localKey, forgetKey: () => localKey.destroy() };
  } catch (cause) {
    if (!(cause instanceof KeyError)) throw cause;
    throw new PeerError("invalid_option", `localKey: ${cause.message}`, { cause });
  } finally {
    if (key === undefined) privateKey.fill(0); // ours, and copied by now
  }
}

/** @throws PeerError `invalid_option` for a node id that is no point on the curve */
export function checkNodeId(publicKey: Uint8Array, crypto: NoiseCrypto): void {
  if (crypto.isPublicKey(publicKey)) return;
  throw new PeerError("invalid_option", "target.publicKey is not a compressed point on secp256k1");
}

function checkCapacity(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new PeerError("invalid_option", `${name} of ${value} is not 1 or more`);
  }
}
