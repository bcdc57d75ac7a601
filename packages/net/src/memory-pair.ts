/** Two connected byte streams in memory: the sizes and the way to make them. */
import type { HostPort } from "./address.ts";
import type { ByteStream } from "./byte-stream.ts";
import { connectedStreams, type MemoryPairSizes } from "./memory-stream.ts";

/** Options of {@link memoryPair}. */
export interface MemoryPairOptions extends MemoryPairSizes {
  /** Addresses of the first and the second stream. */
  readonly addresses?: readonly [first: HostPort, second: HostPort] | undefined;
}

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
): [first: ByteStream, second: ByteStream] {
  return connectedStreams(options, options.addresses);
}
