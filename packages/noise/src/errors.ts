/** Scope: every error this package throws on purpose. Texts carry lengths and versions, never keys. */

/** The act of the handshake that an error is about (BOLT 8, "Handshake Exchange"). */
export type HandshakeAct = 1 | 2 | 3;

/**
 * Why a handshake ended.
 *
 * - `act_one_length`, `act_two_length`, `act_three_length`: not exactly 50, 50 or 66 bytes.
 * - `act_one_version`, `act_two_version`, `act_three_version`: the version byte is not 0.
 * - `act_one_public_key`, `act_two_public_key`: the ephemeral key is not a point on the curve.
 * - `act_one_tag`: the MAC is wrong; usually the initiator expects another responder key.
 * - `act_two_tag`: the MAC is wrong; the responder does not hold the key that was dialled.
 * - `act_three_ciphertext`: the encrypted static key does not authenticate.
 * - `act_three_public_key`: the decrypted static key is not a point on the curve.
 * - `act_three_tag`: the final MAC is wrong; the initiator does not hold the key it claims.
 * - `local_key`: the given `LocalKey` threw or did not return 32 bytes (see `cause`).
 * - `crypto`: the crypto backend threw in the middle of an act (see `cause`).
 * - `step_spent`: the step was used before, failed before, or was destroyed.
 */
export type HandshakeErrorCode =
  | "act_one_length"
  | "act_one_version"
  | "act_one_public_key"
  | "act_one_tag"
  | "act_two_length"
  | "act_two_version"
  | "act_two_public_key"
  | "act_two_tag"
  | "act_three_length"
  | "act_three_version"
  | "act_three_ciphertext"
  | "act_three_public_key"
  | "act_three_tag"
  | "local_key"
  | "crypto"
  | "step_spent";

/**
 * The handshake failed, its secrets are wiped, and the connection must be closed without sending
 * anything more (BOLT 8, "Handshake Exchange").
 */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
  /** Why. */
  readonly code: HandshakeErrorCode;
  /** The act that was being read; for `local_key` and before any was read, the act to be written. */
  readonly act: HandshakeAct;
  /** The received length for `…_length`, the received version byte for `…_version`. */
  readonly received: number | undefined;

  constructor(
    code: HandshakeErrorCode,
    act: HandshakeAct,
    message: string,
    details: { readonly received?: number; readonly cause?: unknown } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.act = act;
    this.received = details.received;
  }
}

/**
 * Why a transport refused.
 *
 * - `header_tag`: an incoming length header does not authenticate.
 * - `body_tag`: an incoming message body does not authenticate.
 * - `truncated`: the peer stopped sending in the middle of a frame.
 * - `not_established`: there is no transport before the handshake is done.
 * - `message_too_long`: the message to send exceeds 65535 bytes; the transport stays usable.
 * - `output_too_small`: the frame does not fit into the given buffer; the transport stays usable.
 * - `crypto`: the crypto backend threw in the middle of a frame (see `cause`).
 * - `failed`: the transport failed earlier (see `cause`).
 * - `destroyed`: `destroy()` was called.
 */
export type TransportErrorCode =
  | "header_tag"
  | "body_tag"
  | "truncated"
  | "not_established"
  | "message_too_long"
  | "output_too_small"
  | "crypto"
  | "failed"
  | "destroyed";

/** A transport cannot do what was asked; except for the two size codes it is of no further use. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** Why. */
  readonly code: TransportErrorCode;
  /** Bytes of the message concerned, for `body_tag`, `message_too_long` and `output_too_small`. */
  readonly length: number | undefined;

  constructor(
    code: TransportErrorCode,
    message: string,
    details: { readonly length?: number; readonly cause?: unknown } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.length = details.length;
  }
}

/** Which kind of key was refused: not 32 bytes in range, or not 33 bytes that name a point. */
export type KeyErrorCode = "invalid_private_key" | "invalid_public_key";

/** A key given by the caller is not usable; nothing was started. */
export class KeyError extends Error {
  override readonly name = "KeyError";
  /** Which kind of key was refused. */
  readonly code: KeyErrorCode;
  /** The name of the option or argument that holds the key, such as `remoteKey`. */
  readonly argument: string;

  constructor(code: KeyErrorCode, argument: string, message: string) {
    super(message);
    this.code = code;
    this.argument = argument;
  }
}
