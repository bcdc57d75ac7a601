// A question on its way to its reply. Settles once, whoever comes first: behaviour, deadline, signal, the end.
import type { Clock, Timer } from "./clock.ts";
import { ActorError } from "./errors.ts";

/** The asker's side of one ask. */
export class PendingAsk {
  readonly promise: Promise<unknown>;
  #resolve!: (reply: unknown) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  /** Takes back what `bound` set up. */
  #release: (() => void) | undefined;
  #controller: AbortController | undefined;
  /** Why the asker gave up. */
  #abandoned: ActorError | undefined;
  /** Called when the asker gives up, before the promise rejects. */
  onAbandoned: (() => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Aborts with the actor's turn on it, or when the asker gives up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#abandoned !== undefined) this.#controller.abort(this.#abandoned);
    return this.#controller.signal;
  }

  /** Ends the wait when the signal aborts or the time is over. */
  bound(
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    clock: Clock,
    onTimeout: () => ActorError,
  ): void {
    let timer: Timer | undefined;
    const onAbort = (): void => this.#abandon(abortedBy(signal));
    this.#release = () => {
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort);
    if (timeoutMs !== undefined) {
      timer = clock.setTimer(() => this.#abandon(onTimeout()), timeoutMs);
    }
  }

  resolve(reply: unknown): boolean {
    if (!this.#settle()) return false;
    this.#resolve(reply);
    return true;
  }

  reject(error: unknown): boolean {
    if (!this.#settle()) return false;
    this.promise.catch(ignore); // an asker that never looks must not bring the process down
    this.#reject(error);
    return true;
  }

  /** Tells the behaviour that works on it to stop; the asker still gets what it returns. */
  abortTurn(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  #abandon(error: ActorError): void {
    if (!this.reject(error)) return;
    this.#abandoned = error;
    this.onAbandoned?.();
    this.#controller?.abort(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#release?.();
    this.#release = undefined;
    return true;
  }
}

/** The error of a wait that its caller's signal ended. */
export function abortedBy(signal: AbortSignal | undefined): ActorError {
  return new ActorError("aborted", "the caller's signal was aborted", { cause: signal?.reason });
}

/** A promise that has failed and that nobody has to look at. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

export function ignore(): void {}
