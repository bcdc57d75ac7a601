// Time that moves when a test says so.
import type { Clock, Timer, TimerOptions } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import { checkTurns, eventLoopTurns } from "./settle.ts";
import { type HeapTimer, TimerHeap } from "./timer-heap.ts";

/** A timer that has been set and has not fired. */
export interface PendingTimer {
  /** Milliseconds from now. */
  readonly dueInMs: number;
  /** Whether it was set as one that nobody waits for. */
  readonly isBackground: boolean;
}

/** Options of a {@link VirtualClock}. */
export interface VirtualClockOptions {
  /**
   * Turns of the event loop that what a timer sets off gets before the next one fires; see {@link settle}. Fewer are
   * faster. Too few let time move while a long chain of answers is still at work.
   * @default 16
   */
  readonly settleTurns?: number | undefined;
}

/** Limits of {@link VirtualClock.runUntilIdle} and {@link VirtualClock.runUntil}. */
export interface RunOptions {
  /** How far time may move, in milliseconds. @default 86_400_000, a day */
  readonly maxMs?: number | undefined;
  /** How many timers may fire; `Infinity` for no limit. @default 100_000 */
  readonly maxTimers?: number | undefined;
  /** Looked at before each timer; the run then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const mostListed = 10;

/** How often {@link VirtualClock.runUntil} lets the event loop turn when no timer is left, before it gives up. */
const patience = 10;

/**
 * A {@link Clock} that stands still until it is told to move.
 *
 * Calls that move it run one after the other. What a timer sets off must therefore not await one: it would wait for itself.
 * What a timer throws is thrown where time was moved, and time stands where it fired.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock();
 * const slept = sleep(clock, 90_000);
 * await clock.advance(90_000); // no time passes anywhere else
 * await slept;
 * ```
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new TimerHeap();
  #foreground = 0;
  readonly #settleTurns: number;
  /** The last call that moves time, settled or not; never rejects. */
  #moving: Promise<void> = Promise.resolve();

  /**
   * Starts at a time in milliseconds since 1970; by default on 1 January 2026.
   *
   * @throws RangeError if the time is not finite or the options make no sense
   */
  constructor(startMs: number = 1_767_225_600_000, { settleTurns = 16 }: VirtualClockOptions = {}) {
    if (!Number.isFinite(startMs)) throw new RangeError(`time cannot start at ${startMs} ms`);
    checkTurns("settleTurns", settleTurns);
    this.#now = startMs;
    this.#settleTurns = settleTurns;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that have been set and have not fired, soonest first. Each look makes a new list. */
  get pending(): readonly PendingTimer[] {
    return this.#timers.inOrder().map(({ dueAt, isBackground }) => ({
      dueInMs: dueAt - this.#now,
      isBackground,
    }));
  }

  /**
   * Calls `run` when time has moved by `delayMs`; a delay below 0 counts as 0, and even then nothing fires by
   * itself.
   *
   * @throws RangeError if the delay is not a number
   */
  setTimer(run: () => void, delayMs: number, { background = false }: TimerOptions = {}): Timer {
    if (Number.isNaN(delayMs)) throw new RangeError("a delay of NaN ms is no time to wait for");
    const timer: HeapTimer = {
      dueAt: this.#now + Math.max(delayMs, 0),
      order: this.#order++,
      run,
      isBackground: background,
      place: -1,
    };
    this.#timers.add(timer);
    if (!background) this.#foreground += 1;
    return { cancel: () => this.#remove(timer) };
  }

  /**
   * Moves time forward and fires what is due, soonest first and in the order of setting; before each
   * and at the end everything that is ready to run gets its turn. A timer that fires may set others.
   *
   * @throws RangeError if the time is negative or not finite
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`time cannot move by ${ms} ms`);
    await this.#move(async () => {
      const end = this.#now + ms;
      for (;;) {
        const { next } = this.#timers;
        if (next === undefined || next.dueAt > end) break;
        await this.#fire(next);
      }
      this.#now = end;
    });
  }

  /**
   * Moves time to the next timer, background or not, and fires it. Resolves with false when there is none, after
   * everything that is ready to run had its turn.
   */
  async step(): Promise<boolean> {
    let isFired = false;
    await this.#move(async () => {
      const { next } = this.#timers;
      if (next === undefined || next.dueAt === Number.POSITIVE_INFINITY) return;
      isFired = true;
      await this.#fire(next);
    });
    return isFired;
  }

  /**
   * Fires timers, and moves time to each, until none is left but background ones. Time stands where the last one
   * fired.
   *
   * @throws AssertionError with a list of what is pending, when a limit would be passed; RangeError for limits that
   * make no sense; the signal's reason
   */
  async runUntilIdle(options: RunOptions = {}): Promise<void> {
    const { maxMs, maxTimers, signal } = checked(options);
    await this.#move(async () => {
      const end = this.#now + maxMs;
      for (let fired = 0; this.#foreground > 0; fired++) {
        signal?.throwIfAborted();
        const next = this.#timers.next as HeapTimer;
        if (next.dueAt > end) throw this.#tooLong(`not done after ${maxMs} ms`);
        if (fired === maxTimers) throw this.#tooLong(`not done after ${maxTimers} timers`);
        await this.#fire(next);
      }
    });
  }

  /**
   * Fires timers, and moves time to each, until the promise is settled; resolves or rejects as it does. What the promise
   * waits for may move time, too.
   *
   * @example
   * ```ts
   * await clock.runUntil(peer.connect()); // however long the handshake takes
   * ```
   *
   * @throws AssertionError when a limit would be passed, or nothing is pending and the promise is not settled;
   * RangeError for limits that make no sense; the signal's reason
   */
  async runUntil<T>(promise: PromiseLike<T>, options: RunOptions = {}): Promise<T> {
    const { maxMs, maxTimers, signal } = checked(options);
    let isSettled = false;
    const stop = (): void => {
      isSettled = true;
    };
    promise.then(stop, stop);
    const end = this.#now + maxMs;
    let idle = 0;
    let own: Promise<void> | undefined;
    let fired = 0;
    while (!isSettled) {
      // One by one, so that an `advance` that the promise waits for gets its turn in between.
      const turnsBefore = this.#moving === own ? 0 : this.#settleTurns;
      const moved = this.#move(async () => {
        if (isSettled) return;
        signal?.throwIfAborted();
        const { next } = this.#timers;
        if (next === undefined) {
          if (++idle > patience) throw this.#tooLong("not done, and nothing more will happen");
          await eventLoopTurns(this.#settleTurns);
          return;
        }
        idle = 0;
        if (next.dueAt > end) throw this.#tooLong(`not done after ${maxMs} ms`);
        if (fired >= maxTimers) throw this.#tooLong(`not done after ${maxTimers} timers`);
        fired += 1;
        await this.#fire(next);
      }, turnsBefore);
      own = this.#moving;
      await moved;
    }
    return promise;
  }

  /** One after the other; everything that is ready to run gets its turn before, unless it just had it. */
  async #move(move: () => Promise<void>, turnsBefore: number = this.#settleTurns): Promise<void> {
    const before = this.#moving;
    const moved = (async () => {
      await before;
      if (turnsBefore > 0) await eventLoopTurns(turnsBefore);
      await move();
    })();
    this.#moving = moved.catch(() => {});
    await moved;
  }

  async #fire(timer: HeapTimer): Promise<void> {
    this.#now = timer.dueAt;
    this.#remove(timer);
    timer.run();
    await eventLoopTurns(this.#settleTurns);
  }

  #remove(timer: HeapTimer): void {
    if (this.#timers.remove(timer) && !timer.isBackground) this.#foreground -= 1;
  }

  #tooLong(problem: string): AssertionError {
    const { pending } = this;
    return new AssertionError(`${problem}; ${listTimers(pending)}`, {
      actual: pending,
      expected: [],
      operator: "virtualClock",
    });
  }
}

function checked({ maxMs = 86_400_000, maxTimers = 100_000, signal }: RunOptions): {
  readonly maxMs: number;
  readonly maxTimers: number;
  readonly signal: AbortSignal | undefined;
} {
  if (!Number.isFinite(maxMs) || maxMs < 0) {
    throw new RangeError(`maxMs of ${maxMs} is not 0 or more`);
  }
  if (!(maxTimers >= 0 && (Number.isSafeInteger(maxTimers) || maxTimers === Infinity))) {
    throw new RangeError(`maxTimers of ${maxTimers} is not 0 or more`);
  }
  return { maxMs, maxTimers, signal };
}

/** Pending timers as text, the first ten. */
function listTimers(pending: readonly PendingTimer[]): string {
  if (pending.length === 0) return "no timer is pending";
  const texts = pending
    .slice(0, mostListed)
    .map(({ dueInMs, isBackground }) => `in ${dueInMs} ms${isBackground ? " (background)" : ""}`);
  if (pending.length > mostListed) texts.push(`${pending.length - mostListed} more`);
  return `pending timers: ${texts.join(", ")}`;
}
