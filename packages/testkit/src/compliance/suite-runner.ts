// What the suites need from a test runner: two functions that vitest, jest and node:test all have.

/**
 * A test runner, such as `{ describe, it }` of vitest, jest or `node:test`.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 * describeByteStream({ name: "my stream", createPair }, { describe, it });
 * ```
 */
export interface SuiteRunner {
  /** Opens a group; `body` declares what is in it, at once. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Declares a test; it has failed when the promise is rejected. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}
