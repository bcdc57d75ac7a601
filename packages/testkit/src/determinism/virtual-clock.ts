// Time that moves when a test says so.
import type { Clock, Timer } from "@satwire/actor";

interface Pending {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** A {@link Clock} that stands still until it is advanced. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #pending = new Set<Pending>();
  /** The last call of `advance`, settled or not; never rejects. */
  #advancing: Promise<void> = Promise.resolve();

  /** Starts at a time in milliseconds since 1970; by default on 1 January 2026. */
  constructor(startMs: number = 1_767_225_600_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that have been set and not fired, in milliseconds from now, soonest first. */
  get pendingMs(): number[] {
    return [...this.#pending].map(({ dueAt }) => dueAt - this.#now).sort((a, b) => a - b);
  }

  /** @throws RangeError if the delay is not a number */
  setTimer(run: () => void, delayMs: number): Timer {
    if (Number.isNaN(delayMs)) throw new RangeError("a delay of NaN ms is no time to wait for");
    const pending = { dueAt: this.#now + Math.max(delayMs, 0), order: this.#order++, run };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /**
   * Moves time forward and fires what is due, soonest first and in the order of setting; before each
   * and at the end everything that waits in microtasks gets its turn. A timer that fires may set others.
   * Calls that overlap run one after the other. What a timer throws is thrown here, and time stands where it
   * fired.
   *
   * @throws RangeError if the time is negative or not finite
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`time cannot move by ${ms} ms`);
    const done = this.#advancing.then(() => this.#advance(ms));
    this.#advancing = done.catch(() => {});
    return done;
  }

  async #advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#next(end);
      if (next === undefined) break;
      this.#now = next.dueAt;
      this.#pending.delete(next);
      next.run();
      await settle();
    }
    this.#now = end;
  }

  #next(until: number): Pending | undefined {
    let next: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.dueAt > until) continue;
      if (next === undefined || pending.dueAt < next.dueAt) next = pending;
      else if (pending.dueAt === next.dueAt && pending.order < next.order) next = pending;
    }
    return next;
  }
}

/**
 * Lets everything run that is ready to: microtasks, and those they queue, for 16 turns of the event loop. A memory
 * pair makes up to 256 callbacks in each.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 16; turn++) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
  }
}
