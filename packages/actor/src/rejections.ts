// Failures that nobody has to look at.
import { ActorError } from "./errors.ts";

/** A promise that has failed and whose failure is no unhandled rejection. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

/** The error of a wait that its caller's signal ended. */
export function abortedBy(signal: AbortSignal | undefined): ActorError {
  return new ActorError("aborted", "the caller's signal was aborted", { cause: signal?.reason });
}

export function ignore(): void {}
