import { memoryPair } from "@satwire/net";
import { duplexPair, settle, VirtualClock, withFaults } from "../../src/index.ts";
import { StreamEnd } from "../support/end-log.ts";
import { describeFaults } from "./faults.suite.ts";

describeFaults("withFaults around one end of a memory pair", async (plan) => {
  const [a, b] = memoryPair();
  return {
    near: withFaults(a, plan),
    far: new StreamEnd(b),
    settled: settle,
    close: async () => b.destroy(),
  };
});

describeFaults("withFaults around withFaults", async (plan) => {
  const [a, b] = memoryPair();
  return {
    near: withFaults(withFaults(a, []), plan),
    far: new StreamEnd(withFaults(b, [])),
    settled: settle,
    close: async () => b.destroy(),
  };
});

describeFaults("duplexPair", async (first) => {
  const [near, far] = duplexPair({ faults: { first } });
  return { near, far: new StreamEnd(far), settled: settle, close: async () => far.destroy() };
});

describeFaults("duplexPair with a link", async (second) => {
  const clock = new VirtualClock();
  const [far, near] = duplexPair({ faults: { second }, profile: { latencyMs: [1, 20] }, clock });
  let isOpen = true;
  const running = (async () => {
    while (isOpen) await clock.advance(1);
  })();
  return {
    near,
    far: new StreamEnd(far),
    settled: () => clock.advance(100), // longer than anything takes on the link
    async close() {
      isOpen = false;
      await running;
    },
  };
});
