// A codec of somebody else may throw anything. What a peer sends must come out as one kind of error, and so must
// what comes from a file or a user: a list that is none makes a codec throw a TypeError.
import { DecodeError, EncodeError } from "@satwire/codec";

/** The error if it is a `DecodeError`, else one with it as its cause. */
export function asDecodeError(cause: unknown, offset: number): DecodeError {
  if (cause instanceof DecodeError) return cause;
  return new DecodeError("invalid_value", "the codec threw", { offset, cause });
}

/** The error if it is an `EncodeError`, else one with it as its cause. */
export function asEncodeError(cause: unknown): EncodeError {
  if (cause instanceof EncodeError) return cause;
  return new EncodeError("invalid_value", "the codec threw", { cause });
}
