// The one error of this package: something was not as a test expects it.

/** What an {@link AssertionError} knows besides its text. */
export interface AssertionDetails {
  readonly actual?: unknown;
  readonly expected?: unknown;
  /** How the two were compared, such as `deepStrictEqual`. @default "fail" */
  readonly operator?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Something was not as expected. Shaped as the one of `node:assert`, so that vitest, jest and `node:test` show the
 * difference between `actual` and `expected`.
 */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
  readonly code = "ERR_ASSERTION";
  readonly generatedMessage = false;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;

  constructor(text: string, details: AssertionDetails = {}) {
    super(text, "cause" in details ? { cause: details.cause } : undefined);
    this.actual = details.actual;
    this.expected = details.expected;
    this.operator = details.operator ?? "fail";
  }
}
