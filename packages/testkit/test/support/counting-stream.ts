import type { ByteStream } from "@satwire/net";
import { WrappedStream } from "./wrapped-stream.ts";

/** A stream that counts what is written to it, and tells when it is full for the first time. */
export class CountingStream extends WrappedStream {
  readonly full: Promise<void>;
  written = 0;
  #setFull: () => void = () => {};

  constructor(inner: ByteStream) {
    super(inner);
    this.full = new Promise((resolve) => {
      this.#setFull = resolve;
    });
  }

  override write(bytes: Uint8Array): boolean {
    this.written += bytes.length;
    const hasRoom = super.write(bytes);
    if (!hasRoom) this.#setFull();
    return hasRoom;
  }
}
