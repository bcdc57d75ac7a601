// A runner of its own: runs a suite here and now, and returns what came of each test.
import type { SuiteRunner } from "./suite-runner.ts";

/** What came of one test. */
export interface TestOutcome {
  /** Names of the groups and of the test, joined with ` > `. */
  readonly name: string;
  /** What the test was rejected with; undefined if it passed. */
  readonly error: unknown;
}

/** What came of a suite. */
export interface SuiteOutcome {
  /** In the order in which the tests ran. */
  readonly tests: readonly TestOutcome[];
  /** Those that failed. */
  readonly failures: readonly TestOutcome[];
}

/** Options of {@link runSuite}. */
export interface RunSuiteOptions {
  /** Runs only tests whose name contains this. @default "" */
  readonly only?: string | undefined;
}

/**
 * Runs a suite without a test runner, one test after the other: to look at an implementation in a script, or to see
 * that a suite finds what is broken. Rejects with what the suite throws while it is declared.
 *
 * @example
 * ```ts
 * const { failures } = await runSuite((runner) => describeByteStream({ name: "mine", createPair }, runner));
 * ```
 */
export async function runSuite(
  suite: (runner: SuiteRunner) => void,
  { only = "" }: RunSuiteOptions = {},
): Promise<SuiteOutcome> {
  const groups: string[] = [];
  const declared: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  suite({
    describe: (name, body) => {
      groups.push(name);
      body();
      groups.pop();
    },
    it: (name, body) => {
      declared.push({ name: [...groups, name].join(" > "), body });
    },
  });
  const tests: TestOutcome[] = [];
  const failures: TestOutcome[] = [];
  for (const { name, body } of declared) {
    if (!name.includes(only)) continue;
    try {
      await body();
      tests.push({ name, error: undefined });
    } catch (error) {
      const failure = { name, error: error ?? new Error(`rejected with ${String(error)}`) };
      tests.push(failure);
      failures.push(failure);
    }
  }
  return { tests, failures };
}
