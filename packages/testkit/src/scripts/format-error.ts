// Text that was to be read as a script or a transcript, and is none.

/** What is wrong with a text: see {@link FormatError}. */
export type FormatErrorCode =
  /** It is no JSON, or no object. */
  | "invalid_json"
  /** It is of another format or version. */
  | "invalid_format"
  /** A field is missing, is one too many, or has a value that it cannot have. */
  | "invalid_field"
  /** It is longer than what is taken. */
  | "too_long";

/** A script or a transcript cannot be read, or not be written. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  readonly code: FormatErrorCode;
  /** The line of the text, from 1 on, where it has lines. */
  readonly line: number | undefined;

  constructor(
    code: FormatErrorCode,
    text: string,
    { line, cause }: { readonly line?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(line === undefined ? text : `line ${line}: ${text}`, { cause });
    this.code = code;
    this.line = line;
  }
}
