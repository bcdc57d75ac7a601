// What a network can be told, and its methods.
import type { Clock } from "@satwire/actor";
import type { VirtualClock } from "../determinism/virtual-clock.ts";
import type { SimHost } from "./sim-host.ts";
import type { TraceEvent } from "./trace.ts";
import type { SimLink } from "./wire.ts";

/** A host, or its name. */
export type HostRef = string | SimHost;

/** One host or several. */
export type HostGroup = HostRef | readonly HostRef[];

/** Options of a `SimNetwork`. */
export interface SimNetworkOptions<C extends Clock = VirtualClock> {
  /** @default 1 */
  readonly seed?: number | string | undefined;
  /** @default a new VirtualClock */
  readonly clock?: C | undefined;
  /**
   * What lies between two hosts unless `link` says otherwise. A host reaches itself in no time.
   * @default no latency, no limit, no loss
   */
  readonly defaults?: SimLink | undefined;
  /**
   * Bytes that one side of a connection may have under way: its buffer, and TCP's window.
   * @default 65_536
   */
  readonly capacityBytes?: number | undefined;
  /**
   * Milliseconds without an acknowledgement after which a sender fails with `timed_out`.
   * @default 924_600, as Linux: 15 tries
   */
  readonly retransmitMs?: number | undefined;
  /**
   * Packets arrive at whole multiples of this many milliseconds, rounded up. Small ticks cost time: each one
   * at which something arrives is a turn of the clock.
   * @default 1
   */
  readonly tickMs?: number | undefined;
  /**
   * How many events `trace` keeps. `traceHash` covers all of them.
   * @default 10_000
   */
  readonly maxTraceEvents?: number | undefined;
  /** Called with each event of the trace as it happens; must not throw. */
  readonly onTraceEvent?: ((event: TraceEvent) => void) | undefined;
}

/** Options of `SimNetwork.partition` and `SimNetwork.link`. */
export interface DirectionOptions {
  /**
   * Only what goes from the first to the second.
   * @default false
   */
  readonly oneWay?: boolean | undefined;
}

/** Options of `SimNetwork.swizzle`. */
export interface SwizzleOptions {
  /** Milliseconds from the first clog to the last release, at most. */
  readonly overMs: number;
  /** Frees all hosts; `swizzle` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Which way `SimNetwork.clog` stops packets. */
export interface ClogOptions {
  /** What comes to the host. @default true, unless `out` is */
  readonly in?: boolean | undefined;
  /** What leaves the host. @default true, unless `in` is */
  readonly out?: boolean | undefined;
}
