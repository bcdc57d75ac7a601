// A clock on which things happen at whole ticks, so that those of one tick share one timer.
import type { Clock, Timer } from "@satwire/actor";

/**
 * Fires timers at the first whole tick at or after their time, in the order of setting within a tick. In a
 * network of many hosts that is one turn of the clock for all that arrives within a millisecond.
 */
export class TickClock implements Clock {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #ticks = new Map<number, { readonly due: Set<() => void>; readonly timer: Timer }>();

  constructor(clock: Clock, tickMs: number) {
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  /** Cancels all timers. */
  clear(): void {
    for (const { timer } of this.#ticks.values()) timer.cancel();
    this.#ticks.clear();
  }

  now(): number {
    return this.#clock.now();
  }

  setTimer(run: () => void, delayMs: number): Timer {
    const earliest = this.now() + delayMs;
    // Ticks that are no whole numbers are rounded, and a timer that fires early is set again for ever.
    const dueAt = Math.max(Math.ceil(earliest / this.#tickMs) * this.#tickMs, earliest);
    const { due } = this.#ticks.get(dueAt) ?? this.#newTick(dueAt);
    const once = (): void => run(); // one function may be set twice
    due.add(once);
    return { cancel: () => due.delete(once) };
  }

  #newTick(dueAt: number): { readonly due: Set<() => void>; readonly timer: Timer } {
    const due = new Set<() => void>();
    const timer = this.#clock.setTimer(() => {
      this.#ticks.delete(dueAt); // what is set for this tick from here on gets a timer of its own
      runAll(due);
    }, dueAt - this.now());
    const tick = { due, timer };
    this.#ticks.set(dueAt, tick);
    return tick;
  }
}

/** Runs all of them, whatever one throws; the first that was thrown is thrown in the end. */
function runAll(due: Iterable<() => void>): void {
  const thrown: unknown[] = [];
  for (const run of due) {
    try {
      run();
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
}
