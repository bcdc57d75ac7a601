// Where messages wait for their actor: a ring with a limit, and the senders that wait for room in it.
import type { PendingAsk } from "./ask.ts";
import { ActorError } from "./errors.ts";
import { atLeast } from "./option-checks.ts";

/**
 * What happens to a message that comes when the mailbox is full:
 * - `wait`: `tell` and `ask` wait for room, `tryTell` is false.
 * - `reject`: all are refused with `mailbox_full`.
 * - `dropNewest`: it is dropped; its sender gets `message_dropped`.
 * - `dropOldest`: the one that has waited longest is dropped for it; an asker of that one gets `message_dropped`.
 */
export type Overflow = "wait" | "reject" | "dropNewest" | "dropOldest";

/** Options of a mailbox. */
export interface MailboxOptions {
  /** How many messages may wait, at least 1. @default 100 */
  readonly capacity?: number | undefined;
  /** @default wait */
  readonly overflow?: Overflow | undefined;
  /** How many senders may wait for room under `wait`; the next one is refused. @default 1000 */
  readonly waitingLimit?: number | undefined;
  /**
   * Asked for each message, with the number of those that wait: true drops it, before the mailbox is full. See
   * `randomEarlyDrop`.
   */
  readonly dropWhen?: ((waiting: number) => boolean) | undefined;
}

/** A sender that waits for room. */
export interface Waiting<M> {
  readonly message: M;
  readonly ask: PendingAsk | undefined;
  readonly accepted: () => void;
  readonly refused: (error: ActorError) => void;
}

/** Told when a newer message took the place of an old one. */
export interface MailboxOwner<M> {
  evicted(message: M, ask: PendingAsk | undefined): void;
}

/** What became of an offer. */
export type Offer = "accepted" | "full" | "dropped";

const overflows: readonly unknown[] = ["wait", "reject", "dropNewest", "dropOldest"];

/** The messages of one actor, in order. Knows nothing of turns. */
export class Mailbox<M> {
  readonly #capacity: number;
  readonly #overflow: Overflow;
  readonly #waitingLimit: number;
  readonly #dropWhen: ((waiting: number) => boolean) | undefined;
  readonly #owner: MailboxOwner<M>;
  // Grows by doubling up to the capacity: most actors never have more than a few messages waiting.
  #messages: (M | undefined)[] | undefined;
  #asks: (PendingAsk | undefined)[] | undefined;
  #mask = 0;
  #head = 0;
  #size = 0;
  #waiting: Set<Waiting<M>> | undefined;
  /** What `take` took. */
  message: M | undefined;
  ask: PendingAsk | undefined;

  /** @throws ActorError `invalid_option` */
  constructor(
    { capacity = 100, overflow = "wait", waitingLimit = 1000, dropWhen }: MailboxOptions,
    owner: MailboxOwner<M>,
  ) {
    this.#capacity = atLeast(1, capacity, "mailbox.capacity");
    this.#waitingLimit = atLeast(0, waitingLimit, "mailbox.waitingLimit");
    if (!overflows.includes(overflow)) {
      const text = `mailbox.overflow is ${JSON.stringify(overflow)}, not one of ${overflows.join(", ")}`;
      throw new ActorError("invalid_option", text);
    }
    this.#overflow = overflow;
    this.#dropWhen = dropWhen;
    this.#owner = owner;
  }

  /** Messages that wait, without those whose senders wait. */
  get size(): number {
    return this.#size;
  }

  /** May a sender wait for room? */
  get admitsWaiting(): boolean {
    return this.#overflow === "wait" && (this.#waiting?.size ?? 0) < this.#waitingLimit;
  }

  offer(message: M, ask: PendingAsk | undefined): Offer {
    if (this.#dropWhen !== undefined && this.#dropWhen(this.#size)) return "dropped";
    if (this.#size >= this.#capacity) {
      if (this.#overflow === "dropNewest") return "dropped";
      if (this.#overflow !== "dropOldest") return "full";
      this.take();
      this.#owner.evicted(this.message as M, this.ask);
    }
    this.#put(message, ask);
    return "accepted";
  }

  wait(waiting: Waiting<M>): void {
    this.#waiting ??= new Set();
    this.#waiting.add(waiting);
  }

  leave(waiting: Waiting<M>): void {
    this.#waiting?.delete(waiting);
  }

  /** Takes the oldest message into `message` and `ask`; false if there is none. */
  take(): boolean {
    if (this.#size === 0) return false;
    const messages = this.#messages as (M | undefined)[];
    this.message = messages[this.#head];
    messages[this.#head] = undefined;
    if (this.#asks === undefined) {
      this.ask = undefined;
    } else {
      this.ask = this.#asks[this.#head];
      this.#asks[this.#head] = undefined;
    }
    this.#head = (this.#head + 1) & this.#mask;
    this.#size--;
    if (this.#waiting !== undefined && this.#waiting.size > 0) this.#admit(this.#waiting);
    return true;
  }

  /** Takes out the senders that wait, longest first. */
  drainWaiting(): Waiting<M>[] {
    const waiting = [...(this.#waiting ?? [])];
    this.#waiting = undefined;
    return waiting;
  }

  #admit(waiting: Set<Waiting<M>>): void {
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    this.#put(first.message, first.ask);
    first.accepted();
  }

  #put(message: M, ask: PendingAsk | undefined): void {
    if (this.#messages === undefined || this.#size > this.#mask) this.#grow();
    const at = (this.#head + this.#size) & this.#mask;
    (this.#messages as (M | undefined)[])[at] = message;
    if (ask !== undefined) {
      this.#asks ??= Array.from<PendingAsk | undefined>({ length: this.#mask + 1 });
    }
    if (this.#asks !== undefined) this.#asks[at] = ask;
    this.#size++;
  }

  #grow(): void {
    const old = this.#messages;
    const oldAsks = this.#asks;
    const length = old === undefined ? 4 : old.length * 2;
    const rotated = <T>(items: (T | undefined)[] | undefined): (T | undefined)[] => {
      const grown = Array.from<T | undefined>({ length: length });
      if (items !== undefined) {
        for (let i = 0; i < this.#size; i++) grown[i] = items[(this.#head + i) & this.#mask];
      }
      return grown;
    };
    this.#messages = rotated(old);
    if (oldAsks !== undefined) this.#asks = rotated(oldAsks);
    this.#head = 0;
    this.#mask = length - 1;
  }
}
