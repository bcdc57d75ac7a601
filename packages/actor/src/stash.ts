// Messages that a behaviour put aside, and those it took up again.
import type { Letter } from "./ask.ts";
import { ActorError } from "./errors.ts";

export class Stash {
  readonly #capacity: number;
  #aside: Letter[] = [];
  /** Taken up again, newest first: the next one is at the end. */
  #again: Letter[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Are there messages that come before the mailbox's? */
  get hasNext(): boolean {
    return this.#again.length > 0;
  }

  /** @throws ActorError `stash_full` */
  put(letter: Letter, actorId: string): void {
    if (this.#aside.length + this.#again.length >= this.#capacity) {
      const text = `the stash of ${actorId} holds ${this.#capacity} messages`;
      throw new ActorError("stash_full", text, { actorId });
    }
    this.#aside.push(letter);
  }

  takeUpAll(): number {
    const count = this.#aside.length;
    for (const letter of this.#aside.toReversed()) this.#again.push(letter);
    this.#aside = [];
    return count;
  }

  next(): Letter | undefined {
    return this.#again.pop();
  }

  /** Takes all out, oldest first. */
  drain(): Letter[] {
    const all = [...this.#again.toReversed(), ...this.#aside];
    this.#again = [];
    this.#aside = [];
    return all;
  }
}
