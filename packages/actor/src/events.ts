// What happens in a system besides messages: lives, failures, losses.
import type { DeadLetter } from "./dead-letters.ts";
import type { ActorErrorCode } from "./errors.ts";
import type { Directive } from "./supervision.ts";
import { BoundedQueue } from "./bounded-queue.ts";

interface EventBase<T extends string> {
  readonly type: T;
  readonly actorId: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** An actor was spawned. */
export interface SpawnedEvent extends EventBase<"spawned"> {}

/** An actor has begun anew after a failure. */
export interface RestartedEvent extends EventBase<"restarted"> {
  readonly error: unknown;
}

/** An actor has ended: its hooks have run, its children are gone, its id is free. */
export interface TerminatedEvent extends EventBase<"terminated"> {
  /** What it died of; undefined if it was stopped. */
  readonly error: unknown;
}

/** Something an actor ran has failed. */
export interface ErrorEvent extends EventBase<"error"> {
  readonly error: unknown;
  /** Where: `turn` is a message, `reply` a `failure` that nobody asked for. */
  readonly phase: "turn" | "reply" | "start" | "restart" | "stop" | "directive";
  /** What follows; undefined where supervision has no part. */
  readonly directive: Directive | undefined;
  /** The message that was handled, if one was. */
  readonly messageType: string | undefined;
}

/** A mailbox has dropped a message, as its policy says. */
export interface DroppedEvent extends EventBase<"dropped"> {
  readonly messageType: string;
}

/** A message was refused, or an ask was given up, with an error that its sender may never look at. */
export interface RefusedEvent extends EventBase<"refused"> {
  readonly code: ActorErrorCode;
  readonly messageType: string;
}

/** What `system.events()` tells of. */
export type ActorEvent =
  | DeadLetter
  | DroppedEvent
  | ErrorEvent
  | RefusedEvent
  | RestartedEvent
  | SpawnedEvent
  | TerminatedEvent;

/** A view of the events from the moment it was made. Leaving the loop, or `close`, ends it. */
export interface EventSubscription extends AsyncIterable<ActorEvent, undefined> {
  /** Events that were dropped, oldest first, because nobody took them in time. */
  readonly missed: number;
  close(): void;
}

/** Hands each event to each subscriber, without waiting for any. */
export class EventStream {
  readonly #subscribers = new Set<(event: ActorEvent) => void>();
  readonly #queues = new Set<BoundedQueue<ActorEvent>>();
  #closed = false;

  get isObserved(): boolean {
    return this.#subscribers.size > 0;
  }

  publish(event: ActorEvent): void {
    for (const take of this.#subscribers) take(event);
  }

  /** Events from now on; the oldest of `capacity` that wait make room for new ones. */
  subscribe(capacity: number): EventSubscription {
    const queue = new BoundedQueue<ActorEvent>({ capacity });
    let missed = 0;
    const take = (event: ActorEvent): void => {
      if (queue.isFull && queue.tryTake() !== undefined) missed++;
      queue.push(event);
    };
    const close = (): void => {
      this.#subscribers.delete(take);
      this.#queues.delete(queue);
      queue.close();
    };
    if (this.#closed) {
      queue.close();
    } else {
      this.#subscribers.add(take);
      this.#queues.add(queue);
    }
    return {
      get missed() {
        return missed;
      },
      close,
      [Symbol.asyncIterator]() {
        const values = queue[Symbol.asyncIterator]();
        return {
          next: () => values.next(),
          return: () => {
            close();
            return Promise.resolve({ done: true, value: undefined });
          },
        };
      },
    };
  }

  /** Calls `take` for each event, at once. */
  listen(take: (event: ActorEvent) => void): void {
    this.#subscribers.add(take);
  }

  /** Ends every subscription after what is buffered. */
  close(): void {
    this.#closed = true;
    for (const queue of this.#queues) queue.close();
    this.#queues.clear();
    this.#subscribers.clear();
  }
}
