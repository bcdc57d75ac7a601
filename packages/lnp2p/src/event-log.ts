// Events of one connection for any number of readers, early or late.
import { BoundedQueue } from "@satwire/actor";
import type { ConnectionEvent } from "./connection-event.ts";

/** How many events are kept for readers that are late or slow. A connection has about six. */
const capacity = 64;

/** Keeps the events so far; every reader gets all of them, then the end. */
export class EventLog {
  readonly #past: ConnectionEvent[] = [];
  readonly #readers = new Set<BoundedQueue<ConnectionEvent>>();
  #closed = false;

  /**
   * Adds an event; the last one ends the log. Beyond 64 the oldest notes make room, changes of state
   * are always kept: there are only six.
   */
  add(event: ConnectionEvent, { last = false }: { last?: boolean } = {}): void {
    if (this.#closed) return;
    if (this.#past.length === capacity) dropOldestNote(this.#past);
    this.#past.push(event);
    for (const reader of this.#readers) {
      if (!reader.push(event)) {
        const waiting = reader.drain();
        dropOldestNote(waiting);
        for (const kept of [...waiting, event]) reader.push(kept);
      }
      if (last) reader.close();
    }
    if (last) {
      this.#closed = true;
      this.#readers.clear();
    }
  }

  /** All events from the first one on, until the last. Registered at once, not at the first `next`. */
  read(): AsyncIterableIterator<ConnectionEvent, undefined> {
    const queue = new BoundedQueue<ConnectionEvent>({ capacity });
    for (const event of this.#past) queue.push(event);
    if (this.#closed) queue.close();
    else this.#readers.add(queue);
    const iterator = queue[Symbol.asyncIterator]();
    return {
      next: () => iterator.next(),
      return: () => {
        this.#readers.delete(queue);
        queue.close();
        return iterator.return?.() ?? Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

function dropOldestNote(events: ConnectionEvent[]): void {
  const note = events.findIndex(({ type }) => type === "note");
  events.splice(Math.max(note, 0), 1);
}
