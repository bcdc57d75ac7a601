// What a loopback node can be told to do wrong, by name.
import {
  chainHashOf,
  featureVector,
  type Init,
  joinFeatures,
  type KnownMessage,
  type LightningMessage,
} from "@satwire/lnwire";
import { isSignedGossip } from "./gossip-frame.ts";

/**
 * Something a node does against the rules.
 *
 * - `noInit`: never sends `init`. `twoInits`: sends it twice. `pingBeforeInit`: something comes before it.
 * - `unknownRequiredFeature`: its `init` requires bit 1000. `otherChain`: its `init` is for testnet4 alone.
 * - `unknownEvenMessage`, `malformedMessage`, `emptyMessage`: sends one when both have said `init`: type 32768, a
 *   `ping` that is cut, no bytes at all.
 * - `errorAndEnd`: sends `error` for all channels and ends, when both have said `init`.
 * - `endsMidMessage`: ends the connection inside a message, when both have said `init`.
 * - `neverReads`: reads nothing more, when both have said `init`.
 * - `neverPongs`, `shortPongs`, `longPongs`: no `pong`, one of a byte less than asked for (or more, if that was none), of
 *   a byte more.
 * - `neverAnswers`: to no query. `neverCompletes`: leaves `sync_complete` false and never says
 *   `reply_short_channel_ids_end`. `answersForOtherChain`: replies name testnet4. `repliesBackwards`: the parts of
 *   an answer come last first.
 * - `updatesFirst`: channel updates and node announcements come before the channels that they are about.
 * - `repeatsGossip`: every message of gossip comes twice. `badSignatures`: none of them holds.
 */
export type LightningMisbehaviour =
  | "noInit"
  | "twoInits"
  | "pingBeforeInit"
  | "unknownRequiredFeature"
  | "otherChain"
  | "unknownEvenMessage"
  | "malformedMessage"
  | "emptyMessage"
  | "errorAndEnd"
  | "endsMidMessage"
  | "neverReads"
  | "neverPongs"
  | "shortPongs"
  | "longPongs"
  | "neverAnswers"
  | "neverCompletes"
  | "answersForOtherChain"
  | "repliesBackwards"
  | "updatesFirst"
  | "repeatsGossip"
  | "badSignatures";

/** What of a connection the misbehaviours need. */
interface Misbehaving {
  send(message: LightningMessage): boolean;
  sendFrame(frame: Uint8Array): boolean;
  end(): void;
  endMidMessage(): void;
  pauseReading(): void;
}

type Opening = readonly (LightningMessage | Uint8Array)[];

/** How a node behaves where it can misbehave. */
export interface Conduct {
  /** What is sent first. */
  readonly opening: (opening: Opening) => Opening;
  /** Both sides have said `init`. */
  readonly onReady: (connection: Misbehaving) => void;
  /** How long a pong is; undefined for none. */
  readonly pongLength: (askedFor: number) => number | undefined;
  /** What is sent as the answer to a query, or as gossip that is passed on. */
  readonly answer: (messages: Iterable<KnownMessage>) => Iterable<KnownMessage>;
}

const goodConduct: Conduct = {
  opening: (opening) => opening,
  onReady: () => {},
  pongLength: (askedFor) => askedFor,
  answer: (messages) => messages,
};

const otherChain = (): Uint8Array => chainHashOf("testnet4");

const misbehaviours: Readonly<Record<LightningMisbehaviour, Partial<Conduct>>> = {
  noInit: { opening: (opening) => opening.filter((message) => !isInit(message)) },
  twoInits: {
    opening: (opening) =>
      opening.flatMap<LightningMessage | Uint8Array>((message) =>
        isInit(message) ? [message, message] : message,
      ),
  },
  pingBeforeInit: {
    opening: (opening) => [
      { type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) },
      ...opening,
    ],
  },
  unknownRequiredFeature: {
    opening: changedInit((init) => ({
      ...init,
      features: joinFeatures(init.features, featureVector([1000])),
    })),
  },
  otherChain: { opening: changedInit((init) => ({ ...init, networks: [otherChain()] })) },
  unknownEvenMessage: {
    onReady: (connection) =>
      void connection.send({ type: "unknown", id: 32_768, payload: new Uint8Array(4) }),
  },
  malformedMessage: {
    onReady: (connection) => void connection.sendFrame(Uint8Array.of(0, 18, 0)),
  },
  emptyMessage: { onReady: (connection) => void connection.sendFrame(new Uint8Array(0)) },
  errorAndEnd: {
    onReady: (connection) => {
      const data = new TextEncoder().encode("go away");
      connection.send({ type: "error", channelId: new Uint8Array(32), data });
      connection.end();
    },
  },
  endsMidMessage: { onReady: (connection) => connection.endMidMessage() },
  neverReads: { onReady: (connection) => connection.pauseReading() },
  neverPongs: { pongLength: () => undefined },
  shortPongs: { pongLength: (askedFor) => (askedFor === 0 ? 1 : askedFor - 1) },
  longPongs: { pongLength: (askedFor) => askedFor + 1 },
  neverAnswers: { answer: () => [] },
  neverCompletes: { answer: neverComplete },
  answersForOtherChain: { answer: answerForOtherChain },
  repliesBackwards: { answer: (messages) => lazily(() => [...messages].reverse()) },
  updatesFirst: {
    answer: (messages) =>
      lazily(() => [...messages].sort((a, b) => Number(isChannel(a)) - Number(isChannel(b)))),
  },
  repeatsGossip: { answer: repeatGossip },
  badSignatures: { answer: spoilSignatures },
};

/** All names of {@link LightningMisbehaviour}. */
export const lightningMisbehaviours: readonly LightningMisbehaviour[] = Object.keys(
  misbehaviours,
) as LightningMisbehaviour[];

/** The conduct of a node that does all of that wrong. @throws RangeError for a name that is none */
export function conductOf(names: readonly LightningMisbehaviour[]): Conduct {
  return names.reduce<Conduct>((conduct, name) => {
    const wrong = misbehaviours[name] as Partial<Conduct> | undefined;
    if (wrong === undefined) throw new RangeError(`no node misbehaves as ${String(name)}`);
    const { opening, onReady, pongLength, answer } = wrong;
    return {
      opening: opening === undefined ? conduct.opening : (all) => opening(conduct.opening(all)),
      onReady(connection) {
        conduct.onReady(connection);
        onReady?.(connection);
      },
      pongLength(askedFor) {
        const length = conduct.pongLength(askedFor);
        return pongLength === undefined || length === undefined ? length : pongLength(length);
      },
      answer: answer === undefined ? conduct.answer : (all) => answer(conduct.answer(all)),
    };
  }, goodConduct);
}

const isInit = (message: LightningMessage | Uint8Array): message is Init =>
  "type" in message && message.type === "init";

function changedInit(change: (init: Init) => Init): Conduct["opening"] {
  return (opening) => opening.map((message) => (isInit(message) ? change(message) : message));
}

const isChannel = ({ type }: KnownMessage): boolean => type === "channel_announcement";

/** Nothing is looked up before it is taken. */
function* lazily<T>(make: () => Iterable<T>): Generator<T> {
  yield* make();
}

function* neverComplete(messages: Iterable<KnownMessage>): Generator<KnownMessage> {
  for (const message of messages) {
    if (message.type === "reply_channel_range") yield { ...message, syncComplete: false };
    else if (message.type !== "reply_short_channel_ids_end") yield message;
  }
}

function* answerForOtherChain(messages: Iterable<KnownMessage>): Generator<KnownMessage> {
  for (const message of messages) {
    const isReply =
      message.type === "reply_channel_range" || message.type === "reply_short_channel_ids_end";
    yield isReply ? { ...message, chainHash: otherChain() } : message;
  }
}

function* repeatGossip(messages: Iterable<KnownMessage>): Generator<KnownMessage> {
  for (const message of messages) {
    yield message;
    if (isSignedGossip(message)) yield message;
  }
}

function* spoilSignatures(messages: Iterable<KnownMessage>): Generator<KnownMessage> {
  for (const message of messages) {
    if (message.type === "channel_announcement") {
      yield { ...message, nodeSignature1: spoiled(message.nodeSignature1) };
    } else if (message.type === "channel_update" || message.type === "node_announcement") {
      yield { ...message, signature: spoiled(message.signature) };
    } else yield message;
  }
}

function spoiled(signature: Uint8Array): Uint8Array {
  const bytes = signature.slice();
  bytes[63] = (bytes[63] as number) ^ 1;
  return bytes;
}
