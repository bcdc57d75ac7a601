// Whole sessions with everything that BIP 324 allows, and sessions in which one bit is wrong.
import { concatBytes, equalBytes } from "@satwire/codec";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { changedAt, cut, pushAll } from "./support/chunks.ts";
import { contentsOf } from "./support/raw-v2-peer.ts";
import { bytesOf, keyPairs, numbersOf } from "./support/seeded-crypto.ts";
import { messagesOf, v2Initiator, v2Responder } from "./support/transport-pairs.ts";
import { type Side, sides, withKeys } from "./support/v2-sides.ts";

const chunkSizes = fc
  .array(fc.oneof(fc.nat(40), fc.integer({ min: 1, max: 5000 })), {
    minLength: 1,
    maxLength: 6,
  })
  .filter((sizes) => sizes.some((size) => size > 0));

const session = fc.record({
  seed: fc.integer(),
  tested: fc.constantFrom(...sides),
  garbageLength: fc.oneof(fc.constantFrom(0, 4095), fc.nat(4095)),
  decoysBeforeVersion: fc.nat(9),
  versionLength: fc.oneof(fc.constant(0), fc.nat(1000)),
  decoys: fc.array(fc.nat(230), { minLength: 3, maxLength: 3 }),
  longest: fc.constantFrom(30, 20_000),
  chunkSizes,
});

type Session = typeof session extends fc.Arbitrary<infer S> ? S : never;

/** What the peer sends behind its key, and the messages in it. */
function transcriptOf(
  { seed, garbageLength, decoysBeforeVersion, versionLength, decoys, longest }: Session,
  [, peer]: ReturnType<typeof withKeys>,
): { stream: Uint8Array; ends: number[]; payloads: Uint8Array[] } {
  const [bytes, number] = [bytesOf(seed), numbersOf(seed)];
  const decoy = (): Uint8Array => peer.packet(bytes(number() % 3 ? 0 : number() % 200), true);
  peer.garbage = bytes(garbageLength);
  const parts = [peer.garbage, peer.terminator];
  for (let i = 0; i < decoysBeforeVersion; i++) parts.push(decoy());
  parts.push(peer.version(bytes(versionLength)));
  const ends: number[] = [];
  const payloads: Uint8Array[] = [];
  for (const count of decoys) {
    for (let i = 0; i < count; i++) parts.push(decoy());
    const payload = bytes(number() % (longest + 1));
    payloads.push(payload);
    parts.push(peer.packet(contentsOf("session", payload)));
    ends.push(parts.reduce((sum, { length }) => sum + length, 0));
  }
  return { stream: concatBytes(...parts), ends, payloads };
}

const asMessage = (payload: Uint8Array): object => ({
  type: "unknown",
  command: "session",
  payload,
});

// Most of the time goes into ciphers; on a busy machine that is seconds.
const slow = { timeout: 20_000 };

test("a session delivers its messages, whatever is around them and however it is cut", slow, () => {
  fc.assert(
    fc.property(session, (options) => {
      const pair = withKeys(options.tested);
      const [transport, peer] = pair;
      const { stream, payloads } = transcriptOf(options, pair);
      const { events, failure, replies } = pushAll(transport, cut(stream, options.chunkSizes));
      expect([failure, replies]).toEqual([undefined, []]);
      const decoys = events.filter((event) => event.type === "ignored");
      const sum = options.decoys.reduce((all, count) => all + count, options.decoysBeforeVersion);
      expect(decoys.length).toBe(sum);
      const others = events.filter((event) => event.type !== "ignored");
      expect(others[0]).toEqual({
        type: "ready",
        protocol: "v2",
        sessionId: peer.cipher.sessionId,
      });
      // toEqual walks through every byte; this is enough.
      const found = others
        .slice(1)
        .map((event) =>
          event.type === "message" && event.message.type === "unknown"
            ? event.message.payload
            : new Uint8Array(0),
        );
      expect(
        found.map((payload, i) => equalBytes(payload, payloads[i] ?? new Uint8Array(0))),
      ).toEqual(payloads.map(() => true));
      expect(transport.bytesBuffered).toBe(0);
      expect(transport.end()).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test("a wrong bit never gives a wrong message, and the connection does not go on", slow, () => {
  fc.assert(
    fc.property(session, fc.nat(), (options, anywhere) => {
      const pair = withKeys(options.tested);
      const { stream, ends, payloads } = transcriptOf(
        { ...options, decoys: options.decoys.map((count) => count % 5) },
        pair,
      );
      const bit = anywhere % (stream.length * 8);
      const bad = stream.slice();
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      const [transport] = pair;
      const { events } = pushAll(transport, cut(bad, options.chunkSizes));
      const messages = events.filter((event) => event.type === "message");
      const before = payloads.filter((_, i) => (ends[i] as number) <= bit >> 3);
      expect(messagesOf(messages)).toEqual(before.map(asMessage));
      expectTheEnd(transport);
    }),
    { numRuns: 40 },
  );
});

test.each(sides)(
  "one wrong bit in each byte of a session with the %s ends it",
  slow,
  (tested: Side) => {
    const options: Session = {
      seed: 5,
      tested,
      garbageLength: 20,
      decoysBeforeVersion: 1,
      versionLength: 3,
      decoys: [0, 1, 0],
      longest: 30,
      chunkSizes: [1000],
    };
    const start = (): ReturnType<typeof withKeys> => withKeys(tested);
    const { stream, ends, payloads } = transcriptOf(options, start());
    for (let at = 0; at < stream.length; at++) {
      const bad = stream.slice();
      bad[at] = (bad[at] as number) ^ (1 << (at % 8));
      const [transport] = start();
      const { events } = transport.push(bad);
      const messages = events.filter((event) => event.type === "message");
      const before = payloads.filter((_, i) => (ends[i] as number) <= at);
      expect(messages.length).toBe(before.length);
      expect(messagesOf(messages)).toEqual(before.map(asMessage));
      expectTheEnd(transport);
    }
  },
);

test("one wrong bit in each byte of the key ends it, too", slow, () => {
  for (let at = 0; at < 64; at++) {
    const transport = v2Responder();
    const { reply } = transport.push(changedAt(keyPairs[0].publicKey, at, 1 << (at % 8)));
    const initiator = v2Initiator({ garbage: new Uint8Array(20) });
    const answer = initiator.push(reply ?? new Uint8Array(0)).reply ?? new Uint8Array(0);
    const stream = concatBytes(new Uint8Array(20), answer, initiator.encode({ type: "verack" }));
    expect(transport.push(stream).events).toEqual([]);
    expectTheEnd(transport);
  }
});

/** It has failed, or it fails as soon as what it waits for is there. */
function expectTheEnd(transport: ReturnType<typeof withKeys>[0]): void {
  const zeros = new Uint8Array(1_000_000);
  for (let i = 0; i < 5 && transport.failure === undefined; i++) {
    expect(transport.end()).toMatchObject({ code: "truncated" });
    expect(transport.push(zeros).events).toEqual([]);
  }
  expect(transport.failure?.code).toMatch(/^(packet_tag|payload_too_long|garbage_terminator)$/);
}
