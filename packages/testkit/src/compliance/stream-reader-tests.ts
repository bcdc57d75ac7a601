// What the parts of the suite of stream readers share: readers, streams for them, and streams in pieces.
import { concatBytes } from "@satwire/btcwire";
import type { Rng } from "../determinism/rng.ts";

/** What one push gave. */
export interface ReaderResult {
  /** Complete items, oldest first. */
  readonly items: readonly unknown[];
  /** Why nothing more can be read; of this push and of every later one. */
  readonly failure?: Error | undefined;
}

/** An incremental reader as the suite sees it: a few lines around the real one. */
export interface StreamReader {
  /** Takes bytes, cut at any place. Throws nothing for what they say. */
  push(chunk: Uint8Array): ReaderResult;
  /** Nothing follows: what is wrong with that, if anything is. */
  end(): Error | undefined;
  /** Bytes held of what is not complete, if the reader tells. */
  readonly bytesBuffered?: number | undefined;
}

/** A piece of a stream that has a meaning of its own. */
export interface StreamFrame {
  readonly bytes: Uint8Array;
  /** The items that it gives, the last of them with its last byte. */
  readonly items: readonly unknown[];
  /**
   * Whether more has to follow, as in the middle of a handshake: an end after this frame is an error.
   * @default false
   */
  readonly isIncomplete?: boolean | undefined;
}

/** A fresh reader with a stream for it. */
export interface StreamReaderCase {
  readonly reader: StreamReader;
  /** What the stream is made of, items among it. Every case of a suite has the same. */
  readonly frames: readonly StreamFrame[];
  /**
   * Whether a stream without any bytes is an error, as for who waits for a handshake.
   * @default false
   */
  readonly mustBegin?: boolean | undefined;
  /** Bytes that the reader must refuse when they follow the frames. */
  readonly refused: Uint8Array;
  /** The beginning of a frame that announces as much as it may; follows the frames. */
  readonly announced: Uint8Array;
}

/** What the parts of the suite share. */
export interface StreamReaderTests {
  /** Declares a test. */
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly create: () => StreamReaderCase;
}

/** What a whole stream gave. */
export interface ReadAll {
  readonly items: readonly unknown[];
  readonly failure: Error | undefined;
}

/** Pushes chunks until one fails. */
export function readAll(reader: StreamReader, chunks: Iterable<Uint8Array>): ReadAll {
  const items: unknown[] = [];
  for (const chunk of chunks) {
    const result = reader.push(chunk);
    items.push(...result.items);
    if (result.failure !== undefined) return { items, failure: result.failure };
  }
  return { items, failure: undefined };
}

/** The frames as one stream. */
export function streamOf(frames: readonly StreamFrame[], ...more: Uint8Array[]): Uint8Array {
  return concatBytes(...frames.map(({ bytes }) => bytes), ...more);
}

/** All items of the frames. */
export const itemsOf = (frames: readonly StreamFrame[]): unknown[] =>
  frames.flatMap(({ items }) => items);

/** One chunk per byte. */
export const byteByByte = (stream: Uint8Array): Uint8Array[] =>
  Array.from(stream, (_, at) => stream.slice(at, at + 1));

/** Chunks of random sizes, empty ones among them. */
export function* randomChunks(stream: Uint8Array, rng: Rng): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; ) {
    const size = rng.chance(0.5) ? rng.int(0, 4) : rng.int(0, 200);
    yield stream.slice(at, at + size);
    at += size;
  }
}
