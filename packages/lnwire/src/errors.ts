// The errors of features. Those of reading and writing are `DecodeError` and `EncodeError` of the codec package.
/** What is wrong with a set of features. */
export type FeatureErrorCode =
  /** A number that cannot be a feature bit. */
  | "invalid_bit"
  /** An even bit that is not known. */
  | "unknown_required"
  /** A feature is set without one that it needs. */
  | "missing_dependency"
  /** The peer does not offer what we require. */
  | "not_offered"
  /** Both bits of a pair are set, where only one may be. */
  | "both_bits"
  /** A bit in a field that it may not be presented in. */
  | "wrong_context";

/** Thrown when features do not fit; `bits` are those at fault. */
export class FeatureError extends Error {
  override readonly name = "FeatureError";
  readonly code: FeatureErrorCode;
  readonly bits: readonly number[];

  constructor(code: FeatureErrorCode, text: string, { bits }: { bits: readonly number[] }) {
    super(text);
    this.code = code;
    this.bits = bits;
  }
}
