import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chunkings } from "../../src/fast-check/index.ts";
import { ToyReader, toyCase, type ToyFault } from "../support/toy-reader.ts";

const stream = Uint8Array.from({ length: 40 }, (_, index) => index);
const sample = (options?: Parameters<typeof chunkings>[1], bytes = stream): Uint8Array[][] =>
  fc.sample(chunkings(bytes, options), { numRuns: 500, seed: 1 });

test("the pieces are the bytes, in order, and copies of them", () => {
  for (const chunks of sample()) {
    expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...stream]);
    for (const chunk of chunks) chunk.fill(0xff);
  }
  expect(stream[1]).toBe(1);
});

test("there are all kinds: one piece, one per byte, empty ones at any place, and others", () => {
  const all = sample();
  const isEmpty = (chunk: Uint8Array | undefined): boolean => chunk?.length === 0;
  expect(all.some(({ length }) => length === 1)).toBe(true);
  expect(all.some(({ length }) => length === stream.length)).toBe(true);
  expect(all.some((chunks) => isEmpty(chunks[0]) && isEmpty(chunks.at(-1)))).toBe(true);
  expect(all.some((chunks) => chunks.slice(1, -1).some(isEmpty))).toBe(true);
  expect(new Set(all.map(({ length }) => length)).size).toBeGreaterThan(15);
});

test("pieces are counted and never empty, if that is asked for", () => {
  for (const chunks of sample({ maxChunks: 3, empty: false })) {
    expect(chunks.every(({ length }) => length > 0)).toBe(true);
    expect([1, 2, 3, stream.length]).toContain(chunks.length);
  }
  const lengths = new Set(sample({ maxChunks: 1 }).map((chunks) => chunks.length));
  expect(lengths).toEqual(new Set([1, stream.length]));
  for (const length of [0, 1]) {
    const one = stream.slice(0, length);
    expect(sample({ empty: false }, one).every((chunks) => chunks.length === 1)).toBe(true);
    expect(sample({}, one).some((chunks) => chunks.length > 1)).toBe(true);
  }
});

test("a limit that is none is refused", () => {
  for (const maxChunks of [0, -1, 1.5, NaN]) {
    expect(() => chunkings(stream, { maxChunks })).toThrow(`maxChunks is ${maxChunks}`);
  }
});

describe("a planted bug", () => {
  const frames = toyCase(undefined).frames;
  const bytes = Uint8Array.from(frames.flatMap((frame) => [...frame.bytes]));
  const items = frames.flatMap((frame) => frame.items);
  const readsAll = (fault: ToyFault | undefined) =>
    fc.property(chunkings(bytes), (chunks) => {
      const reader = new ToyReader(fault);
      expect(chunks.flatMap((chunk) => reader.push(chunk).items)).toEqual(items);
    });

  test("is not there in a reader without a fault", () => {
    fc.assert(readsAll(undefined));
  });

  test("of bytes that are lost between chunks is found, and shrinks to two chunks", () => {
    for (let seed = 0; seed < 40; seed++) {
      const result = fc.check(readsAll("drops what is not complete"), { seed });
      expect([seed, result.failed]).toEqual([seed, true]);
      expect([seed, result.counterexample?.[0].length]).toEqual([seed, 2]);
    }
  });

  test("of chunks without bytes is found, and shrinks to one of them inside a frame", () => {
    const { failed, counterexample } = fc.check(readsAll("starts anew with an empty chunk"));
    expect(failed).toBe(true);
    const lengths = counterexample?.[0].map(({ length }) => length);
    expect(lengths).toHaveLength(3);
    expect(lengths?.[1]).toBe(0);
  });
});
