// Mutated messages: what lnd and we make of 10,000 frames that began as valid ones, of lnd's generators and of ours.
// Where the two sides part, a row of the table says why. SATWIRE_SEED repeats a run.
import { fromHex } from "@satwire/lnwire";
import { mutated } from "@satwire/lnwire/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { arbitraryOf } from "./lnd-codecs/arbitraries.ts";
import { judge, type Outcome, textOf } from "./lnd-codecs/case.ts";
import { explain, plain, rows } from "./lnd-codecs/differences.ts";
import { LndCodec } from "./lnd-codecs/lnd-codec.ts";
import { lndLacks } from "./lnd-codecs/lnd-refuses.ts";
import type { Row } from "./lnd-codecs/row.ts";
import { lndMessages } from "./lnd-codecs/set.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env["SATWIRE_MUTATIONS"] ?? 10_000);
/** So many valid messages of each kind, of lnd's, of ours and of ours without what lnd does not take. */
const originals = 50;
/** Frames that are judged at once. */
const batchSize = 10_000;

describe.runIf(hasGo)("mutated messages", () => {
  let lnd: LndCodec;
  const sightings = new Map<Row, number>();
  const outcomes = new Map<Outcome, number>();

  beforeAll(() => {
    console.log(`${versionOf("lnd")}; SATWIRE_SEED=${seed}`);
    lnd = new LndCodec();
  });
  afterAll(async () => {
    const lines = rows.map(
      (row) => `${String(sightings.get(row) ?? 0).padStart(7)} ${row.by}: ${row.what}`,
    );
    const totals = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`);
    console.log([totals.join(", "), ...lines].join("\n"));
    await lnd[Symbol.asyncDispose]();
  });

  test.each(rows)("$by: $what", async (row) => {
    const [found] = await judge(lnd, [fromHex(row.example)]);
    expect(explain(found!), textOf(found!)).toContain(row);
  });

  test(`what lnd and we make of ${numRuns} of them, every difference of which has its row`, async () => {
    const kinds = await validFrames();
    const original = fc
      .tuple(fc.nat({ max: kinds.length - 1 }), fc.nat({ max: originals - 1 }))
      .map(([kind, i]) => kinds[kind]![i]!);
    for (let done = 0; done < numRuns; done += batchSize) {
      const count = Math.min(batchSize, numRuns - done);
      const frames = fc.sample(mutated(original), { seed: seed + done, numRuns: count });
      for (const found of await judge(lnd, frames)) {
        const { outcome } = found;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome === "same" || outcome === "both refuse") continue;
        const reasons = explain(found);
        if (reasons.length === 0) expect.fail(textOf(found));
        for (const row of reasons) sightings.set(row, (sightings.get(row) ?? 0) + 1);
      }
    }
  });

  /** `originals` frames of each kind. */
  async function validFrames(): Promise<readonly (readonly Uint8Array[])[]> {
    const kinds: (readonly Uint8Array[])[] = [];
    for (const { id } of await lnd.types()) kinds.push(await lnd.random(id, seed, originals));
    for (const { name } of lndMessages.codecs) {
      if (lndLacks.includes(name)) continue;
      const messages = fc.sample(arbitraryOf(name), { seed, numRuns: originals });
      kinds.push(messages.map((message) => lndMessages.encode(message)));
      kinds.push(messages.map((message) => lndMessages.encode(plain(message))));
    }
    return kinds;
  }
});
