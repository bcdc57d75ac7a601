// What the parts of the suite of byte streams share.
import type { ByteStream } from "@satwire/net";
import type { StreamRecorder, StreamReactions } from "./stream-recorder.ts";

/** Two ends of one connection. */
export interface StreamPair {
  /** Neither has been started. */
  readonly streams: readonly [ByteStream, ByteStream];
  /**
   * Bytes that may be under way in one direction while the reader does not read; above it `write` must have returned
   * false.
   */
  readonly mostUnderWay: number;
  /** Destroys what is left. */
  close(): Promise<void>;
}

/** What the parts of the suite share. */
export interface ByteStreamTests {
  /** Declares a test with a pair of its own. */
  readonly test: (
    name: string,
    body: (a: ByteStream, b: ByteStream, pair: StreamPair) => Promise<void>,
  ) => void;
  /** A consumer that nobody has started. */
  readonly recorder: (on?: StreamReactions) => StreamRecorder;
  /** Starts a stream with a new recorder. */
  readonly record: (stream: ByteStream, on?: StreamReactions) => StreamRecorder;
}

/** Text as bytes. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A pair's streams in both orders, for what must hold for either end. */
export const eitherEnd: readonly (readonly [
  title: string,
  order: (a: ByteStream, b: ByteStream) => [ByteStream, ByteStream],
])[] = [
  ["first", (a, b) => [a, b]],
  ["second", (a, b) => [b, a]],
];
