import type { Clock, Timer } from "@satwire/actor";

/** The one deadline that a connection has at a time. */
export class PhaseTimer {
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the deadline. */
  set(run: () => void, delayMs: number): void {
    this.clear();
    this.#timer = this.#clock.setTimer(run, delayMs);
  }

  /** Takes the deadline back. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
