// Every message that bcoin and bitcore-p2p can read and write, there and back. SATWIRE_SEED repeats a run.
import { setImmediate } from "node:timers/promises";
import { bitcoinMessages, equalBytes, type KnownMessage, toHex } from "@satwire/btcwire";
import { arbitraryMessages } from "@satwire/btcwire/testing";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bcoin } from "./bitcoin-codecs/bcoin.ts";
import { bitcore } from "./bitcoin-codecs/bitcore.ts";
import { plainFields } from "./bitcoin-codecs/plain-fields.ts";
import type { Difference, Rival } from "./bitcoin-codecs/rival.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = 300;
const rivals = [bcoin, bitcore];
const arbitraries = arbitraryMessages({ trailing: false });

/** How often a difference was seen, and how many messages came back unchanged. */
const sightings = new Map<Difference, number>();
const unchanged = new Map<string, number>();
const count = <K>(map: Map<K, number>, key: K): unknown => map.set(key, (map.get(key) ?? 0) + 1);

beforeAll(() => console.log(`SATWIRE_SEED=${seed}`));
afterEach(() => setImmediate());

const cases = rivals.flatMap((rival) =>
  rival.commands.map((command) => ({ name: `${rival.name}, ${command}`, rival, command })),
);

describe.each(cases)("$name", ({ name, rival, command }) => {
  test("reads ours, with the same fields, and writes the same bytes, which we read", () => {
    const arbitrary = arbitraries[command] as fc.Arbitrary<KnownMessage>;
    fc.assert(
      fc.property(arbitrary, (message) => {
        exchange(rival, message);
        count(unchanged, name);
      }),
      { seed, numRuns },
    );
  });
});

describe("all in all", () => {
  afterAll(() => {
    for (const rival of rivals) {
      const missing = bitcoinMessages.codecs
        .map(({ command }) => command)
        .filter((command) => !rival.commands.includes(command));
      console.log(
        `${rival.name}: ${rival.commands.length} messages, ${numRuns} of each; it does not have ${missing.join(", ")}`,
      );
    }
  });

  test.each(cases)(`$name: ${numRuns} came back unchanged`, ({ name }) => {
    expect(unchanged.get(name)).toBe(numRuns);
  });

  test.each(
    rivals.flatMap(({ name, differences }) =>
      differences.map((difference) => ({ name, difference, what: difference.what })),
    ),
  )("$name: was seen with $what", ({ difference }) => {
    expect(sightings.get(difference)).toBeGreaterThan(0);
  });
});

/** Sends a message to a rival, then what is left of it without the differences, which must not change. */
function exchange(rival: Rival, random: KnownMessage): void {
  let message = random;
  for (const effect of ["spoils", "refuses", "rewrites"] as const) {
    const before = message;
    const seen: Difference[] = [];
    for (const difference of rival.differences) {
      if (difference.effect !== effect || !difference.commands.includes(message.type)) continue;
      const next = difference.without(message);
      if (next !== message) seen.push(difference);
      message = next;
    }
    if (seen.length === 0) continue;
    const payload = bitcoinMessages.encode(before);
    expect(effect === "spoils" ? ["refuses", "rewrites"] : [effect]).toContain(
      effectOn(rival, before.type, payload),
    );
    for (const difference of seen) count(sightings, difference);
  }
  const payload = bitcoinMessages.encode(message);
  const { bytes, fields } = rival.read(message.type, payload);
  expect(toHex(bytes)).toBe(toHex(payload));
  const read = bitcoinMessages.decode(message.type, bytes);
  expect(read).toStrictEqual(message);
  expect(plainFields(message)).toMatchObject(fields);
}

/** What a rival does to a payload. */
function effectOn(
  rival: Rival,
  command: string,
  payload: Uint8Array,
): "refuses" | "rewrites" | "keeps" {
  let bytes: Uint8Array;
  try {
    ({ bytes } = rival.read(command, payload));
  } catch {
    return "refuses";
  }
  return equalBytes(bytes, payload) ? "keeps" : "rewrites";
}
