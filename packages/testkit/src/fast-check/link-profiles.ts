// Links between hosts, at random.
import fc from "fast-check";
import type { LinkProfile } from "../network/link-profile.ts";
import { checkCount } from "./limits.ts";

/** Options of {@link linkProfiles}. */
export interface LinkProfileOptions {
  /** Longest latency, and longest jitter on top of it, in whole milliseconds. @default 1000 */
  readonly maxMs?: number | undefined;
  /** Least bandwidth, where there is a limit. @default 1000 */
  readonly minBytesPerSecond?: number | undefined;
}

/**
 * Link profiles as `duplexPair` and `SimNetwork` take them. Shrinks towards a link that takes no time.
 *
 * @throws RangeError for a limit that is none
 */
export function linkProfiles({
  maxMs = 1000,
  minBytesPerSecond = 1000,
}: LinkProfileOptions = {}): fc.Arbitrary<LinkProfile> {
  checkCount("maxMs", maxMs, 0);
  checkCount("minBytesPerSecond", minBytesPerSecond, 1);
  const ms = fc.nat({ max: maxMs });
  const rising = fc.tuple(ms, ms).map(([a, b]): readonly [number, number] => {
    return a <= b ? [a, b] : [b, a];
  });
  return fc.record(
    {
      latencyMs: fc.oneof(
        { withCrossShrink: true },
        ms,
        rising,
        rising.map(([min, mean]) => ({ min, mean })),
      ),
      jitterMs: ms,
      bytesPerSecond: fc.integer({ min: minBytesPerSecond, max: minBytesPerSecond + 10_000_000 }),
      segmentBytes: fc.integer({ min: 1, max: 65_536 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
}
