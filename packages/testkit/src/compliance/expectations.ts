// What the suites compare besides plain values: errors that were not thrown, and long bytes.
import { AssertionError } from "../assertion-error.ts";

/** Fields that an error must have. Not its class: a suite may run beside a second copy of a package. */
export interface ErrorFields {
  readonly name?: string;
  readonly code?: string;
  /** The very value. */
  readonly cause?: unknown;
}

/** @throws AssertionError unless `actual` is an error with these fields */
export function assertError(actual: unknown, expected: ErrorFields, what: string): void {
  const found: Record<string, unknown> = {};
  const differing = (Object.keys(expected) as (keyof ErrorFields)[]).filter((key) => {
    found[key] = (actual as ErrorFields | null | undefined)?.[key];
    return !Object.is(found[key], expected[key]);
  });
  const [first] = differing;
  if (first === undefined) return;
  const text = `${what}: ${first} is ${String(found[first])}, not ${String(expected[first])}, in ${String(actual)}`;
  throw new AssertionError(text, { actual: found, expected, cause: actual });
}

/** Shows the place and not megabytes. @throws AssertionError unless both are the same bytes */
export function assertBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const length = Math.min(actual.length, expected.length);
  let at = 0;
  while (at < length && actual[at] === expected[at]) at += 1;
  if (at === actual.length && at === expected.length) return;
  const text = `${what}: ${actual.length} bytes, not the ${expected.length} expected, from byte ${at} on`;
  throw new AssertionError(text, {
    actual: actual.slice(at, at + 16),
    expected: expected.slice(at, at + 16),
    operator: "deepStrictEqual",
  });
}
