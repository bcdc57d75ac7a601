import { memoryPair, MemoryNetwork, parseHostPort, type ByteStream } from "../src/index.ts";
import { describeByteStream } from "./byte-stream.suite.ts";

for (const sizes of [
  {},
  { capacityBytes: 1, chunkBytes: 65_536 },
  { capacityBytes: 100_000, chunkBytes: 999 },
]) {
  describeByteStream(`memoryPair ${JSON.stringify(sizes)}`, async () => {
    const streams = memoryPair(sizes);
    return {
      streams,
      mostUnderWay: (sizes.capacityBytes ?? 65_536) + 20_000, // one write may go over it
      close: async () => streams.forEach((stream) => stream.destroy()),
    };
  });
}

describeByteStream("MemoryNetwork", async () => {
  const network = new MemoryNetwork();
  const accepted: ByteStream[] = [];
  const listener = await network.listen(
    parseHostPort("alice:0", { allowPortZero: true }),
    (stream) => accepted.push(stream),
  );
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
});
