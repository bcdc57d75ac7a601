// What a link between two hosts is like.
import type { Rng } from "../determinism/rng.ts";

/** How long a link takes: a number of milliseconds, a range to draw from, or a minimum with an exponential tail. */
export type Latency =
  | number
  | readonly [min: number, max: number]
  | { readonly min: number; readonly mean: number };

/** What a link does to what it carries. */
export interface LinkProfile {
  /** Milliseconds from one end to the other. @default 0 */
  readonly latencyMs?: Latency | undefined;
  /** Up to so many milliseconds more, for each segment anew. @default 0 */
  readonly jitterMs?: number | undefined;
  /** Bytes per second in each direction. @default no limit */
  readonly bytesPerSecond?: number | undefined;
  /** Largest segment in bytes; a longer write travels in pieces. @default 1460 if time passes, else no limit */
  readonly segmentBytes?: number | undefined;
}

/** Throws a RangeError that names the first field which makes no sense. */
export function checkLinkProfile(profile: LinkProfile): void {
  const { latencyMs = 0, jitterMs = 0, bytesPerSecond, segmentBytes } = profile;
  const latencies =
    typeof latencyMs === "number"
      ? [latencyMs, latencyMs]
      : "min" in latencyMs
        ? [latencyMs.min, latencyMs.mean]
        : latencyMs;
  const [low, high] = latencies as [number, number];
  if (!(low >= 0 && high >= low && Number.isFinite(high))) {
    const text = typeof latencyMs === "number" ? latencyMs : JSON.stringify(latencyMs);
    throw new RangeError(`latencyMs of ${text} is no time to wait for`);
  }
  if (!(jitterMs >= 0 && Number.isFinite(jitterMs))) {
    throw new RangeError(`jitterMs of ${jitterMs} is not 0 or more`);
  }
  if (bytesPerSecond !== undefined && !(bytesPerSecond > 0)) {
    throw new RangeError(`bytesPerSecond of ${bytesPerSecond} is not above 0`);
  }
  if (segmentBytes !== undefined && !(Number.isSafeInteger(segmentBytes) && segmentBytes > 0)) {
    throw new RangeError(`segmentBytes of ${segmentBytes} is not 1 or more`);
  }
}

/** One draw of how long a segment takes, jitter included, in milliseconds to three decimals. */
export function drawLatency({ latencyMs = 0, jitterMs = 0 }: LinkProfile, rng: Rng): number {
  const jitter = jitterMs === 0 ? 0 : rng.float() * jitterMs;
  // Engines may differ in the last bit of a logarithm: rounded, every one of them has the same times.
  return Math.round((drawBase(latencyMs, rng) + jitter) * 1000) / 1000;
}

function drawBase(latencyMs: Latency, rng: Rng): number {
  if (typeof latencyMs === "number") return latencyMs;
  if ("min" in latencyMs) return latencyMs.min + rng.exponential(latencyMs.mean - latencyMs.min);
  const [min, max] = latencyMs;
  return min + rng.float() * (max - min);
}
