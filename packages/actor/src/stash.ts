// Messages that a behaviour put aside, and those it took up again.
import type { PendingAsk } from "./ask.ts";
import { ActorError } from "./errors.ts";

/** A message put aside, with its asker. */
export interface Stored<M> {
  readonly message: M;
  readonly ask: PendingAsk | undefined;
}

export class Stash<M> {
  readonly #capacity: number;
  #aside: Stored<M>[] = [];
  /** Taken up again, newest first: the next one is at the end. */
  #again: Stored<M>[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Are there messages that come before the mailbox's? */
  get hasNext(): boolean {
    return this.#again.length > 0;
  }

  /** @throws ActorError `stash_full` */
  put(message: M, ask: PendingAsk | undefined, actorId: string): void {
    if (this.#aside.length + this.#again.length >= this.#capacity) {
      const text = `the stash of ${actorId} holds ${this.#capacity} messages already`;
      throw new ActorError("stash_full", text, { actorId });
    }
    this.#aside.push({ message, ask });
  }

  takeUpAll(): number {
    const count = this.#aside.length;
    this.#again.push(...this.#aside.reverse());
    this.#aside = [];
    return count;
  }

  next(): Stored<M> | undefined {
    return this.#again.pop();
  }

  /** Takes all out, oldest first. */
  drain(): Stored<M>[] {
    const all = [...this.#again.reverse(), ...this.#aside];
    this.#again = [];
    this.#aside = [];
    return all;
  }
}
