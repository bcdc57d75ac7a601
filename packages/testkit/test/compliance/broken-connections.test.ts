// The suite of connections finds what is broken, and nothing where nothing is.
import { describe, expect, test } from "vitest";
import { describePeerConnection, runSuite, type SuiteOutcome } from "../../src/compliance/index.ts";
import { mockCase } from "../support/mock-cases.ts";
import { TurnClock } from "../support/turn-clock.ts";
import { WrappedConnection } from "../support/wrapped-connection.ts";
import { brokenConnections } from "./broken-connections.ts";

/** Runs the suite, or some of its tests, over connections of a class. */
function outcomeOf(Connection: typeof WrappedConnection, only?: string): Promise<SuiteOutcome> {
  const create = async () => mockCase((mock) => new Connection(mock));
  const options = { name: "connection", create, clock: new TurnClock() };
  return runSuite((runner) => describePeerConnection(options, runner), { only });
}

test("nothing is found in a connection that hands everything on", async () => {
  const { failures } = await outcomeOf(WrappedConnection);
  expect(failures).toEqual([]);
});

describe.each(brokenConnections)("%o", (Connection, what, only) => {
  test(`${what}: found by "${only}"`, async () => {
    const { tests, failures } = await outcomeOf(Connection, only);
    expect(tests.length).toBeGreaterThan(0);
    expect(failures[0]?.name).toBe(tests[0]?.name);
  });
});

test("every test of the suite is among those above", async () => {
  const { tests } = await outcomeOf(WrappedConnection);
  const proven = brokenConnections.map(([, , only]) => only);
  const unproven = tests.filter(({ name }) => !proven.some((only) => name.includes(only)));
  expect(unproven.map(({ name }) => name)).toEqual([]);
});
