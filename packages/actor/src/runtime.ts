// What the actors of one system share. `ActorSystem` is its outer side.
import { ActorCell } from "./actor-cell.ts";
import { invalidBehavior, type Spawnable } from "./behavior.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type DeadLetter, DeadLetters } from "./dead-letters.ts";
import { Deferred } from "./deferred.ts";
import { ActorError } from "./errors.ts";
import { type ActorEvent, type ErrorEvent, EventStream } from "./events.ts";
import { FairScheduler } from "./fair-scheduler.ts";
import { guarded, type TurnEnd } from "./instrumentation.ts";
import { type MailboxSettings, mailboxSettings } from "./mailbox.ts";
import type { AnyMessage } from "./message.ts";
import { atLeast, duration } from "./option-checks.ts";
import { Registry } from "./receptionist.ts";
import type { ActorRef } from "./ref.ts";
import { ignore, rejected } from "./rejections.ts";
import type { Scheduler } from "./scheduler.ts";
import { ServiceKey } from "./service-key.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import { Supervisor } from "./supervision.ts";
import type { ActorSystem } from "./system.ts";
import type { AsyncContext, SystemOptions } from "./system-options.ts";
import { isThenable } from "./thenable.ts";

/** Spawn options with their defaults. */
export interface CellOptions {
  readonly mailbox: MailboxSettings;
  readonly stashCapacity: number;
  readonly pendingLimit: number;
  readonly cleanupTimeoutMs: number;
}

/** What follows an id in a call of `spawn`. */
export type SpawnArguments<M extends AnyMessage> =
  | readonly [behavior: Spawnable<M>, options?: SpawnOptions | undefined]
  | readonly [key: ServiceKey<M>, behavior: Spawnable<M>, options?: SpawnOptions | undefined];

/** How often each event has happened. */
export type EventCounts = { [T in ActorEvent["type"]]: number };

/** An event without what is filled in when it is published. */
type News = ActorEvent extends infer E
  ? E extends { readonly type: "deadLetter" }
    ? never
    : Omit<E & ActorEvent, "actorId" | "timestamp">
  : never;

/** Follows a turn through what it awaits; empty when the turn is over. */
interface Turning {
  cell: ActorCell | undefined;
}

export class Runtime {
  readonly system: ActorSystem;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly askTimeoutMs: number | undefined;
  readonly deadLetters: DeadLetters;
  readonly receptionist: Registry;
  readonly events: EventStream = new EventStream();
  readonly onEnqueue: ((actorId: string, message: AnyMessage, waiting: number) => void) | undefined;
  readonly onTurn: ((actorId: string, message: AnyMessage) => TurnEnd | undefined) | undefined;
  readonly counts: EventCounts = {
    spawned: 0,
    terminated: 0,
    restarted: 0,
    error: 0,
    deadLetter: 0,
    dropped: 0,
    refused: 0,
  };
  /** The actor whose code is on the stack. */
  onStack: ActorCell | undefined;
  readonly asyncContext: AsyncContext<Turning> | undefined;
  readonly #cells = new Map<string, ActorCell>();
  readonly #deadLetterDrops: boolean;
  readonly #spawnDefaults: SpawnOptions;
  readonly #cellDefaults: CellOptions;
  /** There once the end has begun. */
  #ended: Deferred<void> | undefined;

  /** @throws ActorError `invalid_option` */
  constructor(system: ActorSystem, options: SystemOptions) {
    const { instrumentation, askTimeoutMs, spawnDefaults = {} } = options;
    this.system = system;
    this.clock = options.clock ?? systemClock;
    this.scheduler = options.scheduler ?? new FairScheduler();
    this.askTimeoutMs =
      askTimeoutMs === undefined ? undefined : duration(askTimeoutMs, "askTimeoutMs");
    this.#deadLetterDrops = options.deadLetterDrops ?? false;
    this.deadLetters = new DeadLetters(options.deadLetterCapacity ?? 1000, this.clock, (letter) =>
      this.#letter(letter),
    );
    this.receptionist = new Registry(this);
    this.#spawnDefaults = spawnDefaults;
    this.#cellDefaults = cellOptions({}, spawnDefaults);
    if (spawnDefaults.supervision !== undefined)
      new Supervisor(spawnDefaults.supervision, this.clock);
    this.asyncContext = options.asyncContext as AsyncContext<Turning> | undefined;
    this.onEnqueue = guarded(instrumentation?.onEnqueue?.bind(instrumentation));
    const onTurn = guarded(instrumentation?.onTurn?.bind(instrumentation));
    this.onTurn =
      onTurn === undefined ? undefined : (actorId, message) => guarded(onTurn(actorId, message));
    const onEvent = guarded(instrumentation?.onEvent?.bind(instrumentation));
    if (onEvent !== undefined) this.events.listen(onEvent);
  }

  /** @throws ActorError `system_terminated` */
  assertOpen(): void {
    if (this.#ended === undefined) return;
    throw new ActorError("system_terminated", "the actor system is ending");
  }

  /** The actor whose turn it is: known on the stack, and with an `asyncContext` in what the turn awaits, too. */
  get current(): ActorCell | undefined {
    return this.onStack ?? this.asyncContext?.getStore()?.cell;
  }

  /** Runs the program's code in the name of an actor. */
  run<T>(cell: ActorCell, code: () => T): T {
    const { asyncContext, onStack } = this;
    this.onStack = cell;
    try {
      return asyncContext === undefined ? code() : following(asyncContext, cell, code);
    } finally {
      this.onStack = onStack;
    }
  }

  cell(actorId: string): ActorCell | undefined {
    return this.#cells.get(actorId);
  }

  get cells(): readonly ActorCell[] {
    return [...this.#cells.values()];
  }

  spawn<M extends AnyMessage>(
    parent: ActorCell | undefined,
    id: string,
    rest: SpawnArguments<M>,
  ): ActorRef<M> {
    const isKeyed = rest[0] instanceof ServiceKey;
    const key = isKeyed ? (rest[0] as ServiceKey<M>) : undefined;
    const [behavior, options] = (isKeyed ? rest.slice(1) : rest) as [Spawnable<M>, SpawnOptions?];
    this.assertOpen();
    if (parent?.isEnding === true) throw parent.intake.terminatedError();
    if (parent?.life.isRestarting === true) throw parent.life.restartedError();
    if (typeof id !== "string" || id === "") {
      throw new ActorError("empty_actor_id", "an actor needs an id");
    }
    const actorId = parent === undefined ? id : `${parent.actorId}/${id}`;
    if (!isSpawnable(behavior)) throw invalidBehavior(`what ${actorId} was spawned with`);
    if (this.#cells.has(actorId)) {
      const text = `there is an actor ${actorId} already`;
      throw new ActorError("duplicate_actor_id", text, { actorId });
    }
    if (key !== undefined) this.receptionist.find(key); // a mismatch is told before anything begins
    const supervision = options?.supervision ?? this.#spawnDefaults.supervision;
    const cell = new ActorCell(
      this,
      parent,
      actorId,
      behavior as unknown as Spawnable<AnyMessage>, // what is behind a ref gets what the ref takes
      options === undefined ? this.#cellDefaults : cellOptions(options, this.#spawnDefaults),
      supervision === undefined ? undefined : new Supervisor(supervision, this.clock),
    );
    this.#cells.set(actorId, cell);
    const ref = cell.ref as ActorRef<M>;
    if (key !== undefined) this.receptionist.register(key, ref);
    this.publish({ type: "spawned" }, actorId);
    return ref;
  }

  removed(cell: ActorCell): void {
    this.#cells.delete(cell.actorId);
  }

  publish(news: News, actorId: string): void {
    this.counts[news.type]++;
    if (!this.events.isObserved) return;
    this.events.publish({ ...news, actorId, timestamp: this.clock.now() } as ActorEvent);
  }

  report(
    actorId: string,
    error: unknown,
    phase: ErrorEvent["phase"],
    directive: ErrorEvent["directive"],
    messageType: string | undefined,
  ): void {
    this.publish({ type: "error", error, phase, directive, messageType }, actorId);
  }

  dropped(actorId: string, message: AnyMessage): void {
    this.publish({ type: "dropped", messageType: message.type }, actorId);
    if (this.#deadLetterDrops) this.deadLetters.file("dropped", actorId, message);
  }

  /** Stops all actors, the last one spawned first, children before their parents. */
  shutdown(signal: AbortSignal | undefined): Promise<void> {
    if (this.#ended === undefined) {
      this.#ended = new Deferred();
      void this.#end(this.#ended);
    }
    // An actor that waited for the end in its own turn would wait for itself, or for another that does so.
    if (this.current !== undefined) return Promise.resolve();
    const ended = this.#ended;
    if (signal === undefined) return ended.promise;
    if (signal.aborted && !ended.isSettled) return rejected(this.#givenUp(signal));
    const waited = ended.wait({ signal }).catch(() => {
      throw this.#givenUp(signal);
    });
    waited.catch(ignore);
    return waited;
  }

  #givenUp({ reason }: AbortSignal): ActorError {
    const hung = this.cells.filter(
      ({ isEnding, isInTurn, life }) =>
        isEnding && (isInTurn || !life.children.some((child) => child.isEnding)),
    );
    const names = hung.map(({ actorId }) => actorId);
    const text = `still running: ${names.join(", ")}`;
    return new ActorError("aborted", text, { cause: reason, hung: names });
  }

  async #end(ended: Deferred<void>): Promise<void> {
    const roots = this.cells.filter(({ parent }) => parent === undefined).reverse();
    for (const { life } of roots) life.end(undefined);
    await Promise.all(roots.map(({ life }) => life.terminated.promise));
    this.receptionist.close();
    this.events.end();
    ended.resolve();
  }

  #letter(letter: DeadLetter): void {
    this.counts.deadLetter++;
    this.events.publish(letter);
  }
}

function cellOptions(options: SpawnOptions, defaults: SpawnOptions): CellOptions {
  const stashCapacity = options.stashCapacity ?? defaults.stashCapacity ?? 100;
  const pendingLimit = options.pendingLimit ?? defaults.pendingLimit ?? 1000;
  const cleanupTimeoutMs = options.cleanupTimeoutMs ?? defaults.cleanupTimeoutMs ?? 5000;
  return {
    mailbox: mailboxSettings(options.mailbox ?? defaults.mailbox ?? {}),
    stashCapacity: atLeast(0, stashCapacity, "stashCapacity"),
    pendingLimit: atLeast(0, pendingLimit, "pendingLimit"),
    cleanupTimeoutMs: duration(cleanupTimeoutMs, "cleanupTimeoutMs"),
  };
}

/** Runs code whose continuations know whose they are, until it has settled. */
function following<T>(context: AsyncContext<Turning>, cell: ActorCell, code: () => T): T {
  const turning: Turning = { cell };
  const leave = (): void => void (turning.cell = undefined);
  try {
    const result = context.run(turning, code);
    if (isThenable(result)) Promise.resolve(result).then(leave, leave);
    else leave();
    return result;
  } catch (error) {
    leave();
    throw error;
  }
}

function isSpawnable(behavior: unknown): boolean {
  if (typeof behavior === "function") return true;
  if (typeof behavior !== "object" || behavior === null) return false;
  const { receive, create } = behavior as { receive?: unknown; create?: unknown };
  return typeof receive === "function" || typeof create === "function";
}
