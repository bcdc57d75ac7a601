// What a system can be given: where time and the order of turns come from, and who looks on.
import type { Clock } from "./clock.ts";
import type { Instrumentation } from "./instrumentation.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SpawnOptions } from "./spawn-options.ts";

/** What Node's `AsyncLocalStorage` is. */
export interface AsyncContext<T> {
  run<R>(store: T, code: () => R): R;
  getStore(): T | undefined;
}

/** Options of an `ActorSystem`. */
export interface SystemOptions {
  /** For timers, deadlines and timestamps. @default systemClock */
  readonly clock?: Clock | undefined;
  /** For the order of turns. @default a FairScheduler of its own */
  readonly scheduler?: Scheduler | undefined;
  /** For what `spawn` is not told. Each field stands for itself: a `mailbox` replaces a `mailbox`. */
  readonly spawnDefaults?: SpawnOptions | undefined;
  /** The deadline of asks that name none, in milliseconds. @default none */
  readonly askTimeoutMs?: number | undefined;
  /** How many dead letters are kept. @default 1000 */
  readonly deadLetterCapacity?: number | undefined;
  /** Do messages that a mailbox drops become dead letters? @default false */
  readonly deadLetterDrops?: boolean | undefined;
  /**
   * `new AsyncLocalStorage()`: lets the system know an actor in its own turn after an `await`, too, so that a self-ask
   * or an end that waits for itself is told there instead of waiting for ever. Work that a turn starts and does not
   * wait for counts as its own until the turn is over. Costs about 0.1 µs for each turn.
   * @default none: known up to a handler's first `await`
   */
  readonly asyncContext?: AsyncContext<unknown> | undefined;
  readonly instrumentation?: Instrumentation | undefined;
}
