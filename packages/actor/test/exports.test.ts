import * as actor from "@satwire/actor";
import { expect, test } from "vitest";

test("the package exports these values", () => {
  expect(Object.keys(actor).sort()).toEqual([
    "ActorError",
    "ActorSystem",
    "Backoff",
    "BoundedQueue",
    "Deferred",
    "FairScheduler",
    "QueueError",
    "QueueRef",
    "Router",
    "broadcast",
    "consistentHash",
    "failure",
    "filterMapInput",
    "handlers",
    "leastLoaded",
    "logTo",
    "mapInput",
    "mapRef",
    "randomEarlyDrop",
    "randomRouting",
    "roundRobin",
    "serviceKey",
    "setup",
    "sleep",
    "systemClock",
  ]);
});
