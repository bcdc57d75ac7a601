import type { Clock } from "./clock.ts";
import type { Instrumentation } from "./instrumentation.ts";
import type { Logger } from "./logger.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SpawnOptions } from "./spawn-options.ts";

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
  readonly instrumentation?: Instrumentation | undefined;
  /** @default none */
  readonly logger?: Logger | undefined;
}
