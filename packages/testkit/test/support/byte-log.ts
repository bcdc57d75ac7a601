// A consumer that keeps the bytes and how the stream ended.
import type { ByteStream, ByteStreamHandler, NetError } from "@satwire/net";

/** What came, as numbers and in a word. */
export class ByteLog implements ByteStreamHandler {
  readonly bytes: number[] = [];
  drains = 0;
  readonly #endings: string[] = [];

  onData(chunk: Uint8Array): void {
    this.bytes.push(...chunk);
  }

  onEnd(): void {
    this.#endings.push("end");
  }

  onDrain(): void {
    this.drains += 1;
  }

  onClose(error?: NetError): void {
    this.#endings.push(error === undefined ? "close" : `close ${error.code}`);
  }

  /** Such as `end close reset`. */
  get ending(): string {
    return this.#endings.join(" ");
  }
}

/** Starts a stream with a new log. */
export function logBytes(stream: ByteStream): ByteLog {
  const log = new ByteLog();
  stream.start(log);
  return log;
}
