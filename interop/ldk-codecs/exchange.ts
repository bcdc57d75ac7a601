/** One message between both sides, in either direction, and how many went. */
import { isDeepStrictEqual } from "node:util";
import {
  decodeMessage,
  encodeMessage,
  equalBytes,
  type KnownMessage,
  signedPart,
  toHex,
} from "@satwire/lnwire";
import { expect } from "vitest";
import { channelPairs } from "./channel-pairs.ts";
import { controlPairs } from "./control-pairs.ts";
import { type Difference, differences, type Effect } from "./differences.ts";
import { gossipPairs } from "./gossip-pairs.ts";
import { openingPairs } from "./opening-pairs.ts";
import type { Pair } from "./pair.ts";
import { transactionPairs } from "./transaction-pairs.ts";

/** Every kind of message that LDK can read and write. */
export const pairs: readonly Pair[] = [
  ...controlPairs,
  ...openingPairs,
  ...transactionPairs,
  ...channelPairs,
  ...gossipPairs,
];

/** How many messages of one kind went where. */
export interface Count {
  /** From us to LDK and back, not a byte changed. */
  same: number;
  /** From us to LDK, which dropped or rewrote something, as its difference says. */
  changed: number;
  /** From us to LDK, which refused it, as its difference says. */
  refused: number;
  /** Made by LDK, read by us and written again, not a byte changed. */
  made: number;
}

/** By the spec's name of the message. */
export const counts: Map<string, Count> = new Map<string, Count>();

/** How often each difference was seen. */
export const sightings: Map<Difference, number> = new Map<Difference, number>();

function countOf({ codec: { name } }: Pair): Count {
  const count = counts.get(name) ?? { same: 0, changed: 0, refused: 0, made: 0 };
  counts.set(name, count);
  return count;
}

/** Sends a message to LDK, then what is left of it without the differences, which LDK must not change. */
export function exchange(pair: Pair, random: KnownMessage): void {
  const count = countOf(pair);
  const message = without(random, pair, ["not tried"], countSighting);
  const readable = without(message, pair, ["refuses"], countSighting);
  if (readable !== message) {
    expect(pair.read(payloadOf(message)), "LDK refuses the message").toBeUndefined();
    count.refused++;
  }
  const plain = without(readable, pair, ["drops", "rewrites"], countSighting);
  if (plain !== readable) {
    expectBytes(mustRead(pair, readable).write(), payloadOf(plain));
    count.changed++;
  }
  const read = mustRead(pair, plain);
  expectBytes(read.write(), payloadOf(plain));
  expectSame(read.fields(), visibleFields(pair, plain));
  const signed = read.signedPart();
  if (signed !== undefined) expectBytes(signed, signedPart(encodeMessage(plain)));
  count.same++;
}

/** Has LDK make the message, as far as LDK can, and reads what it writes. */
export function receive(pair: Pair, random: KnownMessage): void {
  const plain = plainOf(pair, random);
  const { id } = pair.codec;
  const frame = Uint8Array.of(id >> 8, id & 0xff, ...pair.make(plain));
  const read = decodeMessage(frame);
  expectSame(read, plain);
  expectBytes(encodeMessage(read), frame);
  countOf(pair).made++;
}

/** The nearest message that LDK takes as it is. */
export function plainOf(pair: Pair, random: KnownMessage): KnownMessage {
  return without(random, pair, ["not tried", "refuses", "drops", "rewrites"]);
}

// Vitest explains well and compares slowly: it is asked when there is something to explain.
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(actual, expected)) expect(toHex(actual)).toBe(toHex(expected));
}

function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** The message without differences of these kinds; the same object if it has none. */
function without(
  message: KnownMessage,
  { codec }: Pair,
  effects: readonly Effect[],
  onFound: (difference: Difference) => void = () => {},
): KnownMessage {
  let result = message;
  for (const difference of differences) {
    if (!effects.includes(difference.effect) || !difference.messages.includes(codec.name)) continue;
    const before = result;
    result = difference.without(before);
    if (result !== before) onFound(difference);
  }
  return result;
}

function countSighting(difference: Difference): void {
  sightings.set(difference, (sightings.get(difference) ?? 0) + 1);
}

/** All that follows the type. */
const payloadOf = (message: KnownMessage): Uint8Array => encodeMessage(message).subarray(2);

function mustRead(pair: Pair, message: KnownMessage) {
  const read = pair.read(payloadOf(message));
  if (read === undefined) throw new Error(`LDK refuses ${toHex(encodeMessage(message))}`);
  return read;
}

/** What LDK has getters for. */
function visibleFields({ hidden }: Pair, message: KnownMessage): Record<string, unknown> {
  const entries = Object.entries(message);
  return Object.fromEntries(entries.filter(([key]) => key !== "type" && !hidden.includes(key)));
}

/** A table for the log: which kinds of messages went how often, which LDK does not have. */
export function report(missing: readonly string[]): string {
  const lines = pairs.map((pair) => {
    const { name } = pair.codec;
    const { same, changed, refused, made } = countOf(pair);
    const cells = [same, changed, refused, made].map((n) => String(n).padStart(8));
    const note = pair.hidden.length === 0 ? "" : `  no getter: ${pair.hidden.join(", ")}`;
    return `${name.padEnd(30)}${cells.join("")}${note}`;
  });
  const head = `${"".padEnd(30)}    same changed refused    made by LDK`;
  const rows = differences.map((difference) => {
    const times = String(sightings.get(difference) ?? 0).padStart(6);
    return `${times} times: ${difference.effect} ${difference.what}`;
  });
  return [head, ...lines, `LDK does not have ${missing.join(", ")}`, ...rows].join("\n");
}
