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
  /** Looks whether the condition holds now, and ends the wait if it does. */
  readonly look: () => void;
  /** Ends the wait: what it waits for does not come any more. */
  readonly end: (reason: Error) => void;
}

/**
 * Promises for conditions, which are looked at when the wait begins and at each `recheck`. There is no limit on how
 * many wait: each is a call of someone who does.
 *
 * @example
 * ```ts
 * await conditions.until(() => received.length === 3, "three messages", { timeoutMs: 1000 });
 * ```
 */
export class Conditions {
  readonly #clock: Clock;
  /** In the order in which the waits began. */
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
   * @throws AssertionError when the time is up, or nothing can come any more; the signal's reason; what `look` throws;
   * RangeError for a `timeoutMs` that is negative or no number
   */
  find<T>(
    look: () => T | undefined,
    what: string,
    { signal, timeoutMs = 5000 }: WaitOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`);
      signal?.throwIfAborted();
      const found = look();
      if (found !== undefined) {
        resolve(found);
        return;
      }
      signal?.throwIfAborted(); // the look may have set it off
      if (this.#ended !== undefined) throw tooLate(this.#ended, what);
      let isOver = false;
      let isLooking = false;
      /** Why it is to end, when that happens in its own look: what that finds comes first. */
      let failure: { readonly error: unknown } | undefined;
      const end = (): void => {
        isOver = true;
        this.#waiters.delete(waiter);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (error: unknown): void => {
        if (isLooking) {
          failure ??= { error };
        } else if (!isOver) {
          end();
          reject(error);
        }
      };
      const onAbort = (): void => fail(signal?.reason);
      const waiter: Waiter = {
        look: () => {
          if (isLooking || isOver) return; // a look may set off a recheck
          isLooking = true;
          try {
            const late = look();
            if (late !== undefined) {
              end();
              resolve(late);
            }
          } catch (error) {
            failure ??= { error };
          }
          isLooking = false;
          if (failure !== undefined) fail(failure.error);
        },
        end: (reason) => fail(tooLate(reason, what)),
      };
      const timer = this.#clock.setTimer(
        () => fail(new AssertionError(`waited ${timeoutMs} ms for ${what}`)),
        timeoutMs,
      );
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Looks at all conditions that are waited for, oldest first. May be called from within a look. */
  recheck(): void {
    const waiters = [...this.#waiters]; // waits that begin meanwhile have looked already
    for (const waiter of waiters) waiter.look();
  }

  /** Nothing more will happen: looks a last time, then ends all waits, those to come included. The first reason stays. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.recheck();
    for (const waiter of this.#waiters) waiter.end(this.#ended);
  }
}

function tooLate(reason: Error, what: string): AssertionError {
  return new AssertionError(`${reason.message} before ${what}`, { cause: reason });
}
