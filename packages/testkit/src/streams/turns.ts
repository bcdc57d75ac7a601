// When the consumers of a stream get their turns.

/** Turns in microtasks before the event loop gets its own: timers, IO, rendering. */
const turnsBetweenYields = 256;

const { MessageChannel } = globalThis; // before a test runner puts its own in place

/** Runs each turn in a microtask of its own, and lets the event loop go on after every 256 of them. */
export class Turns {
  #left = turnsBetweenYields;

  queue(turn: () => void): void {
    if (this.#left > 0) {
      this.#left -= 1;
      queueMicrotask(turn);
    } else {
      this.#left = turnsBetweenYields;
      afterEventLoop(turn);
    }
  }
}

/** One task later; no timer is involved. */
export function afterEventLoop(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close(); // an open port would keep a Node process alive
    run();
  };
  port2.postMessage(undefined);
}
