// What two nodes say before they talk (BIP 130, 155, 339; the order is that of Bitcoin Core), without IO.
import { type BitcoinMessage, negotiatedVersion, supports, type Version } from "@satwire/btcwire";

/** Why a node hangs up on a peer. */
export type BitcoinViolation =
  /** The first message is not `version`. */
  | "version_expected"
  /** A protocol version below the least that is accepted. */
  | "obsolete_version"
  /** The nonce of `version` is one of this node's own. */
  | "self_connection"
  /** The handshake takes too long. */
  | "handshake_timeout"
  /** More than 100 messages between `version` and `verack` that do not belong there. */
  | "early_messages"
  /** `wtxidrelay`, `sendaddrv2` or `feature` after `verack`. */
  | "late_negotiation"
  /** A payload is not what its command says. */
  | "malformed_message"
  /** A request for more than may be asked for, or for what is not offered. */
  | "bad_request"
  /** v1, where only v2 is spoken. */
  | "v1_refused";

/** What the handshake makes of a message. */
export type HandshakeStep =
  /** It belongs to the handshake, or is ignored because of it; these are sent. */
  | { readonly kind: "handled"; readonly replies: readonly BitcoinMessage[] }
  /** It was the last of the handshake. */
  | { readonly kind: "ready" }
  /** It is none of its business. */
  | { readonly kind: "pass" }
  | { readonly kind: "violation"; readonly violation: BitcoinViolation };

/** What a {@link BitcoinHandshake} is made from. */
export interface BitcoinHandshakeOptions {
  /** Whether the peer has dialed. */
  readonly isInbound: boolean;
  /** What this side says, made when it is needed. */
  readonly version: (peer: Version | undefined) => Version;
  readonly minVersion: number;
  /** Whether a nonce is of this node's. */
  readonly isOwnNonce: (nonce: bigint) => boolean;
}

/** Messages between `version` and `verack` that may be ignored. */
const maxIgnored = 100;

/** The handshake of one connection, and what it agreed on. */
export class BitcoinHandshake {
  /** The peer's `version`, once it has come. */
  remoteVersion: Version | undefined;
  /** The lower of the two versions. */
  commonVersion = 0;
  /** Whether the peer wants transactions announced by wtxid (BIP 339). */
  wtxidRelay = false;
  /** Whether the peer takes `addrv2` (BIP 155). */
  addrV2 = false;
  isDone = false;
  /** Messages that were ignored: early ones, and a second `version` or `verack`. */
  ignored = 0;
  readonly #options: BitcoinHandshakeOptions;
  #ours: Version | undefined;

  constructor(options: BitcoinHandshakeOptions) {
    this.#options = options;
  }

  /** What is sent before anything has come: `version` by the side that dials. */
  open(): readonly BitcoinMessage[] {
    if (this.#options.isInbound) return [];
    this.#ours = this.#options.version(undefined);
    return [this.#ours];
  }

  take(message: BitcoinMessage): HandshakeStep {
    switch (message.type) {
      case "version":
        return this.remoteVersion === undefined ? this.#takeVersion(message) : this.#ignore();
      case "verack":
        if (this.remoteVersion === undefined) return violation("version_expected");
        if (this.isDone) return this.#ignore();
        this.isDone = true;
        return { kind: "ready" };
      case "wtxidrelay":
      case "sendaddrv2":
      case "feature":
        if (this.remoteVersion === undefined) return violation("version_expected");
        if (this.isDone) return violation("late_negotiation");
        if (message.type === "wtxidrelay") {
          this.wtxidRelay = supports(this.commonVersion, "wtxidrelay");
        }
        if (message.type === "sendaddrv2") this.addrV2 = true;
        return handled([]);
      default:
        if (this.isDone) return { kind: "pass" };
        if (this.remoteVersion === undefined) return violation("version_expected");
        // Bitcoin Core takes these two at any time.
        if (message.type === "sendheaders" || message.type === "sendcmpct") return { kind: "pass" };
        return this.#ignore();
    }
  }

  #takeVersion(theirs: Version): HandshakeStep {
    const { isInbound, version, minVersion, isOwnNonce } = this.#options;
    if (theirs.version < minVersion) return violation("obsolete_version");
    if (isInbound && theirs.nonce !== undefined && isOwnNonce(theirs.nonce)) {
      return violation("self_connection");
    }
    this.remoteVersion = theirs;
    const replies: BitcoinMessage[] = [];
    if (this.#ours === undefined) {
      this.#ours = version(theirs);
      replies.push(this.#ours);
    }
    this.commonVersion = negotiatedVersion(this.#ours.version, theirs.version);
    if (supports(this.commonVersion, "wtxidrelay")) replies.push({ type: "wtxidrelay" });
    if (supports(this.commonVersion, "sendaddrv2")) replies.push({ type: "sendaddrv2" });
    replies.push({ type: "verack" });
    return handled(replies);
  }

  #ignore(): HandshakeStep {
    this.ignored++;
    if (!this.isDone && this.ignored > maxIgnored) return violation("early_messages");
    return handled([]);
  }
}

function handled(replies: readonly BitcoinMessage[]): HandshakeStep {
  return { kind: "handled", replies };
}

function violation(why: BitcoinViolation): HandshakeStep {
  return { kind: "violation", violation: why };
}
