import {
  bitcoinMessages as bitcoinSet,
  networks,
  V1Transport,
  type BitcoinMessage,
} from "@satwire/btcwire";
import { decodeMessage, encodeMessage, type LightningMessage } from "@satwire/lnwire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bitcoinMessages, lightningMessages, messageFaults } from "../../src/fast-check/index.ts";
import { MessageFaults, type MessageFault } from "../../src/message-faults.ts";

test("Lightning messages can be sent and come back, unknown ones of odd types among them", () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(lightningMessages(), (message) => {
      kinds.add(message.type);
      expect(decodeMessage(encodeMessage(message))).toEqual(message);
      if (message.type === "unknown") expect(message.id % 2).toBe(1);
    }),
    { numRuns: 500, seed: 1 },
  );
  expect(kinds.has("unknown")).toBe(true);
  expect(kinds.size).toBeGreaterThan(40);
});

test("Bitcoin messages can be sent and come back, unknown ones among them", () => {
  const options = { network: networks.regtest, messages: bitcoinSet };
  const kinds = new Set<string>();
  fc.assert(
    fc.property(bitcoinMessages(), (message) => {
      kinds.add(message.type);
      const frame = new V1Transport(options).encode(message);
      const event = new V1Transport(options).push(frame).events.at(-1);
      expect(event).toMatchObject({ type: "message", message });
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(kinds.has("unknown")).toBe(true);
  expect(kinds.size).toBeGreaterThan(25);
});

test("types can be chosen, and must be there", () => {
  const pings = fc.sample(lightningMessages({ types: ["ping", "pong"] }), { numRuns: 50, seed: 1 });
  expect(new Set(pings.map(({ type }) => type))).toEqual(new Set(["ping", "pong"]));
  const unknown = fc.sample(bitcoinMessages({ types: ["unknown"] }), { numRuns: 20, seed: 1 });
  expect(new Set(unknown.map(({ type }) => type))).toEqual(new Set(["unknown"]));
  const mixed = fc.sample(bitcoinMessages({ types: ["ping", "unknown"] }), {
    numRuns: 99,
    seed: 1,
  });
  expect(new Set(mixed.map(({ type }) => type))).toEqual(new Set(["ping", "unknown"]));
  expect(() => bitcoinMessages({ types: [] })).toThrow("no types to choose from");
  const types = ["toString" as BitcoinMessage["type"]];
  expect(() => bitcoinMessages({ types })).toThrow("no message of the type toString");
});

test("faults of messages are such, of every kind, and shrink to none", () => {
  const replacements = lightningMessages({ types: ["warning"] });
  const faults = messageFaults<LightningMessage>(["ping", "pong"], { replacements });
  const kinds = new Set<string>();
  const kindOf = ({ do: action }: MessageFault<LightningMessage>): string =>
    typeof action === "string" ? action : (Object.keys(action)[0] ?? "");
  for (const list of fc.sample(faults, { numRuns: 500, seed: 1 })) {
    expect(new MessageFaults<LightningMessage>(list).isEmpty).toBe(list.length === 0);
    for (const fault of list) kinds.add(kindOf(fault));
    for (const { on } of list) expect(["ping", "pong"]).toContain(on);
  }
  expect([...kinds].toSorted()).toEqual([
    "blackhole",
    "closeAfter",
    "closeBefore",
    "delayMs",
    "drop",
    "duplicate",
    "replace",
  ]);
  expect(fc.check(fc.property(faults, () => false)).counterexample?.[0]).toEqual([]);
  expect(() => messageFaults([])).toThrow("no types to choose from");
  expect(() => messageFaults(["ping"], { maxFaults: -1 })).toThrow("maxFaults is -1");
});

test("harmless faults lose no message and end nothing; a planted bug is found among others", () => {
  const pong: LightningMessage = { type: "pong", ignored: new Uint8Array(0) };
  const survives = (options: Parameters<typeof messageFaults>[1]) =>
    fc.property(messageFaults<LightningMessage>(["pong"], { ...options } as object), (list) => {
      const faults = new MessageFaults<LightningMessage>(list);
      for (let count = 0; count < 8; count++) {
        const { messages, close } = faults.decide("sent", pong);
        expect(messages[0]).toBe(pong);
        expect(close).toBeUndefined();
      }
    });
  fc.assert(survives({ destructive: false }));
  const { failed, counterexample } = fc.check(survives({}), { numRuns: 500 });
  expect(failed).toBe(true);
  expect(counterexample?.[0]).toHaveLength(1);
});
