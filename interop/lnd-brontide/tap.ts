/** A byte stream with a hand on it: what goes through is counted, cut and changed. */
import type { ByteStream, ByteStreamHandler, HostPort } from "@satwire/net";

/** What becomes of bytes that begin at an offset of their direction: pieces, in order. */
export type Rewrite = (bytes: Uint8Array, offset: number) => readonly Uint8Array[];

export interface TapOptions {
  /** Each piece is written in a turn of its own. @default as they are */
  readonly outgoing?: Rewrite;
  /** @default as they are */
  readonly incoming?: Rewrite;
}

const unchanged: Rewrite = (bytes) => [bytes];

/** Cuts into pieces of lengths that `next` says. */
export function cut(next: () => number): Rewrite {
  return (bytes) => {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(at + next(), bytes.length);
      pieces.push(bytes.slice(at, end));
      at = end;
    }
    return pieces;
  };
}

/** Changes bytes at an offset of the direction, and nothing else. */
export function change(at: number, alter: (byte: number, index: number) => number): Rewrite {
  return (bytes, offset) => [bytes.map((byte, i) => alter(byte, offset + i - at))];
}

/** The stream between a peer and its connection. */
export class Tap implements ByteStream {
  /** Bytes that were given to the connection. */
  written = 0;
  /** Calls of `write`. */
  writes = 0;
  /** Bytes that came. */
  received = 0;
  readonly #inner: ByteStream;
  readonly #outgoing: Rewrite;
  readonly #incoming: Rewrite;
  readonly #queue: Uint8Array[] = [];
  #isEnding = false;
  #isClosed = false;

  constructor(inner: ByteStream, { outgoing = unchanged, incoming = unchanged }: TapOptions) {
    this.#inner = inner;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
  }

  get localAddress(): HostPort | undefined {
    return this.#inner.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#inner.remoteAddress;
  }

  start(handler: ByteStreamHandler): void {
    this.#inner.start({
      onData: (chunk) => {
        const pieces = this.#incoming(chunk, this.received);
        this.received += chunk.length;
        for (const piece of pieces) handler.onData(piece);
      },
      onEnd: () => handler.onEnd(),
      onDrain: () => handler.onDrain(),
      onClose: (error) => {
        this.#isClosed = true;
        handler.onClose(error);
      },
    });
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  write(bytes: Uint8Array): boolean {
    const pieces = this.#outgoing(bytes, this.written);
    this.writes++;
    this.written += bytes.length;
    if (this.#queue.length === 0 && pieces.length === 1) return this.#inner.write(pieces[0]!);
    if (this.#queue.length === 0) setImmediate(() => this.#writeNext());
    this.#queue.push(...pieces);
    return true;
  }

  end(): void {
    this.#isEnding = true;
    if (this.#queue.length === 0) this.#inner.end();
  }

  destroy(error?: Error): void {
    this.#isClosed = true;
    this.#inner.destroy(error);
  }

  #writeNext(): void {
    const piece = this.#queue[0];
    if (piece === undefined || this.#isClosed) return;
    this.#inner.write(piece);
    this.#queue.shift();
    if (this.#queue.length > 0) setImmediate(() => this.#writeNext());
    else if (this.#isEnding) this.#inner.end();
  }
}
