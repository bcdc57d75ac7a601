// Waiting for conditions that only change when someone says so: no polling.
import { type Clock, systemClock } from "@satwire/actor";
import { AssertionError } from "./assertion-error.ts";

/** Options of everything in this package that waits for something to happen. */
export interface WaitOptions {
  /** Ends the wait; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds, of the clock of the object that is waited on, after which the wait fails with an AssertionError.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
}

interface Waiter {
  readonly look: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Promises for conditions, which are looked at when the wait begins and at each `recheck`.
 *
 * @example
 * ```ts
 * await conditions.until(() => received.length === 3, "three messages", { timeoutMs: 1000 });
 * ```
 */
export class Conditions {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #ended: Error | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Resolves when the condition holds; see {@link Conditions.find}. */
  async until(isMet: () => boolean, what: string, options: WaitOptions = {}): Promise<void> {
    await this.find(() => isMet() || undefined, what, options);
  }

  /**
   * Resolves with what `look` returns once that is not `undefined`. It is not called again afterwards, so it may
   * take what it finds.
   *
   * @param what what is waited for, in words, for the error
   * @throws AssertionError when the time is up, or nothing can come any more; the signal's reason; what `look` throws
   */
  find<T>(
    look: () => T | undefined,
    what: string,
    { signal, timeoutMs = 5000 }: WaitOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const found = look();
      if (found !== undefined) {
        resolve(found);
        return;
      }
      if (this.#ended !== undefined) throw this.#over(what);
      const settle = (): void => {
        this.#waiters.delete(waiter);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const onAbort = (): void => fail(signal?.reason);
      const waiter: Waiter = {
        look: () => {
          try {
            const late = look();
            if (late === undefined) return;
            settle();
            resolve(late);
          } catch (error) {
            fail(error);
          }
        },
        fail: () => fail(this.#over(what)),
      };
      const text = `waited ${timeoutMs} ms for ${what}`;
      const timer = this.#clock.setTimer(() => fail(new AssertionError(text)), timeoutMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Looks at all conditions that are waited for, oldest first. */
  recheck(): void {
    for (const waiter of [...this.#waiters]) if (this.#waiters.has(waiter)) waiter.look();
  }

  /** Nothing more will happen: looks a last time, then ends all waits, those to come included. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.recheck();
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
  }

  #over(what: string): AssertionError {
    const cause = this.#ended;
    return new AssertionError(`${cause?.message ?? "it ended"} before ${what}`, { cause });
  }
}
