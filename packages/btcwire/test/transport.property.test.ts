// No bytes of a peer make a transport throw, and how they are cut changes nothing.
import { concatBytes } from "@satwire/codec";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BitcoinMessage, KnownMessage } from "../src/bitcoin.ts";
import type { BitcoinTransport } from "../src/transport/transport.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";
import { cut, pushAll } from "./support/chunks.ts";
import {
  magic,
  messagesOf,
  options,
  pairKinds,
  unknown,
  v2Initiator,
  v2Responder,
} from "./support/transport-pairs.ts";

const anyMessage: fc.Arbitrary<BitcoinMessage> = fc.oneof(
  fc.constant({ type: "verack" } as const),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((nonce) => ({ type: "ping", nonce }) as const),
  fc.nat(600).map((length) => unknown(length)),
);
const messages = fc.array(anyMessage, { maxLength: 10 });
const sizes = fc
  .array(fc.oneof(fc.nat(40), fc.integer({ min: 1, max: 1000 })), { minLength: 1, maxLength: 8 })
  .filter((all) => all.some((size) => size > 0));

describe.each(pairKinds)("$name", ({ connect }) => {
  test("any chunking gives the same messages", () => {
    fc.assert(
      fc.property(messages, sizes, (list, chunkSizes) => {
        const [sender, receiver] = connect();
        const stream = concatBytes(...list.map((message) => sender.encode(message)));
        const { events, failure } = pushAll(receiver, cut(stream, chunkSizes));
        expect(failure).toBeUndefined();
        expect(messagesOf(events)).toEqual(list);
        expect(receiver.bytesBuffered).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("any chunking of a changed stream gives the same events and the same failure", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
      maxLength: 3,
    });
    const malformed = fc.constantFrom("fail", "report");
    fc.assert(
      fc.property(messages, sizes, changes, malformed, (list, chunkSizes, all, policy) => {
        const more = { malformed: policy as "fail" | "report" };
        const [sender] = connect(more);
        const stream = concatBytes(...list.map((message) => sender.encode(message)));
        for (const [anywhere, change] of all) {
          const at = anywhere % (stream.length || 1);
          if (at < stream.length) stream[at] = (stream[at] as number) ^ change;
        }
        const [whole, pieces] = [connect(more)[1], connect(more)[1]];
        const expected = whole.push(stream);
        const found = pushAll(pieces, cut(stream, chunkSizes));
        expect(found.events).toEqual(expected.events);
        expect(found.failure).toEqual(expected.failure);
        expect(pieces.bytesBuffered).toBe(whole.bytesBuffered);
        expect(pieces.end()?.message).toBe(whole.end()?.message);
      }),
      { numRuns: 100 },
    );
  });
});

const starts: readonly (readonly [string, () => BitcoinTransport<KnownMessage>])[] = [
  ["v1", () => new V1Transport(options)],
  ["v2, dialling", () => v2Initiator()],
  ["v2, called", () => v2Responder()],
];

test.each(starts)("bytes that nobody sent make %s throw nothing", (_, start) => {
  const version = [...magic, ...new TextEncoder().encode("version\0\0\0\0\0"), 4, 0, 0, 0];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(...magic, ...rest)),
    fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(...version, ...rest)),
  );
  fc.assert(
    fc.property(bytes, sizes, (stream, chunkSizes) => {
      const [whole, pieces] = [start(), start()];
      const expected = whole.push(stream);
      const found = pushAll(pieces, cut(stream, chunkSizes));
      expect(found.events).toEqual(expected.events);
      expect(found.failure).toEqual(expected.failure);
      expect(pieces.bytesBuffered).toBe(whole.bytesBuffered);
      expect(pieces.bytesBuffered).toBeLessThanOrEqual(stream.length);
    }),
    { numRuns: 60 },
  );
});
