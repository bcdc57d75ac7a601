// The file through which the parent knows what the child is at, whatever becomes of the child: written
// before and after each case, and read when the child has ended or takes too long.
import { closeSync, openSync, readSync, writeSync } from "node:fs";

const headBytes = 64;

/** What the child is at. */
export interface JournalEntry {
  /** False between two cases. */
  readonly running: boolean;
  /** Counts inputs of all kinds. */
  readonly index: number;
  /** How many random cases there were, this one included. */
  readonly runs: number;
  readonly kind: string;
  readonly input: Uint8Array;
}

/** Writes the journal. A case costs two short writes. */
export class JournalWriter {
  readonly #file: number;
  #buffer: Buffer = Buffer.alloc(headBytes);

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  begin({ index, runs, kind, input }: Omit<JournalEntry, "running">): void {
    const length = headBytes + input.length;
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(2 * length);
    const buffer = this.#buffer;
    buffer.writeUInt32LE(1, 0);
    buffer.writeUInt32LE(index, 4);
    buffer.writeUInt32LE(runs, 8);
    buffer.writeUInt32LE(input.length, 12);
    buffer.fill(0, 16, headBytes);
    buffer.write(kind, 16, headBytes - 16, "utf8");
    buffer.set(input, headBytes);
    writeSync(this.#file, buffer, 0, length, 0);
  }

  end(): void {
    this.#buffer.writeUInt32LE(0, 0);
    writeSync(this.#file, this.#buffer, 0, 4, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads the journal; undefined before the first case. */
export class JournalReader {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  read(): JournalEntry | undefined {
    const head = Buffer.alloc(headBytes);
    if (readSync(this.#file, head, 0, headBytes, 0) < headBytes) return undefined;
    const input = Buffer.alloc(head.readUInt32LE(12));
    readSync(this.#file, input, 0, input.length, headBytes);
    return {
      running: head.readUInt32LE(0) === 1,
      index: head.readUInt32LE(4),
      runs: head.readUInt32LE(8),
      kind: head.toString("utf8", 16).replace(/\0+$/, ""),
      input,
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}
