// The errors of transports. Those of bytes and values are `DecodeError` and `EncodeError` of the codec.

/**
 * Why a transport refused.
 *
 * - `wrong_network`: v1 frames of another network, or none at all.
 * - `payload_too_long`: a frame or packet announces more than the maximum; nothing of it was kept.
 * - `malformed_message`: a payload is not what its command says (see `cause`, a `DecodeError`).
 * - `v1_peer`: the peer that was dialled with v2 talks v1: dial again with that.
 * - `garbage_terminator`: no terminator within 4,111 bytes (BIP 324).
 * - `packet_tag`: a BIP 324 packet does not authenticate.
 * - `truncated`: the peer stopped sending in the middle of something.
 * - `not_established`: nothing can be sent before the peer's key is there, and no decoy over v1; the transport stays
 *   usable.
 * - `crypto`: a crypto backend or a source of randomness threw (see `cause`).
 * - `failed`: the transport failed earlier (see `cause`).
 * - `destroyed`: `destroy()` was called.
 */
export type TransportErrorCode =
  | "wrong_network"
  | "payload_too_long"
  | "malformed_message"
  | "v1_peer"
  | "garbage_terminator"
  | "packet_tag"
  | "truncated"
  | "not_established"
  | "crypto"
  | "failed"
  | "destroyed";

/** A transport cannot do what was asked; except for `not_established` it is of no further use. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** Why. */
  readonly code: TransportErrorCode;
  /** The command concerned, if it is known. */
  readonly command: string | undefined;
  /** The number of bytes concerned, for `payload_too_long` and `packet_tag`. */
  readonly length: number | undefined;

  constructor(
    code: TransportErrorCode,
    message: string,
    details: {
      readonly command?: string | undefined;
      readonly length?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.command = details.command;
    this.length = details.length;
  }
}
