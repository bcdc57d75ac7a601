import { type ByteStream, memoryPair, MemoryNetwork, parseHostPort } from "@satwire/net";
import { describe, it } from "vitest";
import { describeByteStream } from "../../src/compliance/index.ts";

for (const sizes of [
  {},
  { capacityBytes: 1, chunkBytes: 65_536 },
  { capacityBytes: 100_000, chunkBytes: 999 },
]) {
  const createPair = async () => {
    const streams = memoryPair(sizes);
    return {
      streams,
      mostUnderWay: (sizes.capacityBytes ?? 65_536) + 20_000, // one write may go over it
      close: async () => streams.forEach((stream) => stream.destroy()),
    };
  };
  describeByteStream({ name: `memoryPair ${JSON.stringify(sizes)}`, createPair }, { describe, it });
}

describeByteStream(
  {
    name: "MemoryNetwork",
    async createPair() {
      const network = new MemoryNetwork();
      const accepted: ByteStream[] = [];
      const target = parseHostPort("alice:0", { allowPortZero: true });
      const listener = await network.listen(target, (stream) => accepted.push(stream));
      const dialed = await network.dialer(listener.address);
      const [stream] = accepted;
      if (stream === undefined) throw new Error("nothing was accepted");
      return {
        streams: [dialed, stream],
        mostUnderWay: 65_536 + 20_000,
        close: async () => {
          dialed.destroy();
          await listener.close();
        },
      };
    },
  },
  { describe, it },
);
