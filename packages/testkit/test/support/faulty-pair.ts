// A stream with faults around one end of a memory pair, both ends written down.
import {
  type ByteStream,
  memoryPair,
  type MemoryPairOptions,
  type MemoryStream,
} from "@satwire/net";
import {
  type FaultPlan,
  type FaultyStreamOptions,
  type SimStream,
  VirtualClock,
  withFaults,
} from "../../src/index.ts";
import { type ChunkLog, logChunks } from "./chunk-log.ts";

/** Both ends of a connection whose near one has the faults. */
export interface FaultyPair {
  readonly clock: VirtualClock;
  readonly near: SimStream;
  readonly atNear: ChunkLog;
  readonly far: MemoryStream;
  readonly atFar: ChunkLog;
}

/** Both ends have started. */
export function connect(
  plan: FaultPlan,
  options: FaultyStreamOptions = {},
  sizes: MemoryPairOptions = {},
): FaultyPair {
  const clock = new VirtualClock();
  const [a, far] = memoryPair(sizes);
  const near = withFaults(a, plan, { clock, ...options });
  return { clock, near, far, atNear: logChunks(near, clock), atFar: logChunks(far, clock) };
}

/** Writes text. */
export function write(stream: ByteStream, text: string): boolean {
  return stream.write(new TextEncoder().encode(text));
}
