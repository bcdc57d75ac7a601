// Replies that an actor owes, and promises whose results it expects.
import type { PendingAsk } from "./ask.ts";
import type { DeferredReply } from "./behavior.ts";
import { ActorError } from "./errors.ts";

export class PendingWork {
  readonly #limit: number;
  readonly #owed = new Set<PendingAsk>();
  #piped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ActorError `pending_full` */
  assertRoom(actorId: string): void {
    if (this.#owed.size + this.#piped < this.#limit) return;
    const text = `${actorId} has ${this.#limit} replies and promises open already`;
    throw new ActorError("pending_full", text, { actorId });
  }

  owe<R>(ask: PendingAsk | undefined, onRejected: (error: unknown) => void): DeferredReply<R> {
    if (ask !== undefined && !ask.isSettled) {
      this.#owed.add(ask);
      ask.leave = () => void this.#owed.delete(ask);
    }
    return {
      get isAwaited() {
        return ask !== undefined && !ask.isSettled;
      },
      resolve: (reply) => ask?.resolve(reply) ?? false,
      reject: (error) => {
        const isFirst = ask === undefined || ask.reject(error);
        if (isFirst) onRejected(error);
        return isFirst && ask !== undefined;
      },
    };
  }

  pipe<T>(
    promise: PromiseLike<T>,
    onFulfilled: (value: T) => void,
    onRejected: (error: unknown) => void,
  ): void {
    this.#piped++;
    void Promise.resolve(promise)
      .finally(() => this.#piped--)
      .then(onFulfilled, onRejected);
  }

  rejectAll(toError: () => ActorError): void {
    if (this.#owed.size === 0) return;
    const error = toError();
    for (const ask of this.#owed) {
      ask.abortTurn(error);
      ask.reject(error);
    }
  }
}
