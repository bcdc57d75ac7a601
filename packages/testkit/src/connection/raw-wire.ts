// The bytes of a raw connection on their way: counted, and changed where a test wants that.
import type { ByteStream, ByteStreamHandler, HostPort } from "@satwire/net";

/**
 * What becomes of the bytes of one direction that begin at an offset: as many others. It may change them in place.
 * To cut, delay or lose bytes put `withFaults` around the stream.
 */
export type Rewrite = (bytes: Uint8Array, offset: number) => Uint8Array;

/** What happens to bytes on their way. */
export interface Rewrites {
  /** Bytes of this side, handshake included. @default as they are */
  readonly sent?: Rewrite | undefined;
  /** Bytes of the other side. @default as they are */
  readonly received?: Rewrite | undefined;
}

/** A {@link ByteStream} that counts, rewrites, and knows whether it can still be written to. */
export class RawWire implements ByteStream {
  /** Bytes written, of the handshake too. */
  bytesSent = 0;
  /** Bytes that came. */
  bytesReceived = 0;
  /** Calls of `write`. */
  writes = 0;
  /** Until this side ends or the connection does. */
  isWritable = true;
  readonly #inner: ByteStream;
  readonly #rewrites: Rewrites;
  readonly #onChange: () => void;

  constructor(inner: ByteStream, rewrites: Rewrites, onChange: () => void) {
    this.#inner = inner;
    this.#rewrites = rewrites;
    this.#onChange = onChange;
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
        const bytes = this.#rewrites.received?.(chunk, this.bytesReceived) ?? chunk;
        this.bytesReceived += chunk.length;
        handler.onData(bytes);
        this.#onChange();
      },
      onEnd: () => handler.onEnd(),
      onDrain: () => handler.onDrain(),
      onClose: (error) => {
        this.isWritable = false;
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
    const changed = this.#rewrites.sent?.(bytes, this.bytesSent) ?? bytes;
    this.bytesSent += bytes.length;
    this.writes++;
    const hasRoom = this.#inner.write(changed);
    this.#onChange();
    return hasRoom;
  }

  end(): void {
    this.isWritable = false;
    this.#inner.end();
  }

  destroy(error?: Error): void {
    this.isWritable = false;
    this.#inner.destroy(error);
  }
}
