// Who serves what: refs by service key. An actor leaves it the moment it is to end.
import { ActorError } from "./errors.ts";
import { Feed, type Subscription } from "./feed.ts";
import { type LocalRef, cellOf } from "./local-ref.ts";
import type { AnyMessage } from "./message.ts";
import type { ActorRef } from "./ref.ts";
import type { Runtime } from "./runtime.ts";
import type { ServiceKey } from "./service-key.ts";

type AnyRef = ActorRef<never>;

interface Service {
  /** The message types of the first key that named them, sorted. */
  types: string | undefined;
  readonly refs: Set<AnyRef>;
  /** The same, frozen, once somebody asks: routers and listeners hold it without copying. */
  list: readonly AnyRef[] | undefined;
  readonly listeners: Set<(refs: readonly AnyRef[]) => void>;
}

/** Who serves what in one system. */
export type Receptionist = Pick<Registry, "register" | "find" | "unregister" | "subscribe">;

export class Registry {
  readonly #runtime: Runtime;
  readonly #services = new Map<string, Service>();
  readonly #namesOf = new Map<AnyRef, Set<string>>();
  readonly #feeds = new Set<{ end(): void }>();
  #isClosed = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * Adds an actor to a service; nothing changes if it is there. It leaves by itself when it is stopped.
   *
   * @throws ActorError `system_terminated`, `actor_terminated`, `service_key_mismatch`, `foreign_ref` for what is
   * no actor of this system
   */
  register<M extends AnyMessage>(key: ServiceKey<M>, ref: ActorRef<M>): void {
    this.#runtime.assertOpen();
    const cell = cellOf(ref, this.#runtime);
    if (cell.isEnding) throw cell.intake.terminatedError();
    const service = this.#service(key);
    if (service.refs.has(ref)) return;
    const names = this.#namesOf.get(ref);
    if (names === undefined) this.#namesOf.set(ref, new Set([key.name]));
    else names.add(key.name);
    service.refs.add(ref);
    this.#changed(service);
  }

  /**
   * The actors of a service, in the order of registration. The list does not change any more.
   *
   * @throws ActorError `service_key_mismatch`
   */
  find<M extends AnyMessage>(key: ServiceKey<M>): readonly ActorRef<M>[] {
    return listOf(this.#existing(key)) as readonly ActorRef<M>[];
  }

  /** Takes an actor from a service, which does not stop it. False if it was not there. */
  unregister<M extends AnyMessage>(key: ServiceKey<M>, ref: ActorRef<M>): boolean {
    const service = this.#existing(key);
    if (service === undefined || !service.refs.has(ref)) return false;
    this.#namesOf.get(ref)?.delete(key.name);
    this.#remove(key.name, ref);
    return true;
  }

  /**
   * The actors of a service, now and after each change, until the system ends. A reader that is slow gets the
   * latest list alone.
   *
   * @throws ActorError `service_key_mismatch`
   */
  subscribe<M extends AnyMessage>(key: ServiceKey<M>): Subscription<readonly ActorRef<M>[]> {
    const feed: Feed<readonly ActorRef<M>[]> = new Feed(1, () => {
      stop();
      this.#feeds.delete(feed);
    });
    const stop = this.listen(key, (refs) => feed.push(refs));
    if (this.#isClosed) feed.end();
    else this.#feeds.add(feed);
    return feed;
  }

  /**
   * Calls `tell` with the actors of a service, at once and after each change, until what is returned is called.
   *
   * @throws ActorError `service_key_mismatch`
   */
  listen<M extends AnyMessage>(
    key: ServiceKey<M>,
    tell: (refs: readonly ActorRef<M>[]) => void,
  ): () => void {
    const service = this.#service(key);
    const listener = tell as (refs: readonly AnyRef[]) => void;
    service.listeners.add(listener);
    listener(listOf(service));
    return () => {
      service.listeners.delete(listener);
      this.#tidy(key.name, service);
    };
  }

  /** Takes an actor from every service. */
  forget(ref: LocalRef<AnyMessage>): void {
    for (const name of this.#namesOf.get(ref) ?? []) this.#remove(name, ref);
    this.#namesOf.delete(ref);
  }

  /** Ends the subscriptions. */
  close(): void {
    this.#isClosed = true;
    for (const feed of this.#feeds) feed.end();
    this.#feeds.clear();
    this.#services.clear();
  }

  #existing<M extends AnyMessage>(key: ServiceKey<M>): Service | undefined {
    const service = this.#services.get(key.name);
    const types = typesOf(key);
    if (service?.types === undefined || types === undefined) return service;
    if (service.types === types) return service;
    const text = `service ${key.name} takes ${service.types}, not ${types}`;
    throw new ActorError("service_key_mismatch", text, { actorId: key.name });
  }

  #service<M extends AnyMessage>(key: ServiceKey<M>): Service {
    const existing = this.#existing(key);
    if (existing !== undefined) {
      existing.types ??= typesOf(key);
      return existing;
    }
    const service: Service = {
      types: typesOf(key),
      refs: new Set(),
      list: none,
      listeners: new Set(),
    };
    this.#services.set(key.name, service);
    return service;
  }

  #remove(name: string, ref: AnyRef): void {
    const service = this.#services.get(name);
    if (service === undefined) return;
    service.refs.delete(ref);
    this.#changed(service);
    this.#tidy(name, service);
  }

  #changed(service: Service): void {
    service.list = undefined;
    for (const tell of service.listeners) tell(listOf(service));
  }

  /** A name that nobody serves or watches is forgotten, with its types. */
  #tidy(name: string, service: Service): void {
    if (service.refs.size > 0 || service.listeners.size > 0) return;
    if (this.#services.get(name) === service) this.#services.delete(name);
  }
}

function typesOf<M extends AnyMessage>({ types }: ServiceKey<M>): string | undefined {
  return types === undefined ? undefined : JSON.stringify(types.toSorted());
}

function listOf(service: Service | undefined): readonly AnyRef[] {
  if (service === undefined) return none;
  return (service.list ??= Object.freeze([...service.refs]));
}

const none: readonly AnyRef[] = /* @__PURE__ */ Object.freeze([]);
