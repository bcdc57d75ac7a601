// What came over a raw connection and that nobody has taken, oldest first.

/** Limits of a {@link RawLog}. */
export interface RawLogLimits {
  /**
   * Messages that may wait to be taken. With so many nothing more is read from the connection, besides what came in
   * one piece with them.
   * @default 10_000
   */
  readonly maxMessages?: number | undefined;
  /**
   * Bytes of such messages, counted like them.
   * @default 67_108_864
   */
  readonly maxBytes?: number | undefined;
}

/** Messages and their sizes. */
export class RawLog<T> {
  readonly items: T[] = [];
  readonly #sizeOf: (item: T) => number;
  readonly maxMessages: number;
  readonly #maxBytes: number;
  #bytes = 0;

  /** @throws RangeError if a limit is not a positive integer */
  constructor(
    sizeOf: (item: T) => number,
    { maxMessages = 10_000, maxBytes = 67_108_864 }: RawLogLimits,
  ) {
    for (const [name, limit] of Object.entries({ maxMessages, maxBytes })) {
      if (!Number.isSafeInteger(limit) || limit < 1) {
        throw new RangeError(`${name} of ${limit} is not 1 or more`);
      }
    }
    this.#sizeOf = sizeOf;
    this.maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.items.length >= this.maxMessages || this.#bytes >= this.#maxBytes;
  }

  add(item: T): void {
    this.items.push(item);
    this.#bytes += this.#sizeOf(item);
  }

  /** The oldest that is accepted; it is gone then. */
  take(accept: (item: T) => boolean): T | undefined {
    const at = this.items.findIndex(accept);
    if (at < 0) return undefined;
    const item = this.items[at] as T;
    // Most are taken in order, and `splice` would make a list of one each time.
    if (at === 0) this.items.shift();
    else this.items.splice(at, 1);
    this.#bytes -= this.#sizeOf(item);
    return item;
  }

  /** All that are accepted, oldest first; they are gone then. */
  takeAll(accept: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (const item of this.items.splice(0)) {
      if (accept(item)) {
        taken.push(item);
        this.#bytes -= this.#sizeOf(item);
      } else this.items.push(item);
    }
    return taken;
  }
}
