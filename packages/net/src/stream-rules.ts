/** The rules that every stream keeps towards its owner, whatever carries the bytes. */
import type { ByteStream } from "./byte-stream.ts";
import { NetError } from "./errors.ts";

/**
 * Runs a callback of the stream's owner. When it throws, the stream is destroyed and the value is thrown again
 * where nothing catches it, so that the platform reports it as uncaught.
 */
export function callOwner(stream: ByteStream, callback: () => void): void {
  try {
    callback();
  } catch (thrown) {
    stream.destroy(new NetError("failed", "the owner of the stream threw", { cause: thrown }));
    queueMicrotask(() => {
      throw thrown;
    });
  }
}

/** What `onClose` gets after `destroy(error)`. */
export function destroyError(error: Error | undefined): NetError {
  if (error instanceof NetError) return error;
  return new NetError("closed", "this side destroyed the stream", error && { cause: error });
}

/** What `write` throws when this side may not write any more. */
export function writeError(): NetError {
  return new NetError("closed", "write after end, destroy or close");
}

/** What a second `start` throws. */
export function startError(): NetError {
  return new NetError("already_started", "the stream has a consumer");
}
