// One actor and its turns: one message at a time, and once it is to end, none after the one it is at.
import { type Letter, messageOf, PendingAsk, refuse } from "./ask.ts";
import { Failure, Kept, type Receive, type Spawnable, unhandled } from "./behavior.ts";
import { ActorError } from "./errors.ts";
import { Intake } from "./intake.ts";
import { Life } from "./life.ts";
import { LocalContext } from "./local-context.ts";
import { LocalRef } from "./local-ref.ts";
import type { AnyMessage } from "./message.ts";
import { Ring } from "./ring.ts";
import type { CellOptions, Runtime } from "./runtime.ts";
import type { Turn } from "./scheduler.ts";
import type { Supervisor } from "./supervision.ts";
import type { ActorInfo } from "./system.ts";
import { isThenable } from "./thenable.ts";

/** Becomes a message when its turn comes, or nothing if it is not wanted any more. A throw is the actor's. */
export type LaneItem = () => AnyMessage | undefined;

export class ActorCell implements Turn {
  readonly actorId: string;
  readonly runtime: Runtime;
  readonly options: CellOptions;
  readonly parent: ActorCell | undefined;
  readonly intake: Intake;
  readonly ref: LocalRef<AnyMessage>;
  readonly context: LocalContext;
  readonly life: Life;
  receive!: Receive<AnyMessage>;
  /** A turn waits for a promise, or a restart or the end is under way. */
  isBusy = false;
  #isScheduled = false;

  /** What the turn is about. */
  #letter: Letter | undefined;
  /** The reply does not come from the turn's end: it was deferred, or the letter put aside. */
  #kept: "deferred" | "stashed" | undefined;
  #onTurnEnd: ((error?: unknown) => void) | undefined;

  /** The system lane: ahead of the mailbox and never dropped. What fills it is bounded where it comes from. */
  #lane: Ring<LaneItem> | undefined;
  /** There may be something that goes before the mailbox: a start, the lane, what was unstashed. */
  #isAside = true;
  #controller: AbortController | undefined;
  #onFulfilled: ((value: unknown) => void) | undefined;
  #onRejected: ((error: unknown) => void) | undefined;

  constructor(
    runtime: Runtime,
    parent: ActorCell | undefined,
    actorId: string,
    spawnable: Spawnable<AnyMessage>,
    options: CellOptions,
    supervisor: Supervisor | undefined,
  ) {
    this.runtime = runtime;
    this.parent = parent;
    this.actorId = actorId;
    this.options = options;
    this.intake = new Intake(this, options.mailbox);
    this.ref = new LocalRef(this);
    this.context = new LocalContext(this);
    this.life = new Life(this, spawnable, supervisor);
    if (!this.life.isStarted) this.wake();
  }

  /** Is it the other, or a descendant of it? */
  isBelow(other: ActorCell): boolean {
    return this === other || this.parent?.isBelow(other) === true;
  }

  /** No more messages: it is to end, or has ended. */
  get isEnding(): boolean {
    return this.intake.isClosed;
  }

  /** Messages it has to do, the one it is at included. */
  get load(): number {
    return this.intake.mailbox.size + (this.#letter === undefined ? 0 : 1);
  }

  get isInTurn(): boolean {
    return this.#letter !== undefined;
  }

  get info(): ActorInfo {
    const running = this.life.isRestarting ? "restarting" : "running";
    return {
      actorId: this.actorId,
      state: this.isEnding ? "stopping" : running,
      isBusy: this.isInTurn,
      waiting: this.intake.mailbox.size,
    };
  }

  /** Aborts with this life of the actor and, in the turn of an ask, when the asker gives up. */
  get signal(): AbortSignal {
    const { signal } = (this.#controller ??= new AbortController());
    if (this.isEnding) this.abortSignal();
    return this.#letter instanceof PendingAsk ? this.#letter.signalWith(signal) : signal;
  }

  /** Through the system lane: timers, watches, promises. */
  send(item: LaneItem): void {
    if (this.isEnding) return;
    (this.#lane ??= new Ring()).push(item);
    this.lookAside();
    this.wake();
  }

  /** Hands in a turn, unless one is waiting; `isSettled` says that a promise of the actor's has just settled. */
  wake(isSettled = false): void {
    if (this.#isScheduled || this.isBusy) return;
    this.#isScheduled = true;
    const { scheduler } = this.runtime;
    if (isSettled && scheduler.resume !== undefined) scheduler.resume(this);
    else scheduler.schedule(this);
  }

  // Turns

  run(limit: number): number {
    const { mailbox } = this.intake;
    this.#isScheduled = false;
    let handled = 0;
    while (handled < limit && !this.isBusy && !this.isEnding) {
      if (!this.#isAside || !this.#stepAside()) {
        const letter = mailbox.take();
        if (letter === undefined) return Math.max(handled, 1);
        if (this.isEnding) this.intake.returned(letter);
        else this.#handle(letter);
      }
      handled++;
    }
    this.goOn();
    return Math.max(handled, 1);
  }

  /** Something goes before the mailbox, or has come to an end. */
  lookAside(): void {
    this.#isAside = true;
  }

  /** Does what goes before the mailbox; false if there was nothing. */
  #stepAside(): boolean {
    if (!this.life.isStarted) this.life.start();
    else if (this.#lane !== undefined && this.#lane.size > 0) this.#handleNextInLane(this.#lane);
    else if (this.context.hasUnstashed) this.#handleNextUnstashed();
    else return (this.#isAside = false);
    return true;
  }

  #handleNextInLane(lane: Ring<LaneItem>): void {
    const item = lane.shift();
    let message: AnyMessage | undefined;
    try {
      message = this.inOwnName(() => item?.());
    } catch (error) {
      this.life.failed(error, "turn", undefined);
      return;
    }
    if (message !== undefined) this.#handle(message);
  }

  #handleNextUnstashed(): void {
    const letter = this.context.nextUnstashed();
    if (letter !== undefined) this.#handle(letter);
  }

  #handle(letter: Letter): void {
    const { runtime } = this;
    const message = letter instanceof PendingAsk ? letter.message : letter;
    this.#letter = letter;
    if (runtime.onTurn !== undefined) this.#onTurnEnd = runtime.onTurn(this.actorId, message);
    let outcome: unknown;
    let isPromise = false;
    try {
      runtime.onStack = this;
      outcome =
        runtime.asyncContext === undefined
          ? this.receive(message, this.context)
          : this.inOwnName(() => this.receive(message, this.context));
      if (typeof outcome === "object" && outcome !== null) isPromise = isThenable(outcome);
    } catch (error) {
      runtime.onStack = undefined;
      this.#turnFailed(error);
      return;
    }
    runtime.onStack = undefined;
    if (isPromise) this.#await(outcome);
    else this.#endTurn(outcome);
  }

  #await(outcome: unknown): void {
    this.isBusy = true;
    // Made once: an actor of asynchronous handlers would make two for each message.
    this.#onFulfilled ??= (value) => {
      this.isBusy = false;
      this.#endTurn(value);
      this.goOn(true);
    };
    this.#onRejected ??= (error) => {
      this.isBusy = false;
      this.#turnFailed(error);
      this.goOn(true);
    };
    Promise.resolve(outcome).then(this.#onFulfilled, this.#onRejected);
  }

  #endTurn(outcome: unknown): void {
    const letter = this.#letter as Letter;
    if (outcome instanceof Kept || outcome instanceof Failure) this.#takeWord(outcome, letter);
    else if (letter instanceof PendingAsk && this.#kept === undefined) letter.resolve(outcome);
    this.#leaveTurn(undefined);
  }

  /** A handler has returned something that is no reply. */
  #takeWord(word: Kept | Failure, letter: Letter): void {
    const { actorId, runtime } = this;
    const message = messageOf(letter);
    const details = { actorId, messageType: message.type };
    if (word instanceof Failure) {
      refuse(letter, word.error);
      runtime.report(actorId, word.error, "reply", undefined, message.type);
    } else if (word === unhandled) {
      runtime.deadLetters.file("unhandled", actorId, message);
      const text = `${actorId} has no handler for ${message.type}`;
      refuse(letter, new ActorError("unhandled_message", text, details));
    } else if (this.#kept === undefined) {
      const text = `${actorId} returned another turn's`;
      refuse(letter, new ActorError("not_in_turn", text, details));
    }
  }

  #turnFailed(error: unknown): void {
    const letter = this.#letter as Letter;
    refuse(letter, error);
    this.#leaveTurn(error);
    this.life.failed(error, "turn", messageOf(letter).type);
  }

  #leaveTurn(error: unknown): void {
    this.#letter = this.#kept = undefined;
    const onTurnEnd = this.#onTurnEnd;
    if (onTurnEnd === undefined) return;
    this.#onTurnEnd = undefined;
    onTurnEnd(error);
  }

  /** After a turn, a restart or an order to end: what is next? */
  goOn(isSettled = false): void {
    if (this.isBusy) return;
    if (this.isEnding) this.life.terminate();
    else if (!this.life.isStarted || this.#hasWork) this.wake(isSettled);
  }

  get #hasWork(): boolean {
    const inLane = this.#lane !== undefined && this.#lane.size > 0;
    return this.intake.mailbox.size > 0 || inLane || this.context.hasUnstashed;
  }

  // What the context needs

  /**
   * What the turn is about: with the asker, unless the reply was kept for later.
   *
   * @throws ActorError `not_in_turn`
   */
  current(what: string): Letter {
    const letter = this.#letter;
    if (letter !== undefined) return this.#kept === undefined ? letter : messageOf(letter);
    const text = `${what} while ${this.actorId} is in no turn`;
    throw new ActorError("not_in_turn", text, { actorId: this.actorId });
  }

  get isStashed(): boolean {
    return this.#kept === "stashed";
  }

  /** The end of the turn does not answer the asker. */
  keep(how: "deferred" | "stashed"): void {
    if (this.#kept !== "stashed") this.#kept = how;
  }

  /** What waits becomes dead letters: first what was put aside, then the mailbox. */
  drain(): void {
    for (const letter of this.context.drainStash()) this.intake.returned(letter);
    this.intake.drain();
  }

  /** Ends what belongs to this life of the actor. */
  clear(error: () => ActorError): void {
    this.abortSignal(error);
    this.#controller = undefined;
    this.#lane = undefined;
    this.context.clear(error);
  }

  /** Tells what runs in the name of this life that it is over. */
  abortSignal(error: () => ActorError = () => this.intake.terminatedError()): void {
    if (this.#controller?.signal.aborted === false) this.#controller.abort(error());
  }

  /** Runs the program's code, known to be this actor's. */
  inOwnName<T>(code: () => T): T {
    return this.runtime.run(this, code);
  }
}
