// What a loopback node can be told to do wrong, by name.
import {
  type BitcoinMessage,
  checkProofOfWork,
  type Headers,
  type Version,
} from "@satwire/btcwire";

/**
 * Something a node does against the rules. For what goes wrong with single messages see `MessageFault`.
 *
 * - `noVersion`, `noVerack`: never sends that message.
 * - `neverPongs`: answers no ping. `wrongPongs`: with another nonce. `shortPongs`: without one.
 * - `selfNonce`: its `version` has the nonce of the peer's, as if the peer had dialed itself. Only of a node that is
 *   dialed.
 * - `lateNegotiation`: says `sendaddrv2` after `verack`.
 * - `wrongMagic`, `badChecksum`: every v1 frame has that; over v2, no packet authenticates.
 * - `neverReads`: reads nothing more when the handshake is done.
 * - `neverAnswers`: answers no request but pings.
 * - `badProofOfWork`: headers in `headers` have a nonce that is wrong.
 * - `repeatsAnnouncements`: announces each block twice.
 */
export type BitcoinMisbehaviour =
  | "noVersion"
  | "noVerack"
  | "neverPongs"
  | "wrongPongs"
  | "shortPongs"
  | "selfNonce"
  | "lateNegotiation"
  | "wrongMagic"
  | "badChecksum"
  | "neverReads"
  | "neverAnswers"
  | "badProofOfWork"
  | "repeatsAnnouncements";

/** All names of {@link BitcoinMisbehaviour}. */
export const bitcoinMisbehaviours: readonly BitcoinMisbehaviour[] = [
  "noVersion",
  "noVerack",
  "neverPongs",
  "wrongPongs",
  "shortPongs",
  "selfNonce",
  "lateNegotiation",
  "wrongMagic",
  "badChecksum",
  "neverReads",
  "neverAnswers",
  "badProofOfWork",
  "repeatsAnnouncements",
];

/** The same names as a set. @throws RangeError for one that is none */
export function checkedMisbehaviour(
  names: readonly BitcoinMisbehaviour[],
): ReadonlySet<BitcoinMisbehaviour> {
  for (const name of names) {
    if (bitcoinMisbehaviours.includes(name)) continue;
    throw new RangeError(`no node misbehaves as ${String(name)}`);
  }
  return new Set(names);
}

/** What is sent in place of a message; undefined for nothing. */
export function spoil(
  message: BitcoinMessage,
  misbehaviour: ReadonlySet<BitcoinMisbehaviour>,
  remoteVersion: Version | undefined,
): BitcoinMessage | undefined {
  if (misbehaviour.size === 0) return message;
  switch (message.type) {
    case "version": {
      if (misbehaviour.has("noVersion")) return undefined;
      const nonce = remoteVersion?.nonce;
      return misbehaviour.has("selfNonce") && nonce !== undefined ? { ...message, nonce } : message;
    }
    case "verack":
      return misbehaviour.has("noVerack") ? undefined : message;
    case "pong":
      if (misbehaviour.has("neverPongs")) return undefined;
      if (misbehaviour.has("shortPongs")) return { type: "pong" };
      if (!misbehaviour.has("wrongPongs") || message.nonce === undefined) return message;
      return { type: "pong", nonce: message.nonce ^ 1n };
    case "headers":
      return misbehaviour.has("badProofOfWork") ? withoutWork(message) : message;
    default:
      return message;
  }
}

function withoutWork({ headers }: Headers): Headers {
  return {
    type: "headers",
    headers: headers.map((header) => {
      let { nonce } = header;
      while (checkProofOfWork({ ...header, nonce })) nonce = (nonce + 1) >>> 0;
      return { ...header, nonce };
    }),
  };
}
