// Where messages come in: accepted, waiting for room, dropped or refused, each with its word to the sender.
import type { ActorCell } from "./actor-cell.ts";
import { type Letter, messageOf, PendingAsk, refuse } from "./ask.ts";
import { ActorError, type ActorErrorCode } from "./errors.ts";
import { Mailbox, type MailboxSettings, type Offer, type Waiting } from "./mailbox.ts";
import type { AnyMessage } from "./message.ts";
import type { AskOptions, TellOptions } from "./ref.ts";
import { abortedBy, rejected } from "./rejections.ts";

/** What becomes of a `tell` that finds room: nothing to wait for, and nothing to allocate. */
const accepted: Promise<void> = /* @__PURE__ */ Promise.resolve();

/** The outer side of one actor's mailbox. */
export class Intake {
  readonly mailbox: Mailbox;
  readonly #cell: ActorCell;
  #isClosed = false;

  constructor(cell: ActorCell, settings: MailboxSettings) {
    this.#cell = cell;
    this.mailbox = new Mailbox(settings, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  tell(message: AnyMessage, options: TellOptions | undefined): Promise<void> {
    if (this.#isClosed) return rejected(this.undelivered(message));
    const signal = options?.signal;
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    let offer: Offer;
    try {
      offer = this.mailbox.offer(message);
    } catch (error) {
      return rejected(this.#failed(error, message));
    }
    if (offer === "accepted") {
      this.#enqueued(message);
      return accepted;
    }
    if (offer === "dropped") return rejected(this.#dropped(message));
    if (this.#refusesToWait) return rejected(this.#full(message));
    const room = new PendingAsk(message);
    this.mailbox.wait(message, room);
    if (signal !== undefined) room.abandonOn(signal);
    return room.promise as Promise<never>;
  }

  /** @throws what the mailbox's `dropWhen` throws */
  tryTell(message: AnyMessage): boolean {
    if (this.#isClosed) {
      this.undelivered(message);
      return false;
    }
    const offer = this.mailbox.offer(message);
    if (offer === "dropped") this.#dropped(message);
    if (offer !== "accepted") return false;
    this.#enqueued(message);
    return true;
  }

  ask(message: AnyMessage, options: AskOptions | undefined): Promise<unknown> {
    const { runtime } = this.#cell;
    if (this.#isClosed) return rejected(this.undelivered(message));
    const signal = options?.signal;
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    if (runtime.current === this.#cell) {
      const what = "asks itself in its own turn";
      return rejected(this.#refused("self_ask", what, message));
    }
    const timeoutMs = options?.timeoutMs ?? runtime.askTimeoutMs;
    if (timeoutMs !== undefined && !(timeoutMs >= 0 && timeoutMs < Infinity)) {
      const what = `was asked with a timeoutMs of ${timeoutMs}`;
      return rejected(this.#refused("invalid_option", what, message));
    }
    const ask = new PendingAsk(message);
    this.#deliver(ask);
    if (ask.isSettled) return ask.promise;
    if (signal !== undefined) ask.abandonOn(signal);
    if (timeoutMs !== undefined) {
      ask.abandonAfter(timeoutMs, runtime.clock, () =>
        this.#refused("ask_timeout", `gave no reply in ${timeoutMs} ms`, message),
      );
    }
    return ask.promise;
  }

  #deliver(ask: PendingAsk): void {
    const { message } = ask;
    let offer: Offer;
    try {
      offer = this.mailbox.offer(ask);
    } catch (error) {
      ask.reject(this.#failed(error, message));
      return;
    }
    if (offer === "accepted") {
      this.#enqueued(message);
    } else if (offer === "dropped") {
      ask.reject(this.#dropped(message));
    } else if (this.#refusesToWait) {
      ask.reject(this.#full(message));
    } else {
      this.mailbox.wait(ask, ask);
    }
  }

  admitted({ letter, wait }: Waiting): void {
    wait.leave = undefined;
    if (letter !== wait) wait.resolve(undefined);
    this.#enqueued(messageOf(letter));
  }

  evicted(letter: Letter): void {
    refuse(letter, this.#dropped(messageOf(letter)));
  }

  /** Would waiting for room never end, or are too many waiting? */
  get #refusesToWait(): boolean {
    return this.#cell.runtime.current === this.#cell || !this.mailbox.admitsWaiting;
  }

  #enqueued(message: AnyMessage): void {
    const { actorId, runtime } = this.#cell;
    if (runtime.onEnqueue !== undefined) runtime.onEnqueue(actorId, message, this.mailbox.size);
    this.#cell.wake();
  }

  /** Nothing comes in any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** All that waits becomes dead letters, oldest first, and askers and senders learn why. */
  drain(): void {
    const waiting = this.mailbox.drainWaiting();
    for (let letter = this.mailbox.take(); letter !== undefined; letter = this.mailbox.take()) {
      this.returned(letter);
    }
    for (const { wait } of waiting) wait.reject(this.undelivered(wait.message));
  }

  /** Files a letter that the actor did not come to. */
  returned(letter: Letter): void {
    refuse(letter, this.undelivered(messageOf(letter)));
  }

  terminatedError(messageType?: string): ActorError {
    return this.#error("actor_terminated", "has been stopped", messageType);
  }

  undelivered(message: AnyMessage): ActorError {
    this.#cell.runtime.deadLetters.file("stopped", this.#cell.actorId, message);
    return this.terminatedError(message.type);
  }

  #failed(error: unknown, { type }: AnyMessage): unknown {
    this.#cell.runtime.report(this.#cell.actorId, error, "mailbox", undefined, type);
    return error;
  }

  #dropped(message: AnyMessage): ActorError {
    this.#cell.runtime.dropped(this.#cell.actorId, message);
    return this.#error("message_dropped", "dropped the message", message.type);
  }

  #full(message: AnyMessage): ActorError {
    return this.#refused("mailbox_full", "has no room in its mailbox", message);
  }

  #refused(code: ActorErrorCode, what: string, { type }: AnyMessage): ActorError {
    const { actorId, runtime } = this.#cell;
    runtime.publish({ type: "refused", code, messageType: type }, actorId);
    return this.#error(code, what, type);
  }

  #error(code: ActorErrorCode, what: string, messageType: string | undefined): ActorError {
    const { actorId } = this.#cell;
    return new ActorError(code, `${actorId} ${what}`, { actorId, messageType });
  }
}
