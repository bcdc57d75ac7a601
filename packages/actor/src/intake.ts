// Where messages come in: accepted, waiting for room, dropped or refused, each with its word to the sender.
import type { ActorCell } from "./actor-cell.ts";
import { abortedBy, PendingAsk, rejected } from "./ask.ts";
import { Deferred } from "./deferred.ts";
import { ActorError, type ActorErrorCode } from "./errors.ts";
import { Mailbox, type MailboxOptions } from "./mailbox.ts";
import type { AnyMessage } from "./message.ts";
import type { AskOptions, TellOptions } from "./ref.ts";

/** What becomes of a `tell` that finds room: nothing to wait for, and nothing to allocate. */
const accepted: Promise<void> = /* @__PURE__ */ Promise.resolve();

/** The outer side of one actor's mailbox. */
export class Intake {
  readonly mailbox: Mailbox<AnyMessage>;
  readonly #cell: ActorCell;
  #isClosed = false;

  constructor(cell: ActorCell, options: MailboxOptions) {
    this.#cell = cell;
    this.mailbox = new Mailbox(options, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  tell(message: AnyMessage, options: TellOptions | undefined): Promise<void> {
    if (this.#isClosed) return rejected(this.undelivered(message));
    const signal = options?.signal;
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    const offer = this.mailbox.offer(message, undefined);
    if (offer === "accepted") {
      this.#enqueued(message);
      return accepted;
    }
    if (offer === "dropped") return rejected(this.#dropped(message));
    if (this.#refusesToWait) return rejected(this.#full(message));
    const room = new Deferred<void>();
    const waiting = {
      message,
      ask: undefined,
      accepted: () => {
        signal?.removeEventListener("abort", onAbort);
        this.#enqueued(message);
        room.resolve();
      },
      refused: (error: ActorError) => {
        signal?.removeEventListener("abort", onAbort);
        room.reject(error);
      },
    };
    const onAbort = (): void => {
      this.mailbox.leave(waiting);
      signal?.removeEventListener("abort", onAbort);
      room.reject(abortedBy(signal));
    };
    signal?.addEventListener("abort", onAbort);
    this.mailbox.wait(waiting);
    return room.promise;
  }

  tryTell(message: AnyMessage): boolean {
    if (this.#isClosed) {
      this.undelivered(message);
      return false;
    }
    const offer = this.mailbox.offer(message, undefined);
    if (offer === "dropped") this.#dropped(message);
    if (offer !== "accepted") return false;
    this.#enqueued(message);
    return true;
  }

  ask(message: AnyMessage, options: AskOptions | undefined): Promise<unknown> {
    if (this.#isClosed) return rejected(this.undelivered(message));
    const signal = options?.signal;
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    if (this.#cell.runtime.current === this.#cell) {
      const text = `${this.#cell.actorId} asks itself in its own turn, which would wait for its own end`;
      return rejected(this.#refused("self_ask", text, message));
    }
    const timeoutMs = options?.timeoutMs ?? this.#cell.runtime.askTimeoutMs;
    if (timeoutMs !== undefined && !(timeoutMs >= 0 && timeoutMs < Infinity)) {
      const text = `timeoutMs is ${timeoutMs}, not a time in milliseconds`;
      return rejected(this.#refused("invalid_option", text, message));
    }
    const ask = new PendingAsk();
    const offer = this.mailbox.offer(message, ask);
    if (offer === "dropped") {
      ask.reject(this.#dropped(message));
      return ask.promise;
    }
    if (offer === "accepted") {
      this.#enqueued(message);
    } else if (this.#refusesToWait) {
      ask.reject(this.#full(message));
      return ask.promise;
    } else {
      const waiting = {
        message,
        ask,
        accepted: () => {
          ask.onAbandoned = undefined;
          this.#enqueued(message);
        },
        refused: (error: ActorError) => void ask.reject(error),
      };
      ask.onAbandoned = () => this.mailbox.leave(waiting);
      this.mailbox.wait(waiting);
    }
    if (signal !== undefined || timeoutMs !== undefined) {
      ask.bound(signal, timeoutMs, this.#cell.runtime.clock, () =>
        this.#refused(
          "ask_timeout",
          `${this.#cell.actorId} gave no reply in ${timeoutMs} ms`,
          message,
        ),
      );
    }
    return ask.promise;
  }

  /** Called by the mailbox when a newer message took the place of this one. */
  evicted(message: AnyMessage, ask: PendingAsk | undefined): void {
    const error = this.#dropped(message);
    ask?.reject(error);
  }

  /** Would waiting for room never end, or are too many waiting? */
  get #refusesToWait(): boolean {
    return this.#cell.runtime.current === this.#cell || !this.mailbox.admitsWaiting;
  }

  #enqueued(message: AnyMessage): void {
    this.#cell.runtime.onEnqueue?.(this.#cell.actorId, message, this.mailbox.size);
    this.#cell.wake();
  }

  /** Nothing comes in any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** All that waits becomes dead letters, oldest first, and askers and senders learn why. */
  drain(): void {
    const waiting = this.mailbox.drainWaiting();
    while (this.mailbox.take()) {
      const { message, ask } = this.mailbox;
      const error = this.undelivered(message as AnyMessage);
      ask?.reject(error);
    }
    this.mailbox.message = undefined;
    this.mailbox.ask = undefined;
    for (const { message, refused } of waiting) refused(this.undelivered(message));
  }

  terminatedError(messageType?: string): ActorError {
    const { actorId } = this.#cell;
    const details = { actorId, messageType };
    return new ActorError("actor_terminated", `${actorId} has been stopped`, details);
  }

  /** Files a message that came too late, and says so. */
  undelivered(message: AnyMessage): ActorError {
    this.#cell.runtime.deadLetters.file("stopped", this.#cell.actorId, message);
    return this.terminatedError(message.type);
  }

  #dropped(message: AnyMessage): ActorError {
    const { actorId, runtime } = this.#cell;
    const messageType = message.type;
    runtime.dropped(actorId, message);
    const text = `the mailbox of ${actorId} dropped ${JSON.stringify(messageType)}`;
    return new ActorError("message_dropped", text, { actorId, messageType });
  }

  #full(message: AnyMessage): ActorError {
    const text = `the mailbox of ${this.#cell.actorId} has no room`;
    return this.#refused("mailbox_full", text, message);
  }

  #refused(code: ActorErrorCode, text: string, message: AnyMessage): ActorError {
    const { actorId, runtime } = this.#cell;
    const messageType = message.type;
    runtime.publish({ type: "refused", code, messageType }, actorId);
    return new ActorError(code, text, { actorId, messageType });
  }
}
