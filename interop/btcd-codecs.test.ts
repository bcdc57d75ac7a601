// Every message that btcd's wire can read or write, there and back, in frames of v1 and in contents of v2's packets.
// SATWIRE_SEED repeats a run.
import { setImmediate } from "node:timers/promises";
import { bitcoinMessages, equalBytes, type KnownMessage, toHex } from "@satwire/btcwire";
import { arbitraryMessages } from "@satwire/btcwire/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CodecProgram, forEachOf, type Vocabulary } from "./btcd-codecs/codec-program.ts";
import { commands, unreadable } from "./btcd-codecs/commands.ts";
import { differencesIn, plainMessage } from "./btcd-codecs/differences.ts";
import { explain } from "./btcd-codecs/explanation.ts";
import { type Framing, framingOfV1, framingOfV2 } from "./btcd-codecs/framings.ts";
import { plainFields } from "./btcd-codecs/plain-fields.ts";
import type { Answer } from "./daemons/oracle.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const count = 1000;
const arbitraries = arbitraryMessages();

/** By command: messages that came back unchanged, each way and in each framing, and those with a difference. */
const table: Record<string, Record<string, number>> = {};
const counted = (command: string, what: string): void => {
  const row = (table[command] ??= {});
  row[what] = (row[what] ?? 0) + 1;
};

describe.runIf(hasGo)("messages of btcd", () => {
  let btcd: CodecProgram;
  let vocabulary: Vocabulary;

  beforeAll(async () => {
    console.log(`${versionOf("btcd")}, SATWIRE_SEED=${seed}`);
    btcd = new CodecProgram();
    vocabulary = await btcd.vocabulary(bitcoinMessages.codecs.map(({ command }) => command));
  });
  afterAll(async () => {
    await btcd[Symbol.asyncDispose]();
    console.table(table);
  });

  test("they are all of ours but those of compact blocks and `feature`", () => {
    const ours = bitcoinMessages.codecs.map(({ command }) => command);
    const lacking = ["feature", "sendcmpct", "cmpctblock", "getblocktxn", "blocktxn"];
    expect(vocabulary.writes.toSorted()).toEqual(commands.toSorted());
    expect(vocabulary.reads.toSorted()).toEqual(
      commands.filter((command) => !unreadable.includes(command)).toSorted(),
    );
    expect(ours.filter((command) => !vocabulary.writes.includes(command))).toEqual(lacking);
  });

  test("short ids stand for the same commands", () => {
    const ours = Object.fromEntries(
      bitcoinMessages.codecs.flatMap(({ command, shortId }) =>
        shortId ? [[shortId, command]] : [],
      ),
    ) as Record<string, string>;
    const lacking = {
      3: "blocktxn",
      4: "cmpctblock",
      10: "getblocktxn",
      20: "sendcmpct",
      37: "feature",
    };
    expect({ ...vocabulary.shortIdsRead, ...lacking }).toEqual(ours);
    const written = Object.entries(vocabulary.shortIdsWritten).map(([command, id]) => [
      id,
      command,
    ]);
    expect(Object.fromEntries(written)).toEqual(vocabulary.shortIdsRead);
  });

  describe.each(commands)("%s", (command) => {
    test("ours, read and written by btcd, with the same fields", async () => {
      const framings = [framingOfV1(), framingOfV2()] as const;
      const arbitrary = arbitraries[command] as fc.Arbitrary<KnownMessage>;
      const random = fc.sample(arbitrary, { seed, numRuns: count });
      await setImmediate();
      await forEachOf(random, async (message) => {
        for (const framing of framings) await send(framing, message);
        if (unreadable.includes(command)) return;
        const plain = plainMessage(message);
        expect(await btcd.fields(framings[0].frame(plain))).toEqual(plainFields(plain));
      });
      const sent = unreadable.includes(command) ? "refused" : "ours";
      expect(table[command]).toMatchObject({ [`${sent}, v1`]: count, [`${sent}, v2`]: count });
    });

    test("btcd's, read and written by us", async () => {
      const payloads: Uint8Array[][] = [];
      for (const framing of [framingOfV1(), framingOfV2()]) {
        const all = await btcd.random(framing.number, { command, count, seed });
        for (const framed of all) {
          const message = framing.read(framed);
          const written = framing.frame(message);
          if (message.type !== command || !equalBytes(written, framed)) {
            expect.fail(`btcd wrote ${toHex(framed)}\nwe write ${toHex(written)}`);
          }
          counted(command, `btcd's, ${framing.name}`);
        }
        payloads.push(all.map(framing.payloadOf));
        await setImmediate();
      }
      const [v1 = [], v2 = []] = payloads;
      expect(v1).toHaveLength(count);
      expect(v1.every((payload, i) => equalBytes(payload, v2[i]!))).toBe(true);
    });
  });

  /** Sends a message, and, if there are differences in it, what is left of it without them. */
  async function send(framing: Framing, message: KnownMessage): Promise<void> {
    const framed = framing.frame(message);
    const answer = await btcd.rewrite(framing.number, framed);
    if (unreadable.includes(message.type)) {
      expect(answer).toEqual({ ok: false, reason: "received unknown message" });
      counted(message.type, `refused, ${framing.name}`);
      return;
    }
    const payload = framing.payloadOf(framed);
    const whole = answer.ok ? { ...answer, bytes: framing.payloadOf(answer.bytes) } : answer;
    explain(message.type, payload, whole);
    if (differencesIn(message).length > 0) {
      counted(message.type, "with a difference");
      const plain = framing.frame(plainMessage(message));
      expectSame(await btcd.rewrite(framing.number, plain), plain);
    } else expectSame(answer, framed);
    counted(message.type, `ours, ${framing.name}`);
  }
});

/** As `expect` would, which takes longer than all the rest of a message. */
function expectSame(answer: Answer, framed: Uint8Array): void {
  if (answer.ok && equalBytes(answer.bytes, framed)) return;
  const theirs = answer.ok ? `wrote ${toHex(answer.bytes)}` : `refused: ${answer.reason}`;
  expect.fail(`we wrote ${toHex(framed)}\nbtcd ${theirs}`);
}
