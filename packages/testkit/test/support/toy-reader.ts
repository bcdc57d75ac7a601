// A reader of frames that are a length of four bytes, a payload and a sum, with one thing wrong if wanted.
import type { ReaderResult, StreamReader, StreamReaderCase } from "../../src/compliance/index.ts";

/** What may be wrong. */
export type ToyFault =
  | "drops what is not complete"
  | "hands out views"
  | "keeps the chunk"
  | "changes the chunk"
  | "ignores where a view begins"
  | "reads one frame per push"
  | "gives an item before its sum"
  | "gives an item with the next push"
  | "starts anew with an empty chunk"
  | "takes every end"
  | "takes no end"
  | "goes on after a failure"
  | "makes a new failure each time"
  | "takes what it must refuse"
  | "forgets items in front of a failure"
  | "reserves what is announced"
  | "says that it holds nothing"
  | "says that it holds everything";

const maxLength = 4_000_000;
const headerLength = 4;

/** The reader. */
export class ToyReader implements StreamReader {
  readonly #fault: ToyFault | undefined;
  #held: Uint8Array = new Uint8Array(0);
  #late: Uint8Array[] = [];
  #total = 0;
  #reserved: Uint8Array | undefined;
  #failure: Error | undefined;

  constructor(fault: ToyFault | undefined) {
    this.#fault = fault;
  }

  get bytesBuffered(): number {
    if (this.#has("says that it holds nothing")) return 0;
    return this.#has("says that it holds everything") ? this.#total : this.#held.length;
  }

  push(given: Uint8Array): ReaderResult {
    if (this.#failure !== undefined && !this.#has("goes on after a failure")) {
      if (!this.#has("makes a new failure each time")) return { items: [], failure: this.#failure };
      return { items: [], failure: new Error(this.#failure.message) };
    }
    const chunk = this.#has("ignores where a view begins")
      ? new Uint8Array(given.buffer, 0, given.length)
      : given;
    this.#total += chunk.length;
    if (this.#has("changes the chunk") && this.#held.length > 0) chunk[0] = 0;
    if (this.#has("starts anew with an empty chunk") && chunk.length === 0) this.#held = chunk;
    const all = this.#joined(chunk);
    const items = this.#late.splice(0);
    let at = 0;
    while (at + headerLength <= all.length) {
      const length = new DataView(all.buffer, all.byteOffset + at).getUint32(0);
      if (length > maxLength && !this.#has("takes what it must refuse")) {
        this.#failure = new Error(`${length} bytes are announced`);
        this.#held = new Uint8Array(0);
        const isForgetful = this.#has("forgets items in front of a failure");
        return { items: isForgetful ? [] : items, failure: this.#failure };
      }
      if (this.#has("reserves what is announced")) this.#reserved = new Uint8Array(length);
      const end = at + headerLength + length + (this.#has("gives an item before its sum") ? 0 : 1);
      if (end > all.length) break;
      const payload = all.subarray(at + headerLength, at + headerLength + length);
      items.push(this.#has("hands out views") ? payload : payload.slice());
      at = at + headerLength + length + 1;
      if (this.#has("reads one frame per push")) break;
    }
    const rest = all.subarray(at);
    this.#held = this.#has("keeps the chunk") ? rest : rest.slice();
    if (this.#has("drops what is not complete")) this.#held = new Uint8Array(0);
    if (this.#has("gives an item with the next push")) this.#late = items.splice(0);
    return { items };
  }

  end(): Error | undefined {
    if (this.#has("takes every end")) return undefined;
    const isInside = this.#held.length > 0 || (this.#reserved?.length ?? 0) < 0;
    return isInside || this.#has("takes no end") ? new Error("truncated") : this.#failure;
  }

  #joined(chunk: Uint8Array): Uint8Array {
    if (this.#held.length === 0) return chunk;
    const all = new Uint8Array(this.#held.length + chunk.length);
    all.set(this.#held);
    all.set(chunk, this.#held.length);
    return all;
  }

  #has(fault: ToyFault): boolean {
    return this.#fault === fault;
  }
}

/** A toy reader with a stream for it. */
export function toyCase(fault: ToyFault | undefined): StreamReaderCase {
  const frame = (payload: Uint8Array, length = payload.length): Uint8Array => {
    const bytes = new Uint8Array(headerLength + payload.length + 1);
    new DataView(bytes.buffer).setUint32(0, length);
    bytes.set(payload, headerLength);
    return bytes;
  };
  const frames = [3, 0, 60].map((length) => {
    const payload = new Uint8Array(length).fill(length);
    return { bytes: frame(payload), items: [payload] };
  });
  const refused = frame(new Uint8Array(0), maxLength + 1).slice(0, headerLength);
  const announced = frame(new Uint8Array(20), maxLength);
  return { reader: new ToyReader(fault), frames, refused, announced };
}
