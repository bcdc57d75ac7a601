// A name under which actors are found by those who do not know them, with the messages they take.
import { ActorError } from "./errors.ts";
import type { Spawnable } from "./behavior.ts";
import type { AnyMessage } from "./message.ts";
import type { ActorRef, TellOptions } from "./ref.ts";
import { Router } from "./router.ts";
import type { RoutingStrategy } from "./routing-strategies.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import type { ActorSystem } from "./system.ts";

/** Options of {@link serviceKey}. */
export interface ServiceKeyOptions<M extends AnyMessage> {
  /**
   * The types of the messages that the service takes. Where two keys of one name both give them, they must be the
   * same: the compiler cannot compare keys that different packages made.
   */
  readonly types?: readonly M["type"][] | undefined;
}

/** Names a service and types its messages. Keys of the same name are the same key. Made by {@link serviceKey}. */
export class ServiceKey<in out M extends AnyMessage> {
  /** For the compiler alone: makes keys of different messages different types. */
  declare private readonly messages?: (message: M) => M;
  readonly name: string;
  readonly types: readonly string[] | undefined;

  constructor(name: string, { types }: ServiceKeyOptions<M>) {
    if (typeof name !== "string" || name === "") {
      throw new ActorError("invalid_option", "a service key needs a name");
    }
    this.name = name;
    this.types = types;
  }

  /** Spawns an actor and registers it. @throws ActorError as `ActorSystem.spawn` */
  spawn(
    system: ActorSystem,
    id: string,
    behavior: Spawnable<M>,
    options?: SpawnOptions,
  ): ActorRef<M> {
    return system.spawn(id, this, behavior, options);
  }

  /** The actors registered, in the order of registration. @throws ActorError `service_key_mismatch` */
  find(system: ActorSystem): readonly ActorRef<M>[] {
    return system.receptionist.find(this);
  }

  /** Takes an actor from the service; it lives on. False if it was not there. */
  unregister(system: ActorSystem, ref: ActorRef<M>): boolean {
    return system.receptionist.unregister(this, ref);
  }

  /** Takes all actors from the service; they live on. Returns how many there were. */
  unregisterAll(system: ActorSystem): number {
    return this.find(system).filter((ref) => this.unregister(system, ref)).length;
  }

  /** Stops all actors of the service; resolves with how many there were when they have terminated. */
  async stopAll(system: ActorSystem): Promise<number> {
    const stopped = await Promise.all(this.find(system).map((ref) => system.stop(ref)));
    return stopped.length;
  }

  /** Tells all actors of the service; resolves, when each has accepted or not, with how many have. */
  async broadcast(system: ActorSystem, message: M, options?: TellOptions): Promise<number> {
    const told = this.find(system).map((ref) => ref.tell(message, options));
    const settled = await Promise.allSettled(told);
    return settled.filter(({ status }) => status === "fulfilled").length;
  }

  /**
   * A ref to whoever serves: each message goes to the actor that the strategy chooses among those that are
   * registered at that moment. @default round robin
   */
  ref(
    system: ActorSystem,
    { strategy }: { readonly strategy?: RoutingStrategy<M> | undefined } = {},
  ): ActorRef<M> {
    return new Router<M>({
      id: `router(${this.name})`,
      candidates: () => this.find(system),
      areLive: true,
      deadLetters: system.deadLetters,
      strategy,
    });
  }
}

/**
 * A key for a service that takes messages of `M`.
 *
 * @example
 * ```ts
 * const sinks = serviceKey<PeerMessage>("gossip-sinks");
 * sinks.spawn(system, "store", (message) => store.add(message));
 * await sinks.broadcast(system, message);
 * ```
 * @throws ActorError `invalid_option` for an empty name
 */
export function serviceKey<M extends AnyMessage>(
  name: string,
  options: ServiceKeyOptions<M> = {},
): ServiceKey<M> {
  return new ServiceKey(name, options);
}
