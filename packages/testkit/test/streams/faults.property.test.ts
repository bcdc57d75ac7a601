import { memoryPair } from "@satwire/net";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  duplexPair,
  fault,
  type FaultPlan,
  faultyDialer,
  type SimStream,
  VirtualClock,
} from "../../src/index.ts";
import { harmlessPlan, linkProfile, writes } from "../support/fault-arbitraries.ts";
import { type ByteLog, logBytes } from "../support/byte-log.ts";

const capacityBytes = fc.integer({ min: 1, max: 100 });
const aDay = 86_400_000;

test("any harmless plans on any link deliver all bytes both ways, then close in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      harmlessPlan,
      harmlessPlan,
      linkProfile,
      capacityBytes,
      fc.tuple(writes, writes),
      fc.integer(),
      async (first, second, profile, capacity, sent, seed) => {
        const clock = new VirtualClock(0, { settleTurns: 2 });
        const streams = duplexPair({
          clock,
          seed,
          profile,
          capacityBytes: capacity,
          faults: { first, second },
        });
        const logs = streams.map((stream) => logBytes(stream));
        for (const [index, stream] of streams.entries()) {
          for (const bytes of sent[index] ?? []) stream.write(bytes);
          stream.end();
        }
        await clock.advance(aDay);
        expect(logs.map((log) => log.ending)).toEqual(["end close", "end close"]);
        const [atFirst, atSecond] = logs.map((log) => log.bytes);
        expect([atSecond, atFirst]).toEqual(
          sent.map((each) => each.flatMap((bytes) => [...bytes])),
        );
        expect(clock.pending).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

/** What the far end has when the near one writes all and ends, and what both ends say. */
async function send(plan: FaultPlan, sent: readonly Uint8Array[]): Promise<[ByteLog, ByteLog]> {
  const clock = new VirtualClock(0, { settleTurns: 2 });
  const [a, b] = memoryPair();
  const dialing = faultyDialer(async () => a, plan, { clock })({ kind: "dns", host: "b", port: 1 });
  await clock.advance(aDay);
  const stream = await dialing;
  const far = logBytes(b);
  const near = logBytes(stream as SimStream);
  for (const bytes of sent) stream.write(bytes);
  stream.end();
  b.end();
  await clock.advance(aDay);
  return [near, far];
}

const outgoing = harmlessPlan.map((plan) =>
  plan.map((each) => ({ ...each, direction: "outgoing" as const })),
);
const at = fc.nat(150);
const joined = (arrays: readonly Uint8Array[]): number[] => arrays.flatMap((each) => [...each]);

test("a dial that takes longer changes no byte", async () => {
  await fc.assert(
    fc.asyncProperty(harmlessPlan, fc.nat(1000), writes, async (plan, ms, sent) => {
      const [near, far] = await send([...plan, fault.connectDelay(ms)], sent);
      expect(far.bytes).toEqual(joined(sent));
      expect([near.ending, far.ending]).toEqual(["end close", "end close"]);
    }),
    { numRuns: 100 },
  );
});

test("resetAfter delivers exactly that many bytes, then resets both ends", async () => {
  await fc.assert(
    fc.asyncProperty(outgoing, at, writes, async (plan, bytes, sent) => {
      const all = joined(sent);
      const [near, far] = await send([...plan, fault.resetAfter(bytes)], sent);
      expect(far.bytes).toEqual(all.slice(0, bytes));
      const isReset = bytes <= all.length;
      for (const { ending } of [near, far]) {
        expect(ending).toMatch(isReset ? /close reset$/ : /^end close$/);
      }
    }),
    { numRuns: 100 },
  );
});

test("finAfter delivers exactly that many bytes, then the end", async () => {
  await fc.assert(
    fc.asyncProperty(outgoing, at, writes, async (plan, bytes, sent) => {
      const [near, far] = await send([...plan, fault.finAfter(bytes)], sent);
      expect(far.bytes).toEqual(joined(sent).slice(0, bytes));
      expect([near.ending, far.ending]).toEqual(["end close", "end close"]);
    }),
    { numRuns: 100 },
  );
});

test("blackholeAfter delivers exactly that many bytes, then nothing", async () => {
  await fc.assert(
    fc.asyncProperty(outgoing, at, writes, async (plan, bytes, sent) => {
      const all = joined(sent);
      const [near, far] = await send([...plan, fault.blackholeAfter(bytes)], sent);
      expect(far.bytes).toEqual(all.slice(0, bytes));
      const isLost = bytes <= all.length;
      expect([near.ending, far.ending]).toEqual(isLost ? ["end", ""] : ["end close", "end close"]);
    }),
    { numRuns: 100 },
  );
});

test("corrupt changes exactly the bits that it is told", async () => {
  const corruption = fc.tuple(at, fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(outgoing, fc.array(corruption), writes, async (plan, corruptions, sent) => {
      const expected = joined(sent);
      for (const [offset, mask] of corruptions) {
        if (offset < expected.length) expected[offset] = (expected[offset] as number) ^ mask;
      }
      const faults = corruptions.map(([offset, mask]) => fault.corrupt(offset, mask));
      const [, far] = await send([...plan, ...faults], sent);
      expect(far.bytes).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
