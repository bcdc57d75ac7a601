// Replies that an actor owes, and promises whose results it expects.
import type { PendingAsk } from "./ask.ts";
import { type DeferredReply, Kept } from "./behavior.ts";
import { ActorError } from "./errors.ts";

export class PendingWork {
  readonly #limit: number;
  readonly #owed = new Set<PendingAsk>();
  /** Promises whose results have not been taken. */
  piped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ActorError `pending_full` */
  assertRoom(actorId: string): void {
    if (this.#owed.size + this.piped < this.#limit) return;
    const text = `${actorId} has ${this.#limit} replies and promises open`;
    throw new ActorError("pending_full", text, { actorId });
  }

  owe<R>(ask: PendingAsk | undefined, onRejected: (error: unknown) => void): DeferredReply<R> {
    if (ask !== undefined && !ask.isSettled) {
      this.#owed.add(ask);
      ask.leave = () => void this.#owed.delete(ask);
    }
    return new OwedReply<R>(ask, onRejected);
  }

  rejectAll(toError: () => ActorError): void {
    if (this.#owed.size === 0) return;
    const error = toError();
    for (const ask of this.#owed) {
      ask.reject(error);
    }
  }
}

class OwedReply<R> extends Kept implements DeferredReply<R> {
  readonly #ask: PendingAsk | undefined;
  readonly #onRejected: (error: unknown) => void;

  constructor(ask: PendingAsk | undefined, onRejected: (error: unknown) => void) {
    super();
    this.#ask = ask;
    this.#onRejected = onRejected;
  }

  get isAwaited(): boolean {
    return this.#ask?.isSettled === false;
  }

  readonly resolve = (reply: R): boolean => this.#ask?.resolve(reply) ?? false;

  readonly reject = (error: unknown): boolean => {
    const isFirst = this.#ask === undefined || this.#ask.reject(error);
    if (isFirst) this.#onRejected(error);
    return isFirst && this.#ask !== undefined;
  };
}
