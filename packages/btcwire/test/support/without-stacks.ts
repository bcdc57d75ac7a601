// Errors without stacks.
import { afterAll, beforeAll } from "vitest";

/** For files that cause very many errors: collecting their stacks takes longer than everything else. */
export function withoutStacks(): void {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
}
