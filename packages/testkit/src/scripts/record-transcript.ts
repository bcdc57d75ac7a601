// Recording what is said on a connection, or what goes over a stream.
import { type Clock, systemClock } from "@satwire/actor";
import type { ByteStream } from "@satwire/net";
import type { PlainMessage, RawObserver } from "../connection/raw-connection.ts";
import { RawWire } from "../connection/raw-wire.ts";
import type { Transcript, TranscriptEntry } from "./transcript.ts";

/** What can be recorded: the raw connections can. */
export interface RecordableConnection {
  /** Told of all messages from now on, until the result is disposed of. */
  observe(observer: RawObserver): Disposable;
}

/** Options of recordings. */
export interface RecordOptions {
  /**
   * What times are measured with.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
  /**
   * Messages that are kept; later ones are counted only.
   * @default 100_000
   */
  readonly maxMessages?: number | undefined;
  /**
   * Bytes of messages that are kept.
   * @default 67_108_864
   */
  readonly maxBytes?: number | undefined;
}

/** A transcript that is being written. Disposing of it ends the recording; what there is stays. */
export class Recording implements Transcript, Disposable {
  readonly entries: TranscriptEntry[] = [];
  /** Messages that there was no room for. From the first one on none is kept. */
  dropped = 0;
  readonly #clock: Clock;
  readonly #start: number;
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #bytes = 0;
  #observation: Disposable | undefined;

  /** @throws RangeError if a limit is not 1 or more */
  constructor({
    clock = systemClock,
    maxMessages = 100_000,
    maxBytes = 67_108_864,
  }: RecordOptions = {}) {
    for (const [name, limit] of Object.entries({ maxMessages, maxBytes })) {
      if (!Number.isSafeInteger(limit) || limit < 1) {
        throw new RangeError(`${name} of ${limit} is not 1 or more`);
      }
    }
    this.#clock = clock;
    this.#start = clock.now();
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** Writes a message down; the bytes are copied. For connections that cannot be observed. */
  add(dir: "sent" | "received", { type, bytes }: PlainMessage): void {
    const isFull =
      this.entries.length >= this.#maxMessages || this.#bytes + bytes.length > this.#maxBytes;
    if (this.dropped > 0 || isFull) {
      this.dropped++;
      return;
    }
    this.#bytes += bytes.length;
    const last = this.entries.at(-1)?.t ?? 0;
    // The system's time can be set back, and what is read has to be in order.
    const t = Math.max(last, this.#clock.now() - this.#start);
    this.entries.push({ t, dir, type, bytes: bytes.slice() });
  }

  /** Records a connection besides. */
  observe(connection: RecordableConnection): void {
    this[Symbol.dispose]();
    this.#observation = connection.observe((dir, message) => this.add(dir, message));
  }

  [Symbol.dispose](): void {
    this.#observation?.[Symbol.dispose]();
    this.#observation = undefined;
  }
}

/**
 * Records all messages of a connection from now on.
 *
 * @throws RangeError if a limit is not 1 or more
 * @example
 * ```ts
 * using recording = recordTranscript(raw);
 * await conversation(raw);
 * await writeFile("conversation.ndjson", saveTranscript(recording));
 * ```
 */
export function recordTranscript(
  connection: RecordableConnection,
  options?: RecordOptions,
): Recording {
  const recording = new Recording(options);
  recording.observe(connection);
  return recording;
}

/** A stream that is recorded. */
export interface RecordedStream {
  /** Use this one instead of the other. */
  readonly stream: ByteStream;
  readonly recording: Recording;
}

/**
 * Records the bytes that go over a stream, as entries of type `bytes`: one for each write and each chunk that comes.
 * What is encrypted stays encrypted.
 *
 * @throws RangeError if a limit is not 1 or more
 */
export function recordStream(stream: ByteStream, options?: RecordOptions): RecordedStream {
  const recording = new Recording(options);
  const note =
    (dir: "sent" | "received") =>
    (bytes: Uint8Array): Uint8Array => {
      recording.add(dir, { type: "bytes", bytes });
      return bytes;
    };
  const rewrites = { sent: note("sent"), received: note("received") };
  return { stream: new RawWire(stream, rewrites, () => {}), recording };
}
