// What goes wrong with a connection, at random.
import fc from "fast-check";
import { type Fault, type FaultPlan, isDestructive } from "../streams/fault-plan.ts";
import { checkCount } from "./limits.ts";

/** Options of {@link faultPlans}. */
export interface FaultPlanOptions {
  /**
   * `harmless` plans deliver all that is sent, in the end; `destructive` ones have a fault that does not; `any` has
   * both.
   *
   * @default "any"
   */
  readonly kind?: "harmless" | "destructive" | "any" | undefined;
  /** Faults come within so many bytes. @default 1000 */
  readonly maxBytes?: number | undefined;
  /** Longest time that a fault takes, in whole milliseconds. @default 1000 */
  readonly maxMs?: number | undefined;
  /** Faults in a plan, at most, from 1 on. @default 4 */
  readonly maxFaults?: number | undefined;
  /** Whether there are faults of dialing, which streams that are open refuse. @default false */
  readonly dialing?: boolean | undefined;
}

const direction: fc.Arbitrary<"outgoing" | "incoming" | "both"> = /* @__PURE__ */ fc.constantFrom(
  "outgoing",
  "incoming",
  "both",
);

/**
 * Fault plans as `withFaults`, `duplexPair` and, with `dialing`, `faultyDialer` take them. Shrinks towards few faults
 * that come early.
 *
 * @throws RangeError for a limit that is none
 * @example
 * ```ts
 * fc.property(faultPlans({ kind: "harmless" }), async (plan) => {
 *   const [ours, theirs] = duplexPair({ faults: { first: plan }, clock });
 * });
 * ```
 */
export function faultPlans({
  kind = "any",
  maxBytes = 1000,
  maxMs = 1000,
  maxFaults = 4,
  dialing = false,
}: FaultPlanOptions = {}): fc.Arbitrary<FaultPlan> {
  checkCount("maxBytes", maxBytes, 1);
  checkCount("maxMs", maxMs, 0);
  checkCount("maxFaults", maxFaults, 1);
  const faults = allFaults(maxBytes, maxMs, dialing);
  const harmless = faults.filter((each) => !isDestructive(each));
  if (kind === "harmless") return fc.array(harmless, { maxLength: maxFaults });
  if (kind === "any") return fc.array(faults, { maxLength: maxFaults });
  const destructive = faults.filter(isDestructive);
  const rest = fc.array(faults, { maxLength: maxFaults - 1 });
  return fc
    .tuple(destructive, rest, fc.nat({ max: maxFaults - 1 }))
    .map(([one, others, at]) => others.toSpliced(Math.min(at, others.length), 0, one));
}

function allFaults(maxBytes: number, maxMs: number, dialing: boolean): fc.Arbitrary<Fault> {
  const bytes = fc.nat({ max: maxBytes });
  const size = fc.integer({ min: 1, max: maxBytes });
  const ms = fc.nat({ max: maxMs });
  const mask = fc.integer({ min: 1, max: 255 });
  // From a byte per millisecond on, so that plans end in a time that a test can wait for.
  const bytesPerSecond = fc.integer({ min: 1000, max: 1_000_000 });
  const optional: { requiredKeys: ("kind" | "bytes")[]; noNullPrototype: true } = {
    requiredKeys: ["kind", "bytes"],
    noNullPrototype: true,
  };
  const open: fc.Arbitrary<Fault>[] = [
    fc
      .tuple(fc.oneof(size, fc.constant("random" as const)), direction)
      .map(([chosen, to]) => ({ kind: "fragment", size: chosen, direction: to })),
    fc
      .record({ kind: kindOf("coalesce"), bytes: size, forMs: ms, direction }, optional)
      .map((made): Fault => made),
    fc
      .record({ kind: kindOf("stallAfter"), bytes, ms, direction }, optional)
      .map((made): Fault => made),
    fc.tuple(bytesPerSecond, direction).map(([speed, to]): Fault => {
      return { kind: "slowloris", bytesPerSecond: speed, direction: to };
    }),
    fc.tuple(bytes, mask, direction).map(([offset, flipped, to]): Fault => {
      return { kind: "corrupt", offset, mask: flipped, direction: to };
    }),
    ...(["resetAfter", "finAfter", "blackholeAfter"] as const).map((kind) =>
      fc
        .tuple(bytes, direction)
        .map(([count, to]): Fault => ({ kind, bytes: count, direction: to })),
    ),
  ];
  const dial: fc.Arbitrary<Fault>[] = [
    fc.constantFrom("refuse", "unreachable", "notFound").map((kind): Fault => ({ kind })),
    fc.tuple(fc.constantFrom("timedOut", "connectDelay"), ms).map(([kind, time]): Fault => {
      return { kind, ms: time };
    }),
  ];
  return fc.oneof(...open, ...(dialing ? dial : []));
}

const kindOf = <K extends Fault["kind"]>(kind: K): fc.Arbitrary<K> => fc.constant(kind);
