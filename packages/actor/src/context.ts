// What an actor can do from within: handed to its behaviour with each message.
import type { DeferredReply, Receive, Spawnable, Stashed } from "./behavior.ts";
import type { AnyMessage } from "./message.ts";
import type { ActorRef } from "./ref.ts";
import type { ServiceKey } from "./service-key.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import type { ActorSystem } from "./system.ts";
import type { ActorTimers } from "./timers.ts";

/** How an actor's life ended. */
export interface Terminated {
  readonly actorId: string;
  /** What it died of; undefined if it was stopped. */
  readonly error: unknown;
}

/**
 * An actor's view of itself. Use it inside handlers and hooks; what belongs to one message (`signal`, `stash`,
 * `deferReply`) means the message that is being handled.
 */
export interface ActorContext<in out M extends AnyMessage> {
  readonly self: ActorRef<M>;
  readonly system: ActorSystem;
  /**
   * Aborts when this life of the actor is over, by a stop or a restart; in the turn of an ask, when the asker gives
   * up as well. A tell is not tied to its sender any more.
   */
  readonly signal: AbortSignal;
  /** Timers by key, which end with the actor or its restart. */
  readonly timers: ActorTimers<M>;
  /** The actors spawned here that live, in the order of spawning. */
  readonly children: readonly ActorRef<never>[];

  /**
   * Spawns a child, named `<own id>/<id>`. It is stopped before its parent is, and when its parent restarts.
   *
   * @throws ActorError as `ActorSystem.spawn`; `actor_terminated` once this actor is being stopped
   */
  spawn<N extends AnyMessage>(
    id: string,
    behavior: Spawnable<N>,
    options?: SpawnOptions,
  ): ActorRef<N>;
  /** The same, registered under a service key. */
  spawn<N extends AnyMessage>(
    id: string,
    key: ServiceKey<N>,
    behavior: Spawnable<N>,
    options?: SpawnOptions,
  ): ActorRef<N>;
  /** Stops this actor after the current message. */
  stop(): void;

  /**
   * Handles the messages from the next one on with another function. A restart goes back to the first; within
   * `setup`, what that returns counts.
   */
  become(receive: Receive<M>): void;
  /**
   * Puts the current message aside, for {@link unstashAll}. Return the result from the handler.
   *
   * @throws ActorError `stash_full`, `not_in_turn`
   */
  stash(): Stashed;
  /** Takes up all that was put aside, oldest first, before anything else; returns how many. */
  unstashAll(): number;
  /**
   * Promises the reply for later, so that the actor can go on. Return the result from the handler. When the
   * actor stops or restarts, replies that are due fail.
   *
   * @throws ActorError `pending_full`, `not_in_turn`
   */
  deferReply<R>(): DeferredReply<R>;
  /**
   * Sends this actor a message made from what a promise settles with. Without `onRejected`, a rejection is a
   * failure of the actor. Results that come after a stop or restart are dropped.
   *
   * @throws ActorError `pending_full`
   */
  pipeToSelf<T>(
    promise: PromiseLike<T>,
    onFulfilled: (value: T) => M,
    onRejected?: (error: unknown) => M,
  ): void;

  /**
   * Sends this actor a message once the other, which may be of another system, has terminated; at once if it has.
   * One watch for each ref, the last one counts.
   *
   * @throws ActorError `foreign_ref` for a router or an adapter, or for oneself
   */
  watch(ref: ActorRef<never>, toMessage: (terminated: Terminated) => M): void;
  /** Takes a watch back: no message comes any more. */
  unwatch(ref: ActorRef<never>): void;
  /**
   * Sends this actor the refs registered under a key, now and after each change. Changes that come faster than
   * they are handled are told as one. One subscription for each key name, the last one counts.
   *
   * @throws ActorError `service_key_mismatch`
   */
  subscribe<N extends AnyMessage>(
    key: ServiceKey<N>,
    toMessage: (refs: readonly ActorRef<N>[]) => M,
  ): void;
  /** Takes a subscription back. */
  unsubscribe<N extends AnyMessage>(key: ServiceKey<N>): void;
}
