import { type ByteStream, defaultDialer, listenTcp, parseHostPort } from "@satwire/net";
import { describe, it } from "vitest";
import { describeByteStream } from "../../src/compliance/index.ts";

describeByteStream(
  {
    name: "TCP",
    async createPair() {
      let accept: (stream: ByteStream) => void = () => {};
      const accepted = new Promise<ByteStream>((resolve) => (accept = resolve));
      const target = parseHostPort("127.0.0.1:0", { allowPortZero: true });
      const listener = await listenTcp(target, accept);
      const dialed = await defaultDialer(listener.address);
      const stream = await accepted;
      return {
        streams: [dialed, stream],
        mostUnderWay: 16_000_000, // the system's buffers on both sides grow to about 10 MB
        close: async () => {
          dialed.destroy();
          stream.destroy();
          await listener.close();
        },
      };
    },
  },
  { describe, it },
);
