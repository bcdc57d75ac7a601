// An actor's life around its turns: it starts, fails and begins anew, ends. Children end before their parent.
import type { ActorCell } from "./actor-cell.ts";
import { messageOf, refuse } from "./ask.ts";
import { type Behavior, begin, type Spawnable } from "./behavior.ts";
import { sleep } from "./clock.ts";
import type { Terminated } from "./context.ts";
import { Deferred } from "./deferred.ts";
import { ActorError } from "./errors.ts";
import type { AnyMessage } from "./message.ts";
import { duration } from "./option-checks.ts";
import { ignore } from "./rejections.ts";
import type { Directive, Supervisor } from "./supervision.ts";
import type { Watchable } from "./watches.ts";
import { isThenable } from "./thenable.ts";

/** Where a failure happened that supervision decides about. */
export type FailurePhase = "turn" | "start";

export class Life implements Watchable {
  readonly #cell: ActorCell;
  readonly #spawnable: Spawnable<AnyMessage>;
  readonly #supervisor: Supervisor | undefined;
  #hooks: Behavior<AnyMessage> | undefined;
  #isStarted = false;
  #isRestarting = false;
  #isTerminated = false;
  #children: Set<ActorCell> | undefined;
  #watchers: Map<object, (terminated: Terminated) => void> | undefined;
  #terminated: Deferred<void> | undefined;
  /** The wait before a restart, which an end cuts short. */
  #pause: AbortController | undefined;
  /** What it died of. */
  #error: unknown;

  constructor(
    cell: ActorCell,
    spawnable: Spawnable<AnyMessage>,
    supervisor: Supervisor | undefined,
  ) {
    this.#cell = cell;
    this.#spawnable = spawnable;
    this.#supervisor = supervisor;
    if (cell.parent !== undefined) cell.parent.life.#adopt(cell);
    // A function has nothing to start with, so its first turn is its first message.
    if (typeof spawnable !== "function") return;
    cell.receive = spawnable;
    this.#isStarted = true;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isRestarting(): boolean {
    return this.#isRestarting;
  }

  get isTerminated(): boolean {
    return this.#isTerminated;
  }

  get children(): readonly ActorCell[] {
    return this.#children === undefined ? [] : [...this.#children];
  }

  get terminated(): Deferred<void> {
    if (this.#terminated === undefined) {
      this.#terminated = new Deferred<void>();
      if (this.#isTerminated) this.#terminated.resolve();
    }
    return this.#terminated;
  }

  /** The first turn of a life: makes the behaviour and lets it begin. */
  start(): void {
    const cell = this.#cell;
    this.#isStarted = true;
    let begun: unknown;
    let isPromise = false;
    try {
      const { hooks, receive } = cell.inOwnName(() => begin(this.#spawnable, cell.context));
      this.#hooks = hooks;
      cell.receive = receive;
      begun = cell.inOwnName(() => hooks?.onStart?.(cell.context));
      isPromise = isThenable(begun);
    } catch (error) {
      this.failed(error, "start", undefined);
      return;
    }
    if (!isPromise) return;
    cell.isBusy = true;
    Promise.resolve(begun).then(
      () => {
        cell.isBusy = false;
        cell.goOn();
      },
      (error: unknown) => {
        cell.isBusy = false;
        this.failed(error, "start", undefined);
        cell.goOn();
      },
    );
  }

  failed(error: unknown, phase: FailurePhase, messageType: string | undefined): void {
    const { actorId, parent, runtime } = this.#cell;
    const directive = this.#cell.isEnding ? undefined : this.#decide(error, phase);
    runtime.report(actorId, error, phase, directive, messageType);
    if (directive === "restart") {
      void this.#restart(error);
    } else if (directive === "stop" || directive === "escalate") {
      this.end(error);
    }
    if (directive === "escalate") {
      parent?.send(() => {
        throw error;
      });
    }
  }

  #decide(error: unknown, phase: FailurePhase): Directive {
    const { actorId, parent, runtime } = this.#cell;
    try {
      const directive = this.#supervisor?.decide(error) ?? "stop";
      // What never started has nothing to go on with, and above a root is nobody.
      if (directive === "resume" && phase === "start") return "stop";
      return directive === "escalate" && parent === undefined ? "stop" : directive;
    } catch (thrown) {
      runtime.report(actorId, thrown, "directive", "stop", undefined);
      return "stop";
    }
  }

  async #restart(error: unknown): Promise<void> {
    const cell = this.#cell;
    const { actorId, runtime } = cell;
    cell.isBusy = this.#isRestarting = true;
    await this.#cleanUp("restart", error);
    const restarted = this.restartedError(error);
    cell.clear(() => restarted);
    for (const letter of cell.context.drainStash()) {
      runtime.deadLetters.file("restarted", actorId, messageOf(letter));
      refuse(letter, restarted);
    }
    await this.#endChildren();
    if (!cell.isEnding) await this.#wait();
    cell.isBusy = this.#isRestarting = false;
    if (!cell.isEnding) {
      this.#isStarted = false;
      cell.lookAside();
      this.#supervisor?.begun();
      runtime.publish({ type: "restarted", error }, actorId);
    }
    cell.goOn();
  }

  restartedError(cause?: unknown): ActorError {
    const { actorId } = this.#cell;
    return new ActorError("actor_restarted", `${actorId} was restarted`, { actorId, cause });
  }

  async #wait(): Promise<void> {
    const { actorId, runtime } = this.#cell;
    try {
      const delayMs = duration(this.#supervisor?.nextDelayMs() ?? 0, "supervision.backoff");
      if (delayMs === 0) return;
      this.#pause = new AbortController();
      await sleep(runtime.clock, delayMs, { signal: this.#pause.signal }).catch(ignore);
      this.#pause = undefined;
    } catch (thrown) {
      runtime.report(actorId, thrown, "directive", "stop", undefined); // the program's own randomness
      this.end(thrown);
    }
  }

  /** Orders the end: nothing comes in, nothing waits any more, and after the current turn all is over. */
  end(error: unknown): void {
    const cell = this.#cell;
    if (cell.isEnding) return;
    this.#error = error;
    cell.intake.close();
    cell.runtime.receptionist.forget(cell.ref);
    cell.drain(); // at once: the turn may be waiting for one who waits here
    cell.abortSignal();
    this.#pause?.abort();
    cell.wake();
  }

  /** Drain, children, `onStop`, terminated: in this order, so that no child outlives what it uses. */
  terminate(): void {
    const cell = this.#cell;
    cell.isBusy = true;
    cell.drain();
    cell.clear(() => cell.intake.terminatedError());
    if (this.#hooks?.onStop === undefined && this.#children === undefined) {
      this.#finish();
      return;
    }
    void this.#endChildren()
      .then(() => this.#cleanUp("stop", this.#error))
      .then(() => this.#finish());
  }

  #finish(): void {
    const cell = this.#cell;
    const terminated = { actorId: cell.actorId, error: this.#error };
    this.#isTerminated = true;
    cell.context.close();
    if (cell.parent !== undefined) cell.parent.life.#disown(cell);
    cell.runtime.removed(cell);
    for (const tell of this.#watchers?.values() ?? []) tell(terminated);
    this.#watchers = undefined;
    cell.runtime.publish({ type: "terminated", error: this.#error }, cell.actorId);
    this.#terminated?.resolve();
  }

  /** All at once, the last one spawned first. */
  async #endChildren(): Promise<void> {
    const ended = this.children.toReversed().map(({ life }) => {
      life.end(undefined);
      return life.terminated.promise;
    });
    await Promise.all(ended);
  }

  /** The hook of the life that ends, once. */
  async #cleanUp(phase: "restart" | "stop", error: unknown): Promise<void> {
    const { actorId, context, options, runtime } = this.#cell;
    const hooks = this.#hooks;
    this.#hooks = undefined;
    if (hooks === undefined) return;
    try {
      const done = this.#cell.inOwnName(() =>
        phase === "restart" && hooks.onRestart !== undefined
          ? hooks.onRestart(error, context)
          : hooks.onStop?.(context, error),
      );
      if (!isThenable(done)) return;
      const isLate = new Deferred<never>();
      const text = `${phase} of ${actorId} took longer than ${options.cleanupTimeoutMs} ms`;
      const late = new ActorError("cleanup_timeout", text, { actorId });
      const timer = runtime.clock.setTimer(() => isLate.reject(late), options.cleanupTimeoutMs);
      await Promise.race([done, isLate.promise]).finally(() => timer.cancel());
    } catch (thrown) {
      runtime.report(actorId, thrown, phase, undefined, undefined);
    }
  }

  addWatcher(owner: object, tell: (terminated: Terminated) => void): void {
    if (this.#isTerminated) tell({ actorId: this.#cell.actorId, error: this.#error });
    else (this.#watchers ??= new Map()).set(owner, tell);
  }

  removeWatcher(owner: object): void {
    this.#watchers?.delete(owner);
  }

  #adopt(child: ActorCell): void {
    (this.#children ??= new Set()).add(child);
  }

  #disown(child: ActorCell): void {
    this.#children?.delete(child);
  }
}
