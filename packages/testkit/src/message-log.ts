// What went one way over a connection: counts of everything, the newest messages, and waiting for those to come.
import type { Conditions, WaitOptions } from "./conditions.ts";

/** Messages that a log keeps unless it is told otherwise. */
const defaultCapacity = 1000;

/**
 * A bounded log of messages, oldest first. When it is full the oldest one makes room; the counts go on.
 *
 * @example
 * ```ts
 * const query = await connection.received.take("query_channel_range", ({ firstBlocknum }) => firstBlocknum > 0);
 * ```
 */
export class MessageLog<M extends { readonly type: string }> {
  readonly #conditions: Conditions;
  readonly #capacity: number;
  readonly #counts: Record<string, number> = {};
  #messages: M[] = [];
  #total = 0;

  /** @throws RangeError for a capacity that is no positive whole number */
  constructor(conditions: Conditions, capacity: number = defaultCapacity) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`a log of ${capacity} messages, expected a whole number from 1 on`);
    }
    this.#conditions = conditions;
    this.#capacity = capacity;
  }

  /** How many messages of each type there were, the forgotten and the taken ones included. */
  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  /** How many messages there were. */
  get total(): number {
    return this.#total;
  }

  /** The newest messages that were not taken, oldest first. */
  get messages(): readonly M[] {
    this.#trim();
    return [...this.#messages];
  }

  /**
   * The oldest message of a type that is in the log, or the next one to come. It stays in the log, so that a second
   * call finds it again.
   *
   * @throws AssertionError when the time is up or the connection ends; the signal's reason; what `matches` throws
   */
  waitFor<T extends M["type"]>(
    type: T,
    matches?: (message: Extract<M, { readonly type: T }>) => boolean,
    options?: WaitOptions,
  ): Promise<Extract<M, { readonly type: T }>> {
    return this.#find(type, matches, options, false);
  }

  /** As {@link MessageLog.waitFor}, and takes the message out, so that a second call finds the next one. */
  take<T extends M["type"]>(
    type: T,
    matches?: (message: Extract<M, { readonly type: T }>) => boolean,
    options?: WaitOptions,
  ): Promise<Extract<M, { readonly type: T }>> {
    return this.#find(type, matches, options, true);
  }

  /** Forgets the messages, not the counts: what is waited for from now on is what comes from now on. */
  clear(): void {
    this.#messages = [];
  }

  /** Appends a message and looks at what is waited for. */
  add(message: M): void {
    this.#total++;
    this.#counts[message.type] = (this.#counts[message.type] ?? 0) + 1;
    this.#messages.push(message);
    if (this.#messages.length >= 2 * this.#capacity) this.#trim(); // not one by one: that costs more
    this.#conditions.recheck();
  }

  #find<T extends M["type"]>(
    type: T,
    matches: ((message: Extract<M, { readonly type: T }>) => boolean) | undefined,
    options: WaitOptions | undefined,
    takesIt: boolean,
  ): Promise<Extract<M, { readonly type: T }>> {
    type Found = Extract<M, { readonly type: T }>;
    const look = (): Found | undefined => {
      this.#trim();
      const at = this.#messages.findIndex(
        (message) => message.type === type && (matches?.(message as Found) ?? true),
      );
      const found = this.#messages[at] as Found | undefined;
      if (takesIt && at >= 0) this.#messages.splice(at, 1);
      return found;
    };
    return this.#conditions.find(
      look,
      matches === undefined ? type : `a matching ${type}`,
      options,
    );
  }

  #trim(): void {
    const surplus = this.#messages.length - this.#capacity;
    if (surplus > 0) this.#messages.splice(0, surplus);
  }
}
