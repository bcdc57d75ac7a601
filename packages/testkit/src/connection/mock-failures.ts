// Failures that a test has planned for calls to come.
import type { MockFailure } from "./mock-config.ts";

/** What a `MockConnection` can be told to fail at. */
export type FailingCall = "connect" | "send" | "close" | "ping";

/** Failures of one kind that may be planned. */
const capacity = 1000;

/** One queue of failures for each kind of call. */
export class MockFailures {
  readonly #planned: Record<FailingCall, MockFailure[]> = {
    connect: [],
    send: [],
    close: [],
    ping: [],
  };

  /** Adds a failure behind those of the same kind. @throws RangeError if there are 1000 */
  plan(call: FailingCall, failure: MockFailure): void {
    if (this.#planned[call].length >= capacity) {
      throw new RangeError(`${capacity} failures of ${call} are planned already`);
    }
    this.#planned[call].push(failure);
  }

  /** Takes the failure of a call, if one is planned. */
  take(call: FailingCall): MockFailure | undefined {
    return this.#planned[call].shift();
  }
}
