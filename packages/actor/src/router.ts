// A ref that stands for several actors.
import { abortedBy, ignore, rejected } from "./rejections.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { ActorError } from "./errors.ts";
import { LocalRef } from "./local-ref.ts";
import type { AnyMessage, ReplyTo } from "./message.ts";
import type { ActorRef, AskOptions, TellOptions } from "./ref.ts";
import { roundRobin, type RoutingStrategy } from "./routing-strategies.ts";

/** Options of a {@link Router}. */
export interface RouterOptions<M extends AnyMessage> {
  readonly id: string;
  /** Asked for each message. */
  readonly candidates: () => readonly ActorRef<M>[];
  /**
   * Are those that have stopped left out already, so that nobody need look for each message?
   * @default false
   */
  readonly areLive?: boolean | undefined;
  /** Where messages go for which there is nobody. */
  readonly deadLetters: DeadLetters;
  /** @default round robin */
  readonly strategy?: RoutingStrategy<M> | undefined;
}

/**
 * Hands each message to the actor, or the actors, that its strategy chooses; those that have stopped are not
 * asked. Told to several, a message counts as accepted when one has accepted it; the first reply answers an ask.
 */
export class Router<M extends AnyMessage> implements ActorRef<M> {
  readonly id: string;
  readonly #candidates: () => readonly ActorRef<M>[];
  readonly #areLive: boolean;
  readonly #deadLetters: DeadLetters;
  readonly #strategy: RoutingStrategy<M>;

  constructor(options: RouterOptions<M>) {
    const { id, candidates, areLive = false, deadLetters, strategy = roundRobin() } = options;
    this.id = id;
    this.#candidates = candidates;
    this.#areLive = areLive;
    this.#deadLetters = deadLetters;
    this.#strategy = strategy;
  }

  /** @throws ActorError `no_actors_available`, and as the actors' `tell` */
  tell(message: M, options?: TellOptions): Promise<void> {
    return this.#send(message, options, (ref) => ref.tell(message, options));
  }

  tryTell(message: M): boolean {
    const chosen = this.#select(message);
    if (chosen.length === 0) this.#nobody(message);
    return chosen.map((ref) => ref.tryTell(message)).includes(true);
  }

  /** @throws ActorError `no_actors_available`, and as the actors' `ask` */
  ask<T extends M>(message: T, options?: AskOptions): Promise<ReplyTo<M, T>> {
    return this.#send(message, options, (ref) => ref.ask(message, options));
  }

  #send<R>(
    message: M,
    options: TellOptions | undefined,
    send: (ref: ActorRef<M>) => Promise<R>,
  ): Promise<R> {
    try {
      const [first, ...others] = this.#select(message);
      if (first === undefined) return rejected(this.#nobody(message, options));
      if (others.length === 0) return send(first);
      return anyOf([first, ...others].map(send));
    } catch (error) {
      return rejected(error);
    }
  }

  #select(message: M): readonly ActorRef<M>[] {
    const all = this.#candidates();
    const isAnyGone = !this.#areLive && all.some(hasStopped);
    const candidates = isAnyGone ? all.filter((ref) => !hasStopped(ref)) : all;
    if (candidates.length === 0) return candidates;
    const chosen = this.#strategy.select(candidates, message);
    return isList(chosen) ? chosen : [chosen];
  }

  #nobody(message: M, options?: TellOptions): ActorError {
    // A message that its sender took back is not lost.
    if (options?.signal?.aborted === true) return abortedBy(options.signal);
    this.#deadLetters.file("no_actors", this.id, message);
    const details = { actorId: this.id, messageType: message.type };
    return new ActorError("no_actors_available", `${this.id} has no actors`, details);
  }
}

function hasStopped(ref: ActorRef<never>): boolean {
  return LocalRef.cellOf(ref)?.isEnding === true;
}

function isList<M extends AnyMessage>(
  chosen: ActorRef<M> | readonly ActorRef<M>[],
): chosen is readonly ActorRef<M>[] {
  return Array.isArray(chosen);
}

/** The first that is fulfilled; when none is, the first one's error. */
function anyOf<T>(promises: readonly Promise<T>[]): Promise<T> {
  const promise = Promise.any(promises).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error;
  });
  promise.catch(ignore);
  return promise;
}
