// Writes down what a connection does, without being in its way.
import { type Clock, systemClock } from "@satwire/actor";
import type { Observation } from "./observation.ts";

/** What of a connection can be observed; a `P2PConnection` of lnp2p and a `MockConnection` have it. */
export interface ObservableConnection {
  readonly remoteInit?: unknown;
  sendMessage(message: never, options?: never): Promise<void>;
  receiveMessages(): AsyncIterableIterator<{ readonly type: string }, undefined>;
  connectionEvents(): AsyncIterableIterator<ObservableEvent, undefined>;
}

/** What an event of an {@link ObservableConnection} tells. */
export interface ObservableEvent {
  readonly type: string;
  readonly state: string;
  readonly error?: unknown;
  readonly details?: string;
}

/** Options of {@link observe}. */
export interface ObserverOptions {
  /** Where the times in the log come from. @default systemClock */
  readonly clock?: Clock | undefined;
  /**
   * Whether the observer reads the messages itself. When the code under test does, it must be given
   * {@link Observer.connection}: what it reads through that is observed.
   * @default true
   */
  readonly readsMessages?: boolean | undefined;
  /** Buffers to look at whenever something is observed. */
  readonly buffers?:
    | Readonly<Record<string, { readonly limit: number; readonly size: () => number }>>
    | undefined;
  /**
   * How much is written down; the last entry is then `full`, and no invariant holds for such a log.
   * @default 100_000
   */
  readonly capacity?: number | undefined;
}

/** Entries of the log; those of messages that are being sent count when they have been. */
interface Entry {
  readonly observation: Observation;
  isSure: boolean;
}

/** The log of one connection, from the moment it is observed. */
export class Observer<C extends ObservableConnection> implements Disposable {
  /**
   * The connection, for the code under test: it does what the original does, and messages that are read and sent
   * through it are written down.
   */
  readonly connection: C;
  /** Resolves when all events were told, and all messages if the observer reads them, or at `close`; never rejects. */
  readonly ended: Promise<void>;
  readonly #original: C;
  readonly #clock: Clock;
  readonly #buffers: readonly (readonly [
    name: string,
    { readonly limit: number; readonly size: () => number },
  ])[];
  readonly #capacity: number;
  readonly #entries: Entry[] = [];
  readonly #iterators: { return?(): Promise<unknown> }[] = [];
  #hasInit = false;
  #isOver = false;
  #stop: () => void = () => {};

  /** @throws RangeError for a capacity that is no positive integer */
  constructor(
    connection: C,
    {
      clock = systemClock,
      readsMessages = true,
      buffers = {},
      capacity = 100_000,
    }: ObserverOptions = {},
  ) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity of ${capacity} is not 1 or more`);
    }
    this.#original = connection;
    this.#clock = clock;
    this.#buffers = Object.entries(buffers);
    this.#capacity = capacity;
    this.connection = this.#wrapped();
    const loops = [this.#readEvents()];
    if (readsMessages) loops.push(this.#readMessages());
    const stopped = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    this.ended = Promise.race([Promise.all(loops).then(() => {}), stopped]);
  }

  /** What was observed until now, oldest first. Each look makes a new list. */
  get log(): readonly Observation[] {
    return this.#entries.filter(({ isSure }) => isSure).map(({ observation }) => observation);
  }

  /** Stops observing: leaves the loops over events and messages. The connection goes on. */
  close(): void {
    this.#isOver = true;
    this.#stop();
    for (const iterator of this.#iterators) void iterator.return?.().catch(() => {});
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #add(observation: Observation, isSure: boolean = true): Entry | undefined {
    if (this.#isOver) return undefined;
    const { atMs } = observation;
    if (!this.#hasInit && this.#original.remoteInit !== undefined) {
      this.#hasInit = true;
      this.#add({ atMs, kind: "message", direction: "in", type: "init" });
    }
    const entry = this.#write(observation, isSure);
    for (const [name, { limit, size }] of this.#buffers) {
      this.#write({ atMs, kind: "buffer", name, limit, size: size() }, true);
    }
    return entry;
  }

  #write(observation: Observation, isSure: boolean): Entry | undefined {
    if (this.#isOver) return undefined;
    const isFull = this.#entries.length === this.#capacity - 1;
    const entry: Entry = isFull
      ? { observation: { atMs: observation.atMs, kind: "full" }, isSure: true }
      : { observation, isSure };
    this.#entries.push(entry);
    if (isFull) this.close();
    return entry;
  }

  async #readEvents(): Promise<void> {
    try {
      const events = this.#original.connectionEvents();
      this.#iterators.push(events);
      for await (const event of events) {
        const atMs = this.#clock.now();
        const { type, state, error, details = "" } = event;
        const why = error === undefined ? {} : { error };
        if (type === "state") this.#add({ atMs, kind: "state", state, ...why });
        else this.#add({ atMs, kind: "note", text: details });
      }
      this.#add({ atMs: this.#clock.now(), kind: "events-end" });
    } catch (error) {
      this.#add({ atMs: this.#clock.now(), kind: "events-end", error });
    }
  }

  async #readMessages(): Promise<void> {
    try {
      const messages = this.#observed(this.#original.receiveMessages());
      this.#iterators.push(messages);
      while ((await messages.next()).done !== true);
    } catch {
      // It is in the log.
    }
  }

  /** The same messages, written down as they are read. */
  #observed<T extends { readonly type: string }>(
    messages: AsyncIterableIterator<T, undefined>,
  ): AsyncIterableIterator<T, undefined> {
    let isOver = false;
    const end = (why: { readonly error?: unknown }): void => {
      if (!isOver) this.#add({ atMs: this.#clock.now(), kind: "messages-end", ...why });
      isOver = true;
    };
    const iterator: AsyncIterableIterator<T, undefined> = {
      next: async () => {
        try {
          const result = await messages.next();
          const atMs = this.#clock.now();
          if (result.done === true) end({});
          else this.#add({ atMs, kind: "message", direction: "in", type: result.value.type });
          return result;
        } catch (error) {
          end({ error });
          throw error;
        }
      },
      return: async () => {
        isOver = true; // left, not ended
        return (await messages.return?.()) ?? { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  async #send(message: { readonly type: string }, options: unknown): Promise<void> {
    const atMs = this.#clock.now();
    const { type } = message;
    const entry = this.#add({ atMs, kind: "message", direction: "out", type }, false);
    await this.#original.sendMessage(message as never, options as never);
    if (entry !== undefined) entry.isSure = true;
  }

  #wrapped(): C {
    const original = this.#original;
    const own: Record<PropertyKey, unknown> = {
      receiveMessages: () => this.#observed(original.receiveMessages()),
      sendMessage: (message: { readonly type: string }, options: unknown) =>
        this.#send(message, options),
    };
    const bound = new Map<PropertyKey, unknown>();
    return new Proxy({} as C, {
      get(_target, key) {
        if (Object.hasOwn(own, key)) return own[key];
        const value: unknown = Reflect.get(original, key, original);
        if (typeof value !== "function") return value;
        // Classes with private fields know only themselves.
        if (!bound.has(key)) bound.set(key, value.bind(original));
        return bound.get(key);
      },
      has: (_target, key) => Reflect.has(original, key),
      set: (_target, key, value) => Reflect.set(original, key, value, original),
      getPrototypeOf: () => Reflect.getPrototypeOf(original),
    });
  }
}

/**
 * Writes down what a connection does, for {@link checkInvariants}. The peer's `init`, which a connection keeps to itself,
 * stands in the log where it was first known.
 *
 * @example
 * ```ts
 * using observer = observe(peer, { clock });
 * await peer.connect();
 * await peer.close();
 * await observer.ended;
 * checkInvariants(observer.log);
 * ```
 */
export function observe<C extends ObservableConnection>(
  connection: C,
  options?: ObserverOptions,
): Observer<C> {
  return new Observer(connection, options);
}
