// Faults for properties: times and sizes that fit streams of some hundred bytes.
import fc from "fast-check";
import { fault, type Fault, type LinkProfile } from "../../src/index.ts";

const direction = fc.constantFrom("outgoing" as const, "incoming" as const, "both" as const);
const count = fc.nat(120);
const ms = fc.integer({ min: 0, max: 50 });
const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant("random" as const));

/** Faults with which all bytes still arrive. */
const harmlessFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.tuple(size, direction).map((values) => fault.fragment(...values)),
  fc
    .tuple(fc.integer({ min: 1, max: 80 }), ms, direction)
    .map((values) => fault.coalesce(...values)),
  fc.tuple(count, ms, direction).map((values) => fault.stallAfter(...values)),
  fc.tuple(fc.constantFrom(300, 1000, 5000), direction).map((values) => fault.slowloris(...values)),
);

/** Faults with which they do not. */
const harmfulFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.tuple(count, direction).map((values) => fault.resetAfter(...values)),
  fc.tuple(count, direction).map((values) => fault.finAfter(...values)),
  fc.tuple(count, direction).map((values) => fault.blackholeAfter(...values)),
  fc.tuple(count, direction).map(([bytes, where]) => fault.stallAfter(bytes, undefined, where)),
  fc.tuple(count, direction).map(([bytes, where]) => fault.coalesce(bytes + 1, undefined, where)),
);

export const harmlessPlan: fc.Arbitrary<Fault[]> = fc.array(harmlessFault, { maxLength: 4 });

export const anyPlan: fc.Arbitrary<Fault[]> = fc.array(
  fc.oneof({ weight: 2, arbitrary: harmlessFault }, harmfulFault),
  { maxLength: 4 },
);

export const linkProfile: fc.Arbitrary<LinkProfile | undefined> = fc.option(
  fc.record({
    latencyMs: fc.constantFrom<LinkProfile["latencyMs"]>(0, 20, [1, 30], { min: 2, mean: 5 }),
    bytesPerSecond: fc.constantFrom(undefined, 2000),
    segmentBytes: fc.constantFrom(undefined, 1, 50),
  }),
  { nil: undefined },
);

/** Arrays to write, up to some 200 bytes in all. */
export const writes: fc.Arbitrary<Uint8Array[]> = fc.array(fc.uint8Array({ maxLength: 40 }), {
  maxLength: 10,
});
