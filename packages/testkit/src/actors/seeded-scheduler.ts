// The order of actors' turns, told by a test: first come first served, the other way round, or by a seed.
import type { Scheduler, Turn } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import { createRng, type Rng } from "../determinism/rng.ts";
import { settle } from "../determinism/settle.ts";

/** Which of the turns that wait is next: the oldest, the latest, or any one, by the seed. */
export type TurnOrder = "fifo" | "lifo" | "random";

/** Options of a {@link SeededScheduler}. */
export interface SeededSchedulerOptions {
  /** @default "fifo" */
  readonly order?: TurnOrder | undefined;
  /** For `"random"`. @default one of seed 1 */
  readonly rng?: Rng | undefined;
  /**
   * Whether turns wait for `step` and `runUntilIdle`; else each runs in a microtask of its own.
   * @default false
   */
  readonly isManual?: boolean | undefined;
}

/** Options of `runUntilIdle`. */
export interface IdleOptions {
  /**
   * Turns after which it gives up.
   * @default 100000
   */
  readonly maxTurns?: number | undefined;
}

/** Turns that are remembered. */
const historyCapacity = 10_000;

/** Turns in a row before timers and sockets get the thread: counted, as a look at the time would differ each run. */
const turnsInARow = 1000;

const resolved: Promise<void> = /* @__PURE__ */ Promise.resolve();

/**
 * Runs one message of one actor at a time, in an order that depends on the seed and on nothing else: the same test has
 * the same order in each run. The number of waiting turns is that of the actors.
 */
export class SeededScheduler implements Scheduler {
  readonly #order: TurnOrder;
  readonly #rng: Rng;
  readonly #waiting: Turn[] = [];
  readonly #history: string[] = [];
  #isManual: boolean;
  #isArmed = false;

  constructor({ order = "fifo", rng, isManual = false }: SeededSchedulerOptions = {}) {
    if (!["fifo", "lifo", "random"].includes(order)) {
      throw new RangeError(`there is no order ${order} of turns, but fifo, lifo and random`);
    }
    this.#order = order;
    this.#rng = rng ?? createRng(1);
    this.#isManual = isManual;
  }

  /** The actors whose turn is to come, in the order in which they asked for it. */
  get waiting(): readonly string[] {
    return this.#waiting.map(({ actorId }) => actorId);
  }

  /** The actors whose turn it has been, oldest first; 10,000 are kept. */
  get history(): readonly string[] {
    return this.#history;
  }

  /** Whether turns wait for `step` and `runUntilIdle`. */
  get isManual(): boolean {
    return this.#isManual;
  }

  /** From now on turns wait for `step`, until what is returned is disposed. */
  hold(): Disposable {
    const wasManual = this.#isManual;
    this.#isManual = true;
    return {
      [Symbol.dispose]: () => {
        this.#isManual = wasManual;
        this.#arm();
      },
    };
  }

  /** From now on turns run by themselves. */
  release(): void {
    this.#isManual = false;
    this.#arm();
  }

  schedule(turn: Turn): void {
    this.#waiting.push(turn);
    this.#arm();
  }

  /** Runs one turn, at once; false if none waits. An actor does one thing in it: a message, its start or its end. */
  step(): boolean {
    const turn = this.#take();
    if (turn === undefined) return false;
    this.#history.push(turn.actorId);
    if (this.#history.length > historyCapacity) this.#history.shift();
    turn.run(1);
    return true;
  }

  /**
   * Runs turns until none waits and what they have set off has come to rest. Time does not move.
   *
   * @throws AssertionError with those who go on and on, beyond `maxTurns`; RangeError for one that is not above 0
   */
  async runUntilIdle({ maxTurns = 100_000 }: IdleOptions = {}): Promise<void> {
    if (!(maxTurns > 0)) throw new RangeError(`maxTurns of ${maxTurns} is not above 0`);
    for (let turns = 0; turns < maxTurns; ) {
      if (this.#waiting.length === 0) {
        await settle();
        if (this.#waiting.length === 0) return;
      }
      await resolved; // what the last turn has set off may ask for its turn
      if (this.step()) turns++;
    }
    const busy = [...new Set(this.#history.slice(-100))].join(", ");
    throw new AssertionError(`actors are not idle after ${maxTurns} turns, the last of ${busy}`);
  }

  #take(): Turn | undefined {
    const { length } = this.#waiting;
    if (length === 0) return undefined;
    if (this.#order === "fifo") return this.#waiting.shift();
    if (this.#order === "lifo") return this.#waiting.pop();
    return this.#waiting.splice(this.#rng.int(0, length - 1), 1)[0];
  }

  #arm(): void {
    if (this.#isArmed || this.#isManual || this.#waiting.length === 0) return;
    this.#isArmed = true;
    void this.#pump();
  }

  async #pump(): Promise<void> {
    for (let turns = 1; ; turns++) {
      await (turns % turnsInARow === 0 ? settle(1) : resolved);
      if (this.#isManual || !this.step()) break;
    }
    this.#isArmed = false;
  }
}
