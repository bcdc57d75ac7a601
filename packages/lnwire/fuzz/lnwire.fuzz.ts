// `pnpm fuzz lnwire`: frames as a peer would send them, down to bytes that no peer would.
import fc from "fast-check";
import type { Random } from "../../../tools/fuzz/random.ts";
import type { FuzzTarget } from "../../../tools/fuzz/target.ts";
import { maxMessageLength } from "../src/index.ts";
import { fuzzedSets, idOf, setsFor } from "./message-sets.ts";
import { checkFrame, describeFrame } from "./properties.ts";
import { changeRecords } from "./tlv-changes.ts";
import { worstCases } from "./worst-cases.ts";

const makers: readonly ((seed: number) => readonly Uint8Array[])[] = fuzzedSets.flatMap(
  ({ set, arbitraries }) =>
    set.codecs.map(({ name }) => {
      const arbitrary = arbitraries[name] as fc.Arbitrary<Parameters<typeof set.encode>[0]>;
      return (seed: number) =>
        fc.sample(arbitrary, { seed, numRuns: 20 }).map((message) => set.encode(message));
    }),
);
const ids = fuzzedSets.flatMap(({ set }) => set.codecs.map(({ id }) => id));

/** Frames that are waiting, by the place in `makers`: making many at once is quicker. */
const made: Uint8Array[][] = makers.map(() => []);

function validFrame(random: Random): Uint8Array {
  const at = random.below(makers.length);
  if (made[at]?.length === 0) made[at] = [...(makers[at]?.(random.u32() | 0) ?? [])];
  return made[at]?.pop() ?? new Uint8Array(0);
}

function anyPayload(random: Random): Uint8Array {
  const length = random.chance(0.9) ? random.below(300) : random.below(4000);
  const payload = random.bytes(length);
  // Small numbers are lengths that fit, types that are known, first bytes of points.
  if (random.chance(0.5)) for (let i = 0; i < length; i++) payload[i] = random.below(4);
  const id = random.pick(ids);
  return Uint8Array.of(id >> 8, id & 0xff, ...payload);
}

export const target: FuzzTarget = {
  limits: {
    caseMs: 2000,
    // Measured: 3.5 MiB, for 32 thousand witnesses without a byte, each of them a view of 100 bytes.
    heldBytes: 8 * 2 ** 20,
    // Measured: 15 to 20 MiB, for 13 thousand addresses with a name of one letter.
    allocatedBytes: 32 * 2 ** 20,
    inputBytes: maxMessageLength,
  },
  worstCases,
  kinds: {
    valid: [3, validFrame],
    "any payload": [2, anyPayload],
    "any bytes": [1, (random) => random.bytes(random.below(random.chance(0.5) ? 8 : 300))],
  },
  validKind: "valid",
  changes: [changeRecords],
  readings: {
    decode: (frame) => setsFor(idOf(frame)).at(-1)?.set.decode(frame),
    inspect: (frame) => setsFor(idOf(frame)).at(-1)?.set.inspect(frame),
  },
  check: checkFrame,
  describe: describeFrame,
};
