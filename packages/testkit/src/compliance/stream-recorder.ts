// Consumers for the suite of byte streams: one that records what it is told, and one that sends.
import type { ByteStream, ByteStreamHandler, NetError } from "@satwire/net";
import { Conditions } from "../conditions.ts";
import { createRng } from "../determinism/rng.ts";
import type { Patience } from "./patience.ts";

/** The callbacks of a stream, by short names. */
export type StreamEvent = "data" | "end" | "drain" | "close";

/** Called inside the callbacks, after recording. */
export type StreamReactions = Partial<Record<StreamEvent, (chunk: Uint8Array) => void>>;

/** Records what a stream tells its consumer, and lets a test wait for it. */
export class StreamRecorder implements ByteStreamHandler {
  readonly events: StreamEvent[] = [];
  readonly chunks: Uint8Array[] = [];
  received = 0;
  drains = 0;
  closes = 0;
  error: NetError | undefined;
  on: StreamReactions;
  readonly #conditions: Conditions;
  readonly #timeoutMs: number;

  constructor({ clock, timeoutMs }: Patience, on: StreamReactions = {}) {
    this.#conditions = new Conditions(clock);
    this.#timeoutMs = timeoutMs;
    this.on = on;
  }

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
    const all = new Uint8Array(this.received); // chunks may be too many for arguments of one call
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

  /** The events but for drains, which a stream with little room asks for even after a small write. */
  get eventsButDrains(): StreamEvent[] {
    return this.events.filter((event) => event !== "drain");
  }

  has(event: StreamEvent): boolean {
    return this.events.includes(event);
  }

  /** Resolves when the condition holds; a stream that closes first is an error. */
  until(condition: () => boolean, what: string): Promise<void> {
    const look = (): boolean => {
      if (condition()) return true;
      if (this.closes === 0) return false;
      throw new Error(`closed (${this.error?.code ?? "in order"}) before ${what}`);
    };
    return this.#conditions.until(look, what, { timeoutMs: this.#timeoutMs });
  }

  /** Resolves when this many bytes have come. */
  receivedAll(count: number): Promise<void> {
    return this.until(() => this.received >= count, `${count} bytes`);
  }

  closed(): Promise<void> {
    return this.until(() => this.closes > 0, "the close");
  }

  #record(event: StreamEvent, chunk: Uint8Array = new Uint8Array(0)): void {
    this.events.push(event);
    try {
      this.on[event]?.(chunk);
    } finally {
      this.#conditions.recheck();
    }
  }
}

/** Bytes that differ from any shifted or reordered copy of themselves. */
export function pattern(length: number, seed: number): Uint8Array {
  return createRng(seed).bytes(length);
}

/** Writes all bytes in pieces of random size, waiting for `onDrain` when told to; returns how often that was. */
export async function send(
  stream: ByteStream,
  recorder: StreamRecorder,
  bytes: Uint8Array,
  seed: number,
  onWritten: (total: number) => void = () => {},
): Promise<number> {
  const rng = createRng(seed);
  let waits = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const piece = bytes.slice(offset, offset + rng.int(1, 20_000));
    offset += piece.length;
    const { drains } = recorder;
    const hasRoom = stream.write(piece);
    onWritten(offset);
    if (hasRoom) continue;
    waits += 1;
    await recorder.until(() => recorder.drains > drains, "a drain");
  }
  return waits;
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
