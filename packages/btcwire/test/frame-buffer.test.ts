import { describe, expect, test } from "vitest";
import { FrameBuffer } from "../src/transport/frame-buffer.ts";

const numbers = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => i + from);

describe("a piece that is complete in one chunk", () => {
  test("is read there and never copied", () => {
    const chunk = numbers(10);
    const buffer = new FrameBuffer();
    buffer.feed(chunk, 2);
    expect(buffer.next(3)).toBe(2);
    expect(buffer.source).toBe(chunk);
    expect(buffer.next(0)).toBe(5);
    expect(buffer.next(5)).toBe(5);
    expect(buffer.source).toBe(chunk);
    expect(buffer.next(1)).toBe(-1);
    expect(buffer.length).toBe(0);
  });

  test("is copied once by take", () => {
    const chunk = numbers(10);
    const buffer = new FrameBuffer();
    buffer.feed(chunk, 0);
    const first = buffer.take(4);
    expect(first).toEqual(numbers(4));
    expect(first?.buffer.byteLength).toBe(4);
    chunk.fill(0);
    expect(first).toEqual(numbers(4));
  });
});

describe("a piece that comes in parts", () => {
  test("is there with its last byte", () => {
    const buffer = new FrameBuffer();
    for (let i = 0; i < 5; i++) {
      buffer.feed(numbers(1, i), 0);
      expect(buffer.next(6)).toBe(-1);
      expect(buffer.length).toBe(i + 1);
      expect(buffer.source.subarray(0, i + 1)).toEqual(numbers(i + 1));
    }
    buffer.feed(numbers(3, 5), 0);
    const at = buffer.next(6);
    expect(buffer.source.subarray(at, at + 6)).toEqual(numbers(6));
    expect(buffer.length).toBe(0);
    expect(buffer.take(2)).toEqual(numbers(2, 6));
    expect(buffer.take(1)).toBeUndefined();
  });

  test("given out by take, is left alone by what comes later", () => {
    const buffer = new FrameBuffer();
    const taken = [];
    for (const start of [0, 100]) {
      buffer.feed(numbers(5, start), 0);
      expect(buffer.take(8)).toBeUndefined();
      buffer.feed(numbers(3, start + 5), 0);
      taken.push(buffer.take(8));
    }
    expect(taken).toEqual([numbers(8), numbers(8, 100)]);
    expect(taken[0]?.buffer).not.toBe(taken[1]?.buffer);
  });

  test("takes memory by what has come, at most twice as much", () => {
    const buffer = new FrameBuffer();
    for (let received = 1000; received <= 100_000; received += 1000) {
      buffer.feed(new Uint8Array(1000), 0);
      expect(buffer.next(4_000_000)).toBe(-1);
      expect(buffer.length).toBe(received);
      expect(buffer.source.length).toBeLessThanOrEqual(2 * received);
    }
  });

  test("of more than 4,096 bytes leaves none of them behind", () => {
    const buffer = new FrameBuffer();
    buffer.feed(new Uint8Array(5000), 0);
    expect(buffer.next(5001)).toBe(-1);
    buffer.feed(new Uint8Array(1), 0);
    expect(buffer.next(5001)).toBe(0);
    expect(buffer.next(1)).toBe(-1);
    expect(buffer.source.length).toBe(0);
  });
});

test("the chunk is let go of when it has been read", () => {
  const chunk = numbers(4);
  const buffer = new FrameBuffer();
  buffer.feed(chunk, 0);
  buffer.next(4);
  expect(buffer.source).toBe(chunk);
  buffer.next(1);
  expect(buffer.source).not.toBe(chunk);
});

test("clear forgets what was held", () => {
  const buffer = new FrameBuffer();
  buffer.feed(numbers(4), 0);
  buffer.next(9);
  buffer.clear();
  expect([buffer.length, buffer.source.length]).toEqual([0, 0]);
  buffer.feed(numbers(2), 0);
  expect(buffer.take(2)).toEqual(numbers(2));
});
