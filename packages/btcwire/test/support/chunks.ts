// Streams in pieces, and what a transport makes of them.
import type { MessageBase } from "../../src/message.ts";
import type { TransportError } from "../../src/errors.ts";
import type { BitcoinTransport, TransportEvent } from "../../src/transport/transport.ts";

/** What several pushes led to. */
export interface Received<M extends MessageBase> {
  readonly events: readonly TransportEvent<M>[];
  readonly replies: readonly Uint8Array[];
  readonly failure: TransportError | undefined;
}

/** Pushes chunks one after the other, until one fails. */
export function pushAll<M extends MessageBase>(
  transport: BitcoinTransport<M>,
  chunks: Iterable<Uint8Array>,
): Received<M> {
  const events: TransportEvent<M>[] = [];
  const replies: Uint8Array[] = [];
  for (const chunk of chunks) {
    const result = transport.push(chunk);
    events.push(...result.events);
    if (result.reply !== undefined) replies.push(result.reply);
    if (result.failure !== undefined) return { events, replies, failure: result.failure };
  }
  return { events, replies, failure: undefined };
}

/** Cuts bytes into chunks of the given sizes, again and again; 0 gives an empty chunk. */
export function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(position, position + size);
    position += size;
  }
}

/** One chunk per byte. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** A copy with one byte changed, or one bit of it. */
export function changedAt(bytes: Uint8Array, index: number, change = 1): Uint8Array {
  const copy = bytes.slice();
  copy[index] = (copy[index] as number) ^ change;
  return copy;
}
