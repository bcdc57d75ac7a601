import type { ByteStream } from "@satwire/net";
import { memoryPair } from "@satwire/net";
import { describe, test as it } from "vitest";
import { describeByteStream } from "../../src/compliance/byte-stream.ts";
import {
  duplexPair,
  type DuplexPairOptions,
  fault,
  type FaultPlan,
  withFaults,
} from "../../src/index.ts";

const pairs: Readonly<Record<string, DuplexPairOptions>> = {
  "no link": {},
  "little room": { capacityBytes: 1 },
  "small chunks": { capacityBytes: 100_000, chunkBytes: 999 },
  "a link that takes its time": { profile: { latencyMs: 0.5, jitterMs: 1 } },
  "a link with a speed": { profile: { bytesPerSecond: 200_000_000, segmentBytes: 9000 } },
};

for (const [name, options] of Object.entries(pairs)) {
  describeByteStream(
    {
      name: `duplexPair with ${name}`,
      createPair: async () => created(duplexPair(options), options.capacityBytes),
    },
    { describe, it },
  );
}

const plans: Readonly<Record<string, FaultPlan>> = {
  nothing: [],
  fragments: [fault.fragment(700, "both")],
  "fragments of random sizes": [fault.fragment("random", "both")],
  "coalesced bytes": [fault.coalesce(30_000, 1, "both")],
  "a stall": [fault.stallAfter(3, 2, "both"), fault.stallAfter(1000, 1, "both")],
  "slow bytes": [fault.slowloris(1_000_000_000, "both")],
};

for (const [name, plan] of Object.entries(plans)) {
  describeByteStream(
    {
      name: `withFaults, ${name}`,
      createPair: async () => {
        const [a, b] = memoryPair();
        return created([withFaults(a, plan), withFaults(b, plan)]);
      },
    },
    { describe, it },
  );
}

function created(
  streams: readonly [ByteStream, ByteStream],
  capacityBytes = 65_536,
): {
  streams: readonly [ByteStream, ByteStream];
  mostUnderWay: number;
  close: () => Promise<void>;
} {
  return {
    streams,
    mostUnderWay: 3 * (capacityBytes + 20_000), // a lane, the pipe, a chunk on its way out; one write may go over each
    close: async () => streams.forEach((stream) => stream.destroy()),
  };
}
