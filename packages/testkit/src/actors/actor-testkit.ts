// A system of actors whose time and order a test decides.
import {
  type ActorEvent,
  ActorSystem,
  type AnyMessage,
  type DeadLetters,
  type Scheduler,
  type SystemOptions,
} from "@satwire/actor";
import { createRng, type Rng } from "../determinism/rng.ts";
import { settle } from "../determinism/settle.ts";
import { VirtualClock } from "../determinism/virtual-clock.ts";
import { type IdleOptions, SeededScheduler, type TurnOrder } from "./seeded-scheduler.ts";
import { TestProbe, type TestProbeOptions } from "./test-probe.ts";

/** Events that are kept. */
const capacity = 10_000;

/** Options of {@link createActorTestkit}. */
export interface ActorTestkitOptions {
  /** @default 1 */
  readonly seed?: number | string | undefined;
  /** The order of turns, or who decides about it. @default "fifo" */
  readonly schedule?: TurnOrder | Scheduler | undefined;
  /**
   * Whether turns wait for `step` and `runUntilIdle`; no matter for a scheduler of one's own.
   * @default false
   */
  readonly isManual?: boolean | undefined;
  /** @default a new VirtualClock */
  readonly clock?: VirtualClock | undefined;
  /** What else the system is made from. */
  readonly system?: Omit<SystemOptions, "clock" | "scheduler"> | undefined;
}

/**
 * Actors for a test. Time stands still until `clock.advance(ms)`, `clock.runUntilIdle()` or `clock.runUntil(promise)`
 * moves it; turns run by themselves unless it is `isManual`.
 *
 * @example
 * ```ts
 * await using kit = createActorTestkit({ seed: 7, schedule: "random" });
 * const probe = kit.probe<Tick>();
 * kit.system.spawn("ticker", ticker(probe.ref));
 * await kit.clock.advance(1000);
 * await probe.expect("tick");
 * ```
 */
export class ActorTestkit implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly rng: Rng;
  /** The scheduler of the system: a {@link SeededScheduler}, or the one that was given. */
  readonly scheduler: Scheduler;
  readonly system: ActorSystem;
  readonly #events: ActorEvent[] = [];
  #probes = 0;
  #closed: Promise<void> | undefined;

  /** @throws RangeError for an order that there is none of; ActorError `invalid_option` */
  constructor(options: ActorTestkitOptions = {}) {
    const { seed = 1, schedule = "fifo", isManual, system = {} } = options;
    this.clock = options.clock ?? new VirtualClock();
    this.rng = createRng(seed);
    this.scheduler =
      typeof schedule === "string"
        ? new SeededScheduler({ order: schedule, rng: this.rng.fork("turns"), isManual })
        : schedule;
    const { instrumentation } = system;
    this.system = new ActorSystem({
      ...system,
      clock: this.clock,
      scheduler: this.scheduler,
      instrumentation: {
        onEnqueue: instrumentation?.onEnqueue?.bind(instrumentation),
        onTurn: instrumentation?.onTurn?.bind(instrumentation),
        onEvent: (event) => {
          this.#events.push(event);
          if (this.#events.length > capacity) this.#events.shift();
          instrumentation?.onEvent?.(event);
        },
      },
    });
  }

  /** What the system has told of so far, oldest first; 10,000 are kept. */
  get events(): readonly ActorEvent[] {
    return this.#events;
  }

  /** What reached nobody. */
  get deadLetters(): DeadLetters {
    return this.system.deadLetters;
  }

  /** A probe, named `probe-1`, `probe-2`, … unless it is given a name. @throws ActorError as `ActorSystem.spawn` */
  probe<M extends AnyMessage>(name?: string, options?: TestProbeOptions<M>): TestProbe<M> {
    this.#probes++;
    return new TestProbe<M>(this.system, name ?? `probe-${this.#probes}`, options);
  }

  /** Runs one turn; false if none waits. @throws RangeError for a scheduler of one's own */
  step(): boolean {
    const { scheduler } = this;
    if (scheduler instanceof SeededScheduler) return scheduler.step();
    throw new RangeError("the scheduler that was given to the kit cannot be stepped by it");
  }

  /**
   * Runs turns until none waits and what they have set off has come to rest. Time does not move: `clock.runUntilIdle()`
   * moves it. With a scheduler of one's own, what it lets run runs.
   *
   * @throws AssertionError with those who go on and on; RangeError
   */
  async runUntilIdle(options: IdleOptions = {}): Promise<void> {
    const { scheduler } = this;
    if (scheduler instanceof SeededScheduler) await scheduler.runUntilIdle(options);
    else await settle();
  }

  /** Lets turns run, ends the system, and moves time for as long as that takes. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    if (this.scheduler instanceof SeededScheduler) this.scheduler.release();
    await this.clock.runUntil(this.system.shutdown());
  }
}

/** A system of actors for a test. @throws RangeError for an order that there is none of; ActorError `invalid_option` */
export function createActorTestkit(options: ActorTestkitOptions = {}): ActorTestkit {
  return new ActorTestkit(options);
}
