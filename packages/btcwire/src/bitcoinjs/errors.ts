// The error of the bridge. What is wrong with the bytes of a block is a `DecodeError`, as everywhere.
import type { Path } from "@satwire/codec";

/** Why something has no counterpart on the other side. */
export type ConversionErrorCode =
  /** Something that our side always has is not set. */
  | "missing_field"
  /** A number does not fit its field. */
  | "out_of_range"
  /** A hash does not have 32 bytes. */
  | "wrong_length"
  /** A value is of another kind than its field, or cannot be part of a block. */
  | "invalid_value"
  /** No network has these prefixes. */
  | "unknown_network"
  /** Several networks have these prefixes. */
  | "ambiguous_network";

/** Thrown when a value cannot be converted; `path` names the field of the value that was given. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
  readonly code: ConversionErrorCode;
  readonly path: Path;
  /** The text without the path. */
  readonly detail: string;

  constructor(
    code: ConversionErrorCode,
    detail: string,
    { path = [], cause }: { path?: Path; cause?: unknown } = {},
  ) {
    const text = path.length === 0 ? detail : `${path.join(".")}: ${detail}`;
    super(text, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.detail = detail;
  }

  /** The same error seen from one level further out. */
  within(key: string | number): ConversionError {
    const { code, detail, cause } = this;
    return new ConversionError(code, detail, { path: [key, ...this.path], cause });
  }
}
