// What an actor has at its disposal while it lives; made when it is first used, gone with a stop or restart.
import type { ActorCell } from "./actor-cell.ts";
import { type Letter, messageOf, PendingAsk } from "./ask.ts";
import {
  type DeferredReply,
  Kept,
  type Receive,
  type Spawnable,
  type Stashed,
} from "./behavior.ts";
import type { ActorContext, Terminated } from "./context.ts";
import { ActorError } from "./errors.ts";
import { cellOf } from "./local-ref.ts";
import type { AnyMessage } from "./message.ts";
import { PendingWork } from "./pending-work.ts";
import type { ActorRef } from "./ref.ts";
import type { SpawnArguments } from "./runtime.ts";
import type { ServiceKey } from "./service-key.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import { Stash } from "./stash.ts";
import type { ActorSystem } from "./system.ts";
import { type ActorTimers, KeyedTimers } from "./timers.ts";
import { Watches } from "./watches.ts";

const stashed = /* @__PURE__ */ new Kept() as unknown as Stashed;

export class LocalContext implements ActorContext<AnyMessage> {
  readonly #cell: ActorCell;
  #stash: Stash | undefined;
  #timers: KeyedTimers<AnyMessage> | undefined;
  #pending: PendingWork | undefined;
  #watches: Watches | undefined;
  /** Counts restarts: results of promises of an earlier life are not for this one. */
  #life = 0;

  constructor(cell: ActorCell) {
    this.#cell = cell;
  }

  get self(): ActorRef<AnyMessage> {
    return this.#cell.ref;
  }

  get system(): ActorSystem {
    return this.#cell.runtime.system;
  }

  get signal(): AbortSignal {
    return this.#cell.signal;
  }

  get children(): readonly ActorRef<never>[] {
    return this.#cell.life.children.map(({ ref }) => ref);
  }

  get timers(): ActorTimers<AnyMessage> {
    if (this.#timers === undefined) {
      this.#timers = new KeyedTimers(this.#cell.runtime.clock, (take) => this.#cell.send(take));
      if (this.#cell.life.isTerminated) this.#timers.close();
    }
    return this.#timers;
  }

  spawn<N extends AnyMessage>(
    id: string,
    behavior: Spawnable<N>,
    options?: SpawnOptions,
  ): ActorRef<N>;
  spawn<N extends AnyMessage>(
    id: string,
    key: ServiceKey<N>,
    behavior: Spawnable<N>,
    options?: SpawnOptions,
  ): ActorRef<N>;
  spawn<N extends AnyMessage>(id: string, ...rest: SpawnArguments<N>): ActorRef<N> {
    return this.#cell.runtime.spawn(this.#cell, id, rest);
  }

  stop(): void {
    this.#cell.life.end(undefined);
  }

  become(receive: Receive<AnyMessage>): void {
    this.#cell.receive = receive;
  }

  stash(): Stashed {
    const { actorId, options } = this.#cell;
    const letter = this.#cell.current("stash");
    this.#stash ??= new Stash(options.stashCapacity);
    if (this.#cell.isStashed) return stashed;
    this.#stash.put(letter, actorId);
    this.#cell.keep("stashed");
    return stashed;
  }

  unstashAll(): number {
    const count = this.#stash?.takeUpAll() ?? 0;
    this.#cell.lookAside();
    this.#cell.wake();
    return count;
  }

  deferReply<R>(): DeferredReply<R> {
    const letter = this.#cell.current("deferReply");
    this.#work.assertRoom(this.#cell.actorId);
    this.#cell.keep("deferred");
    const { actorId, runtime } = this.#cell;
    return this.#work.owe(letter instanceof PendingAsk ? letter : undefined, (error) =>
      runtime.report(actorId, error, "reply", undefined, messageOf(letter).type),
    );
  }

  pipeToSelf<T>(
    promise: PromiseLike<T>,
    onFulfilled: (value: T) => AnyMessage,
    onRejected?: (error: unknown) => AnyMessage,
  ): void {
    const work = this.#work;
    const life = this.#life;
    work.assertRoom(this.#cell.actorId);
    work.piped++;
    const send = (take: () => AnyMessage): void => {
      this.#cell.send(() => {
        work.piped--; // and not before: what waits to be taken counts
        return life === this.#life ? take() : undefined;
      });
    };
    Promise.resolve(promise).then(
      (value) => send(() => onFulfilled(value)),
      (error: unknown) =>
        send(() => {
          if (onRejected === undefined) throw error;
          return onRejected(error);
        }),
    );
  }

  watch(ref: ActorRef<never>, toMessage: (terminated: Terminated) => AnyMessage): void {
    const target = cellOf(ref);
    if (target === this.#cell) {
      const text = `${ref.id} cannot watch itself`;
      throw new ActorError("foreign_ref", text, { actorId: ref.id });
    }
    if (!this.#cell.life.isTerminated) this.#eyes.watch(target.life, toMessage);
  }

  unwatch(ref: ActorRef<never>): void {
    this.#watches?.unwatch(cellOf(ref).life);
  }

  subscribe<N extends AnyMessage>(
    key: ServiceKey<N>,
    toMessage: (refs: readonly ActorRef<N>[]) => AnyMessage,
  ): void {
    const { receptionist } = this.#cell.runtime;
    if (this.#cell.life.isTerminated) return;
    this.#eyes.subscribe<N>(key.name, (tell) => receptionist.listen(key, tell), toMessage);
  }

  unsubscribe<N extends AnyMessage>(key: ServiceKey<N>): void {
    this.#watches?.unsubscribe(key.name);
  }

  /** The next message that was stashed and taken up again. */
  nextUnstashed(): Letter | undefined {
    return this.#stash?.next();
  }

  get hasUnstashed(): boolean {
    return this.#stash?.hasNext ?? false;
  }

  /** Ends everything for good. */
  close(): void {
    this.#timers?.close();
    this.#watches?.clear();
  }

  /** Ends all that belongs to this life, but for the stash. */
  clear(error: () => ActorError): void {
    this.#life++;
    this.#timers?.cancelAll();
    this.#watches?.clear();
    this.#pending?.rejectAll(error);
    this.#pending = undefined; // promises that never settle are not this life's
  }

  drainStash(): readonly Letter[] {
    return this.#stash?.drain() ?? [];
  }

  get #work(): PendingWork {
    this.#pending ??= new PendingWork(this.#cell.options.pendingLimit);
    return this.#pending;
  }

  get #eyes(): Watches {
    this.#watches ??= new Watches((take) => this.#cell.send(take));
    return this.#watches;
  }
}
