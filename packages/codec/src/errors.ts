/** Where in a value a problem was found: field names and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** Why bytes could not be read. */
export type DecodeErrorCode =
  /** The bytes ended before the value did. */
  | "short_read"
  /** The value ended before the bytes did. */
  | "trailing_bytes"
  /** A number or record is not in its one allowed, shortest form. */
  | "non_canonical"
  /** Records are not in strictly ascending order. */
  | "out_of_order"
  /** A record or message that must be understood is not known. */
  | "unknown_required"
  /** A list or text exceeds its limit. */
  | "too_long"
  /** The value is in an encoding that is known and not allowed. */
  | "unsupported_encoding"
  /** The bytes are well formed but mean nothing allowed. */
  | "invalid_value";

/** Why a value could not be written. */
export type EncodeErrorCode =
  /** A number does not fit its field. */
  | "out_of_range"
  /** A byte string of fixed size has another length. */
  | "wrong_length"
  /** A list, text or byte string exceeds what its length prefix or the message can hold. */
  | "too_long"
  /** A required field is absent. */
  | "missing_field"
  /** Records are repeated or not in the order that a reader would accept. */
  | "out_of_order"
  /** The value means nothing allowed. */
  | "invalid_value";

const at = (path: Path): string => (path.length === 0 ? "" : `${path.join(".")}: `);

/**
 * Thrown when bytes cannot be read as the expected value.
 *
 * `offset` counts bytes from the start of the outermost value, `path` names the field.
 */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code: DecodeErrorCode;
  readonly offset: number;
  readonly path: Path;
  /** The text without path and offset. */
  readonly detail: string;

  constructor(
    code: DecodeErrorCode,
    detail: string,
    { offset, path = [], cause }: { offset: number; path?: Path; cause?: unknown },
  ) {
    super(`${at(path)}${detail} (byte ${offset})`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.offset = offset;
    this.path = path;
    this.detail = detail;
  }

  /** The same error seen from one level further out. */
  within(key: string | number): DecodeError {
    const { code, detail, offset, cause } = this;
    return new DecodeError(code, detail, { offset, path: [key, ...this.path], cause });
  }
}

/** Thrown when a value cannot be written; `path` names the field. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  readonly code: EncodeErrorCode;
  readonly path: Path;
  /** The text without the path. */
  readonly detail: string;

  constructor(
    code: EncodeErrorCode,
    detail: string,
    { path = [], cause }: { path?: Path; cause?: unknown } = {},
  ) {
    super(`${at(path)}${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.detail = detail;
  }

  /** The same error seen from one level further out. */
  within(key: string | number): EncodeError {
    const { code, detail, cause } = this;
    return new EncodeError(code, detail, { path: [key, ...this.path], cause });
  }
}

/**
 * The error if it is a {@link DecodeError}, else an `invalid_value` with it as its cause: a codec of somebody else may
 * throw anything, and what a peer sends must come out as one kind of error.
 */
export function asDecodeError(cause: unknown, offset: number): DecodeError {
  if (cause instanceof DecodeError) return cause;
  return new DecodeError("invalid_value", "the codec threw", { offset, cause });
}

/**
 * The error if it is an {@link EncodeError}, else an `invalid_value` with it as its cause: a list that is none, from
 * a file or a user, makes a codec throw a TypeError.
 */
export function asEncodeError(cause: unknown): EncodeError {
  if (cause instanceof EncodeError) return cause;
  return new EncodeError("invalid_value", "the codec threw", { cause });
}

/** Adds a level to the path of a codec error; any other error is returned as it is. */
export function withPath(error: unknown, key: string | number): unknown {
  return error instanceof DecodeError || error instanceof EncodeError ? error.within(key) : error;
}
