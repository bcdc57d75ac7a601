import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DecodeError,
  formatMessage,
  lightningMessages,
  type MessageBase,
  type MessageCodec,
  messageFromJson,
  messageSet,
  type MessageSet,
  messageToJson,
  replaceMessages,
  toHex,
} from "../../src/index.ts";
import {
  commandoMessages,
  dynamicCommitmentMessages,
  lsps0Messages,
  taprootChannelMessages,
  taprootGossipHash,
  taprootGossipMessages,
} from "../../src/opt-in/index.ts";
import {
  arbitraryCommando,
  arbitraryDynamicCommitments,
  arbitraryLsps0,
  arbitraryTaprootChannels,
  arbitraryTaprootGossip,
  mutated,
} from "../../src/testing/index.ts";

interface Chapter {
  readonly chapter: string;
  readonly set: MessageSet;
  readonly codecs: readonly MessageCodec[];
  readonly messages: Readonly<Record<string, fc.Arbitrary<MessageBase>>>;
  /** Whether any bytes behind the fields are one of them. */
  readonly openEnd: boolean;
}

const alone = <M extends MessageBase>(
  chapter: string,
  codecs: readonly MessageCodec<M>[],
  messages: Readonly<Record<string, fc.Arbitrary<MessageBase>>>,
  openEnd = false,
): Chapter => ({ chapter, set: messageSet(codecs), codecs, messages, openEnd });

const chapters: readonly Chapter[] = [
  alone("taproot gossip", taprootGossipMessages, arbitraryTaprootGossip()),
  {
    ...alone("taproot channels", taprootChannelMessages, arbitraryTaprootChannels()),
    set: messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages)),
  },
  alone("dynamic commitments", dynamicCommitmentMessages, arbitraryDynamicCommitments()),
  alone("Commando", commandoMessages, arbitraryCommando(), true),
  alone("LSPS0", lsps0Messages, arbitraryLsps0(), true),
];

/** "read" if the bytes come back exactly, "refused" if they are refused as they should be. */
const fateOf = (set: MessageSet, frame: Uint8Array): "read" | "refused" => {
  let message: ReturnType<MessageSet["decode"]>;
  try {
    message = set.decode(frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(frame.length);
    return "refused";
  }
  expect(toHex(set.encode(message))).toBe(toHex(frame));
  return "read";
};

describe.each(chapters)("$chapter", ({ set, codecs, messages, openEnd }) => {
  test("there is an arbitrary for every message", () => {
    expect(Object.keys(messages).sort()).toEqual(codecs.map(({ name }) => name).sort());
  });

  describe.each(Object.entries(messages))("%s", (name, arbitrary) => {
    test("any value comes back from its bytes", () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          expect(set.decode(set.encode(message))).toStrictEqual(message);
        }),
        { numRuns: 200 },
      );
    });

    test("any value comes back from its JSON, and has a text", () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          expect(messageFromJson(messageToJson(message), set)).toStrictEqual(message);
          expect(formatMessage(message)).toContain(name);
        }),
        { numRuns: 50 },
      );
    });

    test("every record is sometimes there and sometimes not", () => {
      const codec = codecs.find((candidate) => candidate.name === name);
      const optional = [...Object.keys(codec?.tlvs ?? {}), ...(openEnd ? [] : ["unknown"])];
      const sample = fc.sample(arbitrary, { numRuns: 200, seed: 1 });
      for (const key of optional) {
        const count = sample.filter((message) => Object.hasOwn(message, key)).length;
        expect([key, count > 0 && count < sample.length]).toEqual([key, true]);
      }
    });

    test("changed bytes are refused with a DecodeError or come back byte for byte", () => {
      const fates = { read: 0, refused: 0 };
      const frames = arbitrary.map((message) => set.encode(message));
      fc.assert(
        fc.property(mutated(frames), (frame) => {
          fates[fateOf(set, frame)] += 1;
        }),
        { numRuns: 400, seed: 1 },
      );
      // Otherwise the changes are too tame or too wild to say anything.
      expect(fates.read).toBeGreaterThan(20);
      if (!openEnd) expect(fates.refused).toBeGreaterThan(20);
    });

    test("cut at any byte, it never comes back as something longer", () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          const frame = set.encode(message);
          for (let end = 0; end < frame.length; end++) fateOf(set, frame.subarray(0, end));
        }),
        { numRuns: 5 },
      );
    });
  });

  test("any bytes are refused with a DecodeError or come back byte for byte", () => {
    const frame = fc
      .tuple(fc.constantFrom(...codecs.map(({ id }) => id)), fc.uint8Array({ maxLength: 300 }))
      .map(([id, payload]) => Uint8Array.of(id >> 8, id & 255, ...payload));
    fc.assert(
      fc.property(frame, (bytes) => {
        fateOf(set, bytes);
      }),
      { numRuns: 600 },
    );
  });
});

describe("the hash of taproot gossip", () => {
  const set = messageSet(taprootGossipMessages);
  const {
    channel_announcement_2: channel,
    node_announcement_2: node,
    channel_update_2: update,
  } = arbitraryTaprootGossip();
  const anySigned = fc.oneof<fc.Arbitrary<MessageBase>[]>(channel, node, update);

  test("is there for all that can be read", () => {
    const frames = mutated(anySigned.map((message) => set.encode(message as never)));
    fc.assert(
      fc.property(frames, (frame) => {
        const id = ((frame[0] ?? 0) << 8) | (frame[1] ?? 0);
        if (![267, 269, 271].includes(id) || fateOf(set, frame) === "refused") return;
        expect(taprootGossipHash(frame)).toHaveLength(32);
      }),
      { numRuns: 300 },
    );
  });

  test("changes with every signed record and with nothing else", () => {
    fc.assert(
      fc.property(anySigned, fc.uint8Array({ minLength: 64, maxLength: 64 }), (message, bytes) => {
        const hash = (changed: object): string =>
          toHex(taprootGossipHash(set.encode({ ...message, ...changed } as never)));
        const before = hash({});
        expect(hash({ signature: bytes })).toBe(before);
        for (const key of Object.keys(message)) {
          if (["type", "signature", "unknown"].includes(key)) continue;
          expect([key, hash({ [key]: undefined }) === before]).toEqual([key, false]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
