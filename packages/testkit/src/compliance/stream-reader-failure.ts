// Part of the suite of stream readers: streams that stop, streams that are wrong, and what is held meanwhile.
import { assert, assertEqual } from "../assert.ts";
import { createRng } from "../determinism/rng.ts";
import {
  byteByByte,
  itemsOf,
  randomChunks,
  readAll,
  type StreamReaderTests,
  streamOf,
} from "./stream-reader-tests.ts";

/** What a reader may reserve beyond what it was given: blocks that many items share. */
const slackBytes = 65_536;

/** Declares them. */
export function failureTests({ test, create }: StreamReaderTests): void {
  test("gives no partial item of a stream that is cut off anywhere, and end says so", async () => {
    const { frames, mustBegin = false } = create();
    const stream = streamOf(frames);
    const borders = new Map<number, boolean>([[0, mustBegin]]);
    const complete: unknown[][] = [];
    let at = 0;
    for (const [index, { bytes, isIncomplete = false }] of frames.entries()) {
      for (let i = 0; i < bytes.length; i += 1) complete.push(itemsOf(frames.slice(0, index + 1)));
      at += bytes.length;
      borders.set(at, isIncomplete);
    }
    for (let length = 0; length <= stream.length; length += 1) {
      const { reader } = create();
      const { items } = readAll(reader, [stream.slice(0, length)]);
      const most = complete[length] ?? itemsOf(frames);
      assertEqual(items, most.slice(0, items.length), `items of the first ${length} bytes`);
      const isWrong = borders.get(length) ?? true;
      const end = reader.end();
      assertEqual(end !== undefined, isWrong, `whether an end after ${length} bytes is wrong`);
    }
  });

  test("fails at what it must refuse, after the items before it, however it is cut", async () => {
    const { frames, refused } = create();
    const stream = streamOf(frames, refused);
    const whole = readAll(create().reader, [stream]);
    assert(whole.failure !== undefined, "what should be refused was taken");
    assertEqual(whole.items, itemsOf(frames), "items before the failure");
    const cuts = [byteByByte(stream), ...[1, 2, 3].map((n) => randomChunks(stream, createRng(n)))];
    for (const chunks of cuts) {
      const { items, failure } = readAll(create().reader, chunks);
      assertEqual(items, whole.items, "items before the failure, in pieces");
      assertEqual(failure?.message, whole.failure.message, "the failure, in pieces");
    }
  });

  test("refuses everything after a failure, with the same one", async () => {
    const { reader, frames, refused } = create();
    const { failure } = readAll(reader, [streamOf(frames, refused)]);
    assert(failure !== undefined, "what should be refused was taken");
    for (const chunk of [new Uint8Array(0), new Uint8Array(100), streamOf(frames)]) {
      const later = reader.push(chunk);
      assertEqual(later.items, [], "items after the failure");
      assertEqual(later.failure === failure, true, "whether it is the same failure");
    }
    if (reader.bytesBuffered !== undefined) {
      assertEqual(reader.bytesBuffered, 0, "bytesBuffered after the failure");
    }
  });

  test("says what it holds: what has come of a frame that is not complete", async () => {
    const { reader, frames } = create();
    if (reader.bytesBuffered === undefined) return;
    let came = 0; // since something was complete
    for (const [index, { bytes, items, isIncomplete = false }] of frames.entries()) {
      for (const [at, chunk] of byteByByte(bytes).entries()) {
        reader.push(chunk);
        came += 1;
        if (at === bytes.length - 1) continue;
        const { bytesBuffered } = reader;
        assert(bytesBuffered <= came, `frame ${index}: ${bytesBuffered} of ${came} bytes are held`);
        // A handshake, which comes first, may use up its bytes one by one.
        const isEmpty = bytesBuffered === 0 && index > 0 && items.length > 0;
        assert(!isEmpty, `frame ${index}: no byte is held of ${at + 1}`);
      }
      if (isIncomplete) continue;
      assertEqual(reader.bytesBuffered, 0, `bytesBuffered after frame ${index}`);
      came = 0;
    }
  });

  test("reserves memory for what has come, not for what is announced", async () => {
    const { reader, frames, announced } = create();
    readAll(reader, [streamOf(frames)]);
    const before = reservedBytes();
    const { items, failure } = readAll(reader, byteByByte(announced));
    const grownBy = reservedBytes() - before;
    assertEqual(failure, undefined, "the failure");
    assertEqual(items, [], "items");
    assert(reader.end() !== undefined, "an end in the middle of a frame is not an error");
    const most = announced.length * 4 + slackBytes;
    assert(grownBy <= most, `${grownBy} bytes were reserved for ${announced.length}`);
    if (reader.bytesBuffered === undefined) return;
    assert(reader.bytesBuffered <= announced.length, `${reader.bytesBuffered} bytes are held`);
  });
}

/** Bytes in array buffers, where that can be known; it does not shrink during synchronous code unless memory is short. */
function reservedBytes(): number {
  const { process } = globalThis as {
    process?: { memoryUsage?: () => { readonly arrayBuffers?: number } };
  };
  return process?.memoryUsage?.().arrayBuffers ?? 0;
}
