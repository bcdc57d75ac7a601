import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TransportError } from "../src/errors.ts";
import { transportPair } from "./support/pair.ts";
import { thrown } from "./support/thrown.ts";

const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });

/** Cuts bytes into chunks of the given sizes, repeating them; 0 gives an empty chunk. */
function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(position, position + size);
    position += size;
  }
}

const sizes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 1000 })), {
    minLength: 1,
    maxLength: 8,
  })
  .filter((all) => all.some((size) => size > 0));

function streamOf(list: readonly Uint8Array[]): Uint8Array {
  const [sender] = transportPair();
  return Uint8Array.from(list.flatMap((m) => [...sender.encrypt(m)]));
}

test("any chunking gives the same messages", () => {
  fc.assert(
    fc.property(messages, sizes, (list, chunkSizes) => {
      const [, receiver] = transportPair();
      const found: Uint8Array[] = [];
      for (const chunk of cut(streamOf(list), chunkSizes)) found.push(...receiver.push(chunk));
      expect(found).toEqual(list);
      expect(receiver.bytesBuffered).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("a flipped bit anywhere delivers the messages before it and then fails", () => {
  const nonEmpty = messages.filter((list) => list.length > 0);
  fc.assert(
    fc.property(nonEmpty, sizes, fc.nat(), (list, chunkSizes, anywhere) => {
      const stream = streamOf(list);
      const bit = anywhere % (stream.length * 8);
      stream[bit >> 3] = (stream[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      let end = 0;
      const before = list.filter((m) => (end += m.length + 34) <= bit >> 3);

      const [, receiver] = transportPair();
      const found: Uint8Array[] = [];
      const error = thrown(() => {
        for (const chunk of cut(stream, chunkSizes)) {
          found.push(...receiver.push(chunk));
          if (receiver.failure !== undefined) throw receiver.failure;
        }
      });
      expect(error).toBeInstanceOf(TransportError);
      expect(["header_tag", "body_tag"]).toContain((error as TransportError).code);
      expect(found).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

test("bytes that are no frames fail with a typed error once a header is there", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const [, receiver] = transportPair();
      const error = thrown(() => receiver.push(bytes));
      if (bytes.length < 18) expect(error).toBeUndefined();
      else expect(error).toMatchObject({ name: "TransportError", code: "header_tag" });
    }),
  );
});

test("both directions stay in step over rotations, however they interleave", () => {
  const turns = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 700 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(turns, (list) => {
      const [left, right] = transportPair();
      let sent = 0;
      for (const [forth, count] of list) {
        const [from, to] = forth ? [left, right] : [right, left];
        for (let i = 0; i < count; i++) {
          const message = new Uint8Array(sent % 5).fill(sent++);
          expect(to.push(from.encrypt(message))).toEqual([message]);
        }
      }
    }),
    { numRuns: 10 },
  );
});
