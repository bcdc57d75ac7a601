/** Scope: when the owners of streams that are made in memory get their turns. Holds no bytes. */

/** Turns in microtasks before the event loop gets its own: timers, IO, rendering. */
const TURNS_BETWEEN_YIELDS = 256;

const { MessageChannel } = globalThis; // before a test runner puts its own in place

/**
 * Runs turns one by one in the order in which they were queued: each in a microtask of its own, and after every
 * 256 of them what else waits in the event loop comes first. Counting, not time, decides where that is, so every
 * run has the same order.
 */
export class StreamTurns {
  #left = TURNS_BETWEEN_YIELDS;
  /** Turns that were queued while the event loop has its own; undefined while it has not. */
  #waiting: (() => void)[] | undefined;

  queue(turn: () => void): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(turn);
    } else if (this.#left > 0) {
      this.#left -= 1;
      queueMicrotask(turn);
    } else {
      this.#waiting = [turn];
      afterEventLoop(() => this.#goOn());
    }
  }

  #goOn(): void {
    const turns = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#left = TURNS_BETWEEN_YIELDS;
    for (const turn of turns) this.queue(turn);
  }
}

/** One task later. Browsers let a timer that sets a timer wait for 4 ms; a message does not wait. */
export function afterEventLoop(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close(); // an open port would keep a Node process alive
    run();
  };
  port2.postMessage(undefined);
}
