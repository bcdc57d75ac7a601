// Assertions for the inside of this package: suites, scripts and checks fail through these. They use no
// `instanceof`: what a test runner's own realm hands over would not pass it.
import { AssertionError } from "./assertion-error.ts";
import { equalData } from "./plain-equality.ts";
import { printable } from "./printable.ts";

/** What an error should be like; what is left out may be anything. */
export interface ErrorShape {
  readonly name?: string | undefined;
  readonly code?: string | undefined;
  /** The whole text, or a pattern that it matches. */
  readonly message?: string | RegExp | undefined;
  /** The very value that should be thrown. */
  readonly is?: unknown;
}

/** @throws AssertionError with this text, unless the condition is true */
export function assert(condition: boolean, text: string): asserts condition {
  if (!condition) {
    throw new AssertionError(text, { actual: condition, expected: true, operator: "==" });
  }
}

/**
 * Compares plain data at any depth.
 *
 * @param text what is compared, in words
 * @throws AssertionError with both values, in short in its text
 */
export function assertEqual(actual: unknown, expected: unknown, text: string): void {
  if (equalData(actual, expected)) return;
  throw new AssertionError(`${text}: got ${printable(actual)}, expected ${printable(expected)}`, {
    actual,
    expected,
    operator: "deepStrictEqual",
  });
}

/**
 * Waits until the promise rejects, and resolves with what it rejects with. A function is called first; what it throws at
 * once is no rejection and fails.
 *
 * @throws AssertionError when it resolves, or rejects with something of another shape
 */
export async function assertRejects(
  promise: PromiseLike<unknown> | (() => PromiseLike<unknown>),
  expected: ErrorShape,
  text: string,
): Promise<unknown> {
  let promised: PromiseLike<unknown>;
  try {
    promised = typeof promise === "function" ? promise() : promise;
  } catch (error) {
    throw new AssertionError(`${text}: threw ${printable(error)} instead of rejecting`, {
      actual: error,
      expected,
      operator: "rejects",
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = await promised;
  } catch (error) {
    checkShape(error, expected, text, "rejects");
    return error;
  }
  throw new AssertionError(`${text}: resolved with ${printable(value)} instead of rejecting`, {
    actual: value,
    expected,
    operator: "rejects",
  });
}

/**
 * Calls the function and returns what it throws.
 *
 * @throws AssertionError when it returns, or throws something of another shape
 */
export function assertThrows(run: () => unknown, expected: ErrorShape, text: string): unknown {
  let value: unknown;
  try {
    value = run();
  } catch (error) {
    checkShape(error, expected, text, "throws");
    return error;
  }
  throw new AssertionError(`${text}: returned ${printable(value)} instead of throwing`, {
    actual: value,
    expected,
    operator: "throws",
  });
}

function checkShape(error: unknown, expected: ErrorShape, text: string, operator: string): void {
  if ("is" in expected && !Object.is(error, expected.is)) {
    throw new AssertionError(
      `${text}: ${operator} ${printable(error)}, expected the very ${printable(expected.is)}`,
      { actual: error, expected: expected.is, operator, cause: error },
    );
  }
  for (const field of ["name", "code", "message"] as const) {
    const wanted = expected[field];
    if (wanted === undefined) continue;
    const actual = (error as Partial<Record<string, unknown>> | null | undefined)?.[field];
    const fits =
      typeof wanted === "string"
        ? actual === wanted
        : typeof actual === "string" && actual.search(wanted) >= 0;
    if (fits) continue;
    throw new AssertionError(
      `${text}: ${operator} ${printable(error)} with ${field} ${printable(actual)}, ` +
        `expected ${typeof wanted === "string" ? printable(wanted) : String(wanted)}`,
      { actual, expected: wanted, operator, cause: error },
    );
  }
}
