// The rules of `ByteStream` for streams that are made here: what they throw, and what a consumer that throws does.
import { type ByteStream, NetError } from "@satwire/net";

/**
 * Runs a callback of the stream's consumer. When it throws, the stream is destroyed and the value is thrown again
 * where nothing catches it.
 */
export function callConsumer(stream: ByteStream, callback: () => void): void {
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
