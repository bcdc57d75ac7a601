// What happens in a system besides messages: lives, failures, losses.
import type { DeadLetter } from "./dead-letters.ts";
import type { ActorErrorCode } from "./errors.ts";
import type { Directive } from "./supervision.ts";
import { Feed, type Subscription } from "./feed.ts";

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
  /** Where: `turn` is a message, `reply` a `failure` or a deferred rejection, `mailbox` a `dropWhen`. */
  readonly phase: "turn" | "reply" | "start" | "restart" | "stop" | "directive" | "mailbox";
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

/** Hands each event to each subscriber, without waiting for any. */
export class EventStream {
  readonly #listeners = new Set<(event: ActorEvent) => void>();
  readonly #feeds = new Set<Feed<ActorEvent>>();
  #isOver = false;

  get isObserved(): boolean {
    return this.#listeners.size + this.#feeds.size > 0;
  }

  publish(event: ActorEvent): void {
    for (const feed of this.#feeds) feed.push(event); // first, as a listener may cause more events
    for (const take of this.#listeners) take(event);
  }

  /** Events from now on; the oldest of `capacity` that wait make room for new ones. */
  subscribe(capacity: number): Subscription<ActorEvent> {
    const feed: Feed<ActorEvent> = new Feed(capacity, () => this.#feeds.delete(feed));
    if (this.#isOver) feed.end();
    else this.#feeds.add(feed);
    return feed;
  }

  /** Calls `take` for each event, at once. */
  listen(take: (event: ActorEvent) => void): void {
    this.#listeners.add(take);
  }

  /** Ends every subscription after what is buffered. */
  end(): void {
    this.#isOver = true;
    for (const feed of this.#feeds) feed.end();
    this.#feeds.clear();
  }
}
