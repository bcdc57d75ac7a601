// The suite of stream readers finds what is broken, and nothing where nothing is.
import { expect, test } from "vitest";
import { describeStreamReader, runSuite, type SuiteOutcome } from "../../src/compliance/index.ts";
import { toyCase, type ToyFault } from "../support/toy-reader.ts";

/** Runs the suite over readers with a fault. */
function outcomeOf(fault?: ToyFault): Promise<SuiteOutcome> {
  return runSuite((runner) =>
    describeStreamReader({ name: "reader", create: () => toyCase(fault) }, runner),
  );
}

/** What is wrong, and a test that must fail. */
const broken: readonly (readonly [fault: ToyFault, test: string])[] = [
  ["reads one frame per push", "gives the items of a stream that comes in one chunk"],
  ["gives an item with the next push", "gives the items of each frame with the frame"],
  ["gives an item before its sum", "gives the same items byte by byte"],
  ["drops what is not complete", "gives the same items of a stream split in two"],
  ["starts anew with an empty chunk", "gives the same items of chunks of random sizes"],
  ["ignores where a view begins", "reads a chunk that is a view into a larger array"],
  ["hands out views", "reads a chunk during the call only"],
  ["keeps the chunk", "reads a chunk during the call only"],
  ["changes the chunk", "reads a chunk during the call only"],
  ["takes every end", "gives no partial item of a stream that is cut off anywhere"],
  ["takes no end", "gives no partial item of a stream that is cut off anywhere"],
  ["takes what it must refuse", "fails at what it must refuse"],
  ["forgets items in front of a failure", "fails at what it must refuse"],
  ["goes on after a failure", "refuses everything after a failure"],
  ["makes a new failure each time", "refuses everything after a failure"],
  ["says that it holds nothing", "says what it holds"],
  ["says that it holds everything", "says what it holds"],
];

test("nothing is found in a reader without a fault", async () => {
  expect((await outcomeOf()).failures).toEqual([]);
});

test.each(broken)("a reader that %s: found by %j", async (fault, name) => {
  const { failures } = await outcomeOf(fault);
  expect(failures.map((failure) => failure.name)).toContainEqual(expect.stringContaining(name));
});

const { process: node } = globalThis as { process?: { memoryUsage?: unknown } };
test.runIf(node?.memoryUsage !== undefined)(
  "a reader that reserves what is announced is found",
  async () => {
    const { failures } = await outcomeOf("reserves what is announced");
    expect(failures.map(({ name }) => name)).toEqual([
      "reader > ends and failures > reserves memory for what has come, not for what is announced",
    ]);
  },
);

test("every test of the suite is among those above", async () => {
  const { tests } = await outcomeOf();
  const unproven = tests.filter(({ name }) => !broken.some(([, part]) => name.includes(part)));
  expect(unproven.map(({ name }) => name.split(" > ").at(-1))).toEqual([
    "reserves memory for what has come, not for what is announced", // in Node
  ]);
});
