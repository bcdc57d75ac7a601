/** Consumers for tests: one that records what it is told and lets a test wait for it, and one that sends. */
import type { ByteStream, ByteStreamHandler, NetError } from "../src/index.ts";

export type StreamEvent = "data" | "end" | "drain" | "close";

export class Recorder implements ByteStreamHandler {
  readonly events: StreamEvent[] = [];
  readonly chunks: Uint8Array[] = [];
  received = 0;
  drains = 0;
  closes = 0;
  error: NetError | undefined;
  /** Called inside the callbacks, after recording. */
  on: Partial<Record<StreamEvent, (chunk: Uint8Array) => void>> = {};
  #waiting: (() => void)[] = [];

  onData(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    this.#record("data", chunk);
  }

  onEnd(): void {
    this.#record("end");
  }

  onDrain(): void {
    this.drains += 1;
    this.#record("drain");
  }

  onClose(error?: NetError): void {
    this.closes += 1;
    this.error = error;
    this.#record("close");
  }

  get bytes(): Uint8Array {
    const all = new Uint8Array(this.received);
    let offset = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    return all;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  has(event: StreamEvent): boolean {
    return this.events.includes(event);
  }

  /** Resolves when the condition holds after an event; a stream that closes first is an error. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.closes > 0)
        throw new Error(`closed while waiting: ${this.error?.code ?? "in order"}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  closed(): Promise<void> {
    return this.until(() => this.closes > 0);
  }

  #record(event: StreamEvent, chunk: Uint8Array = new Uint8Array(0)): void {
    this.events.push(event);
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.on[event]?.(chunk);
    } finally {
      for (const resolve of waiting) resolve();
    }
  }
}

/** Starts a stream with a new recorder. */
export function record(stream: ByteStream, on: Recorder["on"] = {}): Recorder {
  const recorder = new Recorder();
  recorder.on = on;
  stream.start(recorder);
  return recorder;
}

/** Numbers from 0 to `limit - 1`, the same ones in every run. */
function sequence(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % limit;
  };
}

/** Bytes that differ from any shifted or reordered copy of themselves. */
export function pattern(length: number, seed: number): Uint8Array {
  const next = sequence(seed);
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = next(65_536) >> 8;
  return bytes;
}

/** Runs `body` with what streams throw as uncaught collected instead of reported to the runner. */
export async function collectUncaught(body: () => Promise<void>): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const original = globalThis.queueMicrotask;
  globalThis.queueMicrotask = (task) =>
    original(() => {
      try {
        task();
      } catch (error) {
        thrown.push(error);
      }
    });
  try {
    await body();
  } finally {
    globalThis.queueMicrotask = original;
  }
  return thrown;
}
