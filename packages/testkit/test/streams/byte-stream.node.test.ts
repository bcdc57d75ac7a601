import { type ByteStream, defaultDialer, listenTcp, parseHostPort } from "@satwire/net";
import { describe, test as it } from "vitest";
import { describeByteStream } from "../../src/compliance/byte-stream.ts";
import { fault, type FaultPlan, faultyDialer, faultyListen } from "../../src/index.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });

const plans: Readonly<Record<string, FaultPlan>> = {
  nothing: [],
  "fragments of random sizes": [fault.fragment("random", "both")],
  "a stall": [fault.stallAfter(3, 2, "both"), fault.stallAfter(1000, 1, "both")],
};

for (const [name, plan] of Object.entries(plans)) {
  describeByteStream(
    {
      name: `TCP with faults: ${name}`,
      async createPair() {
        let accept: (stream: ByteStream) => void = () => {};
        const accepted = new Promise<ByteStream>((resolve) => (accept = resolve));
        const listener = await faultyListen(listenTcp, plan)(anyPort, accept);
        const dialed = await faultyDialer(defaultDialer, plan)(listener.address);
        const stream = await accepted;
        return {
          streams: [dialed, stream],
          mostUnderWay: 17_000_000, // the system's buffers on both sides grow to about 10 MB
          async close() {
            dialed.destroy();
            stream.destroy();
            await listener.close();
          },
        };
      },
    },
    { describe, it },
  );
}
