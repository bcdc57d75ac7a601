// What every ByteStream must do: the suite's entry, its parts are in the files beside it.
import { backpressureTests } from "./byte-stream-backpressure.ts";
import { deliveryTests } from "./byte-stream-delivery.ts";
import { destroyTests } from "./byte-stream-destroy.ts";
import { endTests } from "./byte-stream-end.ts";
import { misuseTests } from "./byte-stream-misuse.ts";
import type { ByteStreamTests, StreamPair } from "./byte-stream-tests.ts";
import { Patience, type PatienceOptions } from "./patience.ts";
import { StreamRecorder, type StreamReactions } from "./stream-recorder.ts";
import type { SuiteRunner } from "./suite-runner.ts";

/** What {@link describeByteStream} runs against. */
export interface ByteStreamSuiteOptions extends PatienceOptions {
  /** Of the implementation. */
  readonly name: string;
  /** Makes a connection for one test. */
  readonly createPair: () => Promise<StreamPair>;
}

/**
 * Declares what every `ByteStream` must do: 30 tests of delivery, backpressure, half-close, destroy and misuse,
 * with up to 9 MB each.
 *
 * What a callback throws must be thrown again from `queueMicrotask`; the suite replaces that global while it looks.
 *
 * @throws RangeError for a `timeoutMs` that is not above 0
 * @example
 * ```ts
 * describeByteStream(
 *   {
 *     name: "memoryPair",
 *     createPair: async () => {
 *       const streams = memoryPair();
 *       const close = async () => streams.forEach((stream) => stream.destroy());
 *       return { streams, mostUnderWay: 90_000, close };
 *     },
 *   },
 *   { describe, it },
 * );
 * ```
 */
export function describeByteStream(options: ByteStreamSuiteOptions, runner: SuiteRunner): void {
  const patience = new Patience(options);
  const recorder = (on?: StreamReactions): StreamRecorder => new StreamRecorder(patience, on);
  const tests: ByteStreamTests = {
    test(name, body) {
      runner.it(name, async () => {
        const pair = await options.createPair();
        try {
          await body(...pair.streams, pair);
        } finally {
          await pair.close();
        }
      });
    },
    recorder,
    record(stream, on) {
      const consumer = recorder(on);
      stream.start(consumer);
      return consumer;
    },
  };
  runner.describe(options.name, () => {
    runner.describe("delivery", () => deliveryTests(tests));
    runner.describe("backpressure", () => backpressureTests(tests));
    runner.describe("end", () => endTests(tests));
    runner.describe("destroy", () => destroyTests(tests));
    runner.describe("misuse", () => misuseTests(tests));
  });
}
