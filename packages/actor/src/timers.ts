// An actor's timers. A timer that was cancelled or replaced does not speak any more, even if it has fired and
// its message is already on the way.
import type { Clock, Timer, TimerOptions } from "./clock.ts";
import { ActorError } from "./errors.ts";
import { duration } from "./option-checks.ts";

/** Timers of one actor, by key. Setting a key again replaces its timer; after the actor's end nothing is set. */
export interface ActorTimers<in M> {
  /** Sends the actor a message after `delayMs`. */
  once(key: string, delayMs: number, message: M, options?: TimerOptions): void;
  /**
   * Sends the actor a message every `periodMs`. One message waits at most: an actor that is busy for several
   * periods gets one.
   */
  every(key: string, periodMs: number, message: M, options?: TimerOptions): void;
  /** True if there was one. */
  cancel(key: string): boolean;
  has(key: string): boolean;
}

interface Entry<M> {
  readonly message: M;
  readonly repeats: boolean;
  timer?: Timer;
  /** A message is on its way. */
  isSent: boolean;
}

export class KeyedTimers<M> implements ActorTimers<M> {
  readonly #clock: Clock;
  /** Takes what becomes a message when its turn comes, or undefined if it is not wanted any more. */
  readonly #send: (take: () => M | undefined) => void;
  readonly #entries = new Map<string, Entry<M>>();
  #isOver = false;

  constructor(clock: Clock, send: (take: () => M | undefined) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  once(key: string, delayMs: number, message: M, options?: TimerOptions): void {
    duration(delayMs, "delayMs");
    this.#set(key, delayMs, { message, repeats: false, isSent: false }, options);
  }

  every(key: string, periodMs: number, message: M, options?: TimerOptions): void {
    if (duration(periodMs, "periodMs") === 0) {
      throw new ActorError("invalid_option", "periodMs is 0, which never rests");
    }
    this.#set(key, periodMs, { message, repeats: true, isSent: false }, options);
  }

  cancel(key: string): boolean {
    this.#entries.get(key)?.timer?.cancel();
    return this.#entries.delete(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** No timer is set any more: an actor that has ended holds nothing that could keep a process alive. */
  close(): void {
    this.#isOver = true;
    this.cancelAll();
  }

  cancelAll(): void {
    for (const key of this.#entries.keys()) this.cancel(key);
  }

  #set(key: string, delayMs: number, entry: Entry<M>, options: TimerOptions | undefined): void {
    this.cancel(key);
    if (this.#isOver) return;
    this.#entries.set(key, entry);
    const set = (): void => void (entry.timer = this.#clock.setTimer(fire, delayMs, options));
    const fire = (): void => {
      if (entry.repeats) set();
      if (entry.isSent) return;
      entry.isSent = true;
      this.#send(() => {
        entry.isSent = false;
        if (this.#entries.get(key) !== entry) return undefined;
        if (!entry.repeats) this.#entries.delete(key);
        return entry.message;
      });
    };
    set();
  }
}
