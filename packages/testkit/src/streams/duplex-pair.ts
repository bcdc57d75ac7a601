// Two connected streams in memory, with a link between them and faults at both ends.
import { type Clock, systemClock } from "@satwire/actor";
import { memoryPair, type MemoryPairOptions } from "@satwire/net";
import { createRng, type Rng } from "../determinism/rng.ts";
import { LinkPath } from "../network/link-path.ts";
import type { LinkProfile } from "../network/link-profile.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { checkFaultyStream, withFaults } from "./faulty-stream.ts";
import type { SimStream } from "./sim-stream.ts";

/** Options of {@link duplexPair}. */
export interface DuplexPairOptions extends Omit<MemoryPairOptions, "paths"> {
  /** What the link between the ends is like. @default no time passes */
  readonly profile?: LinkProfile | undefined;
  /** What time on the link and in faults is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Seed of random latencies and sizes. @default 1 */
  readonly seed?: number | string | undefined;
  /** Takes the place of `seed`. */
  readonly rng?: Rng | undefined;
  /** What goes wrong, for each end: its `outgoing` bytes are those written to it. */
  readonly faults?:
    | { readonly first?: FaultPlan | undefined; readonly second?: FaultPlan | undefined }
    | undefined;
}

/**
 * Two streams that are each other's peer, with TCP's semantics: bytes in order, half-close, an end behind all that
 * was written, a reset that discards what was not read, Node's names of errors as `cause.code`.
 *
 * @throws RangeError for a size, a profile or a fault that makes no sense
 * @example
 * ```ts
 * const [ours, theirs] = duplexPair({
 *   profile: { latencyMs: 20 },
 *   clock: new VirtualClock(),
 *   faults: { second: [fault.finAfter(1000)] },
 * });
 * ```
 */
export function duplexPair(options: DuplexPairOptions = {}): [first: SimStream, second: SimStream] {
  const { capacityBytes, chunkBytes, addresses, profile, clock = systemClock, faults } = options;
  const { rng = createRng(options.seed ?? 1) } = options;
  const plans = [faults?.first ?? [], faults?.second ?? []] as const;
  for (const plan of plans) checkFaultyStream(plan, { capacityBytes });
  const path = (label: string): LinkPath => new LinkPath(profile ?? {}, clock, rng.fork(label));
  const paths = profile && ([path("there"), path("back")] as const);
  const [first, second] = memoryPair({ capacityBytes, chunkBytes, addresses, paths });
  return [
    withFaults(first, plans[0], { clock, capacityBytes, rng: rng.fork("first") }),
    withFaults(second, plans[1], { clock, capacityBytes, rng: rng.fork("second") }),
  ];
}
