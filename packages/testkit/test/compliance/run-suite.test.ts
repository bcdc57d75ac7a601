import { expect, test } from "vitest";
import {
  describeByteStream,
  describePeerConnection,
  runSuite,
  type SuiteRunner,
} from "../../src/compliance/index.ts";

const why = new Error("because");

/** Writes down what runs. */
function suiteWith(ran: string[]): (runner: SuiteRunner) => void {
  const test = (name: string, error?: unknown) => async (): Promise<void> => {
    ran.push(name);
    if (error !== undefined) throw error;
  };
  return ({ describe, it }) => {
    it("first", test("first"));
    describe("group", () => {
      describe("inner", () => it("second", test("second", why)));
      it("third", test("third"));
    });
    it("fourth", async () => Promise.reject(undefined));
  };
}

test("tests run in order and are named by their groups", async () => {
  const ran: string[] = [];
  const { tests, failures } = await runSuite(suiteWith(ran));
  expect(ran).toEqual(["first", "second", "third"]);
  expect(tests.slice(0, 3)).toEqual([
    { name: "first", error: undefined },
    { name: "group > inner > second", error: why },
    { name: "group > third", error: undefined },
  ]);
  expect(failures.map(({ name }) => name)).toEqual(["group > inner > second", "fourth"]);
  expect(failures[1]?.error).toMatchObject({ message: "rejected with undefined" });
});

test("one test follows the other", async () => {
  const log: string[] = [];
  await runSuite(({ it }) => {
    it("slow", async () => {
      log.push("slow begins");
      await Promise.resolve();
      log.push("slow ends");
    });
    it("next", async () => void log.push("next"));
  });
  expect(log).toEqual(["slow begins", "slow ends", "next"]);
});

test("only what is asked for runs", async () => {
  const ran: string[] = [];
  const { tests } = await runSuite(suiteWith(ran), { only: "group > t" });
  expect(ran).toEqual(["third"]);
  expect(tests).toEqual([{ name: "group > third", error: undefined }]);
});

test("what a suite throws while it is declared is no failure of a test", async () => {
  const suite = (): void => {
    throw why;
  };
  await expect(runSuite(suite)).rejects.toBe(why);
});

test("a suite refuses a time that is none", async () => {
  const options = {
    name: "x",
    createPair: () => Promise.reject(why),
    create: () => Promise.reject(why),
  };
  for (const timeoutMs of [0, -1, NaN]) {
    for (const declare of [describeByteStream, describePeerConnection]) {
      const declared = runSuite((runner) => declare({ ...options, timeoutMs }, runner));
      await expect(declared).rejects.toThrow(`timeoutMs is ${timeoutMs}`);
    }
  }
});

test("a suite whose implementation cannot be made fails in each test, and says why", async () => {
  const options = { name: "x", createPair: () => Promise.reject(why) };
  const { tests, failures } = await runSuite((runner) => describeByteStream(options, runner));
  expect(failures.length).toBe(tests.length);
  expect(failures.every(({ error }) => error === why)).toBe(true);
});
