// Pieces of known length out of chunks that are cut at any place.
// Bytes: a piece that is complete in one chunk is read there, any other is copied together; `take` gives bytes that
// nobody else has.

/** What was kept for pieces up to this length serves the next one; more is let go of. */
const keptCapacity = 4096;
const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Collects the bytes of one piece after the other. Each has to be asked for, by its length, until it is there. */
export class FrameBuffer {
  #chunk: Uint8Array = noBytes;
  #position = 0;
  #kept: Uint8Array = noBytes;
  #length = 0;
  #source: Uint8Array = noBytes;

  /** Bytes that are held of a piece that is not complete. */
  get length(): number {
    return this.#length;
  }

  /** Where the last piece is, or what is held of it; to be read before the next call. */
  get source(): Uint8Array {
    return this.#source;
  }

  /** Goes on with `chunk` from `position`. Everything before it must have been asked for. */
  feed(chunk: Uint8Array, position: number): void {
    // `slice` of Node's Buffer is another one.
    const isPlain = chunk.constructor === Uint8Array;
    this.#chunk = isPlain ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#position = position;
  }

  /** The offset in `source` of the next `length` bytes; -1 if they are not all there: then the rest is kept. */
  next(length: number): number {
    const available = this.#chunk.length - this.#position;
    if (this.#length === 0) {
      if (this.#kept.length > keptCapacity) this.#kept = noBytes;
      if (available >= length) {
        const at = this.#position;
        this.#position += length;
        this.#source = this.#chunk;
        return at;
      }
    }
    if (available > 0) this.#keep(Math.min(length - this.#length, available), length);
    this.#source = this.#kept;
    if (this.#length < length) {
      this.#chunk = noBytes; // belongs to the caller
      this.#position = 0;
      return -1;
    }
    this.#length = 0;
    return 0;
  }

  /** The next `length` bytes as fresh ones; undefined if they are not all there: then the rest is kept. */
  take(length: number): Uint8Array | undefined {
    const at = this.next(length);
    if (at < 0) return undefined;
    const source = this.#source;
    if (source === this.#kept && source.length === length) {
      this.#kept = noBytes;
      return source;
    }
    return source.slice(at, at + length);
  }

  /** Forgets everything. */
  clear(): void {
    this.#chunk = this.#kept = this.#source = noBytes;
    this.#position = this.#length = 0;
  }

  // Capacity doubles with what has come and never follows an announced length, except to end exactly there.
  #keep(count: number, needed: number): void {
    const end = this.#length + count;
    if (end > this.#kept.length) {
      const grown = new Uint8Array(Math.max(end, Math.min(needed, 2 * this.#kept.length)));
      grown.set(this.#kept.subarray(0, this.#length));
      this.#kept = grown;
    }
    this.#kept.set(this.#chunk.subarray(this.#position, this.#position + count), this.#length);
    this.#length = end;
    this.#position += count;
  }
}
