// The events of a mock, for any number of readers, early or late: lnp2p's log over again.
import { BoundedQueue, type Clock } from "@satwire/actor";
import type { MockEvent } from "./mock-config.ts";
import type { ConnectionEvent, ConnectionState } from "./peer-connection.ts";

/** How many events are kept; the oldest note makes room, then the oldest event. */
const capacity = 64;

/** Keeps the events; every reader gets all of them, then the end. */
export class MockEventLog {
  readonly #past: ConnectionEvent[] = [];
  readonly #readers = new Set<BoundedQueue<ConnectionEvent>>();
  #isOver = false;

  /** Adds an event; the last one ends the log. */
  add(event: ConnectionEvent, { last = false }: { last?: boolean } = {}): void {
    if (this.#isOver) return;
    addTo(this.#past, event);
    for (const reader of this.#readers) {
      if (!reader.push(event)) {
        const waiting = reader.drain();
        addTo(waiting, event);
        for (const kept of waiting) reader.push(kept);
      }
      if (last) reader.close();
    }
    if (!last) return;
    this.#isOver = true;
    this.#readers.clear();
  }

  /** All events from the first one on; registered at once, not at the first `next`. */
  read(): AsyncIterableIterator<ConnectionEvent, undefined> {
    const queue = new BoundedQueue<ConnectionEvent>({ capacity });
    for (const event of this.#past) queue.push(event);
    if (this.#isOver) queue.close();
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

function addTo(events: ConnectionEvent[], event: ConnectionEvent): void {
  if (events.length === capacity) {
    const note = events.findIndex(({ type }) => type === "note");
    events.splice(Math.max(note, 0), 1);
  }
  events.push(event);
}

/** An event with what was left out filled in. */
export function eventOf(event: MockEvent, present: ConnectionState, clock: Clock): ConnectionEvent {
  const { type = "note", state = present, timestamp = clock.now(), error, details } = event;
  return {
    type,
    state,
    timestamp,
    ...(error === undefined ? {} : { error }),
    ...(details === undefined ? {} : { details }),
  };
}
