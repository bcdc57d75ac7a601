// A stream around another one that changes nothing: what broken ones are made from.
import type { ByteStream, ByteStreamHandler, HostPort, NetError } from "@satwire/net";

/** Hands everything on, both ways. */
export class WrappedStream implements ByteStream, ByteStreamHandler {
  protected readonly inner: ByteStream;
  protected handler: ByteStreamHandler | undefined;

  constructor(inner: ByteStream) {
    this.inner = inner;
  }

  get localAddress(): HostPort | undefined {
    return this.inner.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.inner.remoteAddress;
  }

  start(handler: ByteStreamHandler): void {
    this.inner.start(this);
    this.handler = handler;
  }

  pause(): void {
    this.inner.pause();
  }

  resume(): void {
    this.inner.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.inner.write(bytes);
  }

  end(): void {
    this.inner.end();
  }

  destroy(error?: Error): void {
    this.inner.destroy(error);
  }

  onData(chunk: Uint8Array): void {
    this.handler?.onData(chunk);
  }

  onEnd(): void {
    this.handler?.onEnd();
  }

  onDrain(): void {
    this.handler?.onDrain();
  }

  onClose(error?: NetError): void {
    this.handler?.onClose(error);
  }
}
