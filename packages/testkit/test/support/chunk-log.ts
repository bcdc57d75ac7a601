// A consumer that writes down each call it gets, with the time.
import type { ByteStream, ByteStreamHandler } from "@satwire/net";
import type { VirtualClock } from "../../src/index.ts";

/** What a stream told, as `5 data abc`: the milliseconds, the call and the bytes as text. */
export class ChunkLog implements ByteStreamHandler {
  readonly lines: string[] = [];
  /** Called inside the callbacks, after writing down. */
  on: Partial<Record<"data" | "end" | "drain" | "close", () => void>> = {};
  readonly #clock: VirtualClock;
  readonly #start: number;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  onData(chunk: Uint8Array): void {
    this.#note(`data ${new TextDecoder().decode(chunk)}`);
    this.on.data?.();
  }

  onEnd(): void {
    this.#note("end");
    this.on.end?.();
  }

  onDrain(): void {
    this.#note("drain");
    this.on.drain?.();
  }

  onClose(error?: { readonly code: string }): void {
    this.#note(error === undefined ? "close" : `close ${error.code}`);
    this.on.close?.();
  }

  /** The lines so far; the log begins anew. */
  take(): string[] {
    return this.lines.splice(0);
  }

  #note(what: string): void {
    this.lines.push(`${Math.round((this.#clock.now() - this.#start) * 10) / 10} ${what}`);
  }
}

/** Starts a stream with a new log. */
export function logChunks(stream: ByteStream, clock: VirtualClock): ChunkLog {
  const log = new ChunkLog(clock);
  stream.start(log);
  return log;
}
