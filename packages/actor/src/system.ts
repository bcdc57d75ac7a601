// A world of actors: what is spawned in it, finds each other in it, and ends with it.
import type { Spawnable } from "./behavior.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { ActorEvent } from "./events.ts";
import type { Subscription } from "./feed.ts";
import { cellOf } from "./local-ref.ts";
import type { AnyMessage } from "./message.ts";
import { atLeast } from "./option-checks.ts";
import type { Receptionist } from "./receptionist.ts";
import type { ActorRef } from "./ref.ts";
import { ignore, rejected } from "./rejections.ts";
import { type EventCounts, Runtime, type SpawnArguments } from "./runtime.ts";
import type { ServiceKey } from "./service-key.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import type { SystemOptions } from "./system-options.ts";

/** How many actors live, and how often each event has happened since the system was made. */
export interface SystemStats extends Readonly<EventCounts> {
  readonly actors: number;
}

/** How an actor stands. */
export interface ActorInfo {
  readonly actorId: string;
  /** `stopping` takes no more messages; `restarting` keeps them. */
  readonly state: "running" | "restarting" | "stopping";
  /** Is it handling a message, or waiting for a handler's promise? */
  readonly isBusy: boolean;
  /** Messages in its mailbox. */
  readonly waiting: number;
}

/**
 * An actor system.
 *
 * @example
 * ```ts
 * await using system = new ActorSystem();
 * const counter = system.spawn<Add | GetTotal>("counter", countingBehavior);
 * counter.tryTell({ type: "add", amount: 2 });
 * await counter.ask({ type: "getTotal" }); // 2
 * ```
 */
export class ActorSystem implements AsyncDisposable {
  readonly #runtime: Runtime;

  /** @throws ActorError `invalid_option` */
  constructor(options: SystemOptions = {}) {
    this.#runtime = new Runtime(this, options);
  }

  get clock(): Clock {
    return this.#runtime.clock;
  }

  get receptionist(): Receptionist {
    return this.#runtime.receptionist;
  }

  get deadLetters(): DeadLetters {
    return this.#runtime.deadLetters;
  }

  get stats(): SystemStats {
    const { counts } = this.#runtime;
    return { actors: counts.spawned - counts.terminated, ...counts };
  }

  /** The actors that live, in the order of spawning. */
  get actors(): readonly ActorInfo[] {
    return this.#runtime.cells.map((cell) => cell.info);
  }

  /**
   * Starts an actor. Its id is free again when it has terminated.
   *
   * @throws ActorError `empty_actor_id`, `duplicate_actor_id`, `invalid_behavior`, `invalid_option`,
   * `system_terminated`
   */
  spawn<M extends AnyMessage>(
    id: string,
    behavior: Spawnable<M>,
    options?: SpawnOptions,
  ): ActorRef<M>;
  /** The same, registered under a service key. @throws ActorError `service_key_mismatch` */
  spawn<M extends AnyMessage>(
    id: string,
    key: ServiceKey<M>,
    behavior: Spawnable<M>,
    options?: SpawnOptions,
  ): ActorRef<M>;
  spawn<M extends AnyMessage>(id: string, ...rest: SpawnArguments<M>): ActorRef<M> {
    return this.#runtime.spawn(undefined, id, rest);
  }

  /**
   * Stops an actor after its current turn, and its children with it. Resolves when all have terminated, at once
   * if an actor asks for its own end in its turn; false if there is no such actor.
   *
   * @throws ActorError `foreign_ref`, `aborted` when the wait was given up; the actor is still to end
   */
  stop(
    actor: ActorRef<never> | string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<boolean> {
    const stopped = this.#stop(actor, options);
    stopped.catch(ignore);
    return stopped;
  }

  async #stop(
    actor: ActorRef<never> | string,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<boolean> {
    const cell =
      typeof actor === "string" ? this.#runtime.cell(actor) : cellOf(actor, this.#runtime);
    if (cell === undefined || cell.life.isTerminated) return false;
    // Would the actor whose turn it is wait for itself?
    const isOwn = this.#runtime.current?.isBelow(cell) === true;
    cell.life.end(undefined);
    if (!isOwn) await cell.life.terminated.wait(options);
    return true;
  }

  /**
   * Resolves when an actor has terminated, whoever ended it.
   *
   * @throws ActorError `foreign_ref`, `aborted`
   */
  whenTerminated(
    ref: ActorRef<never>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    try {
      return cellOf(ref, this.#runtime).life.terminated.wait(options);
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * What happens from now on: lives, failures, losses. Nobody waits for who reads; when `capacity` events wait,
   * the oldest makes room. Ends with the system.
   *
   * @throws ActorError `invalid_option`
   */
  events({
    capacity = 1000,
  }: {
    readonly capacity?: number | undefined;
  } = {}): Subscription<ActorEvent> {
    return this.#runtime.events.subscribe(atLeast(1, capacity, "capacity"));
  }

  /**
   * Stops all actors at once, the last one spawned first and children before their parents, and resolves when they
   * have terminated. From then on nothing can be spawned. All callers wait for the same end, except that
   * for an actor that calls it in its turn it resolves at once: it would wait for itself.
   *
   * @throws ActorError `aborted`, with the actors still running in `hung`; they are still to end
   */
  shutdown({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.#runtime.shutdown(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }
}
