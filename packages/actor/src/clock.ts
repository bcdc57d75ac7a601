/** A timer that has been set. */
export interface Timer {
  /** Takes the timer back; does nothing once it has fired or was cancelled. */
  cancel(): void;
}

/** Options of one timer. */
export interface TimerOptions {
  /**
   * True for timers that must not keep a process alive: upkeep that nobody waits for.
   * @default false
   */
  readonly background?: boolean | undefined;
}

/** Where time comes from. Tests pass one that they move by hand. Its functions must not throw. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `delayMs` milliseconds from now. */
  setTimer(run: () => void, delayMs: number, options?: TimerOptions): Timer;
}

/** What `setTimeout` can count, in milliseconds; beyond it fires at once. */
const longestTimeout = 2 ** 31 - 1;

/** The system's time. Reads the globals at each call, so that a test runner's fake timers apply. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(run, delayMs, { background = false } = {}) {
    let handle: unknown;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestTimeout);
      handle = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs);
      // Node's timers are objects, a browser's are numbers.
      if (background) (handle as { unref?: () => void }).unref?.();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(handle as number) };
  },
};

/** Options of {@link sleep}. */
export interface SleepOptions extends TimerOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Resolves after `delayMs` milliseconds; rejects with the signal's reason when it aborts first. */
export function sleep(
  clock: Clock,
  delayMs: number,
  { signal, ...options }: SleepOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const onTimer = (): void => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    };
    const timer = clock.setTimer(onTimer, delayMs, options);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
