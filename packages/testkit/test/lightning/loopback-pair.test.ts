import { MemoryNetwork } from "@satwire/net";
import { describeLoopbackPair } from "./loopback-pair.suite.ts";

describeLoopbackPair("in memory", () => {
  const { listen, dialer } = new MemoryNetwork();
  return { listen, dialer };
});
