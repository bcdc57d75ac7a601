// A clock whose time is turns of the event loop: what never happens is known quickly, and without luck.
import type { Clock, Timer } from "@satwire/actor";

/** Time moves by this with every turn. */
const msPerTurn = 10;

interface Waiting {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Moves by itself while a timer is set. */
export class TurnClock implements Clock {
  #now = 0;
  #isMoving = false;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return this.#now;
  }

  setTimer(run: () => void, delayMs: number): Timer {
    const waiting = { dueAt: this.#now + delayMs, run };
    this.#waiting.add(waiting);
    if (!this.#isMoving) void this.#move();
    return { cancel: () => this.#waiting.delete(waiting) };
  }

  async #move(): Promise<void> {
    this.#isMoving = true;
    while (this.#waiting.size > 0) {
      await turn();
      this.#now += msPerTurn;
      for (const waiting of [...this.#waiting].toSorted((a, b) => a.dueAt - b.dueAt)) {
        if (waiting.dueAt <= this.#now && this.#waiting.delete(waiting)) waiting.run();
      }
    }
    this.#isMoving = false;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
