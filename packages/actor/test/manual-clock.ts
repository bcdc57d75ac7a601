import type { Clock, Timer } from "../src/clock.ts";
import { turns } from "./turns.ts";

interface Pending {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that moves when it is told to. Timers of the same moment fire in the order they were set. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #pending = new Set<Pending>();

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(run: () => void, delayMs: number): Timer {
    const pending: Pending = { atMs: this.#nowMs + delayMs, run };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** How long each timer has still to wait, the next one first. */
  get pendingMs(): number[] {
    return this.#inOrder().map(({ atMs }) => atMs - this.#nowMs);
  }

  /** Moves on by `ms`, from timer to timer; after each, what it has set off gets its turns. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await turns();
    for (;;) {
      const [next] = this.#inOrder();
      if (next === undefined || next.atMs > endMs) break;
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      await turns();
    }
    this.#nowMs = endMs;
  }

  /** Moves on by `ms` with no turns in between: their order is for a scheduler under test to choose. */
  advanceAtOnce(ms: number): void {
    this.#nowMs += ms;
    for (const pending of this.#inOrder()) {
      if (pending.atMs <= this.#nowMs && this.#pending.delete(pending)) pending.run();
    }
  }

  #inOrder(): Pending[] {
    return [...this.#pending].toSorted((a, b) => a.atMs - b.atMs);
  }
}
