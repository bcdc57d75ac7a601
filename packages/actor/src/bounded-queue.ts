// A queue between a producer that must not wait and a consumer that may be slow or not there yet.
import { QueueError } from "./errors.ts";
import { Ring } from "./ring.ts";

/** Options of a {@link BoundedQueue}. */
export interface BoundedQueueOptions {
  /** How many values may wait, at least 1. */
  readonly capacity: number;
  /** Called when a queue that was full has fallen to half its capacity: the time to fill it again. Must not throw. */
  readonly onSpace?: (() => void) | undefined;
}

interface Taker<T> {
  readonly owner: object;
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

interface Pusher<T> {
  readonly value: T;
  accepted(): void;
  refused(error: unknown): void;
}

/**
 * A first-in, first-out queue with a limit. Values pushed before the consumer came wait for it; after
 * `close` the consumer still gets what is buffered and then the end, or the error given to `close`.
 *
 * One consumer at a time: iterating, leaving with `break` and iterating again goes on where it
 * stopped. Concurrent consumers share the values, each goes to one of them.
 *
 * @example
 * ```ts
 * const queue = new BoundedQueue<string>({ capacity: 2 });
 * queue.push("a"); // true
 * queue.close();
 * for await (const value of queue) value; // "a", then the loop ends
 * ```
 */
export class BoundedQueue<T> implements AsyncIterable<T, undefined> {
  readonly capacity: number;
  readonly #onSpace: (() => void) | undefined;
  readonly #takers: Taker<T>[] = [];
  readonly #pushers: Pusher<T>[] = [];
  readonly #values = new Ring<T>();
  #callsForSpace = false;
  #closed = false;
  #error: unknown;

  /** @throws QueueError `invalid_capacity` */
  constructor({ capacity, onSpace }: BoundedQueueOptions) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new QueueError("invalid_capacity", `a capacity of ${capacity} is not 1 or more`);
    }
    this.capacity = capacity;
    this.#onSpace = onSpace;
  }

  /** Values that wait for the consumer. */
  get size(): number {
    return this.#values.size;
  }

  /** Calls of `pushAsync` that wait for room. */
  get pushersWaiting(): number {
    return this.#pushers.length;
  }

  get isFull(): boolean {
    return this.#values.size >= this.capacity;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Adds a value if there is room: false if the queue is full or closed, and the value is not in. */
  push(value: T): boolean {
    if (this.#closed) return false;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value });
      return true;
    }
    if (this.isFull || this.#pushers.length > 0) {
      return false;
    }
    this.#put(value);
    return true;
  }

  /**
   * Adds a value as soon as there is room; values of waiting calls keep their order.
   *
   * @throws QueueError `closed` if the queue is or becomes closed; the signal's reason if it aborts.
   */
  pushAsync(
    value: T,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
      } else if (this.#closed) {
        reject(new QueueError("closed", "the queue is closed"));
      } else if (this.push(value)) {
        resolve();
      } else {
        const settle = (): void => signal?.removeEventListener("abort", onAbort);
        const pusher: Pusher<T> = {
          value,
          accepted: () => (settle(), resolve()),
          refused: (error) => (settle(), reject(error)),
        };
        const onAbort = (): void => {
          this.#pushers.splice(this.#pushers.indexOf(pusher), 1);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        this.#pushers.push(pusher);
      }
    });
  }

  /** The next value, once there is one; `done` after the queue was closed and emptied. */
  take(): Promise<IteratorResult<T, undefined>> {
    return this.#takeFor(this);
  }

  #takeFor(owner: object): Promise<IteratorResult<T, undefined>> {
    if (this.#values.size > 0) return Promise.resolve({ done: false, value: this.#shift() });
    if (!this.#closed) {
      return new Promise((resolve, reject) => this.#takers.push({ owner, resolve, reject }));
    }
    const error = this.#error;
    this.#error = undefined; // thrown once, like an iterator's own failure
    return error === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(error);
  }

  /**
   * The next value, if there is one now; wrapped, since a value may be undefined. It does not tell the end of the
   * queue, nor the error given to `close`: `take` does.
   */
  tryTake(): { readonly value: T } | undefined {
    return this.#values.size === 0 ? undefined : { value: this.#shift() };
  }

  /** Takes out all that is buffered, without waiting. */
  drain(): T[] {
    const values: T[] = [];
    // Counted before, as `onSpace` may fill it again.
    for (let left = this.#values.size + this.#pushers.length; left > 0 && this.size > 0; left--) {
      values.push(this.#shift());
    }
    return values;
  }

  /**
   * Ends the queue: nothing more goes in, what is buffered can still be taken. With an `error` the
   * consumer gets it after the last value. Idempotent; the first call counts.
   */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    const takers = this.#takers.splice(0);
    for (const pusher of this.#pushers.splice(0)) {
      pusher.refused(new QueueError("closed", "the queue is closed"));
    }
    if (error === undefined || takers.length === 0) this.#error = error;
    else takers.shift()?.reject(error);
    for (const taker of takers) taker.resolve({ done: true, value: undefined });
  }

  /** Values until the queue is closed and empty. Leaving the loop closes nothing. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const owner = {};
    let left = false;
    const end = (): IteratorResult<T, undefined> => ({ done: true, value: undefined });
    return {
      next: () => (left ? Promise.resolve(end()) : this.#takeFor(owner)),
      return: () => {
        left = true;
        const abandoned = this.#takers.filter((taker) => taker.owner === owner);
        for (const taker of abandoned) {
          this.#takers.splice(this.#takers.indexOf(taker), 1);
          taker.resolve(end());
        }
        return Promise.resolve(end());
      },
    };
  }

  #put(value: T): void {
    this.#values.push(value);
    if (this.isFull) this.#callsForSpace = true;
  }

  #shift(): T {
    const value = this.#values.shift() as T;
    const pusher = this.#pushers.shift();
    if (pusher !== undefined) {
      this.#put(pusher.value);
      pusher.accepted();
    } else if (this.#callsForSpace && !this.#closed && this.#values.size <= this.capacity / 2) {
      this.#callsForSpace = false;
      this.#onSpace?.();
    }
    return value;
  }
}
