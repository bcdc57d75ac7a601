/** Waiting for conditions that only change when someone says so: no timers, no polling. */

export interface WaitOptions {
  readonly signal?: AbortSignal;
}

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Promises for conditions, which are looked at when the wait begins and at each `recheck`. */
export class Conditions {
  readonly #waiters = new Set<Waiter>();
  #ended: Error | undefined;

  /** Rejects with the signal's reason, or with the error given to `end`. */
  async until(isMet: () => boolean, { signal }: WaitOptions): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended !== undefined) throw this.#ended;
    if (isMet()) return;
    let waiter: Waiter | undefined;
    let abort = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { isMet, resolve, reject };
        this.#waiters.add(waiter);
        abort = () => reject(signal?.reason);
        signal?.addEventListener("abort", abort);
      });
    } finally {
      signal?.removeEventListener("abort", abort);
      if (waiter !== undefined) this.#waiters.delete(waiter);
    }
  }

  recheck(): void {
    for (const waiter of this.#waiters) if (waiter.isMet()) waiter.resolve();
  }

  /** Rejects all waits, those still to come included. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const waiter of this.#waiters) waiter.reject(error);
  }
}
