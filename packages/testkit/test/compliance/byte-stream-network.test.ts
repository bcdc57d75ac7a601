// Streams between the hosts of a network keep the contract of ByteStream.
import { type ByteStream } from "@satwire/net";
import { describe, it } from "vitest";
import { describeByteStream } from "../../src/compliance/index.ts";
import { SimNetwork } from "../../src/network/sim-network.ts";
import type { SimNetworkOptions } from "../../src/network/sim-network-options.ts";
import { TurnClock } from "../support/turn-clock.ts";

const networks: Readonly<Record<string, SimNetworkOptions<TurnClock>>> = {
  "no latency": {},
  "latency that varies": { defaults: { latencyMs: [5, 30], jitterMs: 20 } },
  "little room": { capacityBytes: 20_000 },
};

for (const [name, options] of Object.entries(networks)) {
  const clock = new TurnClock();
  const createPair = async () => {
    const network = new SimNetwork({ ...options, clock });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const accepted: ByteStream[] = [];
    const listener = await bob.listen(bob.address(), (stream) => accepted.push(stream));
    const dialed = await alice.dialer(listener.address);
    while (accepted.length === 0)
      await new Promise((resolve) => void clock.setTimer(() => resolve(0), 10));
    const stream = accepted[0] as ByteStream;
    return {
      streams: [dialed, stream] as const,
      mostUnderWay: 3 * (65_536 + 20_000), // of what is sent, on its way and received; one write more each
      close: async () => {
        dialed.destroy();
        stream.destroy();
        await listener.close();
      },
    };
  };
  // Seconds of the network are turns of the event loop here.
  describeByteStream(
    { name: `SimNetwork with ${name}`, createPair, clock, timeoutMs: 400_000 },
    { describe, it },
  );
}
