// The suite of byte streams finds what is broken, and nothing where nothing is.
import { memoryPair } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { describeByteStream, runSuite, type SuiteOutcome } from "../../src/compliance/index.ts";
import { TurnClock } from "../support/turn-clock.ts";
import { WrappedStream } from "../support/wrapped-stream.ts";
import { brokenStreams } from "./broken-byte-streams.ts";

/** Runs the suite, or one test of it, over streams of a class. */
function outcomeOf(Stream: typeof WrappedStream, only?: string): Promise<SuiteOutcome> {
  const createPair = async () => {
    const [a, b] = memoryPair();
    const streams = [new Stream(a), new Stream(b)] as const;
    const close = async () => [a, b].forEach((stream) => stream.destroy());
    return { streams, mostUnderWay: 65_536 + 20_000, close };
  };
  const options = { name: "stream", createPair, clock: new TurnClock() };
  return runSuite((runner) => describeByteStream(options, runner), { only });
}

test("nothing is found in a stream that hands everything on", async () => {
  const { tests, failures } = await outcomeOf(WrappedStream);
  expect(failures).toEqual([]);
  expect(tests.length).toBeGreaterThan(25);
});

describe.each(brokenStreams)("%o", (Stream, what, only) => {
  test(`${what}: found by "${only}"`, async () => {
    const { tests, failures } = await outcomeOf(Stream, only);
    expect(tests.length).toBe(1);
    expect(failures.map(({ name }) => name)).toEqual(tests.map(({ name }) => name));
  });
});

test("a stream that closes too early is told so, and how it closed", async () => {
  class Resetting extends WrappedStream {
    override write(bytes: Uint8Array): boolean {
      this.inner.destroy();
      return bytes.length > 0;
    }
  }
  const { failures } = await outcomeOf(Resetting, "delivers megabytes in order");
  expect(failures[0]?.error).toMatchObject({
    message: expect.stringMatching(/^closed \((?:closed|reset)\) before/),
  });
});

test("a test that fails leaves the global that it had replaced as it was", async () => {
  class Unheard extends WrappedStream {
    override start(): void {}
  }
  const { queueMicrotask } = globalThis;
  const { failures } = await outcomeOf(Unheard, "uncaught, what data threw");
  expect(failures).toHaveLength(1);
  expect(globalThis.queueMicrotask).toBe(queueMicrotask);
});

test("a test of the suite that finds nothing broken is not among those above", async () => {
  const { tests } = await outcomeOf(WrappedStream);
  const proven = brokenStreams.map(([, , only]) => only);
  const unproven = tests.filter(({ name }) => !proven.some((only) => name.includes(only)));
  // Mirror images of tests that are proven, and those of other callbacks that throw.
  expect(unproven.map(({ name }) => name.split(" > ").at(-1))).toEqual([
    "remembers an end that came before the second stream started",
    "lets the other side go on writing after the second stream ended",
    "destroys the stream and throws again, uncaught, what end threw",
    "destroys the stream and throws again, uncaught, what drain threw",
    "destroys the stream and throws again, uncaught, what close threw",
  ]);
});
