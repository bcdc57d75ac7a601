// What the messages of BOLT 1 mean for a connection, without IO: frames in, effects out.
import {
  checkFeatures,
  DecodeError,
  encodeMessage,
  EncodeError,
  equalBytes,
  error,
  type ErrorMessage,
  FeatureError,
  init,
  type Init,
  joinFeatures,
  type MessageBase,
  messageSet,
  type MessageSet,
  noPongFrom,
  ping,
  type Ping,
  pong,
  type Pong,
  printableText,
  type UnknownMessage,
  warning,
  type Warning,
} from "@satwire/lnwire";
import { PeerError, type PeerErrorCode } from "./errors.ts";

const maxShownBytes = 300;

/** The messages of BOLT 1 that a connection deals with itself, whatever set it is given. */
type ControlMessage = Init | ErrorMessage | Warning | Ping | Pong;

/** What a connection hands to its user: `init`, `ping` and `pong` are its own affair. */
export type ReceivedMessage<M extends MessageBase> =
  | Exclude<M, Init | Ping | Pong>
  | ErrorMessage
  | Warning
  | UnknownMessage;

/** What can be sent: everything but `init`, which a connection sends by itself. */
export type SendableMessage<M extends MessageBase> =
  | Exclude<M, Init>
  | Exclude<ControlMessage, Init>
  | UnknownMessage;

/** What a received frame asks of the connection. */
export type PeerEffect<M extends MessageBase> =
  /** The peer's `init` is accepted: messages may flow. */
  | { readonly type: "ready"; readonly init: Init; readonly features: Uint8Array }
  /** For the user. */
  | { readonly type: "deliver"; readonly message: ReceivedMessage<M>; readonly note?: string }
  /** To be sent back, before anything that can wait. */
  | { readonly type: "reply"; readonly message: Pong }
  /** A `pong` of this length came. */
  | { readonly type: "pong"; readonly length: number }
  /** Nothing to do. */
  | { readonly type: "ignore" }
  /** The connection must end. */
  | { readonly type: "fail"; readonly error: PeerError };

/** What a {@link PeerMachine} judges the peer's `init` by. */
export interface PeerRules {
  /** Our features; those that are required must be offered by the peer, but for ASSUMED ones. */
  readonly features: Uint8Array;
  /** Our chains, if we name any. */
  readonly networks: readonly Uint8Array[] | undefined;
  /** Even feature bits beyond BOLT 9 that are understood. */
  readonly knownFeatures: Iterable<number>;
  /** Throws to refuse the peer. */
  readonly onInit: ((init: Init) => undefined) | undefined;
}

/** The two phases after the handshake: before and after the peer's `init`. */
export class PeerMachine<M extends MessageBase> {
  readonly #control: MessageSet<ControlMessage> = messageSet([init, error, warning, ping, pong]);
  readonly #messages: MessageSet<M>;
  readonly #rules: PeerRules;
  #initialized = false;
  #warning: string | undefined;

  constructor(messages: MessageSet<M>, rules: PeerRules) {
    this.#messages = messages;
    this.#rules = rules;
  }

  /** The text of a warning that came before `init`: often why the peer hangs up. */
  get warning(): string | undefined {
    return this.#warning;
  }

  /** The `init` that this side sends. */
  get init(): Uint8Array {
    const { features, networks } = this.#rules;
    const globalfeatures = new Uint8Array(0);
    const message = { type: "init", globalfeatures, features } as const;
    return encodeMessage(networks === undefined ? message : { ...message, networks });
  }

  /** Writes a message of the user. @throws PeerError `invalid_message` */
  encode(message: SendableMessage<M>): Uint8Array {
    const isControl = this.#control.codecs.some(({ name }) => name === message.type);
    try {
      return isControl
        ? this.#control.encode(message as ControlMessage)
        : this.#messages.encode(message as M | UnknownMessage);
    } catch (cause) {
      if (!(cause instanceof EncodeError)) throw cause;
      throw new PeerError("invalid_message", cause.message, { phase: this.#phase, cause });
    }
  }

  /** Judges one frame. Never throws for what the peer sent. */
  receive(frame: Uint8Array): PeerEffect<M> {
    try {
      const message = this.#control.decode(frame);
      if (!this.#initialized) return this.#beforeInit(message);
      if (message.type !== "unknown") return this.#controlled(message);
      return this.#delivered(this.#messages.decode(frame));
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      return this.#fail(
        "malformed_message",
        `the peer sent a bad message: ${cause.message}`,
        cause,
      );
    }
  }

  get #phase(): "initializing" | "connected" {
    return this.#initialized ? "connected" : "initializing";
  }

  #beforeInit(message: ControlMessage | UnknownMessage): PeerEffect<M> {
    switch (message.type) {
      case "init":
        return this.#judge(message);
      case "warning":
        this.#warning = shown(message.data);
        return { type: "deliver", message, note: `warning before init: ${this.#warning}` };
      case "error":
        return this.#fail("remote_error", `the peer refused: ${shown(message.data)}`);
      case "ping":
      case "pong":
        return this.#fail("init_expected", `the peer sent ${message.type} before init`);
      case "unknown":
        return this.#fail("init_expected", `the peer sent message ${message.id} before init`);
    }
  }

  #judge(theirs: Init): PeerEffect<M> {
    const { features: ours, networks, knownFeatures, onInit } = this.#rules;
    const features = joinFeatures(theirs.globalfeatures, theirs.features);
    try {
      checkFeatures(features, { alsoKnown: knownFeatures, required: ours });
    } catch (cause) {
      if (!(cause instanceof FeatureError)) throw cause;
      return this.#fail("incompatible_features", cause.message, cause);
    }
    const chains = theirs.networks;
    if (networks !== undefined && chains !== undefined) {
      const common = networks.some((chain) => chains.some((other) => equalBytes(chain, other)));
      if (!common) return this.#fail("no_common_chain", "the peer is on other chains");
    }
    try {
      onInit?.(theirs);
    } catch (cause) {
      return this.#fail("init_refused", "the onInit hook refused the peer", cause);
    }
    this.#initialized = true;
    return { type: "ready", init: theirs, features };
  }

  #controlled(message: ControlMessage): PeerEffect<M> {
    switch (message.type) {
      case "init":
        return this.#fail("init_repeated", "the peer sent a second init");
      case "ping": {
        const { numPongBytes } = message;
        if (numPongBytes >= noPongFrom) return { type: "ignore" };
        return { type: "reply", message: { type: "pong", ignored: new Uint8Array(numPongBytes) } };
      }
      case "pong":
        return { type: "pong", length: message.ignored.length };
      case "warning":
      case "error":
        return {
          type: "deliver",
          message,
          note: `${message.type} from the peer: ${shown(message.data)}`,
        };
    }
  }

  #delivered(message: M | UnknownMessage): PeerEffect<M> {
    if (isUnknown(message) && message.id % 2 === 0) {
      const text = `the peer sent a message of the unknown even type ${message.id}`;
      return this.#fail("unknown_required_message", text);
    }
    return { type: "deliver", message: message as ReceivedMessage<M> };
  }

  #fail(code: PeerErrorCode, text: string, cause?: unknown): PeerEffect<M> {
    return { type: "fail", error: new PeerError(code, text, { phase: this.#phase, cause }) };
  }
}

/** Text of a peer for errors and events: printable, and not longer than anybody would read. */
function shown(data: Uint8Array): string {
  const text = printableText(data.subarray(0, maxShownBytes));
  return data.length > maxShownBytes ? `${text}…` : text;
}

function isUnknown(message: MessageBase | UnknownMessage): message is UnknownMessage {
  return message.type === "unknown";
}
