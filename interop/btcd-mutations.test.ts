// What btcd and we do with damaged messages: where one side refuses and the other does not, or btcd writes other bytes,
// a table has to say so. SATWIRE_SEED repeats a run.
import { setImmediate } from "node:timers/promises";
import { bitcoinMessages, concatBytes, fromHex, type KnownMessage } from "@satwire/btcwire";
import { arbitraryMessages, mutated } from "@satwire/btcwire/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CodecProgram, forEachOf } from "./btcd-codecs/codec-program.ts";
import { commands, unreadable } from "./btcd-codecs/commands.ts";
import type { Difference, Strictness } from "./btcd-codecs/difference.ts";
import { differences } from "./btcd-codecs/differences.ts";
import { explain, read } from "./btcd-codecs/explanation.ts";
import { type Framing, framingOfV1, framingOfV2 } from "./btcd-codecs/framings.ts";
import { lengthForms, limits, payloadWith } from "./btcd-codecs/limits.ts";
import { strictnesses } from "./btcd-codecs/strictnesses.ts";
import type { Answer } from "./daemons/oracle.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const count = 10_000;
/** Longer payloads take long to damage, and show nothing that shorter ones do not. */
const maxLength = 2000;

interface Case {
  readonly command: KnownMessage["type"];
  readonly payload: Uint8Array;
}

const readable = commands.filter((command) => !unreadable.includes(command));
const rows: readonly (Difference | Strictness)[] = [...differences, ...strictnesses];
const nameOf = ({ commands: all, what }: Difference | Strictness): string =>
  `${all.join(", ")}: ${what}`;
const sightings = new Map<string, number>();
const counted = (what: string): void => {
  sightings.set(what, (sightings.get(what) ?? 0) + 1);
};

describe.runIf(hasGo)("damaged messages and btcd", () => {
  let btcd: CodecProgram;
  let framings: readonly [Framing, Framing];

  beforeAll(() => {
    console.log(`${versionOf("btcd")}, SATWIRE_SEED=${seed}`);
    btcd = new CodecProgram();
    framings = [framingOfV1(), framingOfV2()];
  });
  afterAll(async () => {
    await btcd[Symbol.asyncDispose]();
    console.table(Object.fromEntries([...sightings].toSorted(([, a], [, b]) => b - a)));
  });

  /** btcd's answers to a payload in a sound frame of v1, and in a packet of v2. */
  function answersTo({ command, payload }: Case): Promise<readonly Answer[]> {
    const answers = framings.map(async ({ number, frame, payloadOf }): Promise<Answer> => {
      const answer = await btcd.rewrite(number, frame({ type: "unknown", command, payload }));
      return answer.ok ? { ok: true, bytes: payloadOf(answer.bytes) } : answer;
    });
    return Promise.all(answers);
  }

  test.each(rows)("$commands: $what", async (row) => {
    const { command } = row.example;
    const payload = fromHex(row.example.payload);
    const answers = await answersTo({ command, payload });
    expect(answers.map((answer) => explain(command, payload, answer))).toEqual([[row], [row]]);
  });

  test.each(limits)("$command: $most items, not one more", async (limit) => {
    const { command, most } = limit;
    for (const items of [most, most + 1]) {
      const payload = payloadWith(limit, items);
      const taken = items === most;
      expect(read(command, payload).message !== undefined).toBe(taken);
      for (const answer of await answersTo({ command, payload })) {
        expect(answer.ok).toBe(taken);
        expect(explain(command, payload, answer)).toEqual([]);
      }
    }
  });

  test.each(lengthForms)("a length of $length as $form", async ({ form, length, isShortest }) => {
    const payload = concatBytes(new Uint8Array(33), fromHex(form), new Uint8Array(length));
    const expected = isShortest
      ? { message: { type: "cfilter" } }
      : { message: undefined, code: "non_canonical" };
    expect(read("cfilter", payload)).toMatchObject(expected);
    for (const answer of await answersTo({ command: "cfilter", payload })) {
      expect(answer.ok).toBe(isShortest);
      if (!answer.ok) expect(answer.reason).toMatch(/non-canonical varint/);
    }
  });

  test(`${count} damaged payloads`, async () => {
    const bases = fc.oneof(...(await Promise.all(readable.map(basesOf))));
    const damaged = bases.chain(({ command, payload }) =>
      mutated(fc.constant(payload)).map((bytes): Case => ({ command, payload: bytes })),
    );
    const cases = fc.sample(damaged, { seed, numRuns: count });
    await setImmediate();
    await forEachOf(cases, async (one) => {
      const { command, payload } = one;
      const [v1, v2] = await answersTo(one);
      const found = explain(command, payload, v1!);
      expect(explain(command, payload, v2!)).toEqual(found);
      for (const row of found) counted(nameOf(row));
      const ours = read(command, payload).message === undefined ? "we refuse" : "we take";
      counted(`${ours}, btcd ${v1!.ok ? "takes" : "refuses"}`);
    });
    expect(cases).toHaveLength(count);
  });

  /** Sound payloads, of either side. */
  async function basesOf(command: KnownMessage["type"]): Promise<fc.Arbitrary<Case>> {
    const frames = await btcd.random(1, { command, count: 200, seed });
    const theirs = frames.map(framings[0].payloadOf).filter(({ length }) => length <= maxLength);
    const arbitrary = arbitraryMessages()[command] as fc.Arbitrary<KnownMessage>;
    return fc
      .oneof(fc.constantFrom(...theirs), arbitrary.map(bitcoinMessages.encode))
      .map((payload) => ({ command, payload }));
  }
});
