// Counts what the handler of a service gets.
import type { Clock } from "@satwire/actor";
import { Conditions, type WaitOptions } from "../conditions.ts";

/** Messages that are kept; the oldest make room. */
const capacity = 10_000;

/** A handler that counts. Pass `counter.handle` wherever messages of `M` are handled. */
export class MessageCounter<M> {
  readonly #conditions: Conditions;
  readonly #messages: M[] = [];
  #count = 0;

  constructor(clock: Clock) {
    this.#conditions = new Conditions(clock);
  }

  /** How many have come. */
  get count(): number {
    return this.#count;
  }

  /** The latest ones, oldest first; 10,000 are kept. */
  get messages(): readonly M[] {
    return this.#messages;
  }

  /** Counts a message. */
  readonly handle = (message: M): void => {
    this.#count++;
    this.#messages.push(message);
    if (this.#messages.length > capacity) this.#messages.shift();
    this.#conditions.recheck();
  };

  /** Resolves once that many have come. @throws AssertionError if they do not in time */
  async waitFor(count: number, options: WaitOptions = {}): Promise<void> {
    await this.#conditions.until(() => this.#count >= count, `${count} messages`, options);
  }
}
