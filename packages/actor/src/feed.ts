// A stream whose source waits for nobody: when a reader is slow, the oldest values make room.

import { Ring } from "./ring.ts";

/** A view of a stream from the moment it was made. Leaving the loop, or `close`, ends it. */
export interface Subscription<out T> extends AsyncIterable<T, undefined> {
  /** Values that made room for newer ones before they were read. */
  readonly missed: number;
  /** Ends it; what is buffered can still be read. */
  close(): void;
}

type Result<T> = IteratorResult<T, undefined>;

/** The source's side of one subscription. Several readers share the values. */
export class Feed<T> implements Subscription<T> {
  readonly #capacity: number;
  readonly #onClose: () => void;
  readonly #readers: ((result: Result<T>) => void)[] = [];
  #values = new Ring<T>();
  #isOver = false;
  #missed = 0;

  constructor(capacity: number, onClose: () => void) {
    this.#capacity = capacity;
    this.#onClose = onClose;
  }

  get missed(): number {
    return this.#missed;
  }

  push(value: T): void {
    if (this.#isOver) return;
    const read = this.#readers.shift();
    if (read !== undefined) {
      read({ done: false, value });
      return;
    }
    if (this.#values.size === this.#capacity) {
      this.#values.shift();
      this.#missed++;
    }
    this.#values.push(value);
  }

  /** Nothing more comes; what is buffered can still be read. */
  end(): void {
    this.#isOver = true;
    for (const read of this.#readers.splice(0)) read({ done: true, value: undefined });
  }

  close(): void {
    this.end();
    this.#onClose();
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: () =>
        new Promise((resolve) => {
          if (this.#values.size > 0) resolve({ done: false, value: this.#values.shift() as T });
          else if (this.#isOver) resolve({ done: true, value: undefined });
          else this.#readers.push(resolve);
        }),
      return: () => {
        this.close();
        this.#values = new Ring();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
