// What every incremental reader must do: the suite's entry, its parts are in the files beside it.
import { chunkingTests } from "./stream-reader-chunking.ts";
import { failureTests } from "./stream-reader-failure.ts";
import type { StreamReaderCase, StreamReaderTests } from "./stream-reader-tests.ts";
import type { SuiteRunner } from "./suite-runner.ts";

/** What {@link describeStreamReader} runs against. */
export interface StreamReaderSuiteOptions {
  /** Of the implementation. */
  readonly name: string;
  /** Makes a fresh reader with its stream: the same stream each time, so fix keys and randomness. */
  readonly create: () => StreamReaderCase;
}

/**
 * Declares what every incremental reader must do: the same items however its bytes are cut, nothing before it is
 * complete, memory by what has come and not by what is announced, and no use after a failure.
 *
 * A chunk is read during `push` only: the suite overwrites it afterwards.
 *
 * @example
 * ```ts
 * const frames = lines.map((line) => ({ bytes: encode(`${line}\n`), items: [line] }));
 * const create = () => {
 *   const lineReader = new LineReader({ maxLength: 10 });
 *   const reader = {
 *     push: (chunk) => ({ items: lineReader.push(chunk), failure: lineReader.failure }),
 *     end: () => lineReader.end(),
 *   };
 *   return { reader, frames, refused: encode("longer than ten"), announced: encode("no end") };
 * };
 * describeStreamReader({ name: "LineReader", create }, { describe, it });
 * ```
 */
export function describeStreamReader(
  { name, create }: StreamReaderSuiteOptions,
  { describe, it }: SuiteRunner,
): void {
  const tests: StreamReaderTests = { test: (title, body) => void it(title, body), create };
  describe(name, () => {
    describe("any chunking", () => chunkingTests(tests));
    describe("ends and failures", () => failureTests(tests));
  });
}
