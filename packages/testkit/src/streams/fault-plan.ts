// What goes wrong with a connection, as data: it can be printed, saved as JSON, generated and shrunk.

/**
 * Which bytes a fault is about, seen from the stream that has it: those written to it, those that arrive at it, or
 * both, each counted on their own.
 */
export type FaultDirection = "outgoing" | "incoming" | "both";

/** The bytes that a fault is about. */
export interface FaultPlace {
  /** @default "outgoing" */
  readonly direction?: FaultDirection | undefined;
}

/** Cuts bytes into pieces of at most this size, or of random sizes. */
export interface FragmentFault extends FaultPlace {
  readonly kind: "fragment";
  readonly size: number | "random";
}

/** Holds bytes back until so many are there, so much time has passed, or the end follows; then makes one piece. */
export interface CoalesceFault extends FaultPlace {
  readonly kind: "coalesce";
  readonly bytes: number;
  /** Milliseconds that the first one waits at most. @default no limit */
  readonly forMs?: number | undefined;
}

/** Lets so many bytes pass, then nothing for a time; a reset still passes. */
export interface StallAfterFault extends FaultPlace {
  readonly kind: "stallAfter";
  readonly bytes: number;
  /** Milliseconds. @default until `unstall()` */
  readonly ms?: number | undefined;
}

/** Lets so many bytes pass, then resets the connection: both ends get `reset`. */
export interface ResetAfterFault extends FaultPlace {
  readonly kind: "resetAfter";
  readonly bytes: number;
}

/** Lets so many bytes pass, then ends the direction in order; what follows is swallowed. */
export interface FinAfterFault extends FaultPlace {
  readonly kind: "finAfter";
  readonly bytes: number;
}

/** Changes the byte at an offset, counted from the start of the direction. */
export interface CorruptFault extends FaultPlace {
  readonly kind: "corrupt";
  readonly offset: number;
  /** The bits to flip, 1 to 255. */
  readonly mask: number;
}

/** Lets bytes through no faster than this: one at a time, or as many as come in 5 milliseconds. */
export interface SlowlorisFault extends FaultPlace {
  readonly kind: "slowloris";
  readonly bytesPerSecond: number;
}

/** Lets so many bytes pass, then neither bytes nor an end nor a reset, for ever. */
export interface BlackholeAfterFault extends FaultPlace {
  readonly kind: "blackholeAfter";
  readonly bytes: number;
}

/** A dial that finds nobody. */
export interface DialFault {
  readonly kind: "refuse" | "unreachable" | "notFound";
}

/** A dial that nobody answers. */
export interface TimedOutFault {
  readonly kind: "timedOut";
  /** Milliseconds until the system gives up. */
  readonly ms: number;
}

/** A dial that takes longer. */
export interface ConnectDelayFault {
  readonly kind: "connectDelay";
  readonly ms: number;
}

/** One thing that goes wrong with a stream that is open. */
export type StreamFault =
  | FragmentFault
  | CoalesceFault
  | StallAfterFault
  | ResetAfterFault
  | FinAfterFault
  | CorruptFault
  | SlowlorisFault
  | BlackholeAfterFault;

/** One thing that goes wrong with a connection. */
export type Fault = StreamFault | DialFault | TimedOutFault | ConnectDelayFault;

/**
 * What goes wrong with one connection. Faults of one direction work together: bytes are coalesced, then cut, then
 * slowed down; of several that limit a size the smallest counts. Faults that come after the same number of bytes come
 * in the order of the plan, until one of them ends the direction.
 */
export type FaultPlan = readonly Fault[];

/** Milliseconds that Linux waits for an answer to a connection attempt with its usual six repetitions. */
const linuxConnectMs = 127_000;

/**
 * Makes faults. Each function checks its arguments.
 *
 * @throws RangeError for a value that makes no sense
 * @example
 * ```ts
 * const plan = [fault.byteAtATime(), fault.resetAfter(100, "incoming")];
 * ```
 */
export const fault: {
  fragment(size: number | "random", direction?: FaultDirection): FragmentFault;
  byteAtATime(direction?: FaultDirection): FragmentFault;
  coalesce(bytes: number, forMs?: number, direction?: FaultDirection): CoalesceFault;
  stallAfter(bytes: number, ms?: number, direction?: FaultDirection): StallAfterFault;
  resetAfter(bytes: number, direction?: FaultDirection): ResetAfterFault;
  finAfter(bytes: number, direction?: FaultDirection): FinAfterFault;
  corrupt(offset: number, mask: number, direction?: FaultDirection): CorruptFault;
  slowloris(bytesPerSecond: number, direction?: FaultDirection): SlowlorisFault;
  blackholeAfter(bytes: number, direction?: FaultDirection): BlackholeAfterFault;
  /** Dialing: nobody listens. Accepting: the connection is reset at once. */
  refuse(): DialFault;
  /** Dialing: there is no route to the host. */
  unreachable(): DialFault;
  /** Dialing: the name has no address. */
  notFound(): DialFault;
  /** Dialing: nobody answers for so long, 127 seconds if not told. */
  timedOut(ms?: number): TimedOutFault;
  /** Dialing or accepting takes so long. */
  connectDelay(ms: number): ConnectDelayFault;
} = {
  fragment: (size, direction) => made({ kind: "fragment", size, ...at(direction) }),
  byteAtATime: (direction) => made({ kind: "fragment", size: 1, ...at(direction) }),
  coalesce: (bytes, forMs, direction) =>
    made({ kind: "coalesce", bytes, ...(forMs !== undefined && { forMs }), ...at(direction) }),
  stallAfter: (bytes, ms, direction) =>
    made({ kind: "stallAfter", bytes, ...(ms !== undefined && { ms }), ...at(direction) }),
  resetAfter: (bytes, direction) => made({ kind: "resetAfter", bytes, ...at(direction) }),
  finAfter: (bytes, direction) => made({ kind: "finAfter", bytes, ...at(direction) }),
  corrupt: (offset, mask, direction) => made({ kind: "corrupt", offset, mask, ...at(direction) }),
  slowloris: (bytesPerSecond, direction) =>
    made({ kind: "slowloris", bytesPerSecond, ...at(direction) }),
  blackholeAfter: (bytes, direction) => made({ kind: "blackholeAfter", bytes, ...at(direction) }),
  refuse: () => ({ kind: "refuse" }),
  unreachable: () => ({ kind: "unreachable" }),
  notFound: () => ({ kind: "notFound" }),
  timedOut: (ms = linuxConnectMs) => made({ kind: "timedOut", ms }),
  connectDelay: (ms) => made({ kind: "connectDelay", ms }),
};

/** Leaves the field out of the data when there is nothing to say. */
function at(direction: FaultDirection | undefined): FaultPlace {
  return direction === undefined ? {} : { direction };
}

function made<F extends Fault>(made: F): F {
  checkFault(made);
  return made;
}

/**
 * Checks a plan that was not made by {@link fault}, such as one from a file.
 *
 * @throws RangeError that names the first value which makes no sense
 */
export function checkFaultPlan(plan: FaultPlan): void {
  for (const each of plan) checkFault(each);
}

function checkFault(checked: Fault): void {
  switch (checked.kind) {
    case "fragment":
      if (checked.size !== "random") check(checked, "size", isCount(checked.size, 1));
      break;
    case "coalesce":
      check(checked, "bytes", isCount(checked.bytes, 1));
      check(checked, "forMs", checked.forMs === undefined || isTime(checked.forMs));
      break;
    case "stallAfter":
      check(checked, "bytes", isCount(checked.bytes, 0));
      check(checked, "ms", checked.ms === undefined || isTime(checked.ms));
      break;
    case "resetAfter":
    case "finAfter":
    case "blackholeAfter":
      check(checked, "bytes", isCount(checked.bytes, 0));
      break;
    case "corrupt":
      check(checked, "offset", isCount(checked.offset, 0));
      check(checked, "mask", isCount(checked.mask, 1) && checked.mask <= 255);
      break;
    case "slowloris":
      check(
        checked,
        "bytesPerSecond",
        isTime(checked.bytesPerSecond) && checked.bytesPerSecond > 0,
      );
      break;
    case "timedOut":
    case "connectDelay":
      check(checked, "ms", isTime(checked.ms));
      break;
    case "refuse":
    case "unreachable":
    case "notFound":
      break;
    default:
      throw new RangeError(`there is no fault ${JSON.stringify(checked)}`);
  }
  if (isStreamFault(checked)) {
    const { direction = "outgoing" } = checked;
    check(checked, "direction", ["outgoing", "incoming", "both"].includes(direction));
  }
}

function check(checked: Fault, field: string, isGood: boolean): void {
  if (isGood) return;
  const value = (checked as unknown as Readonly<Record<string, unknown>>)[field];
  throw new RangeError(`${field} of ${checked.kind} is ${String(value)}`);
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function isTime(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

/** Whether a fault is about a stream that is open, and not about opening it. */
export function isStreamFault(tested: Fault): tested is StreamFault {
  switch (tested.kind) {
    case "refuse":
    case "unreachable":
    case "notFound":
    case "timedOut":
    case "connectDelay":
      return false;
    default:
      return true;
  }
}

/**
 * Whether what is sent does not arrive as it was sent, however long one waits. A stall without an end counts, as
 * nothing but `unstall()` lifts it; so do coalesced bytes without a limit of time, which may wait for ever.
 */
export function isDestructive(tested: Fault): boolean {
  switch (tested.kind) {
    case "fragment":
    case "slowloris":
    case "connectDelay":
      return false;
    case "stallAfter":
      return tested.ms === undefined;
    case "coalesce":
      return tested.forMs === undefined;
    default:
      return true;
  }
}
