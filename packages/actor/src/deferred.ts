// A promise that is settled from outside, once.
import { abortedBy, ignore, rejected } from "./ask.ts";

/** Options of a wait. */
export interface WaitOptions {
  /** Ends the wait, and nothing but the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A result that is still to come, and the right to give it. The first result counts. One that nobody looks at
 * is no unhandled rejection.
 *
 * @example
 * ```ts
 * const ready = new Deferred<number>();
 * ready.resolve(1); // true
 * ready.reject(new Error("too late")); // false
 * await ready.wait(); // 1
 * ```
 */
export class Deferred<T> {
  /** Settles with the result. */
  readonly promise: Promise<T>;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  // Own list: a promise never lets go of what was added with `then`, and waits may be given up by the thousand.
  readonly #waits = new Set<() => void>();

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(ignore);
  }

  /** Has a result been given? */
  get isSettled(): boolean {
    return this.#settled;
  }

  /** Gives the result; false if there is one already. */
  resolve(value: T): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#resolve(value);
    this.#endWaits();
    return true;
  }

  /** Gives an error as the result; false if there is one already. */
  reject(error: unknown): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#reject(error);
    this.#endWaits();
    return true;
  }

  /**
   * The result, unless the signal aborts before there is one. A result that is there wins over a signal that
   * has aborted. Need not be awaited.
   *
   * @throws ActorError `aborted`, with the signal's reason as its `cause`; or the error that was given
   */
  wait({ signal }: WaitOptions = {}): Promise<T> {
    if (signal === undefined || this.#settled) return this.promise;
    if (signal.aborted) return rejected(abortedBy(signal));
    const waiting = new Promise<T>((resolve, reject) => {
      const onResult = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(this.promise);
      };
      const onAbort = (): void => {
        this.#waits.delete(onResult);
        reject(abortedBy(signal));
      };
      this.#waits.add(onResult);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    waiting.catch(ignore);
    return waiting;
  }

  #endWaits(): void {
    for (const onResult of this.#waits) onResult();
    this.#waits.clear();
  }
}
