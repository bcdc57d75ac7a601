// One actor and its turns: one message at a time, and once it is to end, none after the one it is at.
import type { PendingAsk } from "./ask.ts";
import { Failure, type Receive, type Spawnable, unhandled } from "./behavior.ts";
import { ActorError } from "./errors.ts";
import { Intake } from "./intake.ts";
import { Life } from "./life.ts";
import { LocalContext } from "./local-context.ts";
import { LocalRef } from "./local-ref.ts";
import type { AnyMessage } from "./message.ts";
import type { CellOptions, Runtime } from "./runtime.ts";
import type { Turn } from "./scheduler.ts";
import type { Stored } from "./stash.ts";
import type { Supervisor } from "./supervision.ts";
import type { ActorInfo } from "./system.ts";
import { isThenable } from "./within.ts";

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

  /** The message of the turn. */
  #message: AnyMessage | undefined;
  /** Its asker, whom a failure reaches in any case. */
  #turnAsk: PendingAsk | undefined;
  /** The asker that the end of the turn answers: none once the reply was kept for later. */
  #ask: PendingAsk | undefined;
  #onTurnEnd: ((error?: unknown) => void) | undefined;

  /** The system lane: ahead of the mailbox and never dropped. What fills it is bounded where it comes from. */
  #lane: LaneItem[] | undefined;
  #controller: AbortController | undefined;

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

  /** No more messages: it is to end, or has ended. */
  get isEnding(): boolean {
    return this.intake.isClosed;
  }

  get info(): ActorInfo {
    const running = this.life.isRestarting ? "restarting" : "running";
    return {
      actorId: this.actorId,
      state: this.isEnding ? "stopping" : running,
      isBusy: this.#message !== undefined,
      waiting: this.intake.mailbox.size,
    };
  }

  /** Aborts with the ask of the turn, or else with the actor. */
  get signal(): AbortSignal {
    const ask = this.#turnAsk;
    if (ask === undefined) this.#controller ??= new AbortController();
    const signal = ask === undefined ? (this.#controller as AbortController).signal : ask.signal;
    if (this.isEnding) this.abortSignals();
    return signal;
  }

  /** Through the system lane: timers, watches, promises. */
  send(item: LaneItem): void {
    if (this.isEnding) return;
    (this.#lane ??= []).push(item);
    this.wake();
  }

  wake(): void {
    if (this.#isScheduled || this.isBusy) return;
    this.#isScheduled = true;
    this.runtime.scheduler.schedule(this);
  }

  // Turns

  run(limit: number): number {
    this.#isScheduled = false;
    let handled = 0;
    while (handled < limit && !this.isBusy && !this.isEnding) {
      if (!this.life.isStarted) this.life.start();
      else if (this.#lane !== undefined && this.#lane.length > 0)
        this.#handleNextInLane(this.#lane);
      else if (this.context.hasUnstashed) this.#handleNextUnstashed();
      else if (!this.#handleNextInMailbox()) break;
      handled++;
    }
    this.goOn();
    return Math.max(handled, 1);
  }

  #handleNextInMailbox(): boolean {
    const { mailbox } = this.intake;
    if (!mailbox.take()) return false;
    const { message, ask } = mailbox;
    mailbox.message = undefined; // what was handled must not be kept in memory
    mailbox.ask = undefined;
    this.#handle(message as AnyMessage, ask);
    return true;
  }

  #handleNextInLane(lane: LaneItem[]): void {
    const item = lane.shift();
    let message: AnyMessage | undefined;
    try {
      message = this.inOwnName(() => item?.());
    } catch (error) {
      this.life.failed(error, "turn", undefined);
      return;
    }
    if (message !== undefined) this.#handle(message, undefined);
  }

  #handleNextUnstashed(): void {
    const next = this.context.nextUnstashed();
    if (next !== undefined) this.#handle(next.message, next.ask);
  }

  #handle(message: AnyMessage, ask: PendingAsk | undefined): void {
    const { runtime } = this;
    this.#message = message;
    this.#ask = this.#turnAsk = ask;
    if (runtime.onTurn !== undefined) this.#onTurnEnd = runtime.onTurn(this.actorId, message);
    let outcome: unknown;
    runtime.current = this;
    try {
      outcome = this.receive(message, this.context);
    } catch (error) {
      runtime.current = undefined;
      this.#turnFailed(error);
      return;
    }
    runtime.current = undefined;
    if (typeof outcome !== "object" || outcome === null) this.#endTurn(outcome);
    else if (isThenable(outcome)) this.#await(outcome);
    else this.#takeOutcome(outcome);
  }

  #await(outcome: PromiseLike<unknown>): void {
    this.isBusy = true;
    outcome.then(
      (value) => {
        this.isBusy = false;
        this.#takeOutcome(value);
        this.goOn();
      },
      (error: unknown) => {
        this.isBusy = false;
        this.#turnFailed(error);
        this.goOn();
      },
    );
  }

  #takeOutcome(outcome: unknown): void {
    const message = this.#message as AnyMessage;
    if (outcome === unhandled) {
      this.runtime.deadLetters.file("unhandled", this.actorId, message);
      const text = `${this.actorId} has no handler for ${JSON.stringify(message.type)}`;
      const details = { actorId: this.actorId, messageType: message.type };
      this.#ask?.reject(new ActorError("unhandled_message", text, details));
      this.#endTurn(undefined);
    } else if (outcome instanceof Failure) {
      const { error } = outcome;
      const isAsked = this.#turnAsk !== undefined;
      if (isAsked) this.#ask?.reject(error);
      else this.runtime.report(this.actorId, error, "reply", undefined, message.type);
      this.#endTurn(undefined);
    } else {
      this.#endTurn(outcome);
    }
  }

  #endTurn(reply: unknown): void {
    const ask = this.#ask;
    const onTurnEnd = this.#onTurnEnd;
    this.#message = undefined;
    if (ask !== undefined) {
      this.#ask = this.#turnAsk = undefined;
      ask.resolve(reply);
    } else if (this.#turnAsk !== undefined) {
      this.#turnAsk = undefined;
    }
    if (onTurnEnd !== undefined) {
      this.#onTurnEnd = undefined;
      onTurnEnd();
    }
  }

  #turnFailed(error: unknown): void {
    const type = this.#message?.type;
    const onTurnEnd = this.#onTurnEnd;
    this.#turnAsk?.reject(error);
    this.#message = this.#turnAsk = this.#ask = this.#onTurnEnd = undefined;
    onTurnEnd?.(error);
    this.life.failed(error, "turn", type);
  }

  /** After a turn, a restart or an order to end: what is next? */
  goOn(): void {
    if (this.isBusy) return;
    if (this.isEnding) this.life.terminate();
    else if (!this.life.isStarted || this.#hasWork) this.wake();
  }

  get #hasWork(): boolean {
    const inLane = this.#lane !== undefined && this.#lane.length > 0;
    return this.intake.mailbox.size > 0 || inLane || this.context.hasUnstashed;
  }

  // What the context needs

  /** @throws ActorError `not_in_turn` */
  current(what: string): { readonly message: AnyMessage; readonly ask: PendingAsk | undefined } {
    if (this.#message !== undefined) return { message: this.#message, ask: this.#ask };
    const text = `${what} was called while ${this.actorId} was handling no message`;
    throw new ActorError("not_in_turn", text, { actorId: this.actorId });
  }

  /** The end of the turn does not answer the asker. */
  keepReply(): void {
    this.#ask = undefined;
  }

  /** Ends what belongs to this life of the actor; gives back what it had stashed. */
  clear(error: () => ActorError): readonly Stored<AnyMessage>[] {
    this.#lane = undefined;
    return this.context.clear(error);
  }

  abortSignals(): void {
    if (this.#controller === undefined && this.#turnAsk === undefined) return;
    const reason = this.intake.terminatedError();
    this.#controller?.abort(reason);
    this.#turnAsk?.abortTurn(reason);
  }

  /** Runs the program's code, known to be this actor's. */
  inOwnName<T>(run: () => T): T {
    this.runtime.current = this;
    try {
      return run();
    } finally {
      this.runtime.current = undefined;
    }
  }
}
