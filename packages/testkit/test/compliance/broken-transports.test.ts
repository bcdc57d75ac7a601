// The suite of Bitcoin transports finds what is broken, and nothing where nothing is.
import { expect, test } from "vitest";
import {
  describeBitcoinTransport,
  runSuite,
  type SuiteOutcome,
} from "../../src/compliance/index.ts";
import { v2Initiator, v2Responder } from "../support/fixed-sessions.ts";
import { brokenTransports, WrappedTransport } from "./broken-transports.ts";

/** Runs the suite, or some of its tests, over transports of a class. */
function outcomeOf(Transport: typeof WrappedTransport, only?: string): Promise<SuiteOutcome> {
  const suite = (runner: Parameters<typeof describeBitcoinTransport>[1]): void =>
    describeBitcoinTransport(
      {
        name: "transport",
        createPair: (more) => ({
          protocol: "v2",
          transports: [new Transport(v2Initiator(more)), new Transport(v2Responder(more))],
        }),
      },
      runner,
    );
  return runSuite(suite, { only });
}

test("nothing is found in a transport that hands everything on", async () => {
  expect((await outcomeOf(WrappedTransport)).failures).toEqual([]);
});

test.each(brokenTransports)("%o, which %s: found by %j", async (Transport, _what, only) => {
  const { tests, failures } = await outcomeOf(Transport, only);
  expect(tests.length).toBe(1);
  expect(failures.map(({ name }) => name)).toEqual(tests.map(({ name }) => name));
});

test("every test of the suite is among those above", async () => {
  const { tests } = await outcomeOf(WrappedTransport);
  const proven = brokenTransports.map(([, , only]) => only);
  const unproven = tests.filter(({ name }) => !proven.some((only) => name.includes(only)));
  expect(unproven.map(({ name }) => name)).toEqual([]);
});
