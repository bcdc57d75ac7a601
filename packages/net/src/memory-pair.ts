/** Two connected byte streams in memory: the sizes and the way to make them. */
import { connectedStreams, type MemoryPairOptions, type MemoryStream } from "./memory-stream.ts";

/**
 * Two streams that are each other's peer, with TCP's semantics and without IO.
 *
 * Delivery runs in microtasks: it takes no time of any clock and has the same order in every run. After every
 * 256 callbacks of a pair the event loop gets its turn, so that timers fire also while two ends answer each
 * other without a pause.
 *
 * @throws RangeError when a size is not a positive integer
 * @example
 * const [ours, theirs] = memoryPair({ capacityBytes: 1024 });
 */
export function memoryPair(
  options: MemoryPairOptions = {},
): [first: MemoryStream, second: MemoryStream] {
  return connectedStreams(options);
}
