// Answers to a peer's queries, made one message at a time, in the order of the queries.
import type { KnownMessage } from "@satwire/lnwire";

/** Queries of one peer that may wait for their answer. */
const maxQueries = 16;

interface Answer {
  readonly isBacklog: boolean;
  readonly messages: Iterator<KnownMessage>;
}

/** Answers that wait to be made and sent. */
export class AnswerQueue {
  readonly #answers: Answer[] = [];

  /** Puts an answer behind the others; false if 16 of them wait already. */
  add(messages: Iterable<KnownMessage>, { isBacklog }: { readonly isBacklog: boolean }): boolean {
    if (this.#answers.length >= maxQueries) return false;
    this.#answers.push({ isBacklog, messages: messages[Symbol.iterator]() });
    return true;
  }

  /** The next message of the first answer that has one. */
  next(): KnownMessage | undefined {
    for (;;) {
      const [answer] = this.#answers;
      if (answer === undefined) return undefined;
      const next = answer.messages.next();
      if (next.done !== true) return next.value;
      this.#answers.shift();
    }
  }

  /** Forgets what a filter asked for, of which there is one at most. */
  dropBacklog(): void {
    const at = this.#answers.findIndex(({ isBacklog }) => isBacklog);
    if (at >= 0) this.#answers.splice(at, 1);
  }

  clear(): void {
    this.#answers.length = 0;
  }
}
