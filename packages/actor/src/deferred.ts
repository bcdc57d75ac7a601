// A promise that is settled from outside, once.
import { abortedBy, ignore, rejected } from "./rejections.ts";

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
  /** Undefined once there is a result. */
  #resolve: ((value: T) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  // Own list: a promise never lets go of what was added with `then`, and waits may be given up by the thousand.
  #waits: Set<() => void> | undefined;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Has a result been given? */
  get isSettled(): boolean {
    return this.#resolve === undefined;
  }

  /** Gives the result; false if there is one already. */
  resolve(value: T): boolean {
    const settle = this.#resolve;
    if (settle === undefined) return false;
    this.#resolve = this.#reject = undefined;
    // What has a `then` may reject. It is not looked up here, as that may throw.
    if (typeof value === "object" && value !== null && "then" in value) this.promise.catch(ignore);
    settle(value);
    this.onSettled();
    return true;
  }

  /** Gives an error as the result; false if there is one already. */
  reject(error: unknown): boolean {
    const settle = this.#reject;
    if (settle === undefined) return false;
    this.#resolve = this.#reject = undefined;
    this.promise.catch(ignore); // whoever never looks must not bring the process down
    settle(error);
    this.onSettled();
    return true;
  }

  /**
   * The result, unless the signal aborts before there is one. A result that is there wins over a signal that
   * has aborted. Need not be awaited.
   *
   * @throws ActorError `aborted`, with the signal's reason as its `cause`; or the error that was given
   */
  wait({ signal }: WaitOptions = {}): Promise<T> {
    if (signal === undefined || this.isSettled) return this.promise;
    if (signal.aborted) return rejected(abortedBy(signal));
    const waiting = new Promise<T>((resolve, reject) => {
      const onResult = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(this.promise);
      };
      const onAbort = (): void => {
        this.#waits?.delete(onResult);
        reject(abortedBy(signal));
      };
      (this.#waits ??= new Set()).add(onResult);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    waiting.catch(ignore);
    return waiting;
  }

  /** Called once, when there is a result. */
  protected onSettled(): void {
    if (this.#waits === undefined) return;
    for (const onResult of this.#waits) onResult();
    this.#waits = undefined;
  }
}
