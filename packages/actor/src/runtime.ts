// What the actors of one system share. `ActorSystem` is its outer side.
import { ActorCell } from "./actor-cell.ts";
import type { Spawnable } from "./behavior.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type DeadLetter, DeadLetters } from "./dead-letters.ts";
import { ActorError } from "./errors.ts";
import { type ActorEvent, type ErrorEvent, EventStream } from "./events.ts";
import { FairScheduler } from "./fair-scheduler.ts";
import { guarded, type TurnEnd } from "./instrumentation.ts";
import { logEvent } from "./logger.ts";
import type { MailboxOptions } from "./mailbox.ts";
import type { AnyMessage } from "./message.ts";
import { atLeast, duration } from "./option-checks.ts";
import { Receptionist } from "./receptionist.ts";
import type { ActorRef } from "./ref.ts";
import type { Scheduler } from "./scheduler.ts";
import { ServiceKey } from "./service-key.ts";
import type { SpawnOptions } from "./spawn-options.ts";
import { Supervisor } from "./supervision.ts";
import type { ActorSystem } from "./system.ts";
import type { SystemOptions } from "./system-options.ts";

/** Spawn options with their defaults. */
export interface CellOptions {
  readonly mailbox: MailboxOptions;
  readonly stashCapacity: number;
  readonly pendingLimit: number;
  readonly cleanupTimeoutMs: number;
}

/** What follows an id in a call of `spawn`. */
export type SpawnArguments<M extends AnyMessage> =
  | readonly [behavior: Spawnable<M>, options?: SpawnOptions | undefined]
  | readonly [key: ServiceKey<M>, behavior: Spawnable<M>, options?: SpawnOptions | undefined];

type Counts = { [T in ActorEvent["type"]]: number };

/** An event without what is filled in when it is published. */
type News = ActorEvent extends infer E
  ? E extends { readonly type: "deadLetter" }
    ? never
    : Omit<E & ActorEvent, "actorId" | "timestamp">
  : never;

export class Runtime {
  readonly system: ActorSystem;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly askTimeoutMs: number | undefined;
  readonly deadLetters: DeadLetters;
  readonly receptionist: Receptionist;
  readonly events: EventStream = new EventStream();
  readonly onEnqueue: ((actorId: string, message: AnyMessage, waiting: number) => void) | undefined;
  readonly onTurn: ((actorId: string, message: AnyMessage) => TurnEnd | undefined) | undefined;
  readonly counts: Counts = {
    spawned: 0,
    terminated: 0,
    restarted: 0,
    error: 0,
    deadLetter: 0,
    dropped: 0,
    refused: 0,
  };
  /** The actor whose code is on the stack. */
  current: ActorCell | undefined;
  readonly #cells = new Map<string, ActorCell>();
  readonly #deadLetterDrops: boolean;
  readonly #spawnDefaults: SpawnOptions;
  readonly #cellDefaults: CellOptions;
  #shutdown: Promise<void> | undefined;

  /** @throws ActorError `invalid_option` */
  constructor(system: ActorSystem, options: SystemOptions) {
    const { instrumentation, logger, askTimeoutMs, spawnDefaults = {} } = options;
    this.system = system;
    this.clock = options.clock ?? systemClock;
    this.scheduler = options.scheduler ?? new FairScheduler();
    this.askTimeoutMs =
      askTimeoutMs === undefined ? undefined : duration(askTimeoutMs, "askTimeoutMs");
    this.#deadLetterDrops = options.deadLetterDrops ?? false;
    this.deadLetters = new DeadLetters(options.deadLetterCapacity ?? 1000, this.clock, (letter) =>
      this.#letter(letter),
    );
    this.receptionist = new Receptionist(this);
    this.#spawnDefaults = spawnDefaults;
    this.#cellDefaults = cellOptions({}, spawnDefaults);
    if (spawnDefaults.supervision !== undefined)
      new Supervisor(spawnDefaults.supervision, this.clock);
    this.onEnqueue = guarded(instrumentation?.onEnqueue);
    const onTurn = guarded(instrumentation?.onTurn);
    this.onTurn =
      onTurn === undefined ? undefined : (actorId, message) => guarded(onTurn(actorId, message));
    const onEvent = guarded(instrumentation?.onEvent);
    if (onEvent !== undefined) this.events.listen(onEvent);
    const onLog = guarded(
      logger === undefined ? undefined : (event: ActorEvent) => logEvent(logger, event),
    );
    if (onLog !== undefined) this.events.listen(onLog);
  }

  get isClosing(): boolean {
    return this.#shutdown !== undefined;
  }

  /** @throws ActorError `system_terminated` */
  assertOpen(): void {
    if (this.#shutdown === undefined) return;
    throw new ActorError("system_terminated", "the actor system is shutting down or has ended");
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
    const { key, behavior, options } = named(rest);
    this.assertOpen();
    if (parent?.isEnding === true) throw parent.intake.terminatedError();
    if (typeof id !== "string" || id === "") {
      throw new ActorError("empty_actor_id", "an actor needs an id");
    }
    const actorId = parent === undefined ? id : `${parent.actorId}/${id}`;
    if (!isSpawnable(behavior)) {
      const text = `the behavior of ${actorId} is neither a function nor an object with receive or create`;
      throw new ActorError("invalid_behavior", text, { actorId });
    }
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
    const ended = (this.#shutdown ??= this.#end());
    // An actor that waits for the end in its own turn would wait for itself.
    const waited = this.current === undefined ? ended : this.#othersThan(this.current);
    return signal === undefined ? waited : this.#until(waited, signal);
  }

  async #end(): Promise<void> {
    const roots = this.cells.filter(({ parent }) => parent === undefined);
    for (const { life } of roots.toReversed()) life.end(undefined);
    await Promise.all(roots.map(({ life }) => life.terminated.promise));
    this.receptionist.close();
    this.events.close();
  }

  async #othersThan(current: ActorCell): Promise<void> {
    const line = new Set<ActorCell>();
    for (let cell: ActorCell | undefined = current; cell !== undefined; cell = cell.parent) {
      line.add(cell);
    }
    const others = this.cells.filter((cell) => !line.has(cell));
    await Promise.all(others.map((cell) => cell.life.terminated.promise));
  }

  #until(ended: Promise<void>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const hung = this.cells.filter(({ life }) => life.children.length === 0);
        const names = hung.map(({ actorId }) => actorId);
        const text = `the shutdown was given up with ${names.length} actors running: ${names.join(", ")}`;
        reject(new ActorError("aborted", text, { cause: signal.reason, hung: names }));
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener("abort", onAbort, { once: true });
      void ended.then(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
    });
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
    mailbox: options.mailbox ?? defaults.mailbox ?? {},
    stashCapacity: atLeast(0, stashCapacity, "stashCapacity"),
    pendingLimit: atLeast(0, pendingLimit, "pendingLimit"),
    cleanupTimeoutMs: duration(cleanupTimeoutMs, "cleanupTimeoutMs"),
  };
}

interface NamedArguments<M extends AnyMessage> {
  readonly key: ServiceKey<M> | undefined;
  readonly behavior: Spawnable<M>;
  readonly options: SpawnOptions | undefined;
}

function named<M extends AnyMessage>(rest: SpawnArguments<M>): NamedArguments<M> {
  const [first, second, third] = rest as readonly unknown[];
  const isKeyed = first instanceof ServiceKey;
  return {
    key: isKeyed ? (first as ServiceKey<M>) : undefined,
    behavior: (isKeyed ? second : first) as Spawnable<M>,
    options: (isKeyed ? third : second) as SpawnOptions | undefined,
  };
}

function isSpawnable(behavior: unknown): boolean {
  if (typeof behavior === "function") return true;
  if (typeof behavior !== "object" || behavior === null) return false;
  const { receive, create } = behavior as { receive?: unknown; create?: unknown };
  return typeof receive === "function" || typeof create === "function";
}
