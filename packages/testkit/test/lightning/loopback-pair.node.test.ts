import { defaultDialer, listenTcp } from "@satwire/net";
import { describeLoopbackPair } from "./loopback-pair.suite.ts";

describeLoopbackPair("over TCP", () => ({ listen: listenTcp, dialer: defaultDialer }));
