import type { ByteStream, ByteStreamHandler, HostPort } from "@satwire/net";

/** A stream that counts what is written to it, and tells when it is full for the first time. */
export class CountingStream implements ByteStream {
  readonly full: Promise<void>;
  written = 0;
  readonly #inner: ByteStream;
  #setFull: () => void = () => {};

  constructor(inner: ByteStream) {
    this.#inner = inner;
    this.full = new Promise((resolve) => {
      this.#setFull = resolve;
    });
  }

  get localAddress(): HostPort | undefined {
    return this.#inner.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#inner.remoteAddress;
  }

  start(handler: ByteStreamHandler): void {
    this.#inner.start(handler);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  write(bytes: Uint8Array): boolean {
    this.written += bytes.length;
    const hasRoom = this.#inner.write(bytes);
    if (!hasRoom) this.#setFull();
    return hasRoom;
  }

  end(): void {
    this.#inner.end();
  }

  destroy(error?: Error): void {
    this.#inner.destroy(error);
  }
}
