/**
 * Scope: the two roles of `Noise_XK_secp256k1_ChaChaPoly_SHA256` as typed steps
 * (BOLT 8, "Handshake Exchange"). Each step offers only what may come next.
 * Bytes: acts that are returned belong to the caller, acts that are given are only read. Secrets
 * are overwritten when the last act is done, when one fails, and by `destroy()`.
 */
import { act3Length, badPublicKey, badTag, checkAct } from "./act.ts";
import { tagLength } from "./crypto.ts";
import { type HandshakeAct, HandshakeError } from "./errors.ts";
import { type HandshakeOptions, noPlaintext, Session } from "./session.ts";
import { NoiseTransport } from "./transport.ts";

/** What {@link initiate} needs. */
export interface InitiateOptions extends HandshakeOptions {
  /** The compressed static public key of the responder, 33 bytes: its node id. */
  readonly remoteKey: Uint8Array;
}

/** What {@link respond} needs. */
export type RespondOptions = HandshakeOptions;

/** The initiator has sent act one and waits for act two. */
export interface AwaitingAct2 {
  /** The 50 bytes to send first. */
  readonly act1: Uint8Array;
  /**
   * Reads exactly 50 bytes; usable once.
   *
   * @throws HandshakeError `act_two_…`, `local_key`, `crypto`, `step_spent`
   */
  readonly readAct2: (act2: Uint8Array) => InitiatorResult;
  /** Overwrites the secrets of a handshake that will not go on. Idempotent. */
  readonly destroy: () => void;
}

/** The initiator is done once act three is sent. */
export interface InitiatorResult {
  /** The 66 bytes to send before any message. */
  readonly act3: Uint8Array;
  /** The encrypted channel. The responder has proven its key. */
  readonly transport: NoiseTransport;
}

/** The responder waits for act one. */
export interface AwaitingAct1 {
  /**
   * Reads exactly 50 bytes; usable once.
   *
   * @throws HandshakeError `act_one_…`, `local_key`, `crypto`, `step_spent`
   */
  readonly readAct1: (act1: Uint8Array) => AwaitingAct3;
  /** Overwrites the secrets of a handshake that will not go on. Idempotent. */
  readonly destroy: () => void;
}

/** The responder has sent act two and waits for act three. */
export interface AwaitingAct3 {
  /** The 50 bytes to send now. */
  readonly act2: Uint8Array;
  /**
   * Reads exactly 66 bytes; usable once.
   *
   * @throws HandshakeError `act_three_…`, `crypto`, `step_spent`
   */
  readonly readAct3: (act3: Uint8Array) => ResponderResult;
  /** Overwrites the secrets of a handshake that will not go on. Idempotent. */
  readonly destroy: () => void;
}

/** The responder is done. */
export interface ResponderResult {
  /** The compressed static public key that the initiator has proven to hold, 33 bytes. */
  readonly remoteKey: Uint8Array;
  /** The encrypted channel. */
  readonly transport: NoiseTransport;
}

/** Bytes of the encrypted static key in act three, with its tag. */
const sealedKeyLength = 33 + tagLength;

/**
 * Starts a handshake as the side that dials and knows whom it calls.
 *
 * @example
 * ```ts
 * const step = initiate({ localKey, remoteKey });
 * send(step.act1);
 * const { act3, transport } = step.readAct2(await receive(act2Length));
 * send(act3);
 * ```
 *
 * @throws KeyError `invalid_private_key`, `invalid_public_key`; HandshakeError `crypto`
 */
export function initiate(options: InitiateOptions): AwaitingAct2 {
  const session = new Session(options, options.remoteKey);
  const act1 = session.run(1, () => session.writeEphemeral(options.remoteKey));
  const { read, destroy } = step(session, 2, (act2): InitiatorResult => {
    const remoteEphemeral = session.readEphemeral(2, act2, (key) => session.ephemeralSecret(key));
    const act3 = new Uint8Array(act3Length); // its first byte is the version, 0
    session.symmetric.seal(session.publicKey, act3, 1);
    session.symmetric.mixKey(session.localSecret(3, remoteEphemeral));
    session.symmetric.seal(noPlaintext, act3, 1 + sealedKeyLength);
    const [sending, receiving] = session.symmetric.split();
    session.destroy();
    return { act3, transport: new NoiseTransport(sending, receiving) };
  });
  return { act1, readAct2: read, destroy };
}

/**
 * Starts a handshake as the side that is called and learns who calls.
 *
 * @example
 * ```ts
 * const step = respond({ localKey }).readAct1(await receive(act1Length));
 * send(step.act2);
 * const { remoteKey, transport } = step.readAct3(await receive(act3Length));
 * ```
 *
 * @throws KeyError `invalid_private_key`, `invalid_public_key`; HandshakeError `crypto`
 */
export function respond(options: RespondOptions): AwaitingAct1 {
  const session = new Session(options);
  const { read, destroy } = step(session, 1, (act1): AwaitingAct3 => {
    const remoteEphemeral = session.readEphemeral(1, act1, (key) => session.localSecret(1, key));
    session.forgetLocalKey();
    const act2 = session.writeEphemeral(remoteEphemeral);
    const next = step(session, 3, (act3) => readAct3(session, act3));
    return { act2, readAct3: next.read, destroy: next.destroy };
  });
  return { readAct1: read, destroy };
}

/** "Act Three", receiver actions. */
function readAct3(session: Session, act3: Uint8Array): ResponderResult {
  checkAct(3, act3);
  const remoteKey = new Uint8Array(33);
  if (!session.symmetric.open(act3, 1, remoteKey)) {
    const text = "the static key in act three does not authenticate";
    throw new HandshakeError("act_three_ciphertext", 3, text);
  }
  if (!session.crypto.isPublicKey(remoteKey)) throw badPublicKey(3);
  session.symmetric.mixKey(session.ephemeralSecret(remoteKey));
  if (!session.symmetric.open(act3, 1 + sealedKeyLength, noPlaintext)) throw badTag(3);
  const [receiving, sending] = session.symmetric.split();
  session.destroy();
  return { remoteKey, transport: new NoiseTransport(sending, receiving) };
}

interface Step<Result> {
  readonly read: (bytes: Uint8Array) => Result;
  readonly destroy: () => void;
}

/** A function that works once and ends the session if it fails. */
function step<Result>(
  session: Session,
  act: HandshakeAct,
  readAct: (bytes: Uint8Array) => Result,
): Step<Result> {
  let spent = false;
  return {
    read(bytes: Uint8Array): Result {
      if (spent) {
        throw new HandshakeError("step_spent", act, `the step that reads act ${act} is spent`);
      }
      spent = true;
      return session.run(act, () => readAct(bytes));
    },
    destroy(): void {
      if (spent) return; // the next step holds the session now, or nobody does
      spent = true;
      session.destroy();
    },
  };
}
