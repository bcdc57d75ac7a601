import { memoryPair } from "@satwire/net";
import { describeByteStream } from "@satwire/testkit/compliance";
import { describe, it } from "vitest";

const name = "memoryPair"; // or a ByteStream of your own
async function createPair() {
  const streams = memoryPair();
  const close = async (): Promise<void> => streams.forEach((stream) => stream.destroy());
  return { streams, mostUnderWay: 90_000, close };
}

describeByteStream({ name, createPair }, { describe, it });
