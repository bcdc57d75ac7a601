// Every message of lnd, written by one side and read by the other: lnd's own generators make random ones, and so do
// ours. SATWIRE_SEED repeats a run.
import { isDeepStrictEqual } from "node:util";
import { toHex } from "@satwire/lnwire";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { arbitraryOf } from "./lnd-codecs/arbitraries.ts";
import { type Case, judge, textOf } from "./lnd-codecs/case.ts";
import { Counts } from "./lnd-codecs/counts.ts";
import { explain, plain } from "./lnd-codecs/differences.ts";
import { compared, fieldsOf } from "./lnd-codecs/fields.ts";
import { LndCodec } from "./lnd-codecs/lnd-codec.ts";
import { lndLacks } from "./lnd-codecs/lnd-refuses.ts";
import { lndMessages } from "./lnd-codecs/set.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = 1000;
const batchSize = 250;
/** lnd's generators make zlib and unknown even records often; more than this would be another reason. */
const maxDrawn = 20 * numRuns;
/** The first type of those that lnd hands on as bytes. */
const customId = 32768;

const shared = lndMessages.codecs.filter(({ name }) => !lndLacks.includes(name));
const counts = new Counts();

describe.runIf(hasGo)("messages of lnd", () => {
  let lnd: LndCodec;

  beforeAll(() => {
    console.log(`${versionOf("lnd")}; SATWIRE_SEED=${seed}`);
    lnd = new LndCodec();
  });
  afterAll(async () => {
    console.log(String(counts));
    await lnd[Symbol.asyncDispose]();
  });

  test("lnd has the messages that are exchanged here, and a generator for each", async () => {
    const types = await lnd.types();
    expect(types.filter(({ random }) => !random)).toEqual([]);
    const ids = [...shared.map(({ id }) => id), customId].sort((a, b) => a - b);
    expect(types.map(({ id }) => id)).toEqual(ids);
  });

  describe.each(shared)("$name", ({ id, name }) => {
    test("we read lnd's and write the same bytes", async () => {
      await receive(id, name);
    });

    test("lnd reads ours and writes the same bytes", async () => {
      const messages = fc.sample(arbitraryOf(name), { seed, numRuns });
      const count = counts.of(name);
      const raw = await judge(
        lnd,
        messages.map((message) => lndMessages.encode(message)),
      );
      for (const found of raw) if (!isSame(found)) count.sentDiffering++;
      const mended = await judge(
        lnd,
        messages.map((message) => lndMessages.encode(plain(message))),
      );
      for (const found of mended) {
        if (found.outcome !== "same") expect.fail(textOf(found));
        count.sent++;
      }
      await compareFields(mended);
    });
  });

  test("messages of any bytes", async () => {
    await receive(customId, "unknown");
    const frames = fc.sample(
      fc
        .tuple(fc.integer({ min: customId, max: 0xffff }), fc.uint8Array({ maxLength: 100 }))
        .map(([type, payload]) => Uint8Array.of(type >> 8, type & 0xff, ...payload)),
      { seed, numRuns },
    );
    for (const { outcome, message } of await judge(lnd, frames)) {
      expect(outcome).toBe("same");
      expect(message?.type).toBe("unknown");
      counts.of("unknown").sent++;
    }
  });

  test.each(lndLacks)("lnd does not have %s", async (name) => {
    const messages = fc.sample(arbitraryOf(name), { seed, numRuns: 20 });
    const cases = await judge(
      lnd,
      messages.map((message) => lndMessages.encode(message)),
    );
    for (const { lnd: answer } of cases) {
      expect(answer).toEqual({
        ok: false,
        reason: expect.stringContaining("unable to parse message of unknown type") as string,
      });
    }
  });

  /** Has lnd make messages until `numRuns` of them were the same on both sides. */
  async function receive(id: number, name: string): Promise<void> {
    const count = counts.of(name);
    for (let drawn = 0; count.made < numRuns; drawn += batchSize) {
      expect(drawn, "messages until enough were the same").toBeLessThan(maxDrawn);
      const cases = await judge(lnd, await lnd.random(id, seed + drawn, batchSize));
      const same = cases.filter(isSame);
      for (const { message } of same) expect(message?.type).toBe(name);
      count.made += same.length;
      count.madeDiffering += cases.length - same.length;
      await compareFields(same);
    }
  }

  /** Equal bytes alone would not notice two fields of one size that are swapped. */
  async function compareFields(cases: readonly Case[]): Promise<void> {
    const found = cases.filter(({ name }) => compared.includes(name));
    const theirs = await lnd.fields(found.map(({ frame }) => frame));
    for (const [i, { frame, message }] of found.entries()) {
      if (message === undefined || message.type === "unknown") continue;
      const ours = fieldsOf(message);
      if (!isDeepStrictEqual(theirs[i], ours)) expect(theirs[i], toHex(frame)).toEqual(ours);
    }
  }
});

/** Whether both sides write the same bytes; if not, a row of the table must say why. */
function isSame(found: Case): boolean {
  if (found.outcome === "same") return true;
  if (explain(found).length === 0) expect.fail(textOf(found));
  return false;
}
