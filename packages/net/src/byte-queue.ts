/** A first-in first-out queue of bytes. It keeps the arrays it is given and hands out copies. */

/** Bytes written and not yet read. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #first = 0;
  #offset = 0;
  #length = 0;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Appends a non-empty array without copying it. */
  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** Removes and copies up to `limit` bytes of the oldest array. */
  take(limit: number): Uint8Array {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined) return new Uint8Array(0);
    const part = chunk.subarray(this.#offset, this.#offset + limit);
    const taken = new Uint8Array(part.length); // not `slice`, which shares memory when it is a Buffer's
    taken.set(part);
    this.#length -= taken.length;
    this.#offset += taken.length;
    if (this.#offset === chunk.length) this.#dropFirst();
    return taken;
  }

  /** Removes everything. */
  clear(): void {
    this.#chunks = [];
    this.#first = this.#offset = this.#length = 0;
  }

  #dropFirst(): void {
    this.#offset = 0;
    this.#first += 1;
    if (this.#first * 2 < this.#chunks.length) return; // moving the rest pays off once half is spent
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
