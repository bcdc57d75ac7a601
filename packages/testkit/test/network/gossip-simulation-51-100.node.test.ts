import { expect, test } from "vitest";
import { gossipSimulation, isChosen } from "../support/gossip-simulation.ts";

test("50 nodes agree after every failure, and do the same again: seeds 51 to 100", async () => {
  const [first, second] = await gossipSimulation(51, 50);
  expect(second.runs).toEqual(first.runs);
  expect(new Set(first.runs.map(({ traceHash }) => traceHash)).size).toBe(first.runs.length);
  if (!isChosen()) expect(first.runs).toHaveLength(50);
}, 1_800_000); // some 15 s of work, however busy the machine is
