import { Reader } from "@satwire/codec";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BitcoinMessage,
  bitcoinMessages,
  checkMerkleRoot,
  commandOf,
  concatBytes,
  equalBytes,
  indexBlock,
  type KnownMessage,
  type MessageCodec,
  messageSet,
} from "../src/index.ts";
import {
  alertMessages,
  packageRelayMessages,
  reconciliationMessages,
} from "../src/opt-in/index.ts";
import {
  anyMessage,
  arbitrary,
  arbitraryAlert,
  arbitraryMessages,
  arbitraryPackageRelay,
  arbitraryReconciliation,
  mutated,
  unknownMessage,
} from "../src/testing/index.ts";
import { type Coder, fateOf } from "./support/fate.ts";
import { footprintOf } from "./support/footprint.ts";
import { withoutStacks } from "./support/without-stacks.ts";

withoutStacks();

/** Sets with an arbitrary for each of their messages. */
const sets: readonly (readonly [string, Coder, readonly MessageCodec[], object])[] = [
  ["default", bitcoinMessages, bitcoinMessages.codecs, arbitraryMessages()],
  [
    "package relay",
    messageSet(packageRelayMessages),
    packageRelayMessages,
    arbitraryPackageRelay(),
  ],
  [
    "reconciliation",
    messageSet(reconciliationMessages),
    reconciliationMessages,
    arbitraryReconciliation(),
  ],
  ["alert", messageSet(alertMessages), alertMessages, arbitraryAlert()],
];

test.each(sets)(
  "there is an arbitrary for every message of the set: %s",
  (_name, _set, codecs, by) => {
    expect(Object.keys(by).sort()).toEqual(codecs.map(({ command }) => command).sort());
  },
);

test("the default set has all messages that nodes of today send or take", () => {
  expect(bitcoinMessages.codecs.length).toBe(36);
});

const rows = sets.flatMap(([, set, codecs, by]) =>
  codecs.map((codec) => {
    const arbitraries = by as Readonly<Record<string, fc.Arbitrary<object>>>;
    return [codec.command, codec, set, arbitraries[codec.command] as fc.Arbitrary<object>] as const;
  }),
);

describe.each(rows)("%s", (command, codec, set, messages) => {
  const payloads = messages.map((message) => set.encode(message as never));
  // Whatever the payload is, it is a message: a signal keeps all bytes, and so does a pong.
  const isAnything = Object.keys(codec.fields).length === 0 && "trailing" in codec.tail;

  test("any value comes back from its bytes", () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(set.decode(command, set.encode(message as never))).toStrictEqual(message);
      }),
      { numRuns: 100 },
    );
  });

  test("changed bytes are refused with a DecodeError or come back byte for byte", () => {
    const fates = { read: 0, refused: 0 };
    fc.assert(
      fc.property(mutated(payloads), (payload) => {
        fates[fateOf(command, payload, set)] += 1;
      }),
      { numRuns: 300 },
    );
    // Otherwise the changes are too tame or too wild to say anything.
    expect(fates.read).toBeGreaterThan(10);
    if (isAnything) expect(fates.refused).toBe(0);
    else expect(fates.refused).toBeGreaterThan(0);
  });

  test("cut at any byte, it is refused or comes back as what is there", () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        for (let end = 0; end < payload.length; end++) {
          fateOf(command, payload.subarray(0, end), set);
        }
      }),
      { numRuns: 5 },
    );
  });

  test("any bytes in its place or behind it are refused or come back byte for byte", () => {
    const start = fc.oneof(fc.constant(new Uint8Array()), payloads);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), (payload, more) => {
        fateOf(command, concatBytes(payload, more), set);
      }),
      { numRuns: 150 },
    );
  });

  test("what is read holds no more than was there, and copies none of it", () => {
    // Whatever is announced: lengths and counts of up to 4 bytes anywhere in a payload.
    const counts = fc.constantFrom(
      [0xfd, 0xff, 0xff],
      [0xfd, 0x50, 0xc3],
      [0xfd, 0xe8, 0x03],
      [0xfe, 0x00, 0x00, 0x01, 0x00],
      [0xfe, 0x00, 0x00, 0x00, 0x02],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xfc],
    );
    const swollen = fc
      .tuple(payloads, fc.nat({ max: 0xffff }), counts)
      .map(([payload, position, count]) => {
        const at = position % (payload.length + 1);
        return concatBytes(
          payload.subarray(0, at),
          Uint8Array.from(count),
          payload.subarray(at + 1),
        );
      });
    fc.assert(
      fc.property(fc.oneof(payloads, swollen), (payload) => {
        const found = codec.inspect(new Reader(payload), () => undefined);
        const { bytes, items, characters, copies } = footprintOf({ ...found, type: 0 }, payload);
        expect(copies).toBe(0);
        expect(bytes).toBeLessThanOrEqual(payload.length);
        expect(items).toBeLessThanOrEqual(payload.length);
        expect(characters).toBeLessThanOrEqual(payload.length);
      }),
      { numRuns: 150 },
    );
  });
});

test("any bytes for any command are refused with a DecodeError or come back byte for byte", () => {
  const commands = fc.constantFrom(...bitcoinMessages.codecs.map(({ command }) => command));
  fc.assert(
    fc.property(commands, fc.uint8Array({ maxLength: 300 }), (command, payload) => {
      fateOf(command, payload);
    }),
    { numRuns: 2000 },
  );
});

test("messages of unknown commands come back", () => {
  const known = bitcoinMessages.codecs.map(({ command }) => command);
  fc.assert(
    fc.property(unknownMessage(known), (message) => {
      const payload = bitcoinMessages.encode(message);
      expect(payload).toEqual(message.payload);
      expect(bitcoinMessages.decode(message.command, payload)).toStrictEqual(message);
    }),
    { numRuns: 500 },
  );
});

test("reading does not change the bytes that are read, and writing not what was written before", () => {
  const both = fc.array(fc.oneof(anyMessage(), unknownMessage([])), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(both, (messages: readonly BitcoinMessage[]) => {
      const payloads = messages.map((message) => bitcoinMessages.encode(message));
      const before = payloads.map((payload) => payload.slice());
      for (const [i, payload] of payloads.entries()) {
        const command = commandOf(messages[i] as KnownMessage);
        bitcoinMessages.encode(bitcoinMessages.decode(command, payload));
      }
      expect(payloads.every((payload, i) => equalBytes(payload, before[i] as Uint8Array))).toBe(
        true,
      );
    }),
    { numRuns: 100 },
  );
});

test("the same seed gives the same messages", () => {
  const sample = (): BitcoinMessage[] => fc.sample(anyMessage(), { seed: 7, numRuns: 100 });
  expect(sample()).toStrictEqual(sample());
});

test("without trailing bytes, no random message has any", () => {
  fc.assert(
    fc.property(anyMessage({ trailing: false }), (message) => {
      expect(message).not.toHaveProperty("trailing");
    }),
    { numRuns: 500 },
  );
});

test("random blocks have the structure of real ones", () => {
  fc.assert(
    fc.property(arbitrary.block, (block) => {
      const index = indexBlock(block);
      expect(index.length).toBeGreaterThan(0);
      expect(checkMerkleRoot(index)).toBe("valid");
      expect(index.hasWitness(0)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
