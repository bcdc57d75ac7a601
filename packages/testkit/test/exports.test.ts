import * as testkit from "@satwire/testkit";
import { expect, test } from "vitest";

test("the package exports these values", () => {
  expect(Object.keys(testkit).sort()).toEqual([
    "AssertionError",
    "Conditions",
    "GossipStore",
    "LoopbackConnection",
    "LoopbackLightningNode",
    "VirtualClock",
    "answerGossipQuery",
    "createRng",
    "generateGossip",
    "isGossipQuery",
    "settle",
  ]);
});
