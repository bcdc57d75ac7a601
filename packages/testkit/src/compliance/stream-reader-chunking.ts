// Part of the suite of stream readers: how a stream is cut does not matter.
import { assert, assertEqual } from "../assert.ts";
import { createRng } from "../determinism/rng.ts";
import {
  byteByByte,
  itemsOf,
  randomChunks,
  readAll,
  type StreamReaderCase,
  type StreamReaderTests,
  streamOf,
} from "./stream-reader-tests.ts";

/** How many random ways of cutting are tried. */
const rounds = 50;

/** Declares them. */
export function chunkingTests({ test, create }: StreamReaderTests): void {
  const checkAll = ({ reader, frames }: StreamReaderCase, chunks: Iterable<Uint8Array>): void => {
    const { items, failure } = readAll(reader, chunks);
    assertEqual(failure, undefined, "the failure");
    assertEqual(items, itemsOf(frames), "items");
    if (reader.bytesBuffered !== undefined) {
      assertEqual(reader.bytesBuffered, 0, "bytesBuffered after the last frame");
    }
  };

  test("gives the items of a stream that comes in one chunk", async () => {
    const it = create();
    assert(itemsOf(it.frames).length > 0, "the stream of the case has no items");
    checkAll(it, [streamOf(it.frames)]);
  });

  test("gives the items of each frame with the frame", async () => {
    const { reader, frames } = create();
    for (const [index, { bytes, items }] of frames.entries()) {
      const result = reader.push(bytes.slice());
      assertEqual(result.failure, undefined, `the failure at frame ${index}`);
      assertEqual(result.items, items, `items of frame ${index}`);
    }
  });

  test("gives the same items byte by byte, each frame's last one with its last byte", async () => {
    const { reader, frames } = create();
    const seen: unknown[] = [];
    const expected: unknown[] = [];
    for (const [index, { bytes, items }] of frames.entries()) {
      expected.push(...items);
      for (const [at, chunk] of byteByByte(bytes).entries()) {
        seen.push(...reader.push(chunk).items);
        const isLast = at === bytes.length - 1;
        const isEarly = !isLast && items.length > 0 && seen.length >= expected.length;
        assert(!isEarly, `frame ${index} was complete after ${at + 1} of ${bytes.length} bytes`);
      }
      assertEqual(seen, expected, `items up to frame ${index}`);
    }
  });

  test("gives the same items of a stream split in two at every byte", async () => {
    const stream = streamOf(create().frames);
    for (let at = 0; at <= stream.length; at += 1) {
      checkAll(create(), [stream.slice(0, at), stream.slice(at)]);
    }
  });

  test("gives the same items of chunks of random sizes, empty ones among them", async () => {
    const stream = streamOf(create().frames);
    for (let seed = 0; seed < rounds; seed += 1) {
      checkAll(create(), randomChunks(stream, createRng(seed)));
    }
  });

  test("reads a chunk that is a view into a larger array", async () => {
    const it = create();
    const stream = streamOf(it.frames);
    const larger = new Uint8Array(stream.length + 13).fill(0xee);
    larger.set(stream, 5);
    checkAll(it, [larger.subarray(5, 5 + stream.length)]);
  });

  test("reads a chunk during the call only, and leaves it as it is", async () => {
    for (const sizes of [
      [1, 2, 3],
      [7, 40],
      [100, 1],
    ]) {
      const it = create();
      const stream = streamOf(it.frames);
      const buffer = new Uint8Array(100);
      const seen: unknown[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const piece = stream.slice(at, at + (sizes[turn % sizes.length] ?? 1));
        buffer.set(piece);
        const chunk = buffer.subarray(0, piece.length);
        seen.push(...it.reader.push(chunk).items);
        assertEqual(chunk, piece, "the chunk after the push");
        buffer.fill(0xff);
        at += piece.length;
      }
      assertEqual(seen, itemsOf(it.frames), "items, after the chunks were overwritten");
    }
  });
}
